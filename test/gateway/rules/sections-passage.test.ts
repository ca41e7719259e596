import { describe, expect, it } from 'vitest'
import { follow, nowhere, type Passage, type PassageState } from '../../../gateway/rules/sections-passage.ts'
import type { Corridor, Section } from '../../../proto/geo/corridor.ts'
import type { LatLon } from '../../../proto/geo/earth.ts'
import type { Sample } from '../../../proto/model.ts'
import { sampleAt } from '../../help/drive.ts'
import { deepFreeze, roadMetres, roadPoint, settingsFor } from '../../help/road.ts'

/** Edges of passing a section, to the metre and to the millisecond: a road whose places are exact. */
const exact = (point: LatLon): { alongM: number; besideM: number } => {
  const { alongM, besideM } = roadMetres(point)
  return { alongM: Math.round(alongM * 1000) / 1000, besideM: Math.round(Math.abs(besideM) * 1000) / 1000 }
}

/** `windingBy`: so many metres along the line for each metre of the straight way. */
function road(sections: readonly [from: number, to: number][], id = 'R', windingBy = 1): Corridor {
  const named: Section[] = sections.map(([fromM, toM]) => ({ fromM, toM, name: `${fromM}-${toM}` }))
  return {
    id,
    lines: [{ halfWidthM: 200, lengthM: 30_000, limits: [], sections: named, points: [] }],
    nearest: (point: LatLon) => {
      const { alongM, besideM } = exact(point)
      return { line: 0, distanceM: besideM, alongM: alongM * windingBy, segment: 0 }
    },
  } as unknown as Corridor
}

type Seen = {
  readonly s: number
  /** Null: no fix. */
  readonly m: number | null
  readonly beside?: number
  readonly odo?: number
  readonly kmh?: number
}
const sampleOf = ({ s, m, beside = 0, odo, kmh }: Seen): Sample =>
  deepFreeze(
    sampleAt(s * 1000, {
      fix: m === null ? null : { ...roadPoint(m, beside), accuracyM: null, satellites: 9 },
      odometerM: odo ?? null,
      speedKmh: kmh ?? null,
    }),
  )

const settingsOn = (route: Corridor | null) => settingsFor('coach', null, { route })

function run(route: Corridor, seen: readonly Seen[], from: PassageState = nowhere) {
  let state = from
  const passages = seen.flatMap((one) => {
    const step = follow(deepFreeze(state), sampleOf(one), settingsOn(route))
    state = JSON.parse(JSON.stringify(step.state)) as PassageState
    return step.passages.map((passage) => ({ ...passage, atS: one.s }))
  })
  return { state, passages }
}

type Known = Passage & { readonly atS: number }
/** `2000-3000 at 300: 100 to 150, 1000 m`; with bounds `100..160`. */
const brief = ({ measured, entered, left, provenM, believed, atS }: Known): string => {
  const when = ({ earliestMs, latestMs }: Passage['left']): string =>
    [...new Set([earliestMs, latestMs].map((ms) => Math.round(ms) / 1000))].join('..')
  const doubt = believed ? '' : ' at least'
  return `${measured.name} at ${atS}: ${when(entered)} to ${when(left)},${doubt} ${Math.round(provenM)} m`
}
const passed = (route: Corridor, ...seen: Seen[]): string[] => run(route, seen).passages.map(brief)

const one = road([[2000, 3000]])
/** 20 m/s, a fix every 10 s. */
const even = (fromM: number, toM: number, more: Partial<Seen> = {}): Seen[] =>
  Array.from({ length: (toM - fromM) / 200 + 1 }, (_, i) => {
    const m = fromM + i * 200
    return { s: m / 20, m, ...more }
  })

describe('a section', () => {
  it('is entered by whoever is seen at its very beginning, and passed at its very end', () => {
    expect(passed(one, ...even(2000, 3000))).toEqual(['2000-3000 at 150: 100 to 150, 1000 m'])
    expect(passed(one, ...even(2000, 2800), { s: 149, m: 2999.999 })).toEqual([])
    expect(passed(one, { s: 100, m: 2000.001 }, ...even(2200, 3200))).toEqual([])
    expect(passed(one, ...even(1800, 3200))).toEqual(['2000-3000 at 150: 100 to 150, 1000 m'])
    // Passed once: it goes on from its end.
    expect(passed(one, ...even(1800, 3000), { s: 155, m: 3000 }, { s: 160, m: 3100 })).toHaveLength(1)
  })

  it('is passed in one step by whoever is seen on both sides of it', () => {
    expect(passed(one, { s: 90, m: 1800 }, { s: 150, m: 3200 })).toEqual([
      '2000-3000 at 150: 98.571 to 141.429, 1000 m',
    ])
  })

  it('that shares an end with others is one of its own', () => {
    const many = road([
      [2000, 3000],
      [2000, 2500],
      [2500, 3000],
    ])
    expect(passed(many, ...even(1800, 3200))).toEqual([
      '2000-2500 at 130: 100 to 125, 500 m',
      '2000-3000 at 150: 100 to 150, 1000 m',
      '2500-3000 at 150: 125 to 150, 500 m',
    ])
  })

  it('has the highest speed that was said in it: not before, not on entering', () => {
    const peak = (...kmh: (number | undefined)[]): unknown[] =>
      run(
        one,
        even(1800, 3200).map((seen, i) => ({ ...seen, ...(kmh[i] === undefined ? {} : { kmh: kmh[i] }) })),
      ).passages.map(({ peakKmh }) => peakKmh)
    expect(peak(120, 110, 70, 80, 75, 70, 72, 130)).toEqual([80])
    expect(peak(120, 110, undefined, 0.5)).toEqual([0.5])
    expect(peak(undefined, undefined, 60)).toEqual([60])
    expect(peak(120, 110)).toEqual([null])
    expect(peak(undefined, undefined, 0)).toEqual([0])
  })
})

describe('the way from fix to fix', () => {
  const from: Seen = { s: 90, m: 1800 }
  const silent = (s: number, odo: readonly [number, number] | null, ...between: Seen[]): string[] =>
    passed(one, odo === null ? from : { ...from, odo: odo[0] }, ...between, {
      s,
      m: 3800,
      ...(odo === null ? {} : { odo: odo[1] }),
    })

  it('is straight and even for 60 s, readings or not', () => {
    const straight = '2000-3000 at 150: 96 to 126, 1000 m'
    expect(silent(150, null)).toEqual([straight])
    expect(silent(150, [0, 9000])).toEqual([straight])
    expect(silent(150, [0, 2000], { s: 100, m: null, odo: 1900 })).toEqual([straight])
    expect(silent(150.001, null)).toEqual([
      '2000-3000 at 150.001: 90..150.001 to 90..150.001, at least 1000 m',
    ])
  })

  it('is longer where the odometer agrees within 5 %, and is known on both sides', () => {
    const agreed = ['2000-3000 at 190: 100 to 150, 1000 m']
    const bounds = ['2000-3000 at 190: 90..190 to 90..190, at least 1000 m']
    expect(silent(190, [7000, 9000])).toEqual(agreed)
    expect(silent(190, [7000, 9100])).toEqual(agreed)
    expect(silent(190, [7000, 8900])).toEqual(agreed)
    expect(silent(190, [7000, 9101])).toEqual(bounds)
    expect(silent(190, [7000, 8899])).toEqual(bounds)
    expect(passed(one, from, { s: 190, m: 3800, odo: 2000 })).toEqual(bounds)
    expect(passed(one, { ...from, odo: -2000 }, { s: 190, m: 3800 })).toEqual(bounds)
  })

  it('lies along the line as the odometer says', () => {
    const by = (...readings: readonly (readonly [s: number, odo: number])[]): string[] =>
      silent(190, [7000, 9000], ...readings.map(([s, odo]): Seen => ({ s, m: null, odo })))
    // A rest before the section, one at its beginning, one at its end.
    expect(by([95, 7100], [105, 7100])).toEqual(['2000-3000 at 190: 109.474 to 154.211, 1000 m'])
    expect(by([95, 7200], [105, 7200])).toEqual(['2000-3000 at 190: 95 to 152.222, 1000 m'])
    expect(by([95, 8200], [185, 8200])).toEqual(['2000-3000 at 190: 90.833 to 95, 1000 m'])
    // Of one instant the first; none from before, from after, from beyond, or going back.
    expect(by([100, 7100], [100, 7300])).toEqual(['2000-3000 at 190: 104.737 to 152.105, 1000 m'])
    expect(by([90, 7300])).toEqual(['2000-3000 at 190: 100 to 150, 1000 m'])
    expect(by([80, 7150])).toEqual(['2000-3000 at 190: 100 to 150, 1000 m'])
    expect(by([190, 7100])).toEqual(['2000-3000 at 190: 100 to 150, 1000 m'])
    expect(by([200, 7100])).toEqual(['2000-3000 at 190: 100 to 150, 1000 m'])
    expect(by([100, 9001])).toEqual(['2000-3000 at 190: 100 to 150, 1000 m'])
    expect(by([100, 7300], [120, 7299])).toEqual(['2000-3000 at 190: 96.667 to 147.647, 1000 m'])
    // All of it driven, then a rest.
    expect(by([140, 9000])).toEqual(['2000-3000 at 190: 95 to 120, 1000 m'])
  })

  it('that led nowhere is no way', () => {
    const still = passed(
      one,
      ...even(1800, 2600, { odo: 500 }),
      { s: 140, m: null, odo: 500 },
      { s: 150, m: null, odo: 501 },
      { s: 330, m: 2600, odo: 500 },
      ...even(2800, 3200).map((seen) => ({ ...seen, s: seen.s + 200 })),
    )
    expect(still).toEqual(['2000-3000 at 350: 100 to 350, 1000 m'])
  })

  it('on a winding road is proven by the line, or by no more than the straight way', () => {
    const winding = road([[2000, 3000]], 'R', 2)
    expect(passed(winding, { s: 90, m: 900 }, { s: 140, m: 1700 })).toEqual([
      '2000-3000 at 140: 96.25 to 127.5, 1000 m',
    ])
    // 1600 m of the line are 800 m of the straight way, of which 600 may lie outside the section.
    expect(passed(winding, { s: 90, m: 900 }, { s: 190, m: 1700 })).toEqual([
      '2000-3000 at 190: 90..190 to 90..190, at least 200 m',
    ])
    expect(passed(winding, { s: 90, m: 700 }, { s: 190, m: 1800 })).toEqual([
      '2000-3000 at 190: 90..190 to 90..190, at least 0 m',
    ])
    // Once unknown it stays so.
    expect(passed(winding, { s: 90, m: 1000 }, { s: 190, m: 1200 }, { s: 200, m: 1500 })).toEqual([
      '2000-3000 at 200: 90..190 to 200, at least 800 m',
    ])
  })
})

describe('the line goes on', () => {
  const then = (...seen: Seen[]): string[] => passed(one, ...even(1800, 2400), ...seen, { s: 160, m: 3200 })
  const whole = (leftS: number): string[] => [`2000-3000 at 160: 100 to ${leftS}, 1000 m`]

  it('from where it was, for 30 m of jitter back, and not for more', () => {
    expect(then({ s: 130, m: 2370 })).toEqual(whole(152.5))
    expect(then({ s: 130, m: 2369.999 })).toEqual([])
  })

  it('as fast as a vehicle may be, and not faster', () => {
    expect(then({ s: 121, m: 2500 })).toEqual(whole(148.857))
    expect(then({ s: 121, m: 2500.001 })).toEqual([])
    expect(then({ s: 120, m: 2430 })).toEqual(whole(149.61))
    expect(then({ s: 120, m: 2430.001 })).toEqual([])
  })

  it('within its width', () => {
    expect(then({ s: 130, m: 2600, beside: 200 })).toEqual(whole(150))
    expect(then({ s: 130, m: 2600, beside: 200.001 })).toEqual([])
  })

  it('on one route alone', () => {
    const { state } = run(one, even(1800, 2400))
    const rest = even(2600, 3200)
    expect(run(one, rest, state).passages.map(brief)).toEqual(['2000-3000 at 150: 100 to 150, 1000 m'])
    const other = road([[2000, 3000]], 'other')
    expect(run(other, rest, state).passages).toEqual([])
    expect(run(other, rest, state).state.routeId).toBe('other')
    const off = follow(state, sampleOf(rest[0]!), settingsOn(null))
    expect(off).toEqual({ state: nowhere, passages: [] })
    expect(run(one, rest, off.state).passages).toEqual([])
    expect(follow(nowhere, sampleOf(rest[0]!), settingsOn(null))).toEqual({ state: nowhere, passages: [] })
  })
})

describe('readings of the odometer', () => {
  const heard = (...seen: Seen[]): PassageState['readings'] => run(one, seen).state.readings

  it('are kept where there is something to compare them with', () => {
    expect(heard({ s: 0, m: 0, odo: 5 }, { s: 1, m: null, odo: 6 })).toEqual([[1000, 6]])
    expect(heard({ s: 0, m: 0, odo: 5 }, { s: 1, m: null })).toEqual([])
    expect(heard({ s: 0, m: 0 }, { s: 1, m: null, odo: 6 })).toEqual([])
    expect(heard({ s: 1, m: null, odo: 6 })).toEqual([])
    expect(heard({ s: 1, m: null })).toEqual([])
    expect(heard({ s: 0, m: 0, beside: 300, odo: 5 }, { s: 1, m: null, odo: 6 })).toEqual([])
    expect(heard({ s: 0, m: 0, odo: 5 }, { s: 1, m: null, odo: 6 }, { s: 2, m: 20, odo: 25 })).toEqual([])
  })

  it('up to 240, then every other one of them', () => {
    const many = (count: number): number[] =>
      heard(
        { s: 0, m: 0, odo: 0 },
        ...Array.from({ length: count }, (_, i): Seen => ({ s: i + 1, m: null, odo: i + 1 })),
      ).map(([, odo]) => odo)
    expect(many(240)).toEqual(Array.from({ length: 240 }, (_, i) => i + 1))
    expect(many(241)).toEqual(Array.from({ length: 120 }, (_, i) => 2 * (i + 1)))
  })
})
