import type { Role } from '../identity/identity.ts'
import {
  type CaseAction,
  type CaseStatus,
  caseActions,
  type FieldName,
  fieldRules,
  fieldsOf,
  moves,
  type RelayProof,
  type Said,
  type StepFields,
  undoes,
  wordsFor,
  wordsSuffice,
} from './case-table.ts'

/**
 * The machine of one case (销号): what officers did about an alert, step by step. Pure: it is folded from the register,
 * decides about the next step, and says as values what has to be done; nothing is ever taken out of it.
 */

export { type CaseAction, type CaseStatus, caseActions, type StepFields } from './case-table.ts'

/** One step, as it is kept for ever. */
export type CaseStep = {
  readonly atMs: number
  readonly by: string
  /** The address it came from. */
  readonly from: string
  readonly action: CaseAction
  readonly words: string
  /** What the officer was in the fleet; absent on loopback, and in steps of before it was written down. */
  readonly role?: Role
  readonly fields?: StepFields
}

export type Case = {
  readonly status: CaseStatus
  /** How many steps were taken: who acts names the number he saw. */
  readonly revision: number
  readonly last: CaseStep | null
  /** The last step of each action in this round: what was asked, done, decided. A reopened case begins a round. */
  readonly latest: { readonly [action in CaseAction]?: CaseStep }
  /** How far up the roster it went in this round. */
  readonly escalations: number
}

export type CaseEffect =
  /** Append to the register, synced, before anything else happens. */
  | { readonly do: 'record'; readonly step: CaseStep }
  /** Words to the cab, signed. */
  | { readonly do: 'speak'; readonly words: string }
  /** Every terminal on that route may drive beside that stretch for so long. */
  | {
      readonly do: 'approveDetour'
      readonly route: string
      readonly segment: { readonly fromM: number; readonly toM: number }
      readonly hours: number
    }
  /** What was approved as of this case holds no more. */
  | { readonly do: 'revokeDetour' }
  /** Driving that no card proves is his from now on; null: nobody's again. */
  | { readonly do: 'attribute'; readonly driver: string | null }
  /** The relay stands in the papers of the trip from now on. */
  | { readonly do: 'enterRelay'; readonly proof: RelayProof }
  /** The next one of the roster is to know. */
  | { readonly do: 'summon'; readonly to: string }
  /** Every desk that may see it learns of it. */
  | { readonly do: 'tell' }

export type CaseOutcome =
  | { readonly is: 'done'; readonly case: Case; readonly effects: readonly CaseEffect[] }
  /** Somebody else was faster. */
  | { readonly is: 'conflict' }
  | {
      readonly is: 'refused'
      readonly field: 'action' | 'words' | 'by' | FieldName
      readonly remedy: Said
    }
type Refused = Extract<CaseOutcome, { is: 'refused' }>

/** By what a gateway lets steps be taken. */
export type CaseRules = {
  /** Who rectified may not verify or close as well, unless a supervisor or the fleet's admin does it. */
  readonly twoPersons: boolean
  /** False for programs of before there were fields: they say it in words. */
  readonly fieldsNeeded: boolean
}

export const newCase: Case = { status: 'raised', revision: 0, last: null, latest: {}, escalations: 0 }

/** What the terminal takes as words, and a person reads as a reason. */
export const caseWordsMax = 500

export const allowedActions = (status: CaseStatus): readonly CaseAction[] =>
  caseActions.filter((action) => moves[status][action] !== undefined)

/** Whether a decision stands that was not taken back. */
export function stands({ latest }: Pick<Case, 'latest'>, action: CaseAction): boolean {
  const undoing = (Object.keys(undoes) as CaseAction[]).find((name) => undoes[name] === action)
  return latest[action] !== undefined && (undoing === undefined || latest[undoing] === undefined)
}

/** Of a case: what takes back is there only where there is something to take back. */
export const allowedNow = (current: Case): readonly CaseAction[] =>
  allowedActions(current.status).filter((action) => {
    const undone = undoes[action]
    return undone === undefined || stands(current, undone)
  })

/** Whether an action cannot do without words; `beside` its fields, or where it is said in words alone. */
export function needsWords(action: CaseAction, beside = false): boolean {
  return wordsFor[action] !== undefined && !(beside && wordsSuffice.includes(action))
}

/** Nothing more is to be done: what the day it happened on waits for before it may go. */
export const isSettled = (status: CaseStatus): boolean =>
  status === 'closed' || status === 'consolidated' || status === 'falseAlarm'

/** What outlives a round: it was decided, said or found out, and stays so. */
const lasting: readonly CaseAction[] = [
  'note',
  'say',
  'extendToStop',
  'approveDetour',
  'acceptRelay',
  'attributeDriver',
  'revokeDetour',
  'withdrawDriver',
]

/** The case after a step that is in the register: it happened, so it is not asked again whether it may. */
export function follow(before: Case, step: CaseStep): Case {
  const { action, fields } = step
  const undone = action === 'lookBack' && fields?.held === false
  const status = undone ? 'acknowledged' : (moves[before.status][action] ?? before.status)
  const isNewRound = status === 'acknowledged' && (action === 'reopen' || undone)
  const kept = isNewRound ? keptOf(before, lasting) : action === 'assign' ? beforeWork(before) : before.latest
  const raisedTo = isNewRound ? 0 : before.escalations
  // Decided anew: that an earlier decision was taken back says nothing of this one.
  const valid = keptOf(
    { latest: kept },
    caseActions.filter((one) => undoes[one] === undefined || undoes[one] !== action),
  )
  return {
    status,
    revision: before.revision + 1,
    last: step,
    latest: { ...valid, [action]: step },
    escalations: action === 'escalate' ? raisedTo + 1 : raisedTo,
  }
}

const keptOf = ({ latest }: Pick<Case, 'latest'>, actions: readonly CaseAction[]): Case['latest'] =>
  Object.fromEntries(Object.entries(latest).filter(([action]) => actions.some((one) => one === action)))

/** Assigned again: what was done so far does not count as done. */
const beforeWork = (before: Case): Case['latest'] =>
  keptOf(
    before,
    caseActions.filter((action) => action !== 'rectify' && action !== 'verify'),
  )

const isAction = (action: string): action is CaseAction => caseActions.some((one) => one === action)

/** A line of the register: also those that are no steps, of other tools and of before. */
export type CaseLine = Omit<CaseStep, 'action' | 'from'> & {
  readonly action: string
  readonly from?: string
}

/** Lines of others in the register are history but no steps. */
export function caseOf(lines: readonly CaseLine[]): Case {
  return lines.reduce<Case>((before, line) => {
    const { atMs, by, from = '', action, words, role, fields } = line
    if (!isAction(action)) return before
    return follow(before, {
      ...{ atMs, by, from, action, words },
      ...(role === undefined ? {} : { role }),
      ...(fields === undefined ? {} : { fields }),
    })
  }, newCase)
}

/** Decides about a step of an officer who saw the case at `revision`. */
export function decide(current: Case, revision: number, step: CaseStep, rules: CaseRules): CaseOutcome {
  if (current.revision !== revision) return { is: 'conflict' }
  const trouble = troubleOf(current, step, rules)
  if (trouble !== null) return trouble
  return { is: 'done', case: follow(current, step), effects: effectsOf(step) }
}

/** Recorded first, told last. */
function effectsOf(step: CaseStep): readonly CaseEffect[] {
  return [{ do: 'record', step }, ...doings(step), { do: 'tell' }]
}

function doings({ action, words, fields = {} }: CaseStep): readonly CaseEffect[] {
  const { to, route, segment, hours, proof, driver } = fields
  if (action === 'revokeDetour') return [{ do: 'revokeDetour' }]
  if (action === 'withdrawDriver') return [{ do: 'attribute', driver: null }]
  if (action === 'attributeDriver' && driver !== undefined) return [{ do: 'attribute', driver }]
  if (action === 'say' || action === 'extendToStop') return [{ do: 'speak', words }]
  if (action === 'escalate' && to !== undefined) return [{ do: 'summon', to }]
  if (action === 'approveDetour' && route !== undefined && segment !== undefined && hours !== undefined)
    return [{ do: 'approveDetour', route, segment, hours }]
  // Words alone prove something to a person; the rule asks where, when and who.
  const counts = proof?.at !== undefined && proof.area !== undefined && proof.driver !== undefined
  return action === 'acceptRelay' && counts ? [{ do: 'enterRelay', proof }] : []
}

function troubleOf(current: Case, step: CaseStep, rules: CaseRules): Refused | null {
  const { action, words, by } = step
  if (moves[current.status][action] === undefined)
    return refused('action', '此状态下不能执行该操作', 'this cannot be done to a case in this state')
  const undone = undoes[action]
  if (undone !== undefined && !stands(current, undone))
    return refused('action', '没有可撤销的决定', 'there is nothing to take back')
  if (by.trim() === '') return refused('by', '请填写您的姓名', 'missing; say who you are')
  const wrong = fieldTrouble(step, rules) ?? secondPerson(current, step, rules)
  if (wrong !== null) return wrong
  const needed = wordsFor[action]
  if (needed !== undefined && needsWords(action, saysInFields(step)) && words.trim() === '')
    return refused('words', `请填写${needed.zh}`, `missing; say ${needed.en}`)
  if (words.length <= caseWordsMax) return null
  return refused('words', `最多${caseWordsMax}字`, `at most ${caseWordsMax} characters`)
}

const refused = (field: Refused['field'], zh: string, en: string): Refused => ({
  is: 'refused',
  field,
  remedy: { zh, en },
})

const saysInFields = ({ action, fields = {} }: CaseStep): boolean =>
  (fieldsOf[action] ?? []).some((name) => fields[name] !== undefined)

/** All the fields of the action and no others; those that may be said in words are all there or none is. */
function fieldTrouble(step: CaseStep, { fieldsNeeded }: CaseRules): Refused | null {
  const { action, fields = {}, atMs } = step
  const own = fieldsOf[action] ?? []
  const given = Object.keys(fields) as FieldName[]
  const strange = given.find(
    (name) => fields[name] !== undefined && !own.includes(name) && name !== 'areaName',
  )
  if (strange !== undefined) return refused(strange, '该操作没有此项', 'this action has no such field')
  if (!fieldsNeeded && wordsSuffice.includes(action) && !saysInFields(step)) return null
  const wrong = own.find((name) => !fieldRules[name].isRight(fields[name], atMs))
  if (wrong === undefined) return null
  const { asks } = fieldRules[wrong]
  return refused(wrong, asks.zh, asks.en)
}

/** Nobody attests to his own work. */
function secondPerson({ latest }: Case, { action, by, role }: CaseStep, rules: CaseRules): Refused | null {
  if (!rules.twoPersons || (action !== 'verify' && action !== 'close')) return null
  if (latest.rectify?.by !== by || role === 'supervisor' || role === 'admin') return null
  return refused('by', '整改人不能自行验收或销号', 'who rectified it may not verify or close it')
}
