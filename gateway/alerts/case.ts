/**
 * The machine of one case (销号): what officers did about an alert, step by step. Pure: it is folded from the register,
 * decides about the next step, and says as values what has to be done; nothing is ever taken out of it.
 */

export type CaseStatus =
  | 'raised'
  | 'acknowledged'
  | 'assigned'
  | 'rectified'
  | 'verified'
  | 'closed'
  | 'falseAlarm'
  | 'appealed'

export const caseActions = [
  'acknowledge',
  'assign',
  'rectify',
  'verify',
  'close',
  'falseAlarm',
  'reopen',
  'appeal',
  'note',
  'say',
] as const
export type CaseAction = (typeof caseActions)[number]

/** One step, as it is kept for ever. */
export type CaseStep = {
  readonly atMs: number
  readonly by: string
  /** The address it came from. */
  readonly from: string
  readonly action: CaseAction
  readonly words: string
}

export type Case = {
  readonly status: CaseStatus
  /** How many steps were taken: who acts names the number he saw. */
  readonly revision: number
  readonly last: CaseStep | null
}

export type CaseEffect =
  /** Append to the register, synced, before anything else happens. */
  | { readonly do: 'record'; readonly step: CaseStep }
  /** Words to the cab, signed. */
  | { readonly do: 'speak'; readonly words: string }
  /** Every desk that may see it learns of it. */
  | { readonly do: 'tell' }

export type CaseOutcome =
  | { readonly is: 'done'; readonly case: Case; readonly effects: readonly CaseEffect[] }
  /** Somebody else was faster. */
  | { readonly is: 'conflict' }
  | { readonly is: 'refused'; readonly field: 'action' | 'words' | 'by'; readonly remedy: Said }

type Said = { readonly zh: string; readonly en: string }

export const newCase: Case = { status: 'raised', revision: 0, last: null }

/** Where each action leads. What is absent cannot be done from there. */
const moves: { readonly [status in CaseStatus]: { readonly [action in CaseAction]?: CaseStatus } } = {
  raised: { acknowledge: 'acknowledged', falseAlarm: 'falseAlarm', say: 'raised', note: 'raised' },
  acknowledged: {
    assign: 'assigned',
    falseAlarm: 'falseAlarm',
    say: 'acknowledged',
    note: 'acknowledged',
  },
  // Assigned again: the case goes to another hand.
  assigned: {
    assign: 'assigned',
    rectify: 'rectified',
    falseAlarm: 'falseAlarm',
    say: 'assigned',
    note: 'assigned',
  },
  // Assigned again: what was done does not meet what was asked.
  rectified: { verify: 'verified', assign: 'assigned', say: 'rectified', note: 'rectified' },
  verified: { close: 'closed', assign: 'assigned', note: 'verified' },
  closed: { reopen: 'acknowledged', appeal: 'appealed', note: 'closed' },
  falseAlarm: { reopen: 'acknowledged', note: 'falseAlarm' },
  // Granted, rejected, or looked into again.
  appealed: { falseAlarm: 'falseAlarm', close: 'closed', reopen: 'acknowledged', note: 'appealed' },
}

/** What an officer must say with an action. */
const wordsFor: { readonly [action in CaseAction]?: Said } = {
  assign: { zh: '责任人与期限', en: 'who is responsible, and until when' },
  rectify: { zh: '整改措施', en: 'what was done about it' },
  falseAlarm: { zh: '误报原因', en: 'why it is a false alarm' },
  reopen: { zh: '重开理由', en: 'why it is opened again' },
  appeal: { zh: '申诉人与申诉理由', en: 'who appeals, and why' },
  note: { zh: '备注内容', en: 'the note' },
  say: { zh: '要播报的话', en: 'the words to say' },
}

/** What the terminal takes as words, and a person reads as a reason. */
export const caseWordsMax = 500

export const allowedActions = (status: CaseStatus): readonly CaseAction[] =>
  caseActions.filter((action) => moves[status][action] !== undefined)

export const needsWords = (action: CaseAction): boolean => wordsFor[action] !== undefined

/** The case after a step that is in the register: it happened, so it is not asked again whether it may. */
export function follow(before: Case, step: CaseStep): Case {
  const status = moves[before.status][step.action] ?? before.status
  return { status, revision: before.revision + 1, last: step }
}

/** Decides about a step of an officer who saw the case at `revision`. */
export function decide(current: Case, revision: number, step: CaseStep): CaseOutcome {
  if (current.revision !== revision) return { is: 'conflict' }
  const trouble = troubleOf(current, step)
  if (trouble !== null) return trouble
  const effects: CaseEffect[] = [{ do: 'record', step }]
  if (step.action === 'say') effects.push({ do: 'speak', words: step.words })
  effects.push({ do: 'tell' })
  return { is: 'done', case: follow(current, step), effects }
}

function troubleOf({ status }: Case, { action, words, by }: CaseStep): CaseOutcome | null {
  if (moves[status][action] === undefined) {
    const remedy = { zh: '此状态下不能执行该操作', en: 'this cannot be done to a case in this state' }
    return { is: 'refused', field: 'action', remedy }
  }
  if (by.trim() === '') {
    const remedy = { zh: '请填写您的姓名', en: 'missing; say who you are' }
    return { is: 'refused', field: 'by', remedy }
  }
  const needed = wordsFor[action]
  if (needed !== undefined && words.trim() === '') {
    const remedy = { zh: `请填写${needed.zh}`, en: `missing; say ${needed.en}` }
    return { is: 'refused', field: 'words', remedy }
  }
  if (words.length <= caseWordsMax) return null
  const remedy = { zh: `最多${caseWordsMax}字`, en: `at most ${caseWordsMax} characters` }
  return { is: 'refused', field: 'words', remedy }
}
