import { randomBytes } from 'node:crypto'
import type { Alert, Severity } from '../../proto/model.ts'
import { isoUtc } from '../../proto/time.ts'
import type { CaseStatus } from '../alerts/case.ts'
import type { Handling, Register } from '../journal/register.ts'
import type { Office, Wanted } from './office.ts'
import type { Sealer } from './seal.ts'

/**
 * Complaints from outside (投诉举报). Each becomes a case of the register under its own id and is worked off like an
 * alert; who informed is sealed, each reading of it is a line of the case, and so is the answer that was given.
 */
export type Complaint = {
  readonly id: string
  readonly fleet: string
  readonly vehicle: string | null
  readonly plate: string | null
  /** When it happened, as it was told. */
  readonly at: string | null
  readonly receivedAt: string
  readonly channel: Channel
  readonly words: string
  readonly severity: Severity
  readonly takenBy: string
  readonly informer: 'sealed' | 'anonymous'
  readonly status: CaseStatus
  readonly revision: number
  readonly answers: readonly { readonly at: string; readonly by: string; readonly words: string }[]
  /** How often the informer's identity was read. */
  readonly readings: number
}

export const channels = ['phone', 'hotline', 'letter', 'visit', 'web'] as const
export type Channel = (typeof channels)[number]

export type Informer = {
  readonly name: string
  readonly phone?: string | undefined
  readonly address?: string | undefined
}

/** What is told of a complaint when it is taken. */
export type Told = Pick<
  Complaint,
  'fleet' | 'vehicle' | 'plate' | 'at' | 'channel' | 'words' | 'severity'
> & {
  readonly informer: Informer | null
}
/** Who does something: the name, the address, the role. */
export type Actor = Pick<Wanted, 'by' | 'from' | 'role'>

type Kept = Omit<Told, 'informer'> & { readonly sealed: string | null }

export type Complaints = {
  readonly take: (told: Told, actor: Actor) => Complaint
  readonly of: (id: string) => Complaint | null
  /** Newest first, below a cursor. */
  readonly before: (
    cursor: number,
    limit: number,
  ) => readonly { readonly cursor: number; readonly complaint: Complaint }[]
  readonly answer: (id: string, words: string, actor: Actor) => Complaint
  /** The reading is written down first. Null: sealed with a key that is not here. */
  readonly informer: (id: string, why: string, actor: Actor) => Informer | 'anonymous' | null
}

export type ComplaintDeps = {
  readonly register: Register
  readonly office: Office
  readonly sealer: Sealer
  readonly nowMs: () => number
}

export function openComplaints({ register, office, sealer, nowMs }: ComplaintDeps): Complaints {
  const { papers } = register
  const alertOf = (id: string): Alert => register.of(id)[0]!.alert
  const found = (id: string): Complaint => {
    const paper = papers.named('complaint', id)!
    return complaintOf(id, paper.content as Kept, paper.atMs, paper.by, register.of(id), office)
  }
  return {
    take: ({ informer, ...told }, actor) => {
      const id = randomBytes(16).toString('hex')
      const atMs = Math.round(nowMs())
      const sealed = informer === null ? null : sealer.seal(JSON.stringify(informer), id)
      const content: Kept = { ...told, sealed }
      const { fleet, words } = told
      const { by, from } = actor
      register.together(() => {
        papers.add({ kind: 'complaint', name: id, fleet, atMs, by, from, content })
        office.remark({ alert: asAlert(id, told, atMs), action: 'complain', words, ...actor })
      })
      return found(id)
    },
    of: (id) => (papers.named('complaint', id) === null ? null : found(id)),
    before: (cursor, limit) =>
      papers
        .before('complaint', cursor, limit)
        .map((paper) => ({ cursor: paper.cursor, complaint: found(paper.name) })),
    answer: (id, words, actor) => {
      office.remark({ alert: alertOf(id), action: 'answer', words, ...actor })
      return found(id)
    },
    informer: (id, why, actor) => {
      const { sealed } = papers.named('complaint', id)!.content as Kept
      if (sealed === null) return 'anonymous'
      office.remark({ alert: alertOf(id), action: 'readInformer', words: why, ...actor })
      const text = sealer.unseal(sealed, id)
      return text === null ? null : (JSON.parse(text) as Informer)
    },
  }
}

function complaintOf(
  id: string,
  { sealed, ...told }: Kept,
  atMs: number,
  takenBy: string,
  lines: readonly Handling[],
  office: Office,
): Complaint {
  const { status, revision } = office.viewOf(lines[0]!.alert)
  return {
    ...{ id, ...told, takenBy, status, revision },
    receivedAt: isoUtc(atMs),
    informer: sealed === null ? 'anonymous' : 'sealed',
    answers: lines
      .filter(({ action }) => action === 'answer')
      .map((line) => ({ at: isoUtc(line.atMs), by: line.by, words: line.words })),
    readings: lines.filter(({ action }) => action === 'readInformer').length,
  }
}

/** The register keeps each case with the alert it is about: this is the one of a complaint. Its kind is `complaint`. */
function asAlert(id: string, told: Omit<Told, 'informer'>, receivedMs: number): Alert {
  const receivedAt = isoUtc(receivedMs)
  const { fleet, vehicle, plate, at, channel, words, severity } = told
  return {
    ...{ id, revision: 1, cursor: 0, kind: complaintKind, reason: channel, phase: 'ended', severity },
    subject: vehicle ?? noVehicle,
    grade: 'to-verify',
    fleet,
    vehicle: vehicle ?? noVehicle,
    plate,
    driver: null,
    trip: null,
    at: at ?? receivedAt,
    decidedAt: receivedAt,
    receivedAt,
    late: false,
    supersedes: null,
    place: null,
    rule: { id: complaintKind, version: 1 },
    policyDigest: '',
    article: null,
    evidence: {},
    explain: { zh: words, en: words },
  }
}
export const complaintKind = 'complaint'
/** A topic has a level for the vehicle, whoever it was. */
export const noVehicle = '-'
