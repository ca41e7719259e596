import { describe, expect, it } from 'vitest'
import {
  noRelay,
  type RelayState,
  relayOf,
  relayOfNight,
  type Swap,
  shiftRelay,
  trackRelay,
} from '../../../gateway/rules/relay.ts'
import { noDrivers } from '../../../gateway/rules/relay-drivers.ts'
import type { Sample } from '../../../proto/model.ts'
import type { PolicyFile } from '../../../proto/policy.ts'
import type { Settings } from '../../../proto/settings.ts'
import { tripSchema } from '../../../proto/shapes/trip.ts'
import { relaySchema } from '../../../proto/shapes/vehicle.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { boxAreas, roadPoint, settingsFor } from '../../help/road.ts'

/** A road with two filed points, one that is not, and what the rule remembers of who took over where. */
const areas = boxAreas([
  { id: 'near', fromM: 0, toM: 1000, role: 'relayPoint' },
  { id: 'far', fromM: 5000, toM: 6000, role: 'relayPoint' },
  { id: 'other', fromM: 20_000, toM: 21_000, role: 'relayPoint' },
])
const relay = relaySchema.parse({
  certificate: 'JB-1',
  validTo: '2026-12-31',
  window: ['22:00', '02:00'],
  points: ['near', 'nowhere', 'far'],
})
const base = settingsFor('coach', null, { areas })
const coach: Settings = { ...base, vehicle: { ...base.vehicle, relay } }
const by = (policy: PolicyFile): Settings => ({ ...coach, policy: settingsFor('coach', policy).policy })

const at = (clock: string): number => beijing(`2026-11-${clock < '12' ? 23 : 22} ${clock}`)
const tonightMs = at('02:00:00')
const tomorrowMs = beijing('2026-11-24 02:00:00')

/** `22:30:00 0 km/h A`, at so many metres of the road (null: no position). */
const row = (
  clock: string,
  speedKmh: number | null,
  driver: string | null,
  alongM: number | null = 500,
  more: Partial<Sample> = {},
): Sample =>
  sampleAt(at(clock), {
    speedKmh,
    driver,
    fix: alongM === null ? null : { ...roadPoint(alongM), accuracyM: null, satellites: null },
    ...more,
  })

const drive = (rows: readonly Sample[], settings = coach, from: RelayState = noRelay): RelayState =>
  rows.reduce((state, one) => trackRelay(state, one, null, settings), from)

const good: Swap = {
  nightMs: tonightMs,
  atMs: at('22:30:00'),
  driver: 'B',
  relieved: 'A',
  areaId: 'near',
  nearestPoint: 'near',
  nearestM: 0,
  standing: true,
  plate: null,
  faults: [],
  before: ['A'],
  undone: false,
}
/** Metres of a road are not to the last digit. */
const whole = (swap: Swap | null): Swap | null =>
  swap === null || swap.nearestM === null ? swap : { ...swap, nearestM: Math.round(swap.nearestM) }

const byA = row('22:00:00', 60, 'A')
const toB = (clock = '22:30:00', more: Partial<Sample> = {}) => row(clock, 0, 'B', 500, more)

describe('the certificate in force', () => {
  const trip = { id: 't', vehicle: 'bus-1', from: '2026-11-22T00:00:00Z', to: '2026-11-24T00:00:00Z' }
  const onTrip = (more: object): Settings => ({
    ...coach,
    trip: tripSchema.parse({ ...trip, drivers: [], serviceClass: 'scheduled', oneWayKm: null, ...more }),
  })
  it("is the trip's where the trip says one, or says none; else the vehicle's", () => {
    expect(relayOf(coach)).toBe(relay)
    expect(relayOf(base)).toBeNull()
    expect(relayOf(onTrip({}))).toBe(relay)
    expect(relayOf(onTrip({ relay: null }))).toBeNull()
    const own = { ...relay, certificate: 'JB-2' }
    expect(relayOf(onTrip({ relay: own }))).toEqual(own)
  })
})

describe('a swap', () => {
  it.each<[string, readonly Sample[], Settings, Swap | null]>([
    ['that counts', [byA, toB()], coach, good],
    ['none, while A drives on', [byA, row('22:30:00', 0, 'A')], coach, null],
    ['none, when a card is only out', [byA, row('22:30:00', 0, null)], coach, null],
    [
      'of a driver nobody knew for B',
      [row('22:00:00', 60, null), toB()],
      coach,
      { ...good, relieved: null, before: [] },
    ],
    [
      'that B rode along to',
      [row('22:00:00', 60, 'A', 500, { coDriver: 'B' }), toB()],
      coach,
      { ...good, faults: ['reliefNotFresh'] },
    ],
    [
      'that B rode along to, where nobody asks for a fresh driver',
      [row('22:00:00', 60, 'A', 500, { coDriver: 'B' }), toB()],
      by({ curfew: { requireFreshDriver: false } }),
      good,
    ],
    [
      'with two before: both of them',
      [row('22:00:00', 60, 'A', 500, { coDriver: 'C' }), toB()],
      coach,
      { ...good, before: ['A', 'C'] },
    ],
    [
      'with two before, where nobody asks for a fresh driver: the relieved one',
      [row('22:00:00', 60, 'A', 500, { coDriver: 'C' }), toB()],
      by({ curfew: { requireFreshDriver: false } }),
      good,
    ],
    [
      'of a driver nobody knew, where nobody asks for a fresh driver: all of before',
      [row('22:00:00', 60, null), row('22:10:00', 60, null, 500, { coDriver: 'C' }), toB()],
      by({ curfew: { requireFreshDriver: false } }),
      { ...good, relieved: null, before: ['C'] },
    ],
    [
      'moving',
      [byA, row('22:30:00', 60, 'B')],
      coach,
      { ...good, standing: false, faults: ['relayNotFiledPoint'] },
    ],
    [
      'at a speed that nobody knows',
      [byA, row('22:30:00', null, 'B')],
      coach,
      { ...good, standing: false, faults: ['relayNotFiledPoint'] },
    ],
    [
      'at a filed point without a certificate of one',
      [byA, toB()],
      base,
      {
        ...good,
        areaId: null,
        nearestPoint: null,
        nearestM: null,
        faults: ['relayOutsideWindow', 'relayNotFiledPoint'],
      },
    ],
  ])('%s', (_, rows, settings, expected) => {
    expect(whole(drive(rows, settings).best)).toEqual(expected)
  })

  it.each<[string, string, boolean]>([
    ['21:59:59', 'a second early', false],
    ['22:00:00', 'in', true],
    ['01:59:59', 'in', true],
    ['02:00:00', 'a second late', false],
    ['03:00:00', 'an hour late', false],
    ['04:59:59', 'late', false],
  ])('at %s is %s', (clock, _, counts) => {
    const { best } = drive([row('21:00:00', 60, 'A'), toB(clock)])
    expect(best?.faults).toEqual(counts ? [] : ['relayOutsideWindow'])
    expect(best?.nightMs).toBe(tonightMs)
  })

  it('from 05:00 on is for the night that comes', () => {
    expect(drive([byA, toB('05:00:00')]).best?.nightMs).toBe(tomorrowMs)
  })

  it('inside a filed window that ends later than the curfew begins is late all the same', () => {
    const wide = { ...coach, vehicle: { ...coach.vehicle, relay: { ...relay, window: ['22:00', '04:00'] } } }
    const faults = (clock: string) => drive([byA, toB(clock)], wide as Settings).best?.faults
    expect(faults('01:59:59')).toEqual([])
    expect(faults('02:00:00')).toEqual(['relayOutsideWindow'])
  })
})

describe('the place of a swap', () => {
  it.each<[string, number, string | null, string, number]>([
    ['in the first point', 999, 'near', 'near', 0],
    ['300 m past it', 1300, null, 'near', 300],
    ['a little nearer to the first', 2999, null, 'near', 1999],
    ['nearer to the second', 3001, null, 'far', 1999],
    ['in the second', 5001, 'far', 'far', 0],
    ['at a point that is not filed: the nearest that is', 20_500, null, 'far', 14_500],
  ])('%s', (_, alongM, areaId, nearestPoint, nearestM) => {
    const { best } = drive([byA, row('22:30:00', 0, 'B', alongM)])
    const faults = areaId === null ? ['relayNotFiledPoint'] : []
    expect(whole(best)).toEqual({ ...good, areaId, nearestPoint, nearestM, faults })
  })

  it('inside two points that overlap is the one that is filed first', () => {
    const shapes = [
      { id: 'a', fromM: 0, toM: 1000 },
      { id: 'b', fromM: 400, toM: 2000 },
    ]
    const both = {
      ...coach,
      areas: boxAreas(shapes),
      vehicle: { ...coach.vehicle, relay: { ...relay, points: ['b', 'a'] } },
    }
    const { best } = drive([byA, row('22:30:00', 0, 'B', 450)], both)
    expect([best?.areaId, best?.nearestPoint]).toEqual(['b', 'b'])
  })

  it.each<[string, readonly Sample[], string | null]>([
    [
      'under a roof: where it was last seen',
      [row('22:00:00', 0, 'A'), row('22:30:00', 0, 'B', null)],
      'near',
    ],
    [
      'under a roof, at a speed that nobody knows',
      [row('22:00:00', 0, 'A'), row('22:20:00', null, 'A', null), row('22:30:00', 0, 'B', null)],
      'near',
    ],
    [
      'after it moved unseen: nowhere',
      [row('22:00:00', 0, 'A'), row('22:20:00', 60, 'A', null), row('22:30:00', 0, 'B', null)],
      null,
    ],
    ['never seen: nowhere', [row('22:00:00', 0, 'A', null), row('22:30:00', 0, 'B', null)], null],
  ])('%s', (_, rows, areaId) => {
    const { best } = drive(rows)
    expect([best?.areaId, best?.nearestPoint, best?.nearestM === null]).toEqual([
      areaId,
      areaId,
      areaId === null,
    ])
    expect(best?.faults).toEqual(areaId === null ? ['relayNotFiledPoint'] : [])
  })

  it('is not told by a fix that claims more than 100 m', () => {
    const claims = (accuracyM: number) => {
      const fix = { ...roadPoint(500), accuracyM, satellites: null }
      return drive([byA, row('22:10:00', 60, 'A', 3000), row('22:30:00', 0, 'B', 500, { fix })])
    }
    expect(claims(100).best?.areaId).toBe('near')
    expect(claims(100.1).best?.areaId).toBeNull()
    expect(claims(100).place).toEqual(roadPoint(500))
    expect(claims(100.1).place).toEqual(roadPoint(3000))
  })
})

describe('of several swaps of one night', () => {
  const third = row('23:00:00', 0, 'C')
  it.each<[string, readonly Sample[], Partial<Swap>]>([
    [
      'the better one, when it comes second',
      [byA, row('22:30:00', 0, 'B', 3000), third],
      { driver: 'C', faults: [] },
    ],
    ['the better one, when it comes first', [byA, toB(), row('23:00:00', 0, 'C', 3000)], { driver: 'B' }],
    ['the later one of two that are as good', [byA, toB(), third], { driver: 'C', before: ['A', 'B'] }],
  ])('%s', (_, rows, expected) => {
    expect(drive(rows).best).toMatchObject(expected)
  })

  it('the one of a later night, however bad', () => {
    const next = { ...row('22:30:00', 60, 'C', 3000), atMs: beijing('2026-11-23 21:00:00') }
    const { best } = drive([byA, toB(), next])
    expect(best).toMatchObject({ nightMs: tomorrowMs, driver: 'C' })
    expect(best?.faults).toEqual(['relayOutsideWindow', 'relayNotFiledPoint'])
  })
})

describe('a relay is void', () => {
  const drivesOn = row('22:40:00', 60, 'B')
  it.each<[string, readonly Sample[], Settings, boolean]>([
    ['not while B drives on', [drivesOn], coach, false],
    ['once A logs in again', [drivesOn, row('23:00:00', 0, 'A')], coach, true],
    ['not when A stands in the second slot', [row('22:31:00', 0, 'B', 500, { coDriver: 'A' })], coach, false],
    ['when A rides on in the second slot', [row('22:31:00', 60, 'B', 500, { coDriver: 'A' })], coach, true],
    ['not when a third takes over', [drivesOn, row('23:00:00', 0, 'C', 3000)], coach, false],
    [
      'and stays so, when A is gone again',
      [row('22:31:00', 60, 'B', 500, { coDriver: 'A' }), row('22:40:00', 60, 'B')],
      coach,
      true,
    ],
  ])('%s', (_, rows, settings, undone) => {
    const state = drive([byA, toB(), ...rows], settings)
    expect(state.best?.undone).toBe(undone)
    const night = relayOfNight(state, tonightMs, at('02:30:00'), settings)
    expect(night?.faults).toEqual(undone ? ['reliefNotFresh'] : [])
  })

  it('names a driver who is not fresh once', () => {
    const rode = row('22:00:00', 60, 'A', 500, { coDriver: 'B' })
    const back = row('22:40:00', 60, 'B', 500, { coDriver: 'A' })
    const state = drive([rode, toB(), back])
    expect(state.best).toMatchObject({ undone: true, faults: ['reliefNotFresh'] })
    expect(relayOfNight(state, tonightMs, at('02:30:00'), coach)?.faults).toEqual(['reliefNotFresh'])
  })

  it('by a movement of A after the swap alone, not by one at its own minute', () => {
    const entry = { id: 'A', firstMs: 0, lastMs: 0, firstMovedMs: 0, loginMs: null, lastMovedMs: good.atMs }
    const with_ = (more: object) =>
      trackRelay(
        {
          ...noRelay,
          best: good,
          drivers: { ...noDrivers, lastDriver: 'B', entries: [{ ...entry, ...more }] },
        },
        row('22:50:00', 0, 'B'),
        null,
        coach,
      ).best?.undone
    expect(with_({})).toBe(false)
    expect(with_({ lastMovedMs: good.atMs + 1 })).toBe(true)
    expect(with_({ lastMovedMs: null })).toBe(false)
    expect(with_({ loginMs: good.atMs })).toBe(false)
    expect(with_({ loginMs: good.atMs + 1 })).toBe(true)
    expect(with_({ id: 'C', loginMs: good.atMs + 1 })).toBe(false)
  })
})

describe('a record of the trip', () => {
  const record = { at: '2026-11-22T22:30:00+08:00', areaId: 'near', driver: 'B' }
  const recorded = (...relayRecords: object[]): Settings => ({
    ...coach,
    trip: tripSchema.parse({
      ...{ id: 't', vehicle: 'bus-1', from: '2026-11-22T00:00:00Z', to: '2026-11-24T00:00:00Z' },
      ...{ drivers: [], serviceClass: 'scheduled', oneWayKm: null, relayRecords },
    }),
  })
  const written: Swap = { ...good, relieved: null, nearestPoint: null, nearestM: null, before: [] }
  const byTwo = (clock: string, settings: Settings, state = noRelay) =>
    relayOfNight(state, tonightMs, at(clock), settings)

  it.each<[string, object, Swap | null]>([
    ['counts', record, written],
    ['with the other coach', { ...record, plate: '京A1' }, { ...written, plate: '京A1' }],
    [
      'at a point that is not filed',
      { ...record, areaId: 'other' },
      { ...written, areaId: null, faults: ['relayNotFiledPoint'] },
    ],
    [
      'of 21:59:59',
      { ...record, at: '2026-11-22T21:59:59+08:00' },
      { ...written, atMs: at('21:59:59'), faults: ['relayOutsideWindow'] },
    ],
    [
      'of 02:00:00',
      { ...record, at: '2026-11-23T02:00:00+08:00' },
      { ...written, atMs: at('02:00:00'), faults: ['relayOutsideWindow'] },
    ],
    ['of the night before', { ...record, at: '2026-11-21T22:30:00+08:00' }, null],
    ['of later than now', { ...record, at: '2026-11-23T02:30:00.001+08:00' }, null],
    [
      'of just now',
      { ...record, at: '2026-11-23T02:30:00+08:00' },
      { ...written, atMs: at('02:30:00'), faults: ['relayOutsideWindow'] },
    ],
  ])('%s', (_, one, expected) => {
    expect(byTwo('02:30:00', recorded(one))).toEqual(expected)
  })

  it('is none without any, and none without a trip', () => {
    expect(byTwo('02:30:00', recorded())).toBeNull()
    expect(byTwo('02:30:00', coach)).toBeNull()
  })

  it('without a certificate is neither in the window nor at a filed point', () => {
    const bare = { ...recorded(record), vehicle: { ...coach.vehicle, relay: null } }
    expect(byTwo('02:30:00', bare)).toEqual({
      ...written,
      areaId: null,
      faults: ['relayOutsideWindow', 'relayNotFiledPoint'],
    })
  })

  it('gives way to a better swap, and is preferred to one that is as good', () => {
    const seen = drive([byA, toB()])
    expect(byTwo('02:30:00', recorded({ ...record, areaId: 'other' }), seen)).toEqual(whole(seen.best))
    expect(byTwo('02:30:00', recorded(record), seen)).toEqual({ ...written, before: ['A'] })
    const other = relayOfNight(seen, tomorrowMs, at('02:30:00'), coach)
    expect(other).toBeNull()
  })

  const entry = (id: string, more: object) => {
    const at0 = { firstMs: at('21:00:00'), lastMs: at('23:00:00'), loginMs: null }
    return { id, ...at0, firstMovedMs: null, lastMovedMs: null, ...more }
  }
  const aboard = (...entries: ReturnType<typeof entry>[]): RelayState => ({
    ...noRelay,
    drivers: { ...noDrivers, entries },
  })
  it.each<[string, RelayState, Partial<Swap>]>([
    ['B never moved here before', aboard(entry('B', {})), { faults: [], before: [] }],
    [
      'B moved here a second before',
      aboard(entry('B', { firstMovedMs: good.atMs - 1000 })),
      { faults: ['reliefNotFresh'] },
    ],
    ['B moved here from then on', aboard(entry('B', { firstMovedMs: good.atMs })), { faults: [] }],
    ['A was on board', aboard(entry('A', {})), { faults: [], before: ['A'], undone: false }],
    ['A came on board then', aboard(entry('A', { firstMs: good.atMs })), { before: [] }],
    [
      'A came on board a millisecond before',
      aboard(entry('A', { firstMs: good.atMs - 1 })),
      { before: ['A'] },
    ],
    [
      'A drives on',
      aboard(entry('A', { lastMovedMs: good.atMs + 1 })),
      { undone: true, faults: ['reliefNotFresh'] },
    ],
  ])('is judged by the cards: %s', (_, state, expected) => {
    expect(byTwo('02:30:00', recorded(record), state)).toMatchObject(expected)
  })

  it('of a driver who rode along is no fault where nobody asks for a fresh one', () => {
    const free = { ...recorded(record), policy: by({ curfew: { requireFreshDriver: false } }).policy }
    const rode = aboard(entry('B', { firstMovedMs: good.atMs - 1000 }))
    expect(byTwo('02:30:00', free, rode)?.faults).toEqual([])
  })
})

describe('a corrected clock', () => {
  it('moves the drivers where there was no swap yet', () => {
    const state: RelayState = {
      ...noRelay,
      place: roadPoint(1),
      drivers: { ...noDrivers, standingSinceMs: 4 },
    }
    expect(shiftRelay(state, 7)).toEqual({ ...state, drivers: { ...noDrivers, standingSinceMs: 11 } })
  })
})
