import { maskDriver } from '../../proto/catalog/entry.ts'
import type { Alert } from '../../proto/model.ts'
import { isoUtc } from '../../proto/time.ts'
import {
  allowedNow,
  type Case,
  type CaseAction,
  type CaseStatus,
  caseOf,
  needsWords,
  newCase,
  type StepFields,
  stands,
} from '../alerts/case.ts'
import { type FieldName, fieldsOf, type RelayProof } from '../alerts/case-table.ts'
import { type Result809, result809 } from '../alerts/result-809.ts'
import type { Role } from '../identity/identity.ts'
import type { Handling } from '../journal/register.ts'
import { commandDigest } from '../push/commands.ts'

/** A case as a desk is told of it: where it stands, what may be done, what was agreed, and everything that was done. */
export type CaseView = {
  readonly alert: string
  readonly fleet: string
  readonly vehicle: string
  readonly kind: string
  readonly revision: number
  readonly status: CaseStatus
  readonly allowed: readonly AllowedAction[]
  readonly cursor: number | null
  readonly facts: CaseFacts
  /** What an authority that urged it is answered. */
  readonly result809: Result809
  readonly history: readonly HistoryLine[]
}

export type AllowedAction = {
  readonly action: CaseAction
  /** Needed where it is said in words alone. */
  readonly words: boolean
  /** What a form asks for. */
  readonly fields: readonly FieldName[]
  /** Needed beside the fields. */
  readonly wordsBeside: boolean
}

/** What was agreed, done and decided in this round; null: nothing of it. */
export type CaseFacts = {
  readonly responsible: string | null
  readonly deadlineAt: string | null
  readonly acceptance: string | null
  readonly cause: string | null
  readonly measure: string | null
  readonly rectifiedBy: string | null
  readonly verifiedBy: string | null
  readonly closedBy: string | null
  readonly disposition: string | null
  readonly evidenceGrade: string | null
  readonly appeal: string | null
  readonly lookBack: { readonly held: boolean; readonly at: string; readonly by: string } | null
  readonly successor: string | null
  readonly escalatedTo: string | null
  readonly escalations: number
  readonly stop: { readonly area: string; readonly name: string; readonly at: string } | null
  readonly detour: {
    readonly route: string
    readonly fromM: number
    readonly toM: number
    readonly until: string
    /** Whether it was ended before that, when, and by whom. */
    readonly revokedAt: string | null
    readonly revokedBy: string | null
  } | null
  readonly relay: RelayProof | null
  /** Whom an officer found to have driven. */
  readonly driver: string | null
}

export type HistoryLine = {
  readonly at: string
  readonly by: string
  readonly from: string
  readonly action: string
  readonly words: string
  /** By which the terminal's receipt (`spoken` of its state) names words that were sent to a cab. */
  readonly digest: string | null
  readonly role: Role | null
  readonly fields: StepFields
}

/** Null when nothing was done. */
export function caseView(lines: readonly Handling[], cursor: number | null): CaseView | null {
  const [first] = lines
  return first === undefined ? null : viewOfCase(first.alert, lines, cursor)
}

/** An alert that nobody has touched has a case too: it is raised. */
export function viewOfCase(alert: Alert, lines: readonly Handling[], cursor: number | null): CaseView {
  const current = caseOf(lines)
  const { status, revision } = current
  const { id, fleet, vehicle, kind } = alert
  return {
    ...{ alert: id, fleet, vehicle, kind, revision, status, cursor },
    allowed: allowedWithWords(current),
    facts: factsOf(current),
    result809: result809(status),
    history: lines.map(historyLine),
  }
}

/** Of a case; absent: of one that nobody has touched. */
export const allowedWithWords = (current: Case = newCase): CaseView['allowed'] =>
  allowedNow(current).map((action) => ({
    action,
    words: needsWords(action),
    // Whom the roster names nobody types.
    fields: (fieldsOf[action] ?? []).filter((name) => name !== 'to'),
    wordsBeside: needsWords(action, true),
  }))

function factsOf(current: Case): CaseFacts {
  const { latest, escalations } = current
  const { assign, rectify, verify, close, appeal, lookBack, supersede, escalate } = latest
  const { attributeDriver, acceptRelay } = latest
  return {
    responsible: assign?.fields?.responsible ?? null,
    deadlineAt: assign?.fields?.deadlineAt ?? null,
    acceptance: assign?.fields?.acceptance ?? null,
    cause: rectify?.fields?.cause ?? null,
    measure: rectify?.fields?.measure ?? null,
    rectifiedBy: rectify?.by ?? null,
    verifiedBy: verify?.by ?? null,
    closedBy: close?.by ?? null,
    disposition: close?.fields?.disposition ?? null,
    evidenceGrade: close?.fields?.evidenceGrade ?? null,
    appeal: appeal?.words ?? null,
    lookBack:
      lookBack === undefined
        ? null
        : { held: lookBack.fields?.held === true, at: isoUtc(lookBack.atMs), by: lookBack.by },
    successor: supersede?.fields?.successor ?? null,
    escalatedTo: escalate?.fields?.to ?? null,
    escalations,
    stop: stopOf(latest.extendToStop),
    detour: detourOf(latest.approveDetour, latest.revokeDetour),
    relay: acceptRelay?.fields?.proof ?? null,
    driver: stands(current, 'attributeDriver') ? (attributeDriver?.fields?.driver ?? null) : null,
  }
}

function stopOf(step: Case['latest']['extendToStop']): CaseFacts['stop'] {
  const { area, areaName } = step?.fields ?? {}
  if (step === undefined || area === undefined) return null
  return { area, name: areaName ?? area, at: isoUtc(step.atMs) }
}

type Step = Case['latest']['approveDetour']
function detourOf(step: Step, revoked: Step): CaseFacts['detour'] {
  const { route, segment, hours } = step?.fields ?? {}
  if (step === undefined || route === undefined || segment === undefined || hours === undefined) return null
  return {
    ...{ route, ...segment, until: isoUtc(step.atMs + hours * 3_600_000) },
    revokedAt: revoked === undefined ? null : isoUtc(revoked.atMs),
    revokedBy: revoked?.by ?? null,
  }
}

const historyLine = ({ atMs, by, from, action, words, role, fields = {} }: Handling): HistoryLine => ({
  at: isoUtc(atMs),
  by,
  from: from ?? '',
  action,
  words,
  digest: action === 'say' || action === 'extendToStop' ? commandDigest(words) : null,
  role: role ?? null,
  fields,
})

/** For those who do not speak with drivers: their names in fields are masked. What somebody wrote is as he wrote it. */
export function maskedView(view: CaseView): CaseView {
  const { facts, history } = view
  return {
    ...view,
    facts: { ...facts, driver: maskedOrNull(facts.driver), relay: maskedProof(facts.relay) },
    history: history.map((line) => ({ ...line, fields: maskedFields(line.fields) })),
  }
}

const maskedName = (name: string): string => maskDriver(name).zh
const maskedOrNull = (name: string | null): string | null => (name === null ? null : maskedName(name))

const maskedProof = (proof: RelayProof | null): RelayProof | null =>
  proof?.driver === undefined ? proof : { ...proof, driver: maskedName(proof.driver) }

function maskedFields(fields: StepFields): StepFields {
  const { driver, proof } = fields
  return {
    ...fields,
    ...(driver === undefined ? {} : { driver: maskedName(driver) }),
    ...(proof === undefined ? {} : { proof: maskedProof(proof)! }),
  }
}
