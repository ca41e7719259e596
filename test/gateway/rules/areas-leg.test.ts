import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addReading,
  fractionAt,
  type Leg,
  legTo,
  partOf,
  shiftTrace,
  timeAt,
  traceOf,
} from '../../../gateway/rules/areas-leg.ts'
import { type Presence, shiftPresence } from '../../../gateway/rules/areas-presence.ts'
import type { Sample } from '../../../proto/model.ts'
import { sampleAt } from '../../help/drive.ts'
import { deepFreeze, roadMetres, roadPoint, settingsFor } from '../../help/road.ts'

const settings = deepFreeze(settingsFor('coach'))
const at = (
  s: number,
  m: number | null,
  odometerM: number | null = null,
  more: Partial<Sample> = {},
): Sample =>
  deepFreeze(
    sampleAt(s * 1000, {
      fix: m === null ? null : { ...roadPoint(m), accuracyM: null, satellites: 9 },
      odometerM,
      ...more,
    }),
  )
const leg = (from: Sample, to: Sample, ...between: Sample[]): Leg =>
  legTo(
    between.reduce((trace, sample) => addReading(trace, sample), traceOf(from)),
    to,
    settings,
  )
const knots = (one: Leg): unknown[] =>
  one.knots.map(([atMs, share]) => [atMs / 1000, Math.round(share * 1000) / 1000])

describe('the way between two positions', () => {
  it('is believed for a minute, or longer where the odometer agrees within 5 %', () => {
    expect(leg(at(0, 0), at(60, 1000)).believed).toBe(true)
    expect(leg(at(0, 0), at(61, 1000)).believed).toBe(false)
    for (const [drivenM, believed] of [
      [1049, true],
      [951, true],
      [1051, false],
      [949, false],
    ] as const)
      expect(leg(at(0, 0, 7), at(61, 1000, 7 + drivenM)).believed).toBe(believed)
    expect(leg(at(0, 0, 7), at(61, 1000)).believed).toBe(false)
    expect(leg(at(0, 0), at(61, 1000, 7)).believed).toBe(false)
    expect(leg(at(0, 0), at(61, 1000, 1000)).believed).toBe(false)
    expect(leg(at(0, 0), at(60.001, 1000)).believed).toBe(false)
    expect(leg(at(0, 0), at(10, 1000, null, { reseeded: true })).believed).toBe(false)
  })

  it('lies along it by time, or by the odometer readings of a longer one', () => {
    const readings = [at(10, null, 100), at(50, null, 100), at(90, null, 900)]
    expect(knots(leg(at(0, 0, 0), at(100, 1000, 1000), ...readings))).toEqual([
      [0, 0],
      [10, 0.1],
      [50, 0.1],
      [90, 0.9],
      [100, 1],
    ])
    expect(knots(leg(at(0, 0, 0), at(60, 1000, 1000), at(10, null, 900)))).toEqual([
      [0, 0],
      [60, 1],
    ])
    expect(knots(leg(at(0, 0, 0), at(100, 1000, 1000)))).toEqual([
      [0, 0],
      [100, 1],
    ])
  })

  it('leaves out readings that go back, stand still in time, or reach beyond', () => {
    const odd = [
      at(10, null, 300),
      at(20, null, 200),
      at(20, null, 1001),
      at(0, null, 400),
      at(100, null, 500),
      at(30, null, 300),
    ]
    expect(knots(leg(at(0, 0, 0), at(100, 1000, 1000), ...odd))).toEqual([
      [0, 0],
      [10, 0.3],
      [30, 0.3],
      [100, 1],
    ])
    expect(knots(leg(at(0, 0, 500), at(100, 1, 500), at(50, null, 500)))).toEqual([
      [0, 0],
      [100, 1],
    ])
  })

  it('counts readings from where the odometer stood, up to the very end, and of one instant the first', () => {
    const between = [at(10, null, 8300), at(10, null, 8400), at(50, null, 9000), at(90, null, 9000)]
    expect(knots(leg(at(0, 0, 8000), at(100, 1000, 9000), ...between))).toEqual([
      [0, 0],
      [10, 0.3],
      [50, 1],
      [90, 1],
      [100, 1],
    ])
  })

  it('has no readings on it where nothing was driven, or where the odometer disagrees', () => {
    const still = leg(at(0, 0, 500), at(100, 0, 500), at(20, null, 500), at(50, null, 501))
    expect([still.believed, knots(still)]).toEqual([
      true,
      [
        [0, 0],
        [100, 1],
      ],
    ])
    for (const odometerM of [null, 900, 1100, 400]) {
      const vague = leg(at(0, 0, 0), at(100, 1000, odometerM), at(50, null, 200))
      expect([vague.believed, knots(vague)]).toEqual([
        false,
        [
          [0, 0],
          [100, 1],
        ],
      ])
    }
  })

  it('keeps 240 readings, then every other one of them', () => {
    const many = (count: number): number[] =>
      Array.from({ length: count }, (_, i) => at(i + 1, null, i + 1))
        .reduce((trace, sample) => addReading(trace, sample), traceOf(at(0, 0, 0)))
        .readings.map(([, odometerM]) => odometerM)
    expect(many(240)).toHaveLength(240)
    expect(many(241)).toEqual(Array.from({ length: 120 }, (_, i) => 2 * (i + 1)))
    const trace = traceOf(at(0, 0, 0))
    expect(addReading(trace, at(5, null))).toBe(trace)
    const blind = traceOf(at(0, 0))
    expect(addReading(blind, at(5, null, 5))).toBe(blind)
  })

  it('moves with a corrected clock, readings and all', () => {
    const trace = addReading(traceOf(at(3, 40, 7)), at(9, null, 8))
    expect(shiftTrace(trace, 7000)).toEqual({ ...trace, atMs: 10_000, readings: [[16_000, 8]] })
  })
})

/** Instants and shares that grow, and may stand still for a while. */
const someLeg: fc.Arbitrary<Leg> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((steps) => {
    let [s, m] = [0, 0]
    const points = steps.map(([forS, byM]) => [(s += forS), (m += byM)] as const)
    const totalM = Math.max(1, m)
    return {
      a: roadPoint(0),
      b: roadPoint(1000),
      fromMs: 0,
      toMs: s,
      believed: true,
      accuracyM: { a: null, b: null },
      knots: [
        [0, 0],
        ...points.map(([atMs, atM], i) => [atMs, i === points.length - 1 ? 1 : atM / totalM] as const),
      ],
    }
  })

/** Tried out in small steps. */
function shareBySteps({ knots: all }: Leg, atMs: number): number {
  const next = all.findIndex(([toMs]) => toMs >= atMs)
  if (next <= 0) return all[0]![1]
  const [[fromMs, from], [toMs, to]] = [all[next - 1]!, all[next]!]
  return from + (to - from) * ((atMs - fromMs) / (toMs - fromMs))
}

describe('where and when along it', () => {
  it('a share is where it is at an instant, and an instant is when that share was first reached', () => {
    fc.assert(
      fc.property(someLeg, fc.double({ min: 0, max: 1, noNaN: true }), (one, share) => {
        const atMs = share * one.toMs
        expect(fractionAt(one, atMs)).toBeCloseTo(shareBySteps(one, atMs), 9)
        const reachedMs = timeAt(one, share)
        expect(shareBySteps(one, reachedMs)).toBeCloseTo(share, 6)
        if (reachedMs > 0.01) expect(shareBySteps(one, reachedMs - 0.01)).toBeLessThan(share + 1e-9)
        if (share > 0.001) expect(shareBySteps(one, timeAt(one, share) * 0.999)).toBeLessThan(share)
      }),
    )
    const short: Leg = leg(at(0, 0), at(10, 1000))
    expect([timeAt(short, 2), fractionAt(short, 20_000)]).toEqual([10_000, 1])
  })

  it('a part of it lies at the same places at the same instants', () => {
    fc.assert(
      fc.property(
        someLeg,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (one, x, y, z) => {
          const [fromMs, toMs] = [Math.min(x, y) * one.toMs, Math.max(x, y) * one.toMs]
          fc.pre(toMs - fromMs > 0.01)
          const part = partOf(one, fromMs, toMs)
          const atMs = fromMs + z * (toMs - fromMs)
          const placeM = ({ a, b }: Leg, share: number): number =>
            roadMetres(a).alongM + (roadMetres(b).alongM - roadMetres(a).alongM) * share
          expect([part.fromMs, part.toMs, part.knots[0]?.[0], part.knots.at(-1)?.[0]]).toEqual([
            fromMs,
            toMs,
            fromMs,
            toMs,
          ])
          expect(placeM(part, fractionAt(part, atMs))).toBeCloseTo(placeM(one, fractionAt(one, atMs)), 3)
        },
      ),
    )
    const whole = leg(at(0, 0), at(10, 1000))
    expect(partOf(whole, 0, 10_000)).toBe(whole)
    expect(partOf(whole, -5, 10_005)).toBe(whole)
    expect(partOf(whole, 0, 9_000)).not.toBe(whole)
    expect(partOf(whole, 1000, 10_000)).not.toBe(whole)
  })
})

describe('a way that rests in between', () => {
  /** 100 m in 10 s, a rest up to 50 s, then on to 900 m at 90 s and 1000 m at 100 s. */
  const rested = leg(
    at(0, 0, 0),
    at(100, 1000, 1000),
    at(10, null, 100),
    at(30, null, 100),
    at(50, null, 100),
    at(90, null, 900),
  )

  it('passes each place when it first comes there', () => {
    const times = [0, 0.05, 0.1, 0.1001, 0.5, 0.9, 0.95, 1].map((share) => timeAt(rested, share) / 1000)
    expect(times).toEqual([0, 5, 10, expect.closeTo(50.005, 6), 70, 90, expect.closeTo(95, 6), 100])
  })

  it('is at each instant where it was then', () => {
    const shares = [0, 5, 10, 30, 50, 70, 90, 95, 100].map((s) => fractionAt(rested, s * 1000))
    const expected = [0, 0.05, 0.1, 0.1, 0.1, 0.5, 0.9, 0.95, 1]
    expect(shares).toEqual(expected.map((share) => expect.closeTo(share, 9)))
  })

  it('is cut into parts that keep the rest', () => {
    const part = (fromS: number, toS: number): unknown => {
      const cut = partOf(rested, fromS * 1000, toS * 1000)
      const metres = [cut.a, cut.b].map((place) => Math.round(roadMetres(place).alongM))
      return [metres, cut.fromMs / 1000, cut.toMs / 1000, knots(cut)]
    }
    expect(part(5, 70)).toEqual([
      [50, 500],
      5,
      70,
      [
        [5, 0],
        [10, 0.111],
        [30, 0.111],
        [50, 0.111],
        [70, 1],
      ],
    ])
    expect(part(10, 50)).toEqual([
      [100, 100],
      10,
      50,
      [
        [10, 0],
        [30, 0],
        [50, 1],
      ],
    ])
    expect(part(50, 95)).toEqual([
      [100, 950],
      50,
      95,
      [
        [50, 0],
        [90, 0.941],
        [95, 1],
      ],
    ])
    expect(part(0, 90)).toEqual([
      [0, 900],
      0,
      90,
      [
        [0, 0],
        [10, 0.111],
        [30, 0.111],
        [50, 0.111],
        [90, 1],
      ],
    ])
  })
})

it('a presence moves with a corrected clock, whole', () => {
  const moment = { atMs: 5000, fromMs: 4000, basis: 'fix' as const, place: roadPoint(0) }
  const later = { ...moment, atMs: 12_000, fromMs: 11_000 }
  const open = { ...moment, fromMs: null }
  const cases: readonly (readonly [Presence, Presence])[] = [
    [null, null],
    [{ is: 'waiting' }, { is: 'waiting' }],
    [
      { is: 'touched', since: moment },
      { is: 'touched', since: later },
    ],
    [
      { is: 'in', since: moment, out: null },
      { is: 'in', since: later, out: null },
    ],
    [
      { is: 'in', since: moment, out: open },
      { is: 'in', since: later, out: { ...later, fromMs: null } },
    ],
  ]
  for (const [before, after] of cases) expect(shiftPresence(before, 7000)).toEqual(after)
})
