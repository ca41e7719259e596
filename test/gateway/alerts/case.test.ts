import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  allowedActions,
  allowedNow,
  type Case,
  type CaseAction,
  type CaseEffect,
  type CaseRules,
  type CaseStatus,
  type CaseStep,
  caseActions,
  caseOf,
  decide,
  follow,
  isSettled,
  needsWords,
  newCase,
  type StepFields,
} from '../../../gateway/alerts/case.ts'
import {
  caseStatuses,
  dispositions,
  evidenceGrades,
  type FieldName,
  fieldsOf,
  wordsSuffice,
} from '../../../gateway/alerts/case-table.ts'
import { result809 } from '../../../gateway/alerts/result-809.ts'

const atMs = Date.parse('2026-11-22T18:10:00Z')
const strict: CaseRules = { twoPersons: false, fieldsNeeded: true }
const old: CaseRules = { twoPersons: false, fieldsNeeded: false }

/** What a complete form of each action holds. */
const forms: { readonly [action in CaseAction]?: StepFields } = {
  assign: { responsible: '车队长李四', deadlineAt: '2026-11-25T00:00:00Z', acceptance: '三日内无超速' },
  rectify: { cause: '赶时间', measure: '约谈并复训' },
  close: { disposition: 'education', evidenceGrade: 'sufficient' },
  lookBack: { held: true },
  supersede: { successor: 'a'.repeat(32) },
  escalate: { to: '值班经理' },
  extendToStop: { area: 's1', areaName: '嘉兴服务区' },
  approveDetour: { route: 'G60', segment: { fromM: 1000, toM: 9000 }, hours: 4 },
  acceptRelay: { proof: { says: '接驳单照片' } },
  attributeDriver: { driver: '张三' },
}

const step = (action: CaseAction, more: Partial<CaseStep> = {}): CaseStep => ({
  ...{ atMs, by: '王五', from: '127.0.0.1', action, words: '因由' },
  ...(forms[action] === undefined ? {} : { fields: forms[action] }),
  ...more,
})
const without = (fields: StepFields, name: FieldName): StepFields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))

/** Every cell of the table, said a second time: letters in the order of `caseActions`, a dot where nothing leads. */
const letters = {
  r: 'raised',
  k: 'acknowledged',
  a: 'assigned',
  m: 'rectified',
  v: 'verified',
  c: 'closed',
  s: 'consolidated',
  f: 'falseAlarm',
  p: 'appealed',
  u: 'superseded',
} as const satisfies { readonly [letter: string]: CaseStatus }
const columns = [
  'acknowledge assign rectify verify close falseAlarm reopen appeal note say',
  'lookBack supersede escalate extendToStop approveDetour acceptRelay attributeDriver revokeDetour withdrawDriver',
]
const table: { readonly [status in CaseStatus]: string } = {
  raised: 'k....f..rr .urrrrrrr',
  acknowledged: '.a...f..kk .ukkkkkkk',
  assigned: '.am..f..aa .uaaaaaaa',
  rectified: '.a.v....mm ..mmmmmmm',
  verified: '.a..c...v. ..v...vvv',
  closed: '......kpc. s......c.',
  consolidated: '......kps. s......s.',
  falseAlarm: '......k.f. .......f.',
  appealed: '....cfk.p. ..p..pppp',
  superseded: '......k.u. .......u.',
}
const statuses = Object.keys(table) as CaseStatus[]
const order = columns.join(' ').split(' ') as CaseAction[]
const to = (status: CaseStatus, action: CaseAction): CaseStatus | null => {
  const letter = table[status].replace(' ', '')[order.indexOf(action)]!
  return letter === '.' ? null : letters[letter as keyof typeof letters]
}
const cells = statuses.flatMap((status) =>
  caseActions.map((action) => ({ status, action, leads: to(status, action) })),
)
/** With a detour and a driver decided on, so that there is something to take back. */
const decided = {
  approveDetour: step('approveDetour'),
  attributeDriver: step('attributeDriver'),
} as const
const caseAt = (status: CaseStatus, more: Partial<Case> = {}): Case => ({
  ...newCase,
  status,
  revision: 3,
  latest: decided,
  ...more,
})

/** What each action does besides being kept and told, by hand. */
const doings: { readonly [action in CaseAction]?: CaseEffect } = {
  say: { do: 'speak', words: '因由' },
  extendToStop: { do: 'speak', words: '因由' },
  escalate: { do: 'summon', to: '值班经理' },
  approveDetour: {
    do: 'approveDetour',
    route: 'G60',
    segment: { fromM: 1000, toM: 9000 },
    hours: 4,
  },
  revokeDetour: { do: 'revokeDetour' },
  attributeDriver: { do: 'attribute', driver: '张三' },
  withdrawDriver: { do: 'attribute', driver: null },
}

describe('a case', () => {
  test('the table here and there speak of the same statuses and actions', () => {
    expect(statuses.toSorted()).toEqual([...caseStatuses].toSorted())
    expect(order).toEqual([...caseActions])
    for (const row of Object.values(table)) expect(row).toHaveLength(columns.join(' ').split(' ').length + 1)
  })

  test.each(cells)('$status, $action: $leads', ({ status, action, leads }) => {
    const outcome = decide(caseAt(status), 3, step(action), strict)
    if (leads === null) {
      expect(outcome).toMatchObject({ is: 'refused', field: 'action' })
      expect(allowedActions(status)).not.toContain(action)
      return
    }
    expect(allowedActions(status)).toContain(action)
    const done = doings[action]
    expect(outcome).toEqual({
      is: 'done',
      case: {
        status: leads,
        revision: 4,
        last: step(action),
        latest: { ...decided, [action]: step(action) },
        escalations: action === 'escalate' ? 1 : 0,
      },
      effects: [{ do: 'record', step: step(action) }, ...(done === undefined ? [] : [done]), { do: 'tell' }],
    })
  })

  test('takes back only what stands: not before it was decided, nor twice, but what was decided anew', () => {
    const pairs = [
      ['approveDetour', 'revokeDetour'],
      ['attributeDriver', 'withdrawDriver'],
    ] as const
    for (const [action, undo] of pairs) {
      const nothing = caseAt('acknowledged', { latest: {} })
      const refused = { is: 'refused', field: 'action' }
      expect(decide(nothing, 3, step(undo), strict)).toMatchObject(refused)
      expect(allowedNow(nothing)).not.toContain(undo)
      const made = follow(nothing, step(action))
      expect(allowedNow(made)).toContain(undo)
      const undone = follow(made, step(undo))
      expect(decide(undone, 5, step(undo), strict)).toMatchObject(refused)
      expect(allowedNow(undone)).not.toContain(undo)
      expect(allowedNow(follow(undone, step(action)))).toContain(undo)
    }
  })

  test('seen at another number is a conflict, whatever is asked', () => {
    for (const { status, action } of cells)
      for (const seen of [2, 4])
        expect(decide(caseAt(status), seen, step(action), strict)).toEqual({ is: 'conflict' })
  })

  test('asks for the words that an action needs, for a name, and for no more than a cab can take', () => {
    for (const { status, action } of cells.filter(({ leads }) => leads !== null)) {
      const at = caseAt(status)
      const outcome = decide(at, 3, step(action, { words: '  ' }), strict)
      if (needsWords(action, true)) expect(outcome).toMatchObject({ is: 'refused', field: 'words' })
      else expect(outcome.is).toBe('done')
      expect(decide(at, 3, step(action, { by: ' ' }), strict)).toMatchObject({ field: 'by' })
      expect(decide(at, 3, step(action, { words: 'x'.repeat(500) }), strict).is).toBe('done')
      expect(decide(at, 3, step(action, { words: 'x'.repeat(501) }), strict)).toMatchObject({
        field: 'words',
      })
    }
  })

  test('asks for each field of an action by name, and takes none of another', () => {
    for (const { status, action } of cells.filter(({ leads }) => leads !== null)) {
      const fields = forms[action] ?? {}
      for (const name of fieldsOf[action] ?? []) {
        const outcome = decide(caseAt(status), 3, step(action, { fields: without(fields, name) }), strict)
        expect(outcome, `${action} without ${name}`).toMatchObject({ is: 'refused', field: name })
      }
      const strange: FieldName = action === 'rectify' ? 'driver' : 'cause'
      expect(
        decide(caseAt(status), 3, step(action, { fields: { ...fields, [strange]: 'x' } }), strict),
      ).toMatchObject({ is: 'refused', field: strange })
    }
  })

  const wrong: readonly (readonly [CaseAction, StepFields, FieldName])[] = [
    ['assign', { ...forms.assign, deadlineAt: '2026-11-22T18:10:00Z' }, 'deadlineAt'],
    ['assign', { ...forms.assign, deadlineAt: 'tomorrow' }, 'deadlineAt'],
    ['assign', { ...forms.assign, responsible: '  ' }, 'responsible'],
    ['close', { ...forms.close, disposition: 'flogging' }, 'disposition'],
    ['close', { ...forms.close, evidenceGrade: 'A' }, 'evidenceGrade'],
    ['supersede', { successor: 'A'.repeat(32) }, 'successor'],
    ['approveDetour', { ...forms.approveDetour, hours: 0 }, 'hours'],
    ['approveDetour', { ...forms.approveDetour, hours: 72.01 }, 'hours'],
    ['approveDetour', { ...forms.approveDetour, segment: { fromM: 5, toM: 5 } }, 'segment'],
    ['approveDetour', { ...forms.approveDetour, segment: { fromM: -1, toM: 5 } }, 'segment'],
    ['acceptRelay', { proof: { says: ' ' } }, 'proof'],
  ]
  test.each(wrong)('%s with %o is refused at %s', (action, fields, field) => {
    const [status] = statuses.filter((one) => to(one, action) !== null)
    const outcome = decide(caseAt(status!), 3, step(action, { fields }), strict)
    expect(outcome).toMatchObject({ is: 'refused', field })
    if (outcome.is === 'refused') expect(outcome.remedy.zh).toMatch(/\p{Script=Han}/u)
  })

  test('a deadline a moment later, a detour of all its hours and each disposition are taken', () => {
    const ofAction = (status: CaseStatus, action: CaseAction, fields: StepFields) =>
      decide(caseAt(status), 3, step(action, { fields }), strict).is
    const deadlineAt = '2026-11-22T18:10:00.001Z'
    expect(ofAction('acknowledged', 'assign', { ...forms.assign, deadlineAt })).toBe('done')
    expect(ofAction('raised', 'approveDetour', { ...forms.approveDetour, hours: 72 })).toBe('done')
    for (const disposition of dispositions)
      for (const evidenceGrade of evidenceGrades)
        expect(ofAction('verified', 'close', { disposition, evidenceGrade })).toBe('done')
  })

  test('programs of before there were fields say it in words, and then in words alone or whole', () => {
    for (const { status, action, leads } of cells) {
      if (leads === null || !wordsSuffice.includes(action)) continue
      const bare = step(action, { fields: {} })
      expect(decide(caseAt(status), 3, bare, old)).toMatchObject({ is: 'done', case: { status: leads } })
      expect(decide(caseAt(status), 3, bare, strict).is).toBe('refused')
      const [first, ...rest] = fieldsOf[action]!
      const half = step(action, { fields: { [first!]: forms[action]![first!] } as StepFields })
      expect(decide(caseAt(status), 3, half, old)).toMatchObject({ is: 'refused', field: rest[0] })
      if (needsWords(action))
        expect(decide(caseAt(status), 3, { ...bare, words: '' }, old)).toMatchObject({ field: 'words' })
    }
  })

  test('a relay that says where, when and who stands in the papers; words alone do not', () => {
    const proof = { says: '接驳单', at: '2026-11-22T16:40:00Z', area: 'r1', driver: '赵六' }
    const effects = (fields: StepFields) => {
      const outcome = decide(caseAt('raised'), 3, step('acceptRelay', { fields }), strict)
      return outcome.is === 'done' ? outcome.effects.map((effect) => effect.do) : []
    }
    expect(effects({ proof })).toEqual(['record', 'enterRelay', 'tell'])
    for (const name of ['at', 'area', 'driver'] as const) {
      const { [name]: _left, ...less } = proof
      expect(effects({ proof: less })).toEqual(['record', 'tell'])
    }
  })

  describe('two persons', () => {
    const rules: CaseRules = { ...strict, twoPersons: true }
    const rectified = (status: CaseStatus): Case => caseAt(status, { latest: { rectify: step('rectify') } })
    test.each([
      ['rectified', 'verify'],
      ['verified', 'close'],
      ['appealed', 'close'],
    ] as const)('%s, %s', (status, action) => {
      const by = (name: string, role?: CaseStep['role'], asked = rules) =>
        decide(
          rectified(status),
          3,
          step(action, { by: name, ...(role === undefined ? {} : { role }) }),
          asked,
        )
      expect(by('王五', 'officer')).toMatchObject({ is: 'refused', field: 'by' })
      expect(by('王五')).toMatchObject({ is: 'refused', field: 'by' })
      expect(by('赵六', 'officer').is).toBe('done')
      expect(by('王五', 'supervisor').is).toBe('done')
      expect(by('王五', 'admin').is).toBe('done')
      expect(by('王五', 'officer', strict).is).toBe('done')
    })
  })

  describe('over its rounds', () => {
    const walk = (...actions: readonly CaseAction[]): Case =>
      actions.map((action) => step(action)).reduce(follow, newCase)
    const road = ['acknowledge', 'assign', 'rectify', 'verify', 'close'] as const

    test('closed is reached by the whole road only', () => {
      for (const left of road) {
        const end = road
          .filter((action) => action !== left)
          .reduce<Case>((before, action) => {
            const outcome = decide(before, before.revision, step(action), strict)
            return outcome.is === 'done' ? outcome.case : before
          }, newCase)
        expect(end.status, `without ${left}`).not.toBe('closed')
      }
      expect(walk(...road).status).toBe('closed')
    })

    test('a look-back consolidates what held and opens what did not', () => {
      expect(walk(...road, 'lookBack').status).toBe('consolidated')
      const undone = follow(walk(...road), step('lookBack', { fields: { held: false } }))
      expect(undone.status).toBe('acknowledged')
      expect(Object.keys(undone.latest)).toEqual(['lookBack'])
      const later = follow(walk(...road, 'lookBack'), step('lookBack', { fields: { held: false } }))
      expect(later.status).toBe('acknowledged')
    })

    test('a round that is over counts for nothing in the next, but what was decided on the way stays', () => {
      const before = walk('attributeDriver', 'escalate', ...road, 'reopen')
      expect(before).toMatchObject({ status: 'acknowledged', escalations: 0 })
      expect(Object.keys(before.latest).toSorted()).toEqual(['attributeDriver', 'reopen'])
    })

    test('assigned again, what was done does not count as done', () => {
      const again = walk('acknowledge', 'assign', 'rectify', 'verify', 'assign')
      expect(again.latest.rectify).toBeUndefined()
      expect(again.latest.verify).toBeUndefined()
      expect(again.latest.assign).toBeDefined()
    })
  })

  test('folded from what was recorded is the case that was decided, and nothing is altered on the way', () => {
    const anyStep = fc.record({
      action: fc.constantFrom(...caseActions),
      by: fc.constantFrom('王五', '赵六'),
      role: fc.constantFrom('officer' as const, 'supervisor' as const),
      held: fc.boolean(),
      twoPersons: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (wanted) => {
        let current = newCase
        let naive: CaseStatus = 'raised'
        let rectifier: string | null = null
        const made = { approveDetour: false, attributeDriver: false }
        const undone = { revokeDetour: 'approveDetour', withdrawDriver: 'attributeDriver' } as const
        const recorded: CaseStep[] = []
        for (const { action, by, role, held, twoPersons } of wanted) {
          const before = structuredClone(current)
          const fields = action === 'lookBack' ? { held } : forms[action]
          const taken = step(action, { by, role, ...(fields === undefined ? {} : { fields }) })
          const outcome = decide(current, current.revision, taken, { ...strict, twoPersons })
          expect(current).toEqual(before)
          // The naive clerk: a table, and who did the work.
          const attests = action === 'verify' || action === 'close'
          const barred = twoPersons && attests && rectifier === by && role === 'officer'
          const leads = to(naive, action)
          const isEmpty = (action === 'revokeDetour' || action === 'withdrawDriver') && !made[undone[action]]
          expect(outcome.is).toBe(leads !== null && !barred && !isEmpty ? 'done' : 'refused')
          if (outcome.is !== 'done' || leads === null) continue
          for (const effect of outcome.effects) if (effect.do === 'record') recorded.push(effect.step)
          current = outcome.case
          naive = action === 'lookBack' && !held ? 'acknowledged' : leads
          const isNewRound = action === 'reopen' || (action === 'lookBack' && !held)
          if (action === 'approveDetour' || action === 'attributeDriver') made[action] = true
          if (action === 'revokeDetour' || action === 'withdrawDriver') made[undone[action]] = false
          if (action === 'rectify') rectifier = by
          else if (action === 'assign' || isNewRound) rectifier = null
          expect(current.status).toBe(naive)
        }
        expect(recorded.reduce(follow, newCase)).toEqual(current)
        expect(caseOf(recorded)).toEqual(current)
        expect(current.revision).toBe(recorded.length)
      }),
    )
  })

  test('lines of others are history but no steps; lines of before there were fields are steps', () => {
    const line = { atMs, by: '王五', words: '' }
    const read = caseOf([
      { ...line, action: 'warned' },
      { ...line, action: 'acknowledge' },
      { ...line, action: 'assign', words: '李四，周五前' },
    ])
    expect(read).toMatchObject({ status: 'assigned', revision: 2 })
    expect(read.latest.assign?.fields).toBeUndefined()
  })

  test('settled, and the four results of JT/T 809 0x1401', () => {
    const settled = caseStatuses.filter((status) => isSettled(status))
    expect(settled).toEqual(['closed', 'consolidated', 'falseAlarm'])
    const codes = Object.fromEntries(caseStatuses.map((status) => [status, result809(status).code]))
    expect(codes).toEqual({
      raised: 3,
      acknowledged: 0,
      assigned: 0,
      rectified: 0,
      verified: 0,
      appealed: 0,
      closed: 1,
      consolidated: 1,
      falseAlarm: 2,
      superseded: 2,
    })
  })
})
