import { spawnSync } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import path from 'node:path'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { emptyGroup, type JournalEnvelope } from '../../../gateway/journal.ts'
import { sha256 } from '../../../proto/canonical.ts'
import { encodeEnvelope } from '../../../proto/codec.ts'
import type { Alert, Envelope, EnvelopeBody } from '../../../proto/model.ts'
import { type Signer, withSignature } from '../../../proto/signature.ts'
import { cruise } from '../../help/drive.ts'
import { alarm, envelopeOf, rowOf, startMs, telemetry, tempFolder } from './world.ts'

/** Days of a journal as terminals fill them, and the programs that judge them. */

const dayMs = 86_400_000

export function newSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  return { publicKey: Buffer.from(x!, 'base64url'), sign: (bytes) => sign(null, bytes, privateKey) }
}

/** A chain as a terminal seals it. */
export function chainOf(
  bodies: readonly EnvelopeBody[],
  signer: Signer | null,
  vehicle = 'v1',
): JournalEnvelope[] {
  let prevHash: Uint8Array = new Uint8Array(32)
  return bodies.map((body, index) => {
    const envelope: Envelope = { ...envelopeOf(index + 1, body, { vehicle }), prevHash }
    const plain = encodeEnvelope(envelope)
    const bytes = signer === null ? plain : withSignature(plain, signer)
    prevHash = sha256(bytes)
    return { envelope, bytes, hash: prevHash, receivedAtMs: startMs }
  })
}
export const bodiesOf = (count: number): EnvelopeBody[] =>
  Array.from(
    { length: count },
    (_, n) => telemetry(1, cruise(startMs + n * 5000, startMs + n * 5000 + 3000)).body,
  )

const alertOf = (id: string): Omit<Alert, 'cursor'> => ({
  ...{ id, revision: 1, kind: 'speeding', reason: null, phase: 'ended', subject: 'v1', severity: 'major' },
  ...{ grade: 'sufficient', fleet: 'f1', vehicle: 'v1', plate: null, driver: null, trip: null, late: false },
  ...{ at: new Date(startMs + 20_000).toISOString(), decidedAt: new Date(startMs + 30_000).toISOString() },
  ...{ receivedAt: new Date(startMs).toISOString(), supersedes: null, place: null, policyDigest: '' },
  ...{ rule: { id: 'speeding', version: 1 }, article: null, evidence: {}, explain: { zh: '', en: '' } },
})

/** A journal of two days: the first is over. */
export async function twoDays(alerts: readonly string[] = ['a-1', 'a-2']) {
  const dataDir = tempFolder()
  let nowMs = startMs
  const clock = { nowMs: () => nowMs }
  const journal = openSqliteJournal({ dataDir, zone: 'UTC', nowMs: clock.nowMs })
  const signer = newSigner()
  const rows = [...chainOf(bodiesOf(150), signer), ...chainOf(bodiesOf(150), null, 'v2')]
  const keys = [{ fleet: 'f1', vehicle: 'v1', key: signer.publicKey }]
  await journal.append({ ...emptyGroup, envelopes: rows, alerts: alerts.map(alertOf), keys })
  nowMs += dayMs
  await journal.append({ ...emptyGroup, envelopes: [rowOf(alarm(1, {}, null, { vehicle: 'v3' }))] })
  const file = path.join(dataDir, 'journal-2025-11-22.db')
  return { dataDir, journal, file, rows, later: (ms: number) => (nowMs += ms), clock }
}

/** A program of the gateway: how it ended, its last line, and everything it said. */
export function run(
  file: string,
  args: readonly string[],
): { status: number | null; last: Record<string, unknown>; all: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' })
  const last = stdout.trim().split('\n').at(-1) ?? ''
  return {
    status,
    last: last === '' ? {} : (JSON.parse(last) as Record<string, unknown>),
    all: stdout + stderr,
  }
}
