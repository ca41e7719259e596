import { describe, expect, it } from 'vitest'
import {
  checkInvariants,
  complaints,
  type Evidence,
  type JournalLine,
  type OracleLine,
} from './invariants.ts'

/** A checker that cannot complain is worth nothing: each invariant is broken once, and only that one is named. */

const key = (seq: number, stream = 'telemetry') => ({ fleet: 'f', vehicle: 'v', epoch: 5, stream, seq })
const hash = (seq: number): string => String(seq).padStart(64, 'a')
const sealed = (seq: number, stream?: string): OracleLine[] => [
  { is: 'intent', ...key(seq, stream), hash: hash(seq) },
  { is: 'durable', ...key(seq, stream), hash: hash(seq) },
]
const journaled = (seq: number, stream?: string): JournalLine => ({
  ...key(seq, stream),
  hash: hash(seq),
  prevHash: seq === 1 ? '0'.repeat(64) : hash(seq - 1),
})
const alert = { id: 'x', revision: 1, fleet: 'f' }

const good: Evidence = {
  oracle: [1, 2, 3].flatMap((seq) => sealed(seq)),
  journal: [1, 2, 3].map((seq) => journaled(seq)),
  alerts: [alert],
  recomputed: ['x'],
  receipts: [{ ...alert, officer: 'o', officerFleets: ['f'] }],
  folded: [1, 2, 3].map((seq) => ({ ...key(seq), after: seq - 1 })),
  bounds: [{ name: 'rss', value: 90, cap: 100 }],
}

const gap = {
  ...journaled(4),
  prevHash: hash(3),
  gap: { class: 'positions', firstSeq: 2, lastSeq: 3, count: 2, firstHash: hash(2), lastHash: hash(3) },
}

const broken = (change: Partial<Evidence>): string[] =>
  complaints(checkInvariants({ ...good, ...change })).map((line) => line.split(':')[0] ?? '')

describe('the checker', () => {
  it('has nothing to say of a good run, nor of a kill between intent and durable', () => {
    expect(broken({})).toEqual([])
    expect(broken({ oracle: [...good.oracle, { ...sealed(4)[0]!, is: 'intent' }] })).toEqual([])
  })

  it.each<[string, Partial<Evidence>]>([
    ['lost', { journal: good.journal.slice(0, 2) }],
    ['phantom', { oracle: sealed(1).concat(sealed(2)) }],
    [
      'phantom',
      { oracle: [...sealed(1), ...sealed(2), ...sealed(3).map((line) => ({ ...line, hash: hash(9) }))] },
    ],
    ['doubled', { journal: [...good.journal, journaled(3)] }],
    ['doubled', { alerts: [alert, alert] }],
    ['foreign', { receipts: [...good.receipts, { ...alert, officer: 'p', officerFleets: ['g'] }] }],
    ['brokenChain', { journal: [...good.journal.slice(0, 2), { ...journaled(3), prevHash: hash(7) }] }],
    ['unheard', { receipts: [] }],
    ['wrongAlerts', { recomputed: [] }],
    ['wrongAlerts', { recomputed: ['x', 'y'] }],
    ['disordered', { folded: [{ ...key(1), after: 2 }] }],
    ['disordered', { folded: [{ ...key(2), after: 2 }] }],
    ['unbounded', { bounds: [{ name: 'rss', value: 101, cap: 100 }] }],
  ])('names %s and nothing else', (name, change) => {
    expect(new Set(broken(change))).toEqual(new Set([name]))
  })

  it('lets a gap record stand for evicted telemetry, never for an alarm', () => {
    const journal = [journaled(1), gap]
    expect(broken({ oracle: [...good.oracle, ...sealed(4)], journal })).toEqual([])
    expect(broken({ oracle: [...good.oracle, ...sealed(4), ...sealed(2, 'alarm')], journal })).toEqual([
      'lost',
    ])
  })

  it.each([
    ['fleet', { fleet: 'g' }],
    ['vehicle', { vehicle: 'w' }],
    ['epoch', { epoch: 6 }],
    ['stream', { stream: 'alarm' }],
  ])('lets a gap record of another %s stand for nothing', (_, other) => {
    const journal = [journaled(1), { ...gap, ...other }]
    expect(broken({ oracle: [...good.oracle, ...sealed(4)], journal })).toContain('lost')
  })

  it.each([
    ['another first one', { firstHash: hash(7) }],
    ['another last one', { lastHash: hash(7) }],
    ['fewer than went', { count: 1 }],
    ['more than were ever sealed', { lastSeq: 9, count: 8 }],
  ])('does not take a gap record that names %s', (_, change) => {
    const journal = [journaled(1), { ...gap, gap: { ...gap.gap, ...change } }]
    expect(broken({ oracle: [...good.oracle, ...sealed(4)], journal })).toEqual(['wrongGaps'])
  })
})
