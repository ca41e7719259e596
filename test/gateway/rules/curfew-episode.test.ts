import { describe, expect, it } from 'vitest'
import { type CurfewEpisode, curfewEvidence, curfewFinding } from '../../../gateway/rules/curfew-episode.ts'
import type { Verdict } from '../../../gateway/rules/curfew-verdict.ts'
import type { Settings } from '../../../proto/settings.ts'
import { tripSchema } from '../../../proto/shapes/trip.ts'
import { relaySchema } from '../../../proto/shapes/vehicle.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { roadRoute, settingsFor } from '../../help/road.ts'

/** What an officer is shown of a night. */
const at = (clock: string): number => beijing(`2026-11-23 ${clock}`)
const window = { fromMs: at('02:00:00'), toMs: at('05:00:00') }
const settings = settingsFor('coach')
const relay = relaySchema.parse({
  ...{ certificate: 'JB-1', validTo: '2026-12-31', window: ['22:00', '02:00'], points: ['filed'] },
})
const trip = tripSchema.parse({
  ...{
    id: 'trip-1',
    vehicle: 'bus-1',
    from: '2026-11-22T00:00:00Z',
    to: '2026-11-24T00:00:00Z',
    drivers: [],
  },
  ...{ serviceClass: 'scheduled', oneWayKm: 1150, route: 'route-9', relay },
})
const onTrip: Settings = { ...settings, trip }
const sample = sampleAt(at('03:00:30'), { speedKmh: 59.96, driver: 'B' })
const swap: Verdict['relay'] = {
  nightMs: window.fromMs,
  atMs: beijing('2026-11-22 23:30:00'),
  ...{ driver: 'B', relieved: 'A', areaId: null, nearestPoint: 'filed', nearestM: 299.6, standing: true },
  ...{ plate: '京A1', faults: ['relayNotFiledPoint'], before: ['A'], undone: false },
}
const bare: Verdict = { exempt: null, reasons: ['noCertificate', 'reliefNotFresh'], relay: null }

describe('the inputs that decided', () => {
  const nothing = {
    otherReasons: ['reliefNotFresh'],
    serviceClass: 'scheduled',
    oneWayKm: null,
    feederKm: 200,
    routeId: null,
    certificate: null,
    certificateValidTo: null,
    relayWindow: null,
    relayAt: null,
    curfewFrom: '2026-11-22T18:00:00.000Z',
    curfewTo: '2026-11-22T21:00:00.000Z',
    speedKmh: 60,
  }
  it('where nothing is known: null, never nothing', () => {
    expect(curfewEvidence(bare, window, sample, settings)).toEqual(nothing)
    const unseen = { ...sample, speedKmh: null }
    expect(curfewEvidence(bare, window, unseen, settings)).toEqual({ ...nothing, speedKmh: null })
    const { routeId } = curfewEvidence(bare, window, sample, {
      ...settings,
      trip: { ...trip, route: undefined },
    } as Settings)
    expect(routeId).toBeNull()
  })

  it('where a trip and a swap are: all of them', () => {
    expect(curfewEvidence({ ...bare, relay: swap }, window, sample, onTrip)).toEqual({
      ...nothing,
      oneWayKm: 1150,
      routeId: 'route-9',
      certificate: 'JB-1',
      certificateValidTo: '2026-12-31',
      relayWindow: '22:00-02:00',
      relayAt: '2026-11-22T15:30:00.000Z',
      reliefDriver: 'B',
      relievedDriver: 'A',
      relayAreaId: null,
      relayStanding: true,
      relayPlate: '京A1',
      nearestPoint: 'filed',
      nearestPointM: 300,
    })
    const nowhere = curfewEvidence({ ...bare, relay: { ...swap, nearestM: null } }, window, sample, onTrip)
    expect(nowhere['nearestPointM']).toBeNull()
  })

  it('the route in force goes before the one that the trip names', () => {
    const onRoute = { ...onTrip, route: roadRoute({ id: 'route-1' }) }
    expect(curfewEvidence(bare, window, sample, onRoute)['routeId']).toBe('route-1')
  })
})

describe('a finding of the night', () => {
  const episode: CurfewEpisode = {
    atMs: at('02:00:00'),
    toMs: window.toMs,
    severity: 'minor',
    grade: 'to-verify',
    inferred: false,
    reason: 'intoSafeStop',
    main: 'noCertificate',
    evidence: { serviceClass: 'scheduled' },
    lastMoving: { atMs: at('02:10:00'), untilMs: at('02:10:01') },
    driver: 'A',
    trip: 'trip-0',
    place: { lat: 30, lon: 114 },
  }
  const common = {
    kind: 'curfew',
    reason: 'intoSafeStop',
    subject: 'bus-1',
    severity: 'minor',
    grade: 'to-verify',
    decidedAtMs: at('03:00:30'),
    place: { lat: 30, lon: 114 },
    driver: 'A',
    trip: 'trip-0',
    rule: { id: 'curfew', version: 1 },
  }
  const since = { serviceClass: 'scheduled', since: '2026-11-22T18:00:00.000Z' }

  it("is the offence's, not that of the row that tells it", () => {
    for (const phase of ['started', 'updated'] as const)
      expect(curfewFinding(episode, phase, sample, onTrip)).toEqual({
        ...common,
        phase,
        atMs: at('02:00:00'),
        evidence: since,
      })
  })

  it('ends where it last moved, at the end of the window at the latest', () => {
    expect(curfewFinding(episode, 'ended', sample, onTrip)).toEqual({
      ...common,
      phase: 'ended',
      atMs: at('02:10:01'),
      evidence: { ...since, durationS: 601 },
    })
    const late = { ...episode, lastMoving: { atMs: at('04:59:59'), untilMs: at('05:00:01') } }
    expect(curfewFinding(late, 'ended', sample, onTrip)).toMatchObject({
      atMs: at('05:00:00'),
      evidence: { durationS: 10_800 },
    })
  })
})
