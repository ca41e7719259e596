import { describe, expect, it } from 'vitest'
import type { Leg } from '../../../gateway/rules/areas-leg.ts'
import {
  arrive,
  close,
  type Followed,
  follow,
  type Ground,
  jump,
  type Moment,
  move,
  type Presence,
  settle,
} from '../../../gateway/rules/areas-presence.ts'
import type { LatLon } from '../../../proto/geo/earth.ts'
import { deepFreeze, roadMetres, roadPoint, settingsFor } from '../../help/road.ts'

/** Margins to the very metre: places are metres along a line, and the ground says itself how deep they are. */
const settings = deepFreeze(settingsFor('coach'))
const metres = (point: LatLon): number => Math.round(roadMetres(point).alongM)

/** Holds the stretches between its borders, first to second, third to fourth; depth is the distance to the nearest. */
function stretches(...borders: readonly number[]): Ground {
  const inside = (m: number): boolean => borders.filter((border) => border < m).length % 2 === 1
  const nearest = (m: number): number => Math.min(...borders.map((border) => Math.abs(m - border)))
  return {
    holds: (point) => borders.includes(metres(point)) || inside(metres(point)),
    depthM: (point) => (inside(metres(point)) ? 1 : -1) * nearest(metres(point)),
    crossings: (a, b) => {
      const [from, to] = [metres(a), metres(b)]
      const met = borders.map((border) => (border - from) / (to - from))
      return met.filter((fraction) => fraction > 0 && fraction < 1).toSorted((p, q) => p - q)
    },
  }
}
const ground = stretches(1000, 2000)

type Accuracy = number | null
/** From one place to another within 100 s. */
const leg = (from: number, to: number, a: Accuracy = null, b: Accuracy = a): Leg => ({
  a: roadPoint(from),
  b: roadPoint(to),
  fromMs: 0,
  toMs: 100_000,
  believed: true,
  accuracyM: { a, b },
  knots: [
    [0, 0],
    [100_000, 1],
  ],
})

const moment = (s: number, basis: Moment['basis'], m: number, fromS: number | null = null): Moment => ({
  atMs: s * 1000,
  fromMs: fromS === null ? null : fromS * 1000,
  basis,
  place: roadPoint(m),
})
const since = moment(-50, 'first', 1500)
const touched: Presence = { is: 'touched', since }
const within: Presence = { is: 'in', since, out: null }
const leaving: Presence = { is: 'in', since, out: moment(-5, 'crossing', 2000) }
const waiting: Presence = { is: 'waiting' }

/** `in 15 first`, `out 40 crossing`, and the presence they leave. */
function told({ presence, events }: Followed): readonly unknown[] {
  const words = events.map(({ is, at }) => `${is} ${Math.round(at.atMs) / 1000} ${at.basis}`)
  return [...words, presence === null ? 'out' : presence.is]
}

describe('the first position of all', () => {
  it('is in when it is inside by more than it claims', () => {
    const first = (m: number, accuracyM: Accuracy = null): readonly unknown[] =>
      told(arrive(ground, leg(m, m, accuracyM), false))
    expect(first(999)).toEqual(['out'])
    expect(first(1000)).toEqual(['entered 100 first', 'in'])
    expect(first(1030, 29)).toEqual(['entered 100 first', 'in'])
    expect(first(1030, 30)).toEqual(['touched'])
    expect(first(1000, 0)).toEqual(['touched'])
  })

  it('waits for a movement where the area was pushed', () => {
    expect(told(arrive(ground, leg(1500, 1500), true))).toEqual(['waiting'])
    expect(told(arrive(ground, leg(900, 900), true))).toEqual(['out'])
  })

  it('is in from there', () => {
    expect(arrive(ground, leg(1500, 1500, 10), false)).toEqual({
      presence: { is: 'in', since: moment(100, 'first', 1500), out: null },
      events: [{ is: 'entered', at: moment(100, 'first', 1500) }],
    })
  })
})

describe('along a line', () => {
  const on = (presence: Presence, from: number, to: number, a: Accuracy = null, b: Accuracy = a) =>
    told(follow(presence, ground, leg(from, to, a, b), 'window', settings))

  it('is entered at the border, proven by more than the accuracy at its end', () => {
    expect(on(null, 900, 1100)).toEqual(['entered 50 crossing', 'in'])
    expect(on(null, 900, 1100, 0, 99)).toEqual(['entered 50 crossing', 'in'])
    expect(on(null, 900, 1100, 0, 100)).toEqual(['touched'])
    expect(on(touched, 1010, 1100, 100, 99)).toEqual(['entered -50 first', 'in'])
    expect(on(touched, 1010, 990)).toEqual(['out'])
  })

  it('is left 30 m outside, at the border', () => {
    expect(on(within, 1900, 2029)).toEqual(['in'])
    expect(on(within, 1900, 2030)).toEqual(['left 76.923 crossing', 'out'])
    expect(on(leaving, 2010, 2029)).toEqual(['in'])
    expect(on(leaving, 2010, 2030)).toEqual(['left -5 crossing', 'out'])
    expect(on(waiting, 1900, 2001)).toEqual(['out'])
  })

  it('comes back before it was left', () => {
    expect(follow(leaving, ground, leg(2010, 1990), 'window', settings).presence).toEqual(within)
    expect(follow(within, ground, leg(1990, 2010), 'window', settings).presence).toEqual({
      ...within,
      out: moment(50, 'crossing', 2000),
    })
  })

  it('is passed in one go when the middle proves it', () => {
    const small = stretches(1000, 1100)
    const over = (accuracyA: Accuracy, accuracyB: Accuracy): readonly unknown[] =>
      told(follow(null, small, leg(950, 1150, accuracyA, accuracyB), 'window', settings))
    const passed = ['entered 25 crossing', 'left 75 crossing', 'out']
    expect(over(null, null)).toEqual(passed)
    expect(over(49, null)).toEqual(passed)
    expect(over(null, 49)).toEqual(passed)
    expect(over(50, null)).toEqual(['out'])
    expect(over(null, 50)).toEqual(['out'])
    expect(over(50, 10)).toEqual(['out'])
    expect(over(10, 50)).toEqual(['out'])
  })

  it('is left in between only where the line leads far enough out', () => {
    const between = (gapM: number): readonly unknown[] =>
      told(follow(within, stretches(1000, 2000, 2000 + gapM, 4000), leg(1900, 2100), 'window', settings))
    expect(between(60)).toEqual(['left 50 crossing', 'entered 80 crossing', 'in'])
    expect(between(58)).toEqual(['in'])
  })

  it('that a window opened on: in from there, once that is proven', () => {
    const opened = (from: number, to: number, a: Accuracy = null, b: Accuracy = a, at = ground) =>
      told(follow(null, at, leg(from, to, a, b), 'window', settings))
    expect(opened(1500, 1600)).toEqual(['entered 0 window', 'in'])
    expect(opened(1020, 1020, 19)).toEqual(['entered 0 window', 'in'])
    expect(opened(1020, 1020, 20)).toEqual(['touched'])
    expect(opened(1020, 1020, 19, 20)).toEqual(['touched'])
    expect(opened(900, 910)).toEqual(['out'])
    // It leads out again: half-way to the border it was 50 m inside, which the accuracy at its beginning must beat.
    expect(opened(1900, 2100, 49)).toEqual(['entered 0 window', 'left 50 crossing', 'out'])
    expect(opened(1900, 2100, 49, 80)).toEqual(['entered 0 window', 'left 50 crossing', 'out'])
    expect(opened(1900, 2100, 50)).toEqual(['out'])
    expect(opened(1900, 2100, 50, 10)).toEqual(['out'])
    // It leads out and in again: the first border is the one that counts, the second is deeper.
    const two = stretches(1000, 2000, 2010, 2600)
    expect(opened(1960, 2100, 19, 19, two)).toEqual(['entered 0 window', 'in'])
    expect(opened(1960, 2100, 20, 20, two)).toEqual(['entered 35.714 crossing', 'in'])
  })

  it('that a push found inside waits for a movement', () => {
    expect(told(follow(null, ground, leg(1500, 1500), 'push', settings))).toEqual(['waiting'])
    expect(told(follow(waiting, ground, leg(1500, 1600), 'push', settings))).toEqual(['waiting'])
    expect(told(follow(null, ground, leg(900, 900), 'push', settings))).toEqual(['out'])
  })

  it('whose ground was taken away is left where it begins, unless it left before', () => {
    expect(on(within, 2100, 2200)).toEqual(['left 0 window', 'out'])
    expect(on(leaving, 2100, 2200)).toEqual(['left -5 crossing', 'out'])
    expect(on(within, 2010, 2020)).toEqual(['in'])
  })
})

describe('over a way that nobody saw', () => {
  const over = (presence: Presence, to: number, accuracyM: Accuracy = null, sinceS = -900) =>
    jump(presence, ground, leg(500, to, accuracyM), sinceS * 1000, settings)

  it('only its end counts', () => {
    expect(told(over(null, 1500))).toEqual(['entered 100 fix', 'in'])
    expect(told(over(null, 900))).toEqual(['out'])
    expect(told(over(null, 1020, 20))).toEqual(['touched'])
    expect(told(over(null, 1020, 19))).toEqual(['entered 100 fix', 'in'])
    expect(told(over(within, 2029))).toEqual(['in'])
    expect(told(over(within, 2030))).toEqual(['left 100 fix', 'out'])
    expect(told(over(leaving, 2030))).toEqual(['left -5 crossing', 'out'])
    expect(told(over(touched, 2030))).toEqual(['out'])
    expect(over(leaving, 1900).presence).toEqual(within)
  })

  it('it may have been so since it was seen last, or since the place came into force', () => {
    expect(over(null, 1500).events).toEqual([{ is: 'entered', at: moment(100, 'fix', 1500, 0) }])
    expect(over(null, 1500, null, 40).events).toEqual([{ is: 'entered', at: moment(100, 'fix', 1500, 40) }])
  })
})

describe('a place that is in force no longer', () => {
  it('is left then, or where it was left before', () => {
    const shut = (presence: Presence): readonly unknown[] =>
      told(close(presence, 70_000, 'window', roadPoint(0)))
    expect(shut(within)).toEqual(['left 70 window', 'out'])
    expect(shut(leaving)).toEqual(['left -5 crossing', 'out'])
    for (const presence of [null, touched, waiting]) expect(shut(presence)).toEqual(['out'])
    expect(close(within, 70_000, 'window', roadPoint(7)).events).toEqual([
      { is: 'left', at: moment(70, 'window', 7) },
    ])
  })
})

describe('who waits', () => {
  const moved = (presence: Presence, m: number, accuracyM: Accuracy, moving: boolean): readonly unknown[] =>
    told(move(presence, ground, leg(1500, m, accuracyM), moving))

  it('counts from the first movement that is proven to be inside', () => {
    expect(moved(waiting, 1500, null, true)).toEqual(['entered 100 push', 'in'])
    expect(moved(waiting, 1500, null, false)).toEqual(['waiting'])
    expect(moved(waiting, 1020, 20, true)).toEqual(['waiting'])
    expect(moved(waiting, 1020, 19, true)).toEqual(['entered 100 push', 'in'])
    expect(moved(null, 1500, null, true)).toEqual(['out'])
    expect(moved(touched, 1500, null, true)).toEqual(['touched'])
    expect(moved(within, 1500, null, true)).toEqual(['in'])
  })
})

describe('the moment of a position that was too vague', () => {
  it('is that of the one that proves', () => {
    for (const basis of ['fix', 'first'] as const) {
      const at = moment(-50, basis, 1010, -60)
      const proof = { ...at, atMs: 100_000, place: roadPoint(1100) }
      expect(
        settle(
          { presence: { is: 'in', since: at, out: null }, events: [{ is: 'entered', at }] },
          leg(1050, 1100),
        ),
      ).toEqual({ presence: { is: 'in', since: proof, out: null }, events: [{ is: 'entered', at: proof }] })
    }
  })

  it('stays where it is when it was seen, when it was told, and when it was left', () => {
    const at = moment(-50, 'crossing', 1000)
    const seen: Followed = { presence: { is: 'in', since: at, out: null }, events: [{ is: 'entered', at }] }
    expect(settle(seen, leg(1050, 1100))).toEqual(seen)
    for (const followed of [
      { presence: within, events: [] },
      { presence: null, events: [{ is: 'left', at: since }] },
      { presence: touched, events: [{ is: 'entered', at: moment(0, 'window', 1000) }] },
    ] as const)
      expect(settle(followed, leg(1050, 1100))).toEqual(followed)
    const again: Followed = { presence: within, events: [{ is: 'left', at: since }] }
    expect(settle(again, leg(1050, 1100))).toEqual(again)
  })
})
