import { describe, expect, it } from 'vitest'
import {
  advance,
  isMoving,
  type Run,
  type RunInput,
  seenUntil,
  shiftRun,
  told,
  untold,
} from '../../../gateway/rules/moving-run.ts'
import { sampleAt } from '../../help/drive.ts'
import { settingsFor } from '../../help/road.ts'

const settings = settingsFor('coach')

/** Seconds of a drive; what is not said is a forbidden movement of which nobody knows since when it is forbidden. */
const row = (atS: number, more: Partial<RunInput> = {}): RunInput => ({
  atMs: atS * 1000,
  counts: true,
  offends: true,
  opensMs: null,
  ...more,
})
const runOf = (...rows: RunInput[]): Run | null =>
  rows.reduce<Run | null>((run, one) => advance(run, one, settings), null)
const run = (lastS: number, atS: number, firstS: number, wasTold = false): Run => ({
  lastMs: lastS * 1000,
  offence: { atMs: atS * 1000, firstMs: firstS * 1000, told: wasTold },
})

describe('moving', () => {
  it.each([
    [null, null],
    [0, false],
    [4.999, false],
    [5, true],
    [80, true],
  ])('%s km/h: %s', (speedKmh, expected) => {
    expect(isMoving(sampleAt(0, { speedKmh }), settings)).toBe(expected)
  })
})

describe('a run', () => {
  it.each<[string, Run | null, Run | null]>([
    ['begins with its first offending row', runOf(row(10)), run(10, 10, 10)],
    ['goes on row by row', runOf(row(10), row(20), row(40)), run(40, 10, 10)],
    ['is broken by a row that stands', runOf(row(10), row(20, { counts: false })), null],
    ['begins anew after that', runOf(row(10), row(20, { counts: false }), row(30), row(40)), run(40, 30, 30)],
    ['is not touched by a row that says nothing', runOf(row(10), row(20, { counts: null })), run(10, 10, 10)],
    ['nor is there one then', runOf(row(10, { counts: null })), null],
    ['bridges a pause of 300 s', runOf(row(10), row(310)), run(310, 10, 10)],
    ['is broken by one of 300.001 s', runOf(row(10), row(310.001)), run(310.001, 310.001, 310.001)],
    [
      'bridges 300 s from its last row, whatever lies between',
      runOf(row(10), row(200), row(400, { counts: null }), row(500)),
      run(500, 10, 10),
    ],
    [
      'counts while nothing is forbidden',
      runOf(row(10, { offends: false })),
      { lastMs: 10_000, offence: null },
    ],
    [
      'forgets the offence once nothing is forbidden any more',
      runOf(row(10), row(20, { offends: false })),
      { lastMs: 20_000, offence: null },
    ],
  ])('%s', (_, actual, expected) => {
    expect(actual).toEqual(expected)
  })

  const lawful = row(10, { offends: false })
  it.each<[string, readonly RunInput[], number]>([
    ['at the opening between two rows, when it moved through', [lawful, row(20, { opensMs: 15_000 })], 15],
    ['at the row itself, when that is the opening', [lawful, row(20, { opensMs: 20_000 })], 20],
    ['a millisecond before the row is still between', [lawful, row(20, { opensMs: 19_999 })], 19.999],
    ['a millisecond after the row before is between', [lawful, row(20, { opensMs: 10_001 })], 10.001],
    ['at the row, when it opened at the row before', [lawful, row(20, { opensMs: 10_000 })], 20],
    ['at the row, when it opened long ago', [lawful, row(20, { opensMs: 5000 })], 20],
    ['at the row, when it opens only later', [lawful, row(20, { opensMs: 25_000 })], 20],
    ['at the row, when no instant is known', [lawful, row(20)], 20],
    ['at the row, when it stood before', [row(10, { counts: false }), row(20, { opensMs: 15_000 })], 20],
    ['at the row, after a gap', [lawful, row(400, { opensMs: 350_000 })], 400],
  ])('begins for the law %s', (_, rows, atS) => {
    expect(runOf(...rows)?.offence?.atMs).toBe(atS * 1000)
  })
})

describe('thirty seconds', () => {
  it('from the first offending row to the last, not from the opening', () => {
    const opened = row(20, { opensMs: 11_000 })
    const short = runOf(row(10, { offends: false }), opened, row(49.999))
    const long = runOf(row(10, { offends: false }), opened, row(50))
    expect(untold(short, settings)).toBeNull()
    expect(untold(long, settings)).toEqual({ atMs: 11_000, firstMs: 20_000, told: false })
    expect(untold(runOf(row(10), row(50)), settings)).toEqual({ atMs: 10_000, firstMs: 10_000, told: false })
  })

  it('are told once', () => {
    const proven = runOf(row(10), row(40))
    expect(told(proven)).toEqual(run(40, 10, 10, true))
    expect(untold(told(proven), settings)).toBeNull()
    expect(untold(advance(told(proven), row(90), settings), settings)).toBeNull()
  })

  it('are none where nothing moved, or nothing was forbidden', () => {
    const lawful = runOf(row(10, { offends: false }), row(90, { offends: false }))
    expect(untold(null, settings)).toBeNull()
    expect(untold(lawful, settings)).toBeNull()
    expect(told(null)).toBeNull()
    expect(told(lawful)).toBe(lawful)
  })
})

describe('a corrected clock', () => {
  it('leaves no run no run, and a run as it is when nothing was corrected', () => {
    const some = run(40, 10, 20, true)
    expect(shiftRun(null, 5000)).toBeNull()
    expect(shiftRun(some, 0)).toBe(some)
    expect(shiftRun(some, -5000)).toEqual(run(35, 5, 15, true))
    expect(shiftRun({ lastMs: 40_000, offence: null }, -5000)).toEqual({ lastMs: 35_000, offence: null })
  })
})

describe('what was last seen', () => {
  it('is known to have lasted one millisecond when the next row is one millisecond later', () => {
    const seen = { atMs: 1000, untilMs: null }
    expect(seenUntil(seen, 1001, settings)).toEqual({ atMs: 1000, untilMs: 1001 })
    expect(seenUntil(seen, 999, settings)).toBe(seen)
  })
})
