import { describe, expect, it } from 'vitest'
import { bannedHours } from '../../../gateway/rules/banned-hours.ts'
import { curfew } from '../../../gateway/rules/curfew.ts'
import { catalog, explain } from '../../../proto/catalog.ts'
import { type Detector, drive } from '../../../proto/detector.ts'
import type { Corridor, CorridorPosition } from '../../../proto/geo/corridor.ts'
import { distanceM, type LatLon } from '../../../proto/geo/earth.ts'
import type { Sample } from '../../../proto/model.ts'
import { mergePolicy, policyFileSchema } from '../../../proto/policy.ts'
import type { Settings } from '../../../proto/settings.ts'
import { tripSchema } from '../../../proto/shapes/trip.ts'
import { vehicleSchema } from '../../../proto/shapes/vehicle.ts'
import { beijing, cruise, sampleAt } from '../../help/drive.ts'
import { rectangles } from '../../help/rectangles.ts'
import { lineOf } from './curfew-cases.ts'

/** A road along 30 N: motorway from 110 E to 111 E, ordinary road from there on, 200 m wide on each side. */
const road: Corridor = {
  id: 'G70',
  name: 'G70',
  lines: [
    {
      points: [
        { lat: 30, lon: 110 },
        { lat: 30, lon: 112 },
      ],
      halfWidthM: 200,
      lengthM: 200_000,
      limits: [],
    },
  ],
  stops: [],
  nearest: (point: LatLon) => {
    const on = { lat: 30, lon: Math.min(112, Math.max(110, point.lon)) }
    const alongM = distanceM({ lat: 30, lon: 110 }, on)
    return { line: 0, distanceM: distanceM(point, on), alongM, segment: 0 }
  },
  limitAt: ({ alongM }: CorridorPosition) => ({
    fromM: 0,
    toM: 0,
    dayKmh: null,
    nightKmh: null,
    roadClass: alongM < distanceM({ lat: 30, lon: 110 }, { lat: 30, lon: 111 }) ? 'motorway' : 'other',
    minS: null,
    maxS: null,
  }),
} as unknown as Corridor

const notice = '吉公交管〔2019〕9号'
const motorwayBan = {
  id: 'motorway-night',
  notice,
  from: '00:00',
  to: '06:00',
  classes: ['hazmat'],
  roadClass: 'motorway',
} as const

const motorway = { lat: 30, lon: 110.5 }
const ordinary = { lat: 30, lon: 111.5 }
const fixAt = ({ lat, lon }: { lat: number; lon: number }) => ({
  fix: { lat, lon, accuracyM: null, satellites: null },
})

function settingsOf(
  file: Record<string, unknown>,
  known: Partial<Settings> = {},
  vehicleClass = 'hazmat',
): Settings {
  const vehicle = vehicleSchema.parse({
    id: 'tanker-1',
    fleet: 'f',
    class: vehicleClass,
    serviceClass: null,
    oneWayKm: null,
    relay: null,
  })
  return {
    policy: mergePolicy(vehicle.class, policyFileSchema.parse(file)),
    policyDigest: 'd',
    vehicle,
    trip: null,
    route: road,
    areas: rectangles({ city: { role: 'noEntry', name: '中心城区', lat: [31, 32], lon: [110, 111] } }),
    areasSinceMs: null,
    ...known,
  }
}

const banned = (entry: Record<string, unknown> = {}) =>
  settingsOf({ bannedHours: [{ ...motorwayBan, ...entry }] })

/** Legs of [from, km/h, place]; the last one only ends the drive. */
type Leg = readonly [from: string, kmh: number | null, at: { lat: number; lon: number } | null]

function night(legs: readonly Leg[]): Sample[] {
  return legs.slice(0, -1).flatMap(([from, kmh, at], index) =>
    cruise(beijing(from), beijing(legs[index + 1]![0]), {
      speedKmh: kmh,
      driver: 'D1',
      ...(at === null ? {} : fixAt(at)),
    }),
  )
}

const lines = (samples: readonly Sample[], settings: Settings) =>
  drive(bannedHours, samples, settings).findings.map(lineOf)

describe('B2-15: hazmat, motorway ban 00:00-06:00, on the motorway 23:20-00:20', () => {
  const samples = night([
    ['2026-11-22 23:20:00', 75, motorway],
    ['2026-11-23 00:20:00', 60, ordinary],
    ['2026-11-23 00:30:00', 0, ordinary],
    ['2026-11-23 00:31:00', 0, ordinary],
  ])
  it('is banned-hours from 00:00:00 to the exit, with notices before', () => {
    expect(lines(samples, banned())).toEqual([
      'banned-hours-warning started 2026-11-22 23:30:00.000 known 23:30:00.000 info',
      'banned-hours-warning started 2026-11-22 23:50:00.000 known 23:50:00.000 info',
      'banned-hours started 2026-11-23 00:00:00.000 known 00:00:30.000 critical',
      'banned-hours ended 2026-11-23 00:20:00.000 known 00:20:30.000 critical',
    ])
  })
  it('never a curfew', () => {
    expect(drive(curfew, samples, banned()).findings).toEqual([])
  })
  it('names the notice, the motorway and the exit', () => {
    const words = { plate: '吉A1', zone: 'Asia/Shanghai', vehicleClass: 'hazmat', serviceClass: null }
    const [due, , started, ended] = drive(bannedHours, samples, banned()).findings
    expect(explain(due!, words)).toEqual({
      zh: `吉A1须于00:00:00前从就近出口驶离高速公路（${notice}），剩余30分。【疑似，证据充分】`,
      en: `吉A1 must leave by the nearest exit (the motorway, ${notice}) by 00:00:00, 30 min left. [suspected, evidence sufficient]`,
    })
    expect(explain(started!, words).zh).toBe(
      `2026-11-23 00:00:00，吉A1在高速公路禁行时段（00:00—06:00，${notice}）内行驶。【疑似，证据充分】`,
    )
    expect(explain(ended!, words).en).toBe(
      `2026-11-23 00:00:00 to 00:20:00: 吉A1 moving on the motorway in banned hours (00:00-06:00, ${notice}). [suspected, evidence sufficient]`,
    )
    expect(catalog['banned-hours']?.article(started!, words)).toBe(notice)
    expect(started).toMatchObject({
      subject: 'motorway-night',
      driver: 'D1',
      evidence: { roadClass: 'motorway' },
    })
  })
})

describe('where and whom it binds', () => {
  const drove = (at: Leg[2]) =>
    night([
      ['2026-11-23 01:00:00', 60, at],
      ['2026-11-23 01:10:00', null, null],
    ])
  const started = (samples: Sample[], settings: Settings) =>
    lines(samples, settings).filter((line) => line.startsWith('banned-hours started'))

  it('not on an ordinary road, not beside the route, not without a position', () => {
    for (const at of [ordinary, { lat: 30.01, lon: 110.5 }, null])
      expect(started(drove(at), banned())).toEqual([])
  })
  it('not another class', () => {
    const coach = settingsOf({ bannedHours: [motorwayBan] }, {}, 'coach')
    expect(started(drove(motorway), coach)).toEqual([])
  })
  it('a coach on a banned road: major, under its own kind', () => {
    const entry = { ...motorwayBan, classes: ['coach'] }
    const coach = settingsOf({ bannedHours: [entry] }, {}, 'coach')
    expect(started(drove(motorway), coach)).toEqual([
      'banned-hours started 2026-11-23 01:00:00.000 known 01:00:30.000 major',
    ])
  })
  it('inside a named area, and only there', () => {
    const entry = { roadClass: undefined, areas: ['city'] }
    expect(started(drove({ lat: 31.5, lon: 110.5 }), banned(entry))).toHaveLength(1)
    expect(started(drove(motorway), banned(entry))).toEqual([])
    const [found] = drive(bannedHours, drove({ lat: 31.5, lon: 110.5 }), banned(entry)).findings
    expect(found?.evidence).toMatchObject({ areaId: 'city', areaName: '中心城区' })
  })
  it('without road or area it holds everywhere, position or not', () => {
    expect(started(drove(null), banned({ roadClass: undefined }))).toHaveLength(1)
  })
  it('with goods it binds only what the waybill names', () => {
    const trip = tripSchema.parse({
      id: 't',
      vehicle: 'tanker-1',
      from: '2026-11-22T00:00:00Z',
      to: '2026-11-24T00:00:00Z',
      drivers: [],
      serviceClass: null,
      oneWayKm: null,
      waybill: { goodsClass: '1', escort: null },
    })
    const carrying = { ...banned({ goods: ['1', '6.1'] }), trip }
    expect(started(drove(motorway), carrying)).toHaveLength(1)
    expect(started(drove(motorway), { ...banned({ goods: ['3'] }), trip })).toEqual([])
    expect(started(drove(motorway), banned({ goods: ['1'] }))).toEqual([])
  })
  it('days are those on which the night began: Friday 22:00-06:00 holds on Saturday 03:00, not on Friday 03:00', () => {
    const friday = banned({ from: '22:00', to: '06:00', days: [5] })
    const at = (from: string, to: string) =>
      night([
        [from, 60, motorway],
        [to, null, null],
      ])
    expect(started(at('2026-11-28 03:00:00', '2026-11-28 03:10:00'), friday)).toHaveLength(1)
    expect(started(at('2026-11-27 03:00:00', '2026-11-27 03:10:00'), friday)).toEqual([])
  })
})

describe('when it begins and ends', () => {
  const words = (samples: Sample[], settings = banned()) =>
    lines(samples, settings).filter((line) => !line.includes('warning'))

  it('closing ends it exactly', () => {
    const samples = night([
      ['2026-11-23 05:50:00', 60, motorway],
      ['2026-11-23 06:05:00', null, null],
    ])
    expect(words(samples)).toEqual([
      'banned-hours started 2026-11-23 05:50:00.000 known 05:50:30.000 critical',
      'banned-hours ended 2026-11-23 06:00:00.000 known 06:00:00.000 critical',
    ])
  })
  it('29 s are none, a red light is no end, a rest of 20 min is', () => {
    const short = night([
      ['2026-11-23 01:00:00', 60, motorway],
      ['2026-11-23 01:00:30', 0, motorway],
      ['2026-11-23 01:10:00', 0, null],
    ])
    expect(words(short)).toEqual([])
    const light = night([
      ['2026-11-23 01:00:00', 60, motorway],
      ['2026-11-23 01:10:00', 0, motorway],
      ['2026-11-23 01:15:00', 60, motorway],
      ['2026-11-23 01:20:00', 0, motorway],
      ['2026-11-23 01:45:00', 60, motorway],
      ['2026-11-23 01:50:00', 0, null],
    ])
    expect(words(light)).toEqual([
      'banned-hours started 2026-11-23 01:00:00.000 known 01:00:30.000 critical',
      'banned-hours ended 2026-11-23 01:20:00.000 known 01:39:59.000 critical',
      'banned-hours started 2026-11-23 01:45:00.000 known 01:45:30.000 critical',
    ])
  })
  it('29 s beside the motorway are still the same episode', () => {
    const samples = night([
      ['2026-11-23 01:00:00', 60, motorway],
      ['2026-11-23 01:10:00', 60, ordinary],
      ['2026-11-23 01:10:29', 60, motorway],
      ['2026-11-23 01:20:00', 60, null],
    ])
    expect(words(samples)).toEqual([
      'banned-hours started 2026-11-23 01:00:00.000 known 01:00:30.000 critical',
    ])
  })
  it('an entry that leaves the policy ends what it had begun', () => {
    const samples = night([
      ['2026-11-23 01:00:00', 60, motorway],
      ['2026-11-23 01:10:00', 0, null],
    ])
    const changeMs = beijing('2026-11-23 01:05:00')
    const { findings } = drive(bannedHours, samples, ({ atMs }) =>
      atMs < changeMs ? banned() : settingsOf({}),
    )
    expect(findings.map(lineOf)).toEqual([
      'banned-hours started 2026-11-23 01:00:00.000 known 01:00:30.000 critical',
      'banned-hours ended 2026-11-23 01:05:00.000 known 01:05:00.000 critical',
    ])
  })
  it('moved into the window parked: no notice; a clock correction moves no duration', () => {
    const parked = night([
      ['2026-11-22 23:20:00', 0, motorway],
      ['2026-11-23 00:10:00', 0, null],
    ])
    expect(lines(parked, banned())).toEqual([])
    const from = beijing('2026-11-23 01:00:00')
    const moved = { speedKmh: 60, ...fixAt(motorway) }
    const jumped = [
      ...cruise(from, from + 20_000, moved),
      sampleAt(from + 80_000, { ...moved, clockStepMs: 60_000 }),
      ...cruise(from + 81_000, from + 90_000, moved),
    ]
    expect(words(jumped)).toEqual([])
    expect(words([...jumped, sampleAt(from + 90_000, moved)])).toHaveLength(1)
  })
  it('state is plain JSON at any point', () => {
    const samples = night([
      ['2026-11-22 23:20:00', 75, motorway],
      ['2026-11-23 00:20:00', 60, ordinary],
      ['2026-11-23 00:31:00', 0, ordinary],
    ])
    const through: Detector<unknown> = {
      ...bannedHours,
      step: (state, sample, settings) => {
        const { state: next, findings } = bannedHours.step(state as never, sample, settings)
        return { state: JSON.parse(JSON.stringify(next)), findings }
      },
    }
    expect(drive(through, samples, banned()).findings).toEqual(drive(bannedHours, samples, banned()).findings)
  })
})
