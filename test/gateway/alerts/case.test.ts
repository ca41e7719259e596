import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  allowedActions,
  type Case,
  type CaseAction,
  type CaseStatus,
  type CaseStep,
  caseActions,
  decide,
  follow,
  needsWords,
  newCase,
} from '../../../gateway/alerts/case.ts'

const step = (action: CaseAction, words = '因由'): CaseStep => ({
  atMs: 1000,
  by: '王五',
  from: '127.0.0.1',
  action,
  words,
})

/** Every cell of the table, said a second time: letters are the actions in the order of `caseActions`. */
const table: { readonly [status in CaseStatus]: readonly (CaseStatus | null)[] } = {
  // acknowledge, assign, rectify, verify, close, falseAlarm, reopen, appeal, note, say
  raised: ['acknowledged', null, null, null, null, 'falseAlarm', null, null, 'raised', 'raised'],
  acknowledged: [
    null,
    'assigned',
    null,
    null,
    null,
    'falseAlarm',
    null,
    null,
    'acknowledged',
    'acknowledged',
  ],
  assigned: [null, 'assigned', 'rectified', null, null, 'falseAlarm', null, null, 'assigned', 'assigned'],
  rectified: [null, 'assigned', null, 'verified', null, null, null, null, 'rectified', 'rectified'],
  verified: [null, 'assigned', null, null, 'closed', null, null, null, 'verified', null],
  closed: [null, null, null, null, null, null, 'acknowledged', 'appealed', 'closed', null],
  falseAlarm: [null, null, null, null, null, null, 'acknowledged', null, 'falseAlarm', null],
  appealed: [null, null, null, null, 'closed', 'falseAlarm', 'acknowledged', null, 'appealed', null],
}
const statuses = Object.keys(table) as CaseStatus[]
const cells = statuses.flatMap((status) =>
  caseActions.map((action, at) => ({ status, action, to: table[status][at] ?? null })),
)
const caseAt = (status: CaseStatus, revision = 3): Case => ({ status, revision, last: null })

describe('a case', () => {
  test.each(cells)('$status, $action: $to', ({ status, action, to }) => {
    const outcome = decide(caseAt(status), 3, step(action))
    if (to === null) {
      expect(outcome).toMatchObject({ is: 'refused', field: 'action' })
      expect(allowedActions(status)).not.toContain(action)
      return
    }
    expect(allowedActions(status)).toContain(action)
    const spoken = action === 'say' ? [{ do: 'speak', words: '因由' }] : []
    expect(outcome).toEqual({
      is: 'done',
      case: { status: to, revision: 4, last: step(action) },
      effects: [{ do: 'record', step: step(action) }, ...spoken, { do: 'tell' }],
    })
  })

  test('seen at another number is a conflict, whatever is asked', () => {
    for (const { status, action } of cells)
      for (const seen of [2, 4])
        expect(decide(caseAt(status), seen, step(action))).toEqual({ is: 'conflict' })
  })

  test('asks for the words that an action needs, for a name, and for no more than a cab can take', () => {
    for (const { status, action, to } of cells.filter((cell) => cell.to !== null)) {
      const outcome = decide(caseAt(status), 3, step(action, '  '))
      if (needsWords(action)) expect(outcome).toMatchObject({ is: 'refused', field: 'words' })
      else expect(outcome).toMatchObject({ is: 'done', case: { status: to } })
      expect(decide(caseAt(status), 3, { ...step(action), by: ' ' })).toMatchObject({ field: 'by' })
      expect(decide(caseAt(status), 3, step(action, 'x'.repeat(500))).is).toBe('done')
      expect(decide(caseAt(status), 3, step(action, 'x'.repeat(501)))).toMatchObject({ field: 'words' })
    }
  })

  test('folded from what was recorded is the case that was decided, and nothing is altered on the way', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...caseActions), { maxLength: 40 }), (actions) => {
        let current = newCase
        const recorded: CaseStep[] = []
        for (const action of actions) {
          const before = structuredClone(current)
          const outcome = decide(current, current.revision, step(action))
          expect(current).toEqual(before)
          if (outcome.is !== 'done') continue
          for (const effect of outcome.effects) if (effect.do === 'record') recorded.push(effect.step)
          current = outcome.case
        }
        expect(recorded.reduce(follow, newCase)).toEqual(current)
        expect(current.revision).toBe(recorded.length)
      }),
    )
  })

  test('closed is reached by the whole road only', () => {
    const road = ['acknowledge', 'assign', 'rectify', 'verify', 'close'] as const
    for (const left of road) {
      const end = road
        .filter((action) => action !== left)
        .reduce<Case>((before, action) => {
          const outcome = decide(before, before.revision, step(action))
          return outcome.is === 'done' ? outcome.case : before
        }, newCase)
      expect(end.status, `without ${left}`).not.toBe('closed')
    }
    expect(road.map((action) => step(action)).reduce(follow, newCase).status).toBe('closed')
  })
})
