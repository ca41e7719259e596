import { describe, expect, it } from 'vitest'
import { follow, nowhere, type Passage, shiftPassages } from '../../../gateway/rules/sections-passage.ts'
import type { Sample } from '../../../proto/model.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { deepFreeze, roadPoint, roadRoute, settingsFor } from '../../help/road.ts'

/** One section, from 2 to 12 km. What is seen of the drive: seconds, metres along the road, odometer, speed. */
const route = roadRoute({ lengthM: 30_000, limits: [{ fromM: 2000, toM: 12_000, dayKmh: 80 }] })
const settings = deepFreeze(settingsFor('coach', null, { route }))
const startMs = beijing('2026-11-23 10:00:00')
type Seen = {
  readonly s: number
  /** Null: no fix. */
  readonly m: number | null
  readonly beside?: number
  readonly odometer?: number
  readonly kmh?: number
  readonly reseeded?: boolean
}

const sampleOf = ({ s, m, beside = 0, odometer, kmh, reseeded = false }: Seen): Sample =>
  sampleAt(startMs + s * 1000, {
    fix: m === null ? null : { ...roadPoint(m, beside), accuracyM: null, satellites: 9 },
    odometerM: odometer ?? null,
    speedKmh: kmh ?? null,
    reseeded,
  })

function passed(seen: readonly Seen[]): Passage[] {
  let state = nowhere
  return seen.flatMap((one) => {
    const step = follow(state, deepFreeze(sampleOf(one)), settings)
    state = JSON.parse(JSON.stringify(step.state)) as typeof state
    return step.passages
  })
}

/** Seconds of entering (at the earliest, at the latest) and of leaving, and the metres that are sure. */
const brief = ({ entered, left, provenM, believed }: Passage): unknown => ({
  entered: [entered.earliestMs, entered.latestMs].map((ms) => Math.round((ms - startMs) / 100) / 10),
  left: [left.earliestMs, left.latestMs].map((ms) => Math.round((ms - startMs) / 100) / 10),
  provenM: Math.round(provenM),
  believed,
})

/** 20 m/s, a fix every 10 s. */
const even = (fromS: number, toS: number): Seen[] =>
  Array.from({ length: (toS - fromS) / 10 + 1 }, (_, i) => ({ s: fromS + i * 10, m: (fromS + i * 10) * 20 }))
const whole = { entered: [100, 100], left: [600, 600], provenM: 10_000, believed: true }

describe('a section is passed', () => {
  it('from its beginning to its end, by the way between the fixes', () => {
    expect(passed(even(0, 700)).map(brief)).toEqual([whole])
    expect(passed(even(50, 590))).toEqual([])
    expect(passed(even(50, 610)).map(brief)).toEqual([whole])
  })

  it('by whoever was seen at its beginning at the latest', () => {
    expect(passed(even(100, 700)).map(brief)).toEqual([whole])
    expect(passed(even(110, 700))).toEqual([])
  })

  it('by the fixes on both sides of its ends', () => {
    const seen = [...even(0, 80), { s: 120, m: 2400 }, ...even(130, 590), { s: 640, m: 12_800 }]
    expect(passed(seen).map(brief)).toEqual([whole])
  })

  it('with the highest speed that was told between', () => {
    const fast = even(0, 700).map((one) => ({ ...one, kmh: one.s === 300 ? 95 : one.s < 100 ? 120 : 72 }))
    expect(passed(fast).map(({ peakKmh }) => peakKmh)).toEqual([95])
    expect(passed(even(0, 700)).map(({ peakKmh }) => peakKmh)).toEqual([null])
  })
})

describe('a silence inside it', () => {
  const silent = (fromS: number, toS: number, more: Partial<Seen> = {}): Seen[] =>
    even(0, 700)
      .filter(({ s }) => s <= fromS || s >= toS)
      .map((one) => ({ ...one, ...(more.odometer === undefined ? {} : { odometer: one.s * 20 }) }))

  it('of 60 s is a straight way, of more only a least one', () => {
    expect(passed(silent(300, 360)).map(brief)).toEqual([whole])
    expect(passed(silent(300, 370)).map(brief)).toEqual([{ ...whole, believed: false }])
  })

  it('over its beginning leaves open when it was entered, over its end when it was left', () => {
    expect(passed(silent(80, 180)).map(brief)).toEqual([{ ...whole, entered: [80, 180], believed: false }])
    expect(passed(silent(540, 640)).map(brief)).toEqual([{ ...whole, left: [540, 640], believed: false }])
    expect(passed(silent(60, 660)).map(brief)).toEqual([
      { entered: [60, 660], left: [60, 660], provenM: 10_000, believed: false },
    ])
  })

  it('is a way all the same where the odometer agrees with the line', () => {
    expect(passed(silent(80, 180, { odometer: 0 })).map(brief)).toEqual([whole])
    const at = (lostM: number): Seen[] =>
      even(0, 700)
        .filter(({ s }) => s <= 300 || s >= 400)
        .map((one) => ({ ...one, odometer: one.s * 20 + (one.s >= 400 ? lostM : 0) }))
    expect(passed(at(99)).map(brief)).toEqual([whole])
    expect(passed(at(-99)).map(brief)).toEqual([whole])
    expect(passed(at(101)).map(brief)).toEqual([{ ...whole, believed: false }])
    expect(passed(at(-101)).map(brief)).toEqual([{ ...whole, believed: false }])
  })

  it('needs the odometer on both sides', () => {
    for (const missing of [300, 400]) {
      const seen = silent(300, 400, { odometer: 0 }).map(({ odometer, ...one }) =>
        one.s === missing || odometer === undefined ? one : { ...one, odometer },
      )
      expect(passed(seen).map(brief)).toEqual([{ ...whole, believed: false }])
    }
  })

  it('without fixes is laid out by the odometer readings in it', () => {
    // 20 m/s to 1.6 km, then no fix: fast to 2 km, a rest there, and on; back at 4 km.
    const readings: Seen[] = [
      { s: 90, m: null, odometer: 2000 },
      { s: 200, m: null, odometer: 2000 },
      { s: 210, m: null, odometer: 2200 },
    ]
    const seen = [
      ...even(0, 80).map((one) => ({ ...one, odometer: one.s * 20 })),
      ...readings,
      ...even(200, 700).map(({ s, m }) => ({ s: s + 100, m, odometer: m ?? 0 })),
    ]
    expect(passed(seen).map(brief)).toEqual([{ ...whole, entered: [90, 90], left: [700, 700] }])
  })

  it('with readings that go back, or beyond the next fix, is laid out without them', () => {
    const odd = (...readings: Seen[]): unknown[] =>
      passed([
        ...even(0, 80).map((one) => ({ ...one, odometer: one.s * 20 })),
        ...readings,
        ...even(180, 700).map((one) => ({ ...one, odometer: one.s * 20 })),
      ]).map(brief)
    expect(odd()).toEqual([whole])
    expect(odd({ s: 95, m: null, odometer: 1900 }, { s: 98, m: null, odometer: 1700 })).toEqual([whole])
    expect(odd({ s: 95, m: null, odometer: 9000 })).toEqual([whole])
  })

  it('with very many readings keeps what they say', () => {
    // Half a metre each second from 1.6 km on, then fast to 3.6 km within 20 s.
    const readings: Seen[] = Array.from({ length: 799 }, (_, i) => ({
      s: 81 + i,
      m: null,
      odometer: 1600 + (i + 1) / 2,
    }))
    const seen = [
      ...even(0, 80).map((one) => ({ ...one, odometer: one.s * 20 })),
      ...readings,
      ...even(180, 700).map(({ s, m }) => ({ s: s + 720, m, odometer: m ?? 0 })),
    ]
    const [found] = passed(seen)
    expect(((found?.entered.earliestMs ?? 0) - startMs) / 1000).toBeCloseTo(880, -1)
  })
})

describe('it is not passed', () => {
  it('by whoever was beside the route, turned back, or came there faster than anything drives', () => {
    const at300 = (change: Partial<Seen>): unknown[] =>
      passed(even(0, 700).map((one) => (one.s === 300 ? { ...one, ...change } : one))).map(brief)
    expect(at300({ beside: 201 })).toEqual([])
    expect(at300({ beside: 199 })).toEqual([whole])
    expect(at300({ m: 5800 - 31 })).toEqual([])
    expect(at300({ m: 5800 - 29 })).toEqual([whole])
    expect(at300({ reseeded: true })).toEqual([])
    expect(at300({ m: 11_000 })).toEqual([])
  })
})

it('a corrected clock moves what is remembered', () => {
  let state = nowhere
  for (const one of [
    ...even(0, 150).map((seen) => ({ ...seen, odometer: seen.s * 20 })),
    { s: 155, m: null, odometer: 3100 },
  ])
    state = follow(state, sampleOf(one), settings).state
  expect(shiftPassages(state, 0)).toBe(state)
  const moved = shiftPassages(state, 7000)
  expect(moved.mark?.atMs).toBe((state.mark?.atMs ?? 0) + 7000)
  expect(moved.readings).toEqual(state.readings.map(([atMs, odometerM]) => [atMs + 7000, odometerM]))
  expect(moved.readings).toHaveLength(1)
  expect(moved.open).toEqual(
    state.open.map((one) => ({
      ...one,
      entered: { earliestMs: one.entered.earliestMs + 7000, latestMs: one.entered.latestMs + 7000 },
    })),
  )
  expect(moved.open).toHaveLength(1)
})
