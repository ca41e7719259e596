import { describe, expect, it } from 'vitest'
import { bannedHours } from '../../../gateway/rules/banned-hours.ts'
import { areaOf, isThere, whereabouts } from '../../../gateway/rules/banned-hours-place.ts'
import { drive } from '../../../proto/detector.ts'
import type { Corridor } from '../../../proto/geo/corridor.ts'
import type { Sample } from '../../../proto/model.ts'
import type { BannedHours, PolicyFile } from '../../../proto/policy.ts'
import type { Settings } from '../../../proto/settings.ts'
import { tripSchema } from '../../../proto/shapes/trip.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { rectangles } from '../../help/rectangles.ts'
import { settingsFor } from '../../help/road.ts'

/** Where banned hours hold, what their findings say, and what is remembered. */
const areas = rectangles({
  city: { role: 'region', name: '中心城区', lat: [30, 31], lon: [110, 111] },
  port: { role: 'region', name: '港区', lat: [30, 31], lon: [110.5, 111.5] },
})
const place = { lat: 30.5, lon: 110.2 }
const fixOf = (lon: number, accuracyM: number | null = null) => ({
  fix: { lat: place.lat, lon, accuracyM, satellites: 9 },
})
const on = (distanceM: number, roadClass: 'motorway' | null = 'motorway', lines = 1): Corridor =>
  ({
    id: 'G70',
    lines: Array.from({ length: lines }, () => ({
      halfWidthM: 200,
      lengthM: 9000,
      points: [place, { ...place, lon: 111 }],
    })),
    nearest: () => ({ line: lines - 1, distanceM, alongM: 7, segment: 0 }),
    limitAt: () => (roadClass === null ? null : { roadClass }),
  }) as unknown as Corridor
const hint = { line: 0, distanceM: 0, alongM: 7, segment: 0 }

describe('where a Sample is', () => {
  const at = (route: Corridor | null, known: Partial<Sample> = fixOf(110.2)) =>
    whereabouts(sampleAt(0, known), hint, settingsFor('hazmat', null, { route }))

  it('on the road of the route, up to its width', () => {
    expect(at(on(200))).toEqual({ at: place, roadClass: 'motorway', hint: { ...hint, distanceM: 200 } })
    expect(at(on(200.001))).toEqual({ at: place, roadClass: null, hint: { ...hint, distanceM: 200.001 } })
    expect(at(on(0, null))).toEqual({ at: place, roadClass: null, hint })
  })

  it('somewhere without a route, and nowhere without a position that counts', () => {
    expect(at(null)).toEqual({ at: place, roadClass: null, hint: null })
    for (const known of [{}, fixOf(110.2, 101)])
      expect(at(on(0), known)).toEqual({ at: null, roadClass: null, hint })
    expect(at(on(0), fixOf(110.2, 100)).at).toEqual(place)
  })
})

describe('whether an entry is about it', () => {
  const entry = (known: Partial<BannedHours>): BannedHours => ({
    ...{ id: 'b', notice: 'n', from: '00:00', to: '06:00', classes: ['hazmat'], ...known },
  })
  const settings = settingsFor('hazmat', null, { areas })
  const there = (
    known: Partial<BannedHours>,
    lon: number | null,
    roadClass: 'motorway' | null = null,
  ): boolean | null =>
    isThere(entry(known), { at: lon === null ? null : { ...place, lon }, roadClass, hint: null }, settings)

  it('always, where it names no place', () => {
    expect([there({}, 110.2), there({}, null)]).toEqual([true, true])
  })
  it('on its road, in one of its areas, or in both where it names both', () => {
    const motorway = { roadClass: 'motorway' } as const
    expect([there(motorway, 110.2, 'motorway'), there(motorway, 110.2), there(motorway, null)]).toEqual([
      true,
      false,
      null,
    ])
    const city = { areas: ['nowhere', 'city'] }
    expect([there(city, 110.2), there(city, 111.2), there(city, null)]).toEqual([true, false, null])
    const both = { ...motorway, ...city }
    expect([there(both, 110.2, 'motorway'), there(both, 111.2, 'motorway'), there(both, 110.2)]).toEqual([
      true,
      false,
      false,
    ])
  })
  it('by the first of its areas that holds the point', () => {
    const first = (lon: number, ...ids: string[]): string | null =>
      areaOf(entry({ areas: ids }), { ...place, lon }, settings)
    expect([
      first(110.7, 'port', 'city'),
      first(110.7, 'city', 'port'),
      first(110.2, 'port', 'city'),
    ]).toEqual(['port', 'city', 'city'])
    expect([first(112, 'port', 'city'), areaOf(entry({}), place, settings)]).toEqual([null, null])
  })
})

describe('what its findings say', () => {
  const ban = { id: 'b', notice: '公告9号', from: '00:00', to: '06:00', classes: ['hazmat' as const] }
  const startMs = beijing('2026-11-23 00:10:00')
  const moving = (known: Partial<Sample> = fixOf(110.2)): Sample[] =>
    [0, 30].map((s) => sampleAt(startMs + s * 1000, { speedKmh: 60, ...known }))
  const evidence = (entry: Partial<BannedHours>, known: Partial<Settings>, samples = moving()): unknown[] => {
    const policy: PolicyFile = { bannedHours: [{ ...ban, ...entry }] }
    return drive(bannedHours, samples, settingsFor('hazmat', policy, { areas, ...known })).findings.map(
      (finding) => finding.evidence,
    )
  }
  const plain = {
    ...{ notice: '公告9号', from: '00:00', to: '06:00', roadClass: null, areaId: null, areaName: null },
    ...{ routeId: null, goodsClass: null, since: '2026-11-22T16:10:00.000Z' },
  }

  it('of a notice that names no place', () => {
    expect(evidence({}, {})).toEqual([plain])
    expect(evidence({}, {}, moving({}))).toEqual([plain])
  })

  it('of one that names road, area and goods', () => {
    const trip = tripSchema.parse({
      ...{ id: 't', vehicle: 'bus-1', from: '2026-11-22T00:00:00Z', to: '2026-11-24T00:00:00Z' },
      ...{ drivers: [], serviceClass: null, oneWayKm: null, waybill: { goodsClass: '3', escort: null } },
    })
    const named = { roadClass: 'motorway', areas: ['city'], goods: ['3'] } as const
    expect(evidence({ ...named, areas: ['city'], goods: ['3'] }, { trip, route: on(0) })).toEqual([
      {
        ...{ ...plain, roadClass: 'motorway', areaId: 'city', areaName: '中心城区' },
        ...{ routeId: 'G70', goodsClass: '3' },
      },
    ])
  })

  it('of a notice before it: by when, and how long that is', () => {
    const at = (clock: string): Sample =>
      sampleAt(beijing(`2026-11-22 ${clock}`), { speedKmh: 60, ...fixOf(110.2) })
    const { since: _, ...words } = plain
    expect(evidence({}, {}, [at('23:40:00')])).toEqual([
      { ...words, stopBy: '2026-11-22T16:00:00.000Z', leftS: 1200 },
    ])
  })
})

describe('what is remembered', () => {
  const ban = { id: 'b', notice: 'n', from: '00:00', to: '06:00', classes: ['hazmat' as const] }
  const settings = (from = '00:00', known: Partial<Settings> = {}): Settings =>
    settingsFor('hazmat', { bannedHours: [{ ...ban, from }] }, { areas, ...known })
  const at = (clock: string, known: Partial<Sample> = {}): Sample =>
    sampleAt(beijing(`2026-11-23 ${clock}`), { speedKmh: 60, ...fixOf(110.2), ...known })

  it('moves with a corrected clock, by however little, though nothing is decided meanwhile', () => {
    const { state } = drive(bannedHours, [at('01:00:00'), at('01:00:30')], settings())
    expect(state.entries['b']?.watch).toMatchObject({ run: { lastMs: beijing('2026-11-23 01:00:30') } })
    for (const clockStepMs of [1, 60_000]) {
      const step = bannedHours.step(state, at('01:00:31', { trusted: false, clockStepMs }), settings())
      expect(step.findings).toEqual([])
      expect(step.state.entries['b']?.watch.run?.lastMs).toBe(beijing('2026-11-23 01:00:30') + clockStepMs)
    }
    expect(bannedHours.step(state, at('01:00:31', { trusted: false }), settings()).state).toBe(state)
  })

  it('tells moving across the due instant from a Sample at that very instant', () => {
    const told = (from: string, ...samples: Sample[]): unknown[] => {
      const changeMs = samples.at(-1)!.atMs
      return drive(bannedHours, samples, ({ atMs }) =>
        settings(atMs < changeMs ? '12:00' : from),
      ).findings.map(({ atMs }) => atMs - beijing('2026-11-23 09:30:00'))
    }
    // The hours were moved forward to 10:00 while it drove: due at 09:30.
    expect(told('10:00', at('09:29:59.999'), at('09:30:20'))).toEqual([0])
    expect(told('10:00', at('09:30:00'), at('09:30:20'))).toEqual([20_000])
    expect(told('10:00', at('09:30:01'), at('09:30:20'))).toEqual([20_000])
    expect(told('10:00', at('09:25:20'), at('09:30:20'))).toEqual([0])
    expect(told('10:00', at('09:25:19.999'), at('09:30:20'))).toEqual([20_000])
  })

  it('is the place on the route, whatever became of the route', () => {
    const samples = [at('23:29:58'), at('23:30:00')]
    const due = (first: Corridor | null, then: Corridor | null): unknown[] =>
      drive(bannedHours, samples, ({ atMs }) =>
        settings('00:00', { route: atMs < samples[1]!.atMs ? first : then }),
      ).findings.map(({ kind }) => kind)
    for (const [first, then] of [
      [null, on(0)],
      [on(0), null],
      [on(0, 'motorway', 2), on(0)],
      [on(0), on(0)],
    ] as const)
      expect(due(first, then)).toEqual(['banned-hours-warning'])
  })
})
