import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bareDocuments } from '../../device/documents.ts'
import { Downlink, type DownlinkDeps } from '../../device/downlink.ts'
import { silentLog } from '../../device/log.ts'
import { readPublicKey } from '../../device/signature.ts'
import { sha256Hex } from '../../proto/canonical.ts'
import { encodeDocumentPart } from '../../proto/codec.ts'
import type { DocumentPart } from '../../proto/model.ts'
import { defaultVehicle } from '../../proto/shapes/vehicle.ts'
import { signedText } from '../../proto/signed-document.ts'
import { sampleAt } from '../help/drive.ts'
import { noon } from '../help/envelopes.ts'

const base = bareDocuments(defaultVehicle)
const { fleet, id } = defaultVehicle
const office = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')

type Push = {
  readonly name?: 'policy' | 'areas' | 'trip' | 'route'
  readonly version: number
  readonly holdS: number
}

/** The parts of a policy as the office, or somebody else, signs them. */
function partsOf(
  { name = 'policy', version, holdS }: Push,
  by: typeof office | null = office,
  pieces = 3,
): DocumentPart[] {
  const content = Buffer.from(JSON.stringify({ speeding: { holdS } }))
  const digest = sha256Hex(content)
  const text = signedText({ fleet, vehicle: id, name, version, digest })
  const signature = by === null ? new Uint8Array() : sign(null, Buffer.from(text), by.privateKey)
  const size = Math.ceil(content.length / pieces)
  return Array.from({ length: pieces }, (_, part) => ({
    ...{ version, digest, part, parts: pieces, signature },
    content: content.subarray(part * size, (part + 1) * size),
  }))
}

describe('which documents hold on a terminal', () => {
  let folder: string
  let changes = 0
  const open = (deps: Partial<DownlinkDeps> = {}): Downlink =>
    new Downlink({
      folder,
      base,
      world: { nowMs: () => noon, factor: () => 1 },
      log: silentLog,
      acknowledged: () => {},
      say: () => {},
      publicKey: office.publicKey,
      changed: () => changes++,
      ...deps,
    })
  const give = (downlink: Downlink, parts: readonly DocumentPart[], name = 'policy'): void => {
    for (const part of parts) downlink.message(`rw/v1/${fleet}/${id}/${name}`, encodeDocumentPart(part))
  }
  const holdS = (downlink: Downlink): number => downlink.documents.policy.speeding.holdS
  const policy = (downlink: Downlink) => downlink.report().find(({ name }) => name === 'policy')!
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'in-force-'))
    changes = 0
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('begins with what it was configured with, and says so', () => {
    expect(policy(open())).toEqual({ name: 'policy', version: 0, digest: null, sinceMs: null, refused: null })
  })

  it('takes what is newer, refuses what is older or another under the same number, and keeps the last good one over a restart', () => {
    const downlink = open()
    give(downlink, partsOf({ version: 5, holdS: 20 }))
    expect([holdS(downlink), policy(downlink).version]).toEqual([20, 5])
    give(downlink, partsOf({ version: 4, holdS: 30 }))
    expect(policy(downlink).refused).toMatchObject({
      version: 4,
      reason: 'older than version 5, which is in force',
    })
    give(downlink, partsOf({ version: 5, holdS: 40 }))
    expect(policy(downlink).refused?.reason).toBe('another content under version 5, which is in force')
    expect(holdS(downlink)).toBe(20)
    const again = open()
    expect([holdS(again), policy(again).version]).toEqual([20, 5])
    give(again, partsOf({ version: 4, holdS: 30 }))
    expect(holdS(again)).toBe(20)
    give(again, partsOf({ version: 6, holdS: 30 }))
    expect([holdS(again), policy(again).refused]).toEqual([30, null])
  })

  it('takes the same again for no news, and a new number of the same content for a number only', () => {
    const downlink = open()
    give(downlink, partsOf({ version: 5, holdS: 20 }))
    downlink.seen(sampleAt(noon + 1000))
    const before = { changes, documents: downlink.documents }
    give(downlink, partsOf({ version: 5, holdS: 20 }))
    expect([changes, downlink.documents]).toEqual([before.changes, before.documents])
    give(downlink, partsOf({ version: 9, holdS: 20 }))
    expect([policy(downlink).version, policy(downlink).sinceMs]).toEqual([9, noon + 1000])
    expect(downlink.documents).toBe(before.documents)
  })

  it.each([
    ['nobody', null, 'not signed'],
    ['somebody else', stranger, 'the signature is not the gateway’s'],
  ])('refuses what %s signed, before it keeps a single part', (_, by, reason) => {
    const downlink = open()
    give(downlink, partsOf({ version: 5, holdS: 20 }, by))
    expect([holdS(downlink), policy(downlink).refused?.reason]).toEqual([10, reason])
    // The same content, rightly signed, is not spoilt by it.
    give(downlink, partsOf({ version: 5, holdS: 20 }))
    expect([holdS(downlink), policy(downlink).refused]).toEqual([20, null])
  })

  it('refuses a signature that was made for another name, number or vehicle', () => {
    const [part] = partsOf({ version: 5, holdS: 20 }, office, 1)
    const downlink = open()
    give(downlink, [{ ...part!, version: 6 }])
    give(downlink, [part!], 'trip')
    expect(downlink.report().map(({ refused }) => refused?.reason ?? null)).toEqual([
      'the signature is not the gateway’s',
      null,
      null,
      'the signature is not the gateway’s',
    ])
    const other = open({ base: bareDocuments({ ...defaultVehicle, id: 'other' }) })
    other.message(`rw/v1/${fleet}/other/policy`, encodeDocumentPart(part!))
    expect(holdS(other)).toBe(10)
  })

  it('needs no signature where it was given no key', () => {
    const downlink = open({ publicKey: undefined })
    give(downlink, partsOf({ version: 5, holdS: 20 }, null))
    expect(holdS(downlink)).toBe(20)
  })

  it('speaks no words that the gateway did not sign', () => {
    const said: string[] = []
    const downlink = open({ say: (words) => said.push(words) })
    const content = Buffer.from(JSON.stringify({ say: 'drive on' }))
    const digest = sha256Hex(content)
    const part = { version: 1, digest, part: 0, parts: 1, content }
    give(downlink, [part], 'command')
    expect(said).toEqual([])
    const text = signedText({ fleet, vehicle: id, name: 'command', version: 1, digest })
    give(downlink, [{ ...part, signature: sign(null, Buffer.from(text), office.privateKey) }], 'command')
    expect(said).toEqual(['drive on'])
  })

  it('waits for every part: torn, doubled, in any order, of several pushes at once', () => {
    const downlink = open()
    const [a, b, c] = partsOf({ version: 5, holdS: 20 })
    const [x, y, z] = partsOf({ version: 6, holdS: 30 })
    give(downlink, [c!, a!, c!, a!])
    expect(holdS(downlink)).toBe(10)
    give(downlink, [x!])
    give(downlink, [b!])
    // What had come of 5 was given up when 6 began, and the other way round.
    expect(holdS(downlink)).toBe(10)
    give(downlink, [z!, x!])
    give(downlink, [y!])
    expect(holdS(downlink)).toBe(30)
  })

  it('says why a signed document cannot be used', () => {
    const downlink = open()
    const content = Buffer.from('{"speeding":{"holdS":"soon"}}')
    const digest = sha256Hex(content)
    const text = signedText({ fleet, vehicle: id, name: 'policy', version: 7, digest })
    const signature = sign(null, Buffer.from(text), office.privateKey)
    const part = { version: 7, digest, part: 0, parts: 1, content, signature }
    give(downlink, [part])
    expect(policy(downlink)).toMatchObject({
      digest: null,
      refused: {
        version: 7,
        digest,
        atMs: noon,
        reason: expect.stringMatching(/^pushed policy: speeding\.holdS: /),
      },
    })
    const once = changes
    give(downlink, [part])
    expect(changes).toBe(once)
  })

  it('puts nothing in force that it could not store', () => {
    const downlink = open()
    const inTheWay = join(folder, 'policy.json.part')
    mkdirSync(inTheWay)
    give(downlink, partsOf({ version: 5, holdS: 20 }))
    expect([holdS(downlink), policy(downlink).refused?.reason]).toEqual([10, 'cannot be stored (EISDIR)'])
    rmSync(inTheWay, { recursive: true })
    give(downlink, partsOf({ version: 5, holdS: 20 }))
    expect([holdS(downlink), policy(downlink).refused]).toEqual([20, null])
  })

  it('begins at the first Sample with a trusted time, and is never in force only from the future on', () => {
    const downlink = open()
    give(downlink, partsOf({ version: 5, holdS: 20 }))
    expect(policy(downlink).sinceMs).toBeNull()
    downlink.seen(sampleAt(noon - 86_400_000 * 365, { trusted: false }))
    expect(policy(downlink).sinceMs).toBeNull()
    downlink.seen(sampleAt(noon + 7000))
    expect(policy(downlink).sinceMs).toBe(noon + 7000)
    downlink.seen(sampleAt(noon + 8000))
    expect(policy(downlink).sinceMs).toBe(noon + 7000)
    // The clock was two seconds ahead and is set right.
    downlink.seen(sampleAt(noon + 5000, { clockStepMs: -4000 }))
    expect(policy(downlink).sinceMs).toBe(noon + 5000)
    expect(policy(open()).sinceMs).toBe(noon + 5000)
  })

  it('holds nothing of a stored file that was altered', () => {
    give(open(), partsOf({ version: 5, holdS: 20 }))
    const file = join(folder, 'policy.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(':20}', ':99}'))
    const again = open()
    expect([holdS(again), again.malformed, policy(again).digest]).toEqual([10, 1, null])
  })
})

describe('the public key of a configuration', () => {
  it('is the PEM itself or a file, and an Ed25519 one', () => {
    const pem = (key: typeof office): string =>
      key.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    expect(readPublicKey(pem(office), 'terminal.json').equals(office.publicKey)).toBe(true)
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const rsaPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    expect(() => readPublicKey(rsaPem, 'terminal.json')).toThrow(
      'terminal.json: gateway.publicKey: an rsa key',
    )
    expect(() => readPublicKey('-----BEGIN nothing', 'terminal.json')).toThrow(
      /gateway\.publicKey: not a public key/,
    )
    expect(() => readPublicKey('/nowhere.pem', 'terminal.json')).toThrow(/nowhere\.pem: no such file/)
  })
})
