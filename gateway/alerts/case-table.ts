/** The table of a case (销号): which action leads where, and what an officer must say with it. Data, and nothing else. */

export type CaseStatus =
  | 'raised'
  | 'acknowledged'
  | 'assigned'
  | 'rectified'
  | 'verified'
  | 'closed'
  /** A later look-back (回头看) found that it held. */
  | 'consolidated'
  | 'falseAlarm'
  | 'appealed'
  /** Another alert tells of the same: what is done is done there. */
  | 'superseded'

export const caseStatuses = [
  'raised',
  'acknowledged',
  'assigned',
  'rectified',
  'verified',
  'closed',
  'consolidated',
  'falseAlarm',
  'appealed',
  'superseded',
] as const satisfies readonly CaseStatus[]

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
  'lookBack',
  'supersede',
  'escalate',
  'extendToStop',
  'approveDetour',
  'acceptRelay',
  'attributeDriver',
  'revokeDetour',
  'withdrawDriver',
] as const
export type CaseAction = (typeof caseActions)[number]

type Row = { readonly [action in CaseAction]?: CaseStatus }

/** What may be decided about a coach that is on its way, wherever its case stands. */
const decisions = (status: CaseStatus): Row => ({
  say: status,
  note: status,
  escalate: status,
  extendToStop: status,
  approveDetour: status,
  acceptRelay: status,
  attributeDriver: status,
  revokeDetour: status,
  withdrawDriver: status,
})

/** Where each action leads. What is absent cannot be done from there. */
export const moves: { readonly [status in CaseStatus]: Row } = {
  raised: {
    ...decisions('raised'),
    acknowledge: 'acknowledged',
    falseAlarm: 'falseAlarm',
    supersede: 'superseded',
  },
  acknowledged: {
    ...decisions('acknowledged'),
    assign: 'assigned',
    falseAlarm: 'falseAlarm',
    supersede: 'superseded',
  },
  // Assigned again: the case goes to another hand.
  assigned: {
    ...decisions('assigned'),
    assign: 'assigned',
    rectify: 'rectified',
    falseAlarm: 'falseAlarm',
    supersede: 'superseded',
  },
  // Assigned again: what was done does not meet what was asked.
  rectified: { ...decisions('rectified'), verify: 'verified', assign: 'assigned' },
  verified: {
    close: 'closed',
    assign: 'assigned',
    note: 'verified',
    escalate: 'verified',
    attributeDriver: 'verified',
    revokeDetour: 'verified',
    withdrawDriver: 'verified',
  },
  // A detour holds for hours, whatever became of the case: whoever finds it wrong ends it.
  closed: {
    lookBack: 'consolidated',
    reopen: 'acknowledged',
    appeal: 'appealed',
    note: 'closed',
    revokeDetour: 'closed',
  },
  // Looked at again: what held a month ago need not hold today.
  consolidated: {
    lookBack: 'consolidated',
    reopen: 'acknowledged',
    appeal: 'appealed',
    note: 'consolidated',
    revokeDetour: 'consolidated',
  },
  falseAlarm: { reopen: 'acknowledged', note: 'falseAlarm', revokeDetour: 'falseAlarm' },
  // Granted, rejected, or looked into again.
  appealed: {
    falseAlarm: 'falseAlarm',
    close: 'closed',
    reopen: 'acknowledged',
    note: 'appealed',
    escalate: 'appealed',
    acceptRelay: 'appealed',
    attributeDriver: 'appealed',
    revokeDetour: 'appealed',
    withdrawDriver: 'appealed',
  },
  superseded: { reopen: 'acknowledged', note: 'superseded', revokeDetour: 'superseded' },
}

export type Said = { readonly zh: string; readonly en: string }

/** What an officer must say with an action. */
export const wordsFor: { readonly [action in CaseAction]?: Said } = {
  assign: { zh: '责任人与期限', en: 'who is responsible, and until when' },
  rectify: { zh: '整改措施', en: 'what was done about it' },
  falseAlarm: { zh: '误报原因', en: 'why it is a false alarm' },
  reopen: { zh: '重开理由', en: 'why it is opened again' },
  appeal: { zh: '申诉人与申诉理由', en: 'who appeals, and why' },
  note: { zh: '备注内容', en: 'the note' },
  say: { zh: '要播报的话', en: 'the words to say' },
  lookBack: { zh: '回头看的情况', en: 'what the look-back found' },
  supersede: { zh: '并案理由', en: 'why it belongs to the other one' },
  approveDetour: { zh: '绕行理由', en: 'why the detour is approved' },
  attributeDriver: { zh: '认定依据', en: 'by what the driver is known' },
  revokeDetour: { zh: '撤销绕行的理由', en: 'why the detour is ended' },
  withdrawDriver: { zh: '撤回认定的理由', en: 'why it was not this driver' },
}

/** What takes another decision back: there is nothing to take back until it was made, nor twice. */
export const undoes: { readonly [action in CaseAction]?: CaseAction } = {
  revokeDetour: 'approveDetour',
  withdrawDriver: 'attributeDriver',
}

export const dispositions = ['education', 'criticism', 'suspension', 'fine', 'exempt'] as const
export const evidenceGrades = ['sufficient', 'to-verify'] as const

/** What proves a relay: words always; where, when and who as well, when the record is to count for the rule. */
export type RelayProof = {
  readonly says: string
  readonly at?: string
  readonly area?: string
  readonly driver?: string
  readonly plate?: string
}

/** What is told in fields of their own, so that a register can be read by a program and a notice printed from it. */
export type StepFields = {
  readonly responsible?: string
  readonly deadlineAt?: string
  readonly acceptance?: string
  readonly cause?: string
  readonly measure?: string
  readonly disposition?: string
  readonly evidenceGrade?: string
  readonly held?: boolean
  /** Id of the alert that the case goes on under. */
  readonly successor?: string
  /** Whom the roster names next; nobody types it. */
  readonly to?: string
  /** A safe stop: its id, and its name as it was then. */
  readonly area?: string
  readonly areaName?: string
  readonly route?: string
  readonly segment?: { readonly fromM: number; readonly toM: number }
  readonly hours?: number
  readonly proof?: RelayProof
  readonly driver?: string
}
export type FieldName = keyof StepFields

/** The fields of each action: with them, words are needed only where they say something else. */
export const fieldsOf: { readonly [action in CaseAction]?: readonly FieldName[] } = {
  assign: ['responsible', 'deadlineAt', 'acceptance'],
  rectify: ['cause', 'measure'],
  close: ['disposition', 'evidenceGrade'],
  lookBack: ['held'],
  supersede: ['successor'],
  escalate: ['to'],
  extendToStop: ['area'],
  approveDetour: ['route', 'segment', 'hours'],
  acceptRelay: ['proof'],
  attributeDriver: ['driver'],
}

/** Actions that were taken in words alone before there were fields, and still may be by programs that know no better. */
export const wordsSuffice: readonly CaseAction[] = ['assign', 'rectify', 'close']

export const detourHoursMax = 72

const named = (zh: string, en: string): Said => ({ zh, en })
/** What each field is called, and when it is right: `nowMs` is the moment of the step. */
export const fieldRules: {
  readonly [name in FieldName]: {
    readonly asks: Said
    readonly isRight: (value: unknown, nowMs: number) => boolean
  }
} = {
  responsible: { asks: named('请填写责任人', 'missing; say who is responsible'), isRight: isText },
  deadlineAt: {
    asks: named('整改期限须为晚于现在的时间', 'an instant later than now is needed'),
    isRight: (value, nowMs) => typeof value === 'string' && Date.parse(value) > nowMs,
  },
  acceptance: { asks: named('请填写验收标准', 'missing; say what is to be met'), isRight: isText },
  cause: { asks: named('请填写原因', 'missing; say what the cause was'), isRight: isText },
  measure: { asks: named('请填写整改措施', 'missing; say what was done about it'), isRight: isText },
  disposition: {
    asks: named('请选择处理结果', `one of ${dispositions.join(', ')}`),
    isRight: (value) => dispositions.some((one) => one === value),
  },
  evidenceGrade: {
    asks: named('请选择证据等级', `one of ${evidenceGrades.join(', ')}`),
    isRight: (value) => evidenceGrades.some((one) => one === value),
  },
  held: {
    asks: named('请选择是否巩固', 'true when it held, false when it did not'),
    isRight: (value) => typeof value === 'boolean',
  },
  successor: {
    asks: named('请填写并入的报警编号', 'the id of the alert it goes on under'),
    isRight: (value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value),
  },
  to: {
    asks: named('值班表中没有上一级，请先填写值班表', 'the roster names nobody above; fill it in first'),
    isRight: isText,
  },
  area: { asks: named('请选择安全停车处', 'missing; choose a safe stop'), isRight: isText },
  areaName: { asks: named('安全停车处没有名称', 'the safe stop has no name'), isRight: isText },
  route: { asks: named('请选择线路', 'missing; choose the route'), isRight: isText },
  segment: {
    asks: named('路段起点须小于终点（米）', 'fromM below toM, metres along the route'),
    isRight: isSegment,
  },
  hours: {
    asks: named(`时长为不超过${detourHoursMax}的小时数`, `hours, above 0 and at most ${detourHoursMax}`),
    isRight: (value) => typeof value === 'number' && value > 0 && value <= detourHoursMax,
  },
  proof: {
    asks: named('请填写接驳凭证内容', 'missing; say what proves the relay'),
    isRight: (value) => typeof value === 'object' && value !== null && isText((value as RelayProof).says),
  },
  driver: { asks: named('请填写驾驶员', 'missing; name the driver'), isRight: isText },
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}

function isSegment(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { fromM, toM } = value as { fromM?: unknown; toM?: unknown }
  return typeof fromM === 'number' && typeof toM === 'number' && fromM >= 0 && fromM < toM
}
