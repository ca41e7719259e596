import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openBoot } from '../../../device/boot.ts'
import { bareDocuments } from '../../../device/documents.ts'
import { makeFolder } from '../../../device/durable-file.ts'
import { InForce } from '../../../device/in-force.ts'
import { silentLog } from '../../../device/log.ts'
import { openSigner } from '../../../device/outbox/signer.ts'
import { openApprovals } from '../../../gateway/desk/approvals.ts'
import { openEvidenceKey } from '../../../gateway/evidence-key.ts'
import { issuedIn, noteIssued, openFolder, revokedIn, writeRevoked } from '../../../gateway/pki/folder.ts'
import { openContents } from '../../../gateway/push/contents.ts'
import { sha256Hex } from '../../../proto/canonical.ts'
import type { Alert } from '../../../proto/model.ts'
import { defaultVehicle } from '../../../proto/shapes/vehicle.ts'
import { noon } from '../../help/envelopes.ts'
import { alertDraft } from '../alert-draft.ts'
import type { Subject } from './subject.ts'

/** What both programs keep as small files: documents in force, keys, approvals, what an authority issued and revoked. */
export type FilesPromise =
  | { readonly is: 'signer' | 'evidence' | 'authority'; readonly key: string }
  | { readonly is: 'document'; readonly version: number }
  | { readonly is: 'offered'; readonly version: number }
  | { readonly is: 'approved' | 'issued' | 'revoked' | 'content'; readonly name: string }
  /** Found again after a power cut, it says that there was one. */
  | { readonly is: 'running' }

const places = (folder: string) => ({
  terminal: join(folder, 'terminal'),
  gateway: join(folder, 'gateway'),
  authority: join(folder, 'authority'),
})

const holdS = (version: number): number => 5 + (version % 20)
function offer(version: number) {
  const content = Buffer.from(JSON.stringify({ speeding: { holdS: holdS(version) } }))
  return { version, digest: sha256Hex(content), content }
}

const signerIn = (terminal: string): string => Buffer.from(openSigner(terminal).publicKey).toString('hex')

function open(folder: string) {
  const { terminal, gateway } = places(folder)
  makeFolder(terminal)
  makeFolder(gateway)
  const base = bareDocuments(defaultVehicle)
  const inForce = new InForce({
    folder: join(terminal, 'documents'),
    base,
    log: silentLog,
    nowMs: () => noon,
  })
  const signer = signerIn(terminal)
  const evidence = openEvidenceKey(gateway).publicKey
  const approvals = openApprovals(gateway, () => {})
  const contents = openContents(gateway, () => noon)
  return { inForce, signer, evidence, approvals, contents, boot: (id: string) => openBoot(terminal, id) }
}

const alertOf = (name: string): Alert => ({ ...alertDraft(name), cursor: 1 })
const detour = { route: 'r1', segment: { fromM: 0, toM: 100 }, hours: 2 }
const approved = (opened: ReturnType<typeof open>): string[] =>
  opened.approvals.detours('f1').map(({ id }) => id)
const revoked = (folder: string): readonly string[] => revokedIn(folder).names

const inForceIn = ({ inForce }: ReturnType<typeof open>) =>
  inForce.report().find(({ name }) => name === 'policy')!
/** Digests of what the gateway may still judge by. */
const pushed = (gateway: string): readonly string[] =>
  readdirSync(join(gateway, 'documents')).flatMap((file) =>
    /^[0-9a-f]+\.json$/.test(file) ? [file.slice(0, -5)] : [],
  )

const acts = ['document', 'document', 'approve', 'issue', 'revoke', 'push'] as const

export const filesSubject: Subject<FilesPromise> = {
  async run(folder, { life, steps, dice }, tell) {
    const { terminal, gateway, authority } = places(folder)
    makeFolder(terminal)
    makeFolder(gateway)
    // Each by itself: what is opened after it may bring its name to the disk by chance.
    tell({ is: 'signer', key: signerIn(terminal) })
    tell({ is: 'evidence', key: openEvidenceKey(gateway).publicKey })
    openBoot(terminal, 'before the cut')
    // A second start of the same boot finds the file and leaves it.
    if (life === 1) tell({ is: 'running' })
    const made = { key: `key of life ${life}`, cert: `certificate of life ${life}` }
    tell({ is: 'authority', key: (await openFolder(authority, async () => made)).cert })
    const opened = open(folder)
    // What an earlier life was killed over is worked with, reported and shown from here on.
    tell({ is: 'document', version: inForceIn(opened).version })
    for (const name of approved(opened)) tell({ is: 'approved', name })
    for (const { name } of issuedIn(authority)) tell({ is: 'issued', name })
    for (const name of revoked(authority)) tell({ is: 'revoked', name })
    for (const name of pushed(gateway)) tell({ is: 'content', name })
    for (let step = 0; step < steps; step++) {
      const name = `life-${life}-${step}`
      const act = dice.pick('act', acts)
      if (act === 'document') {
        const version = life * 100 + step
        tell({ is: 'offered', version })
        if (opened.inForce.take('policy', offer(version)) === null) tell({ is: 'document', version })
      } else if (act === 'push') {
        opened.contents.put(offer(step).digest, offer(step).content.toString())
        tell({ is: 'content', name: offer(step).digest })
      } else if (act === 'approve') {
        tell({ is: 'approved', name: opened.approvals.detour(alertOf(name), detour, 'li', noon) })
      } else if (act === 'issue') {
        noteIssued(authority, { serial: name, name, role: 'officer', fleets: ['f1'], notAfter: '' })
        tell({ is: 'issued', name })
      } else {
        writeRevoked(authority, { serials: [], names: [...revoked(authority), name] })
        tell({ is: 'revoked', name })
      }
    }
  },
  async check(folder, promises) {
    mkdirSync(folder, { recursive: true })
    const opened = open(folder)
    const { authority, gateway } = places(folder)
    const pair = await openFolder(authority, async () => ({ key: 'another', cert: 'another' }))
    const held = {
      signer: [opened.signer],
      evidence: [opened.evidence],
      authority: [pair.cert],
      approved: approved(opened),
      issued: issuedIn(authority).map(({ name }) => name),
      revoked: revoked(authority),
      content: pushed(gateway).filter((digest) => opened.contents.get(digest) !== undefined),
    }
    const lost = promises.flatMap((one) => {
      if (one.is === 'running')
        return opened.boot('after the cut').afterPowerLoss ? [] : ['lost: that it was running']
      if (one.is === 'document' || one.is === 'offered') return []
      const name = 'key' in one ? one.key : one.name
      return held[one.is].includes(name) ? [] : [`lost: ${one.is} ${name}`]
    })
    return [...lost, ...documentTrouble(opened, promises), ...opened.inForce.troubles]
  },
}

/** The last one that was in force, or the one on its way; whole. */
function documentTrouble(opened: ReturnType<typeof open>, promises: readonly FilesPromise[]): string[] {
  const newest = (is: 'document' | 'offered'): number =>
    Math.max(0, ...promises.flatMap((one) => (one.is === is ? [one.version] : [])))
  const { version } = inForceIn(opened)
  if (version < newest('document')) return [`lost: document ${newest('document')}, ${version} is in force`]
  if (version > newest('offered')) return [`document ${version} was never offered`]
  const isWhole = version === 0 || opened.inForce.documents.policy.speeding.holdS === holdS(version)
  return isWhole ? [] : [`document ${version} is in force with another content`]
}
