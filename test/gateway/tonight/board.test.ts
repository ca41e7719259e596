import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noRelay, type RelayState } from '../../../gateway/rules/relay.ts'
import { type TonightInput, tonightOf } from '../../../gateway/tonight/board.ts'
import type { Documents } from '../../../proto/in-force.ts'
import type { Sample } from '../../../proto/model.ts'
import { defaultPolicy, policyDigest } from '../../../proto/policy.ts'
import { parseAreas } from '../../../proto/shapes/areas.ts'
import { parseRoute } from '../../../proto/shapes/route.ts'
import type { Trip } from '../../../proto/shapes/trip.ts'
import type { Vehicle } from '../../../proto/shapes/vehicle.ts'
import { sample as sampleOf } from '../api/desk-office.ts'

/**
 * One road of 400 km due east along 30 N, a service area at 100 km, a relay point at 150 km, a station at 390 km;
 * a coach somewhere on it on the night of 22 to 23 November 2025.
 */

/** On the ellipsoid, at 30 N. */
const kmLon = 1 / 96.486
const place = (id: string, role: string, km: number, name = id): object => ({
  type: 'Feature',
  properties: { id, name, role },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [120 + (km - 0.3) * kmLon, 29.999],
        [120 + (km + 0.3) * kmLon, 29.999],
        [120 + (km + 0.3) * kmLon, 30.001],
        [120 + (km - 0.3) * kmLon, 30.001],
        [120 + (km - 0.3) * kmLon, 29.999],
      ],
    ],
  },
})
const areas = parseAreas(
  {
    type: 'FeatureCollection',
    features: [
      place('sa', 'serviceArea', 100, '长安服务区'),
      place('rp', 'relayPoint', 150, '接驳点一'),
      place('end', 'station', 390, '东站'),
    ],
  },
  'areas',
)
const routes = parseRoute(
  {
    type: 'Feature',
    properties: { id: 'line', halfWidthM: 100 },
    geometry: {
      type: 'LineString',
      coordinates: [
        [120, 30],
        [120 + 400 * kmLon, 30],
      ],
    },
  },
  'route',
)

const at = (clock: string): number => Date.parse(`2025-11-2${clock < '12' ? 3 : 2}T${clock}:00+08:00`)
const iso = (clock: string): string => new Date(at(clock)).toISOString()
const policy = defaultPolicy('coach')
const certificate = {
  certificate: 'C-1',
  validTo: '2026-12-31',
  window: ['22:00', '02:00'] as [string, string],
  points: ['rp'],
}

const vehicle: Vehicle = {
  ...{ id: 'v1', fleet: 'f1', plate: '浙A12345', class: 'coach', serviceClass: 'scheduled' },
  ...{ oneWayKm: 1150, relay: null },
}
const trip: Trip = {
  ...{ id: 't1', vehicle: 'v1', from: iso('20:00'), to: iso('06:00'), drivers: ['张三'] },
  ...{ serviceClass: 'scheduled', oneWayKm: 1150, route: 'line' },
}

type Case = {
  readonly vehicle?: Partial<Vehicle>
  readonly trip?: Partial<Trip> | null
  readonly now?: string
  readonly km?: number
  readonly speedKmh?: number | null
  readonly averageKmh?: number | null
  readonly heardS?: number
  readonly silent?: boolean
  readonly relayed?: RelayState
}

function input(one: Case): TonightInput {
  const nowMs = at(one.now ?? '23:00')
  const documents: Documents = {
    vehicle: { ...vehicle, ...one.vehicle },
    trips: one.trip === null ? [] : [{ ...trip, ...one.trip }],
    ...{ policy, policyDigest: policyDigest(policy), routes, areas, areasSinceMs: null },
  }
  const fix = { lat: 30, lon: 120 + (one.km ?? 50) * kmLon, accuracyM: null, satellites: null }
  const speedKmh = one.speedKmh === undefined ? 80 : one.speedKmh
  const sample: Sample | null =
    one.silent === true ? null : sampleOf(nowMs - (one.heardS ?? 5) * 1000, { fix, speedKmh })
  return {
    ...{ documents, sample, toldRemainingM: null, nowMs, relayed: one.relayed ?? noRelay },
    averageKmh: one.averageKmh === undefined ? 80 : one.averageKmh,
  }
}
const row = (one: Case) => tonightOf(input(one))
const brief = (one: Case) => {
  const found = row(one)
  return found === null ? null : [found.plan, found.verdict, found.place, found.etaAt].join(' ')
}

describe('who is on the board', () => {
  test.each<[string, Case, boolean]>([
    ['a trip that is under way at 02:00', {}, true],
    ['a trip that ends at 02:00 sharp and will be in time', { trip: { to: iso('02:00') }, km: 300 }, false],
    ['a trip that ends a minute later', { trip: { to: iso('02:01') }, km: 300 }, true],
    ['a trip that begins at 02:00 sharp', { trip: { from: iso('02:00') } }, true],
    ['a trip that begins a minute later, standing now', { trip: { from: iso('02:01') }, speedKmh: 0 }, false],
    ['a trip that was to end at midnight and is late', { trip: { to: iso('23:59') }, km: 50 }, true],
    ['no trip, and it stands', { trip: null, speedKmh: 0 }, false],
    ['no trip, and it moves', { trip: null }, true],
    ['a truck', { vehicle: { class: 'truck' } }, false],
    ['no trip, and it was never heard', { trip: null, silent: true }, false],
    ['a trip and never heard', { silent: true }, true],
    ['moving at 03:00 without a trip', { trip: null, now: '03:00' }, true],
  ])('%s', (_name, one, isThere) => {
    expect(row(one) !== null).toBe(isThere)
  })
})

describe('what will become of it', () => {
  const relay = { vehicle: { relay: certificate } }
  const stop = { trip: { stops: [{ areaId: 'sa', arrive: iso('01:30'), depart: iso('05:30') }] } }
  test.each<[string, Case, string]>([
    ['nothing planned', {}, 'none red  03:22'],
    ['commuter charter is exempt', { trip: { serviceClass: 'commuterCharter' } }, 'exempt green  '],
    ['a feeder of 200 km is', { trip: { serviceClass: 'shortFeeder', oneWayKm: 200 } }, 'exempt green  '],
    [
      'a feeder of 200.1 km is not',
      { trip: { serviceClass: 'shortFeeder', oneWayKm: 200.1 } },
      'none red  03:22',
    ],
    [
      'of a feeder of unknown length nobody knows',
      { trip: { serviceClass: 'shortFeeder', oneWayKm: null } },
      'none red  03:22',
    ],
    ['a relay point 100 km ahead', relay, 'relay green 接驳点一 00:14'],
    ['the same, slowly: 45 km/h', { ...relay, averageKmh: 45 }, 'relay green 接驳点一 01:12'],
    [
      'slower: 34 km/h leaves less than 15 minutes',
      { ...relay, averageKmh: 34 },
      'relay amber 接驳点一 01:55',
    ],
    ['slower than it lasts', { ...relay, averageKmh: 32 }, 'relay red 接驳点一 02:06'],
    ['a mean of a stop is not believed', { ...relay, averageKmh: 5 }, 'relay green 接驳点一 00:25'],
    ['the relay point is behind', { ...relay, km: 200 }, 'relay red  '],
    [
      'a certificate that ends before the night',
      { vehicle: { relay: { ...certificate, validTo: '2025-11-22' } } },
      'none red  03:22',
    ],
    [
      'a certificate of that very day',
      { vehicle: { relay: { ...certificate, validTo: '2025-11-23' } } },
      'relay green 接驳点一 00:14',
    ],
    [
      'a service that a certificate does not cover',
      { ...relay, trip: { serviceClass: 'charterTour' } },
      'none red  03:22',
    ],
    ['stopping for the night in time', stop, 'stop green 长安服务区 23:37'],
    ['stopping, and not heard for 15 minutes', { ...stop, heardS: 901 }, 'stop amber 长安服务区 23:37'],
    ['stopping, heard 15 minutes ago', { ...stop, heardS: 900 }, 'stop green 长安服务区 23:37'],
    ['stopping, already past the place', { ...stop, km: 120 }, 'stop amber 长安服务区 '],
    [
      'a stop that ends at 04:59 is none',
      { trip: { stops: [{ areaId: 'sa', arrive: iso('01:30'), depart: iso('04:59') }] } },
      'none red  03:22',
    ],
    [
      'a stop that begins at 02:01 is none',
      { trip: { stops: [{ areaId: 'sa', arrive: iso('02:01'), depart: iso('05:30') }] } },
      'none red  03:22',
    ],
    ['standing in its place', { ...stop, km: 100, speedKmh: 0 }, 'stop green 长安服务区 23:00'],
    ['standing somewhere safe without a plan', { km: 100, speedKmh: 0 }, 'none amber 长安服务区 '],
    ['still moving at 02:00', { ...stop, now: '02:00', km: 90 }, 'stop red  '],
    ['stopped at 03:00 in a safe place', { now: '03:00', km: 100, speedKmh: 0 }, 'none green 长安服务区 '],
    [
      'past 02:00, standing on the road, not relayed',
      { ...relay, now: '02:10', km: 120, speedKmh: 0 },
      'relay amber  ',
    ],
    ['late for a trip that was to end at 01:00', { trip: { to: iso('01:00') } }, 'stop red 终点 03:22'],
    ['never heard', { ...stop, silent: true }, 'stop amber 长安服务区 '],
  ])('%s', (_name, one, wanted) => {
    expect(brief(one)).toBe(wanted)
  })

  test('a relay that is recorded, by a fresh driver, at a filed point and in its window, is green', () => {
    const record = { at: iso('23:10'), areaId: 'rp', driver: '李四' }
    const one = { vehicle: { relay: certificate }, trip: { relayRecords: [record] }, now: '23:30', km: 200 }
    expect(brief(one)).toBe('relay green  ')
    const early = { ...one, trip: { relayRecords: [{ ...record, at: iso('21:59') }] } }
    expect(brief(early)).toBe('relay red  ')
    // It is a plan until its time has come.
    expect(brief({ ...one, now: '23:09' })).toBe('relay red  ')
  })

  test('safe stops ahead are named with the way and the time to them, nearest first', () => {
    expect(row({})?.safeStops).toEqual([
      { area: '长安服务区', areaId: 'sa', distanceKm: expect.closeTo(49.7, 0), etaAt: '23:37' },
      { area: '接驳点一', areaId: 'rp', distanceKm: expect.closeTo(99.7, 0), etaAt: '00:14' },
      { area: '东站', areaId: 'end', distanceKm: expect.closeTo(339.7, 0), etaAt: '03:14' },
    ])
  })
})

test('what the terminal tells of the rest of the way is believed before what is made of a position', () => {
  const told = tonightOf({ ...input({}), toldRemainingM: 40_000 })
  expect(told?.etaAt).toBe('23:30')
  expect(told?.verdict).toBe('green')
})

test('slower is never better: a green coach was green at every higher speed', () => {
  const rank = { green: 0, amber: 1, red: 2 }
  const arbitrary = fc.record({
    km: fc.double({ min: 0, max: 149, noNaN: true }),
    now: fc.constantFrom('22:00', '23:00', '23:30', '00:30', '01:30'),
    slow: fc.double({ min: 30, max: 110, noNaN: true }),
    faster: fc.double({ min: 0, max: 50, noNaN: true }),
  })
  fc.assert(
    fc.property(arbitrary, ({ km, now, slow, faster }) => {
      const one = { vehicle: { relay: certificate }, km, now }
      const [a, b] = [row({ ...one, averageKmh: slow }), row({ ...one, averageKmh: slow + faster })]
      expect(rank[a!.verdict]).toBeGreaterThanOrEqual(rank[b!.verdict])
    }),
  )
})

test('it says why in both languages, and never that anybody should stop at once', () => {
  for (const km of [10, 60, 100, 149, 200, 399])
    for (const now of ['22:00', '23:59', '01:59', '02:00', '04:59']) {
      const found = row({ vehicle: { relay: certificate }, km, now })
      expect(found?.why.zh).toMatch(/\p{Script=Han}/u)
      expect(found?.why.en).toMatch(/[a-z]/)
      expect(`${found?.why.zh}${found?.why.en}`).not.toMatch(/立即停车|stop now|at once/)
    }
})
