import { expect, test } from 'vitest'
import { alertId } from '../../../proto/ids.ts'
import type { Alert, Finding } from '../../../proto/model.ts'
import { type Found, idsOfRules } from '../../../sim/swarm/evidence.ts'
import { speedingAt } from '../../help/envelopes.ts'

const atMs = Date.parse('2026-11-21T18:00:00Z')
const curfew: Finding = {
  ...speedingAt(atMs, 'started'),
  kind: 'curfew',
  subject: 'coach-1',
  rule: { id: 'curfew', version: 1 },
}
const found: Found = { finding: curfew, findingId: 'in order' }
const ownId = alertId(curfew.rule, 'in order')
const stored = (id: string, more: Partial<Alert> = {}): Alert =>
  ({
    id,
    kind: 'curfew',
    subject: 'coach-1',
    at: '2026-11-21T18:00:00.000Z',
    supersedes: null,
    ...more,
  }) as Alert

test('what was said live ahead of a hole stands for the same under another id', () => {
  expect(idsOfRules([found], [stored('live')])).toEqual(['live'])
})

test('what was superseded stands for nothing any more: the one that says it better does', () => {
  const all = [stored('live'), stored('better', { supersedes: 'live' })]
  expect(idsOfRules([found], all).toSorted()).toEqual(['better', 'live'])
})

test('what says the end of an episode better stands for all of it, by way of what it took the place of', () => {
  const ended = { ...found, finding: { ...curfew, phase: 'ended' as const, atMs: atMs + 3 * 3_600_000 } }
  const live = [stored('live'), stored('live', { at: '2026-11-21T20:47:20.000Z', phase: 'ended' })]
  const better = stored('better', { at: '2026-11-21T21:00:00.000Z', supersedes: 'live', phase: 'ended' })
  expect(idsOfRules([found, ended], [...live, better])).toEqual(['live', 'better', 'better'])
  // By itself an end stands for no beginning.
  const alone = { ...better, supersedes: null }
  expect(idsOfRules([found, ended], [alone])).toEqual([ownId, 'better'])
  expect(idsOfRules([found], [...live, { ...better, subject: 'coach-2' }])).toEqual(['live', ownId])
})

test('what was withdrawn was rightly there, and is not what the journal says now', () => {
  expect(idsOfRules([found], [stored('live', { withdrawn: true })])).toEqual(['live', ownId])
})

test('another start, another subject, another kind is another alert', () => {
  const others = [
    stored('late', { at: '2026-11-21T18:01:00.001Z' }),
    stored('else', { subject: 'coach-2' }),
    stored('other', { kind: 'area' }),
  ]
  for (const other of others) expect(idsOfRules([found], [other])).toEqual([ownId])
  expect(idsOfRules([found], [stored('edge', { at: '2026-11-21T18:01:00.000Z' })])).toEqual(['edge'])
})
