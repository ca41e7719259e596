import { describe, expect, it } from 'vitest'
import {
  abandon,
  type Forbidden,
  noWatch,
  type RunEpisode,
  type RunWatch,
  shiftWatch,
  watch,
} from '../../../gateway/rules/run-episode.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import { tripSchema } from '../../../proto/shapes/trip.ts'
import { isoUtc } from '../../../proto/time.ts'
import { sampleAt } from '../../help/drive.ts'
import { settingsFor } from '../../help/road.ts'

/** Driving where it is forbidden: a row is a second, a speed, and whether the place is the forbidden one. */
const settings = settingsFor('coach')
const here = { lat: 30, lon: 114 }
const fixed = (lat: number) => ({ lat, lon: 114, accuracyM: null, satellites: null })

type Row = { readonly sample: Sample; readonly rule: Forbidden }
const row = (
  atS: number,
  speedKmh: number | null,
  rule: Partial<Forbidden> = {},
  known: Partial<Sample> = {},
): Row => ({
  sample: sampleAt(atS * 1000, { speedKmh, driver: 'A', fix: fixed(30), ...known }),
  rule: {
    kind: 'charter-no-plate',
    subject: 'bus-1',
    severity: 'major',
    there: true,
    now: true,
    opensMs: null,
    closesMs: null,
    evidence: () => ({ why: 'none' }),
    ...rule,
  },
})

function drive(rows: readonly Row[], from = noWatch, inForce = settings) {
  let state: RunWatch = from
  const findings: Finding[] = []
  for (const { sample, rule } of rows) {
    const step = watch(state, rule, sample, inForce)
    state = step.state
    findings.push(...step.findings)
  }
  return { state, findings }
}

/** `started 10 known 40`, in seconds. */
const lines = (rows: readonly Row[], from = noWatch): string[] =>
  drive(rows, from).findings.map(
    ({ phase, atMs, decidedAtMs }) => `${phase} ${atMs / 1000} known ${decidedAtMs / 1000}`,
  )

const begun = [row(10, 60), row(40, 60)]

describe('a run where it is forbidden', () => {
  it('is a finding after 30 s, with what proves it', () => {
    const { state, findings } = drive(begun)
    const started: Finding = {
      kind: 'charter-no-plate',
      reason: null,
      phase: 'started',
      subject: 'bus-1',
      severity: 'major',
      grade: 'sufficient',
      atMs: 10_000,
      decidedAtMs: 40_000,
      place: here,
      driver: 'A',
      trip: null,
      rule: { id: 'charter-no-plate', version: 1 },
      evidence: { why: 'none', since: isoUtc(10_000) },
    }
    expect(findings).toEqual([started])
    expect(state).toEqual({
      run: { lastMs: 40_000, offence: { atMs: 10_000, firstMs: 10_000, told: true } },
      episode: {
        atMs: 10_000,
        severity: 'major',
        evidence: { why: 'none' },
        driver: 'A',
        trip: null,
        place: here,
        last: { atMs: 40_000, untilMs: null },
        closesMs: null,
      },
      elsewhereMs: null,
    })
    const ended = drive([row(50, 60, { now: false })], state).findings
    expect(ended).toEqual([
      {
        ...started,
        phase: 'ended',
        atMs: 50_000,
        decidedAtMs: 50_000,
        evidence: { ...started.evidence, durationS: 40 },
      },
    ])
  })

  it('keeps the trip on which it began, and knows no place where none was known', () => {
    const trip = tripSchema.parse({
      ...{ id: 'trip-1', vehicle: 'bus-1', from: '1970-01-01T00:00:00Z', to: '1970-01-02T00:00:00Z' },
      ...{ drivers: [], serviceClass: null, oneWayKm: null },
    })
    const unseen = [
      row(10, 60, {}, { fix: null, driver: null }),
      row(40, 60, {}, { fix: null, driver: null }),
    ]
    const { state, findings } = drive(unseen, noWatch, { ...settings, trip })
    expect(findings).toMatchObject([{ trip: 'trip-1', place: null, driver: null }])
    const [ended] = drive([row(50, 60, { now: false })], state).findings
    expect(ended).toMatchObject({ phase: 'ended', trip: 'trip-1', place: null, driver: null })
  })

  it.each<[string, readonly Row[], readonly string[]]>([
    ['29.999 s are none', [row(10, 60), row(39.999, 60)], []],
    ['30 s are', begun, ['started 10 known 40']],
    ['and are told once', [...begun, row(70, 60), row(100, 60)], ['started 10 known 40']],
    ['standing in between breaks it', [row(10, 60), row(20, 4.9), row(40, 60), row(60, 60)], []],
    ['elsewhere in between breaks it', [row(10, 60), row(20, 60, { there: false }), row(40, 60)], []],
    [
      'an unknown place neither counts nor breaks',
      [row(10, 60), row(20, 60, { there: null }), row(40, 60)],
      ['started 10 known 40'],
    ],
    ['an unknown place alone is nowhere', [row(10, 60, { there: null }), row(40, 60, { there: null })], []],
    [
      'an unknown speed neither counts nor breaks',
      [row(10, 60), row(20, null), row(40, 60)],
      ['started 10 known 40'],
    ],
    ['an unknown speed alone is no movement', [row(10, null), row(40, null)], []],
    ['an unknown speed elsewhere breaks it', [row(10, 60), row(20, null, { there: false }), row(40, 60)], []],
    ['standing at an unknown place breaks it', [row(10, 60), row(20, 0, { there: null }), row(40, 60)], []],
    ['what is not forbidden now is none', [row(10, 60, { now: false }), row(40, 60, { now: false })], []],
    [
      'from the instant at which it became forbidden on the way',
      [row(10, 60, { now: false }), row(20, 60, { opensMs: 15_000 }), row(50, 60)],
      ['started 15 known 50'],
    ],
  ])('%s', (_, rows, expected) => {
    expect(lines(rows)).toEqual(expected)
  })
})

describe('it ends', () => {
  const away = { there: false }
  const unknown = { there: null }
  it.each<[string, readonly Row[], readonly string[]]>([
    ['when it is forbidden no longer', [row(50, 60, { now: false })], ['ended 50 known 50']],
    ['not at a red light', [row(50, 0), row(1239.999, 0)], []],
    ['after twenty minutes without movement', [row(50, 0), row(1240, 0)], ['ended 50 known 1240']],
    [
      'after twenty minutes counted from the last movement',
      [row(50, 0), row(60, 60), row(70, 0), row(1259, 0), row(1260, 0)],
      ['ended 70 known 1260'],
    ],
    ['not after 29.999 s elsewhere', [row(50, 60, away), row(79.999, 60, away)], []],
    ['after 30 s elsewhere', [row(50, 60, away), row(80, 60, away)], ['ended 50 known 80']],
    ['not when it was back in between', [row(50, 60, away), row(70, 60), row(80, 60, away)], []],
    [
      'an unknown place in between changes nothing of that',
      [row(50, 60, away), row(70, 60, unknown), row(80, 60, away)],
      ['ended 50 known 80'],
    ],
    ['an unknown place decides it as well', [row(50, 60, away), row(80, 60, unknown)], ['ended 50 known 80']],
    ['not while nobody knows the place', [row(50, 60, unknown), row(90, 60, unknown)], []],
    ['at its last row, when a gap follows', [row(340.001, 60, { now: false })], ['ended 40 known 340.001']],
    ['at the row after it, when none does', [row(340, 60, { now: false })], ['ended 340 known 340']],
    [
      'after movements that it was made longer by',
      [row(50, 60), row(60, 60), row(70, 0, { now: false })],
      ['ended 70 known 70'],
    ],
  ])('%s', (_, rows, expected) => {
    expect(lines([...begun, ...rows])).toEqual(['started 10 known 40', ...expected])
  })

  it('at the closing instant that was known beforehand, and not later', () => {
    const closing = { closesMs: 45_000 }
    const until = [row(10, 60, closing), row(40, 60, closing)]
    expect(lines([...until, row(44.999, 60, closing)])).toEqual(['started 10 known 40'])
    for (const atS of [45, 46])
      expect(lines([...until, row(atS, 60, closing)])).toEqual([
        'started 10 known 40',
        `ended 45 known ${atS}`,
      ])
    expect(drive([...until, row(100, 60, { now: false })]).findings.at(-1)?.evidence['durationS']).toBe(35)
  })

  it('and what goes on after it is a run of its own', () => {
    const rows = [...begun, row(50, 60, { now: false }), row(60, 60), row(89, 60), row(90, 60)]
    expect(lines(rows)).toEqual(['started 10 known 40', 'ended 50 known 50', 'started 60 known 90'])
    expect(drive(rows.slice(0, 3)).state).toEqual({
      run: { lastMs: 50_000, offence: null },
      episode: null,
      elsewhereMs: null,
    })
  })

  it('a run that was under way there goes on counting from its end', () => {
    // The closing instant ends the one; the same row is the first of the next.
    const closing = { closesMs: 45_000 }
    const rows = [row(10, 60, closing), row(40, 60, closing), row(50, 60), row(79, 60), row(80, 60)]
    expect(lines(rows)).toEqual(['started 10 known 40', 'ended 45 known 50', 'started 50 known 80'])
  })
})

describe('while it lasts', () => {
  it('the last place and driver are kept, where they are known', () => {
    const north = row(50, 60, {}, { fix: fixed(31), driver: 'B' })
    const blind = row(60, 60, {}, { fix: null, driver: null })
    const { state } = drive([...begun, north, blind])
    expect(state.episode).toMatchObject({
      atMs: 10_000,
      driver: 'B',
      place: { lat: 31, lon: 114 },
      last: { atMs: 60_000, untilMs: null },
    })
    expect(state.episode?.place).toEqual({ lat: 31, lon: 114 })
  })

  it('what stands, is elsewhere or is lawful is no part of it', () => {
    const strangers = { fix: fixed(31), driver: 'B' }
    const rows = [
      row(50, 0, {}, strangers),
      row(60, 60, { there: false }, strangers),
      row(70, 60, { there: null }, strangers),
      row(80, null, {}, strangers),
    ]
    for (const one of rows)
      expect(drive([...begun, one]).state.episode).toMatchObject({
        driver: 'A',
        place: here,
        last: { atMs: 40_000, untilMs: one.sample.atMs },
      })
  })

  it('elsewhere since the first row that is', () => {
    const away = { there: false }
    const since = (...rows: Row[]) => drive(rows).state.elsewhereMs
    expect(since(row(10, 60, away), row(20, 60, away))).toBe(10_000)
    expect(since(row(10, 60, away), row(20, 60, { there: null }))).toBe(10_000)
    expect(since(row(10, 60, away), row(20, 60))).toBeNull()
    expect(since(row(10, 60, { there: null }))).toBeNull()
    expect(since(...begun, row(50, 60, away), row(60, 60, away))).toBe(50_000)
    expect(since(...begun, row(50, 60, away), row(80, 60, away))).toBe(50_000)
  })
})

describe('a rule that is gone', () => {
  const gone = { kind: 'charter-no-plate', subject: 'bus-1' }
  it('ends what it had begun, and nothing else', () => {
    const { state } = drive(begun)
    expect(abandon(state, gone, row(50, 60).sample, settings)).toMatchObject([
      { phase: 'ended', kind: 'charter-no-plate', subject: 'bus-1', atMs: 50_000, decidedAtMs: 50_000 },
    ])
    expect(abandon(noWatch, gone, row(50, 60).sample, settings)).toEqual([])
  })
})

describe('a corrected clock', () => {
  it('moves the run, what was last seen and elsewhere, never when it began for the law', () => {
    const episode: RunEpisode = {
      ...{ atMs: 1000, severity: 'major', evidence: {}, driver: null, trip: null, place: null },
      last: { atMs: 3000, untilMs: 4000 },
      closesMs: 9000,
    }
    const state: RunWatch = {
      run: { lastMs: 3000, offence: { atMs: 1000, firstMs: 2000, told: true } },
      episode,
      elsewhereMs: 5000,
    }
    expect(shiftWatch(state, 7)).toEqual({
      run: { lastMs: 3007, offence: { atMs: 1007, firstMs: 2007, told: true } },
      episode: { ...episode, last: { atMs: 3007, untilMs: 4007 } },
      elsewhereMs: 5007,
    })
    expect(shiftWatch(state, 0)).toBe(state)
    expect(shiftWatch(noWatch, 7)).toEqual(noWatch)
  })
})
