import { describe, expect, it } from 'vitest'
import {
  certificateHolds,
  judge,
  relayReachable,
  serviceOf,
  type Verdict,
} from '../../../gateway/rules/curfew-verdict.ts'
import { noRelay, type RelayState, type Swap } from '../../../gateway/rules/relay.ts'
import type { Policy } from '../../../proto/policy.ts'
import type { Settings } from '../../../proto/settings.ts'
import { tripSchema } from '../../../proto/shapes/trip.ts'
import { type Relay, relaySchema, type ServiceClass, serviceClasses } from '../../../proto/shapes/vehicle.ts'
import { beijing } from '../../help/drive.ts'
import { settingsFor } from '../../help/road.ts'

const relay = relaySchema.parse({
  certificate: 'JB-1',
  validTo: '2026-11-23',
  window: ['22:00', '02:00'],
  points: ['filed'],
})
const at = (clock: string): number => beijing(`2026-11-23 ${clock}`)
const nightMs = at('02:00:00')
const swap: Swap = {
  nightMs,
  atMs: beijing('2026-11-22 23:30:00'),
  driver: 'B',
  relieved: 'A',
  ...{ areaId: 'filed', nearestPoint: 'filed', nearestM: 0, standing: true, plate: null },
  ...{ faults: [], before: ['A'], undone: false },
}
const relayed = (...faults: Swap['faults']): RelayState => ({ ...noRelay, best: { ...swap, faults } })

type Coach = {
  readonly service: ServiceClass | null
  readonly km?: number | null
  readonly relay?: Relay | null
  readonly curfew?: Partial<Policy['curfew']>
}
const settingsOf = ({ service, km = null, relay: held = null, curfew = {} }: Coach): Settings => {
  const base = settingsFor('coach', { curfew })
  return { ...base, vehicle: { ...base.vehicle, serviceClass: service, oneWayKm: km, relay: held } }
}
const verdict = (coach: Coach, state = noRelay, clock = '03:00:00'): Verdict =>
  judge(state, { nightMs, atMs: at(clock), nowMs: at(clock) }, settingsOf(coach))

const exempt = (why: Verdict['exempt']): Verdict => ({ exempt: why, reasons: [], relay: null })
const against = (...reasons: Verdict['reasons']): Verdict => ({ exempt: null, reasons, relay: null })

describe('who may run between 02:00 and 05:00', () => {
  const all = { kmLimitApplies: 'all' } as const
  it.each<[string, Coach, Verdict]>([
    ['a scheduled coach', { service: 'scheduled' }, against('noCertificate')],
    ['a charter tour', { service: 'charterTour' }, against('noCertificate')],
    ['an airport express', { service: 'airportRailExpress' }, exempt('service')],
    ['a commuter charter of 900 km', { service: 'commuterCharter', km: 900 }, exempt('service')],
    ['a customised service', { service: 'customised' }, exempt('service')],
    [
      'one of unknown length where all have a limit',
      { service: 'customised', curfew: all },
      against('oneWayKmUnknown', 'noCertificate'),
    ],
    ['one of 200 km there', { service: 'customised', km: 200, curfew: all }, exempt('service')],
    ['one of 200.1 km there', { service: 'customised', km: 200.1, curfew: all }, against('noCertificate')],
    ['a feeder of 200 km', { service: 'shortFeeder', km: 200 }, exempt('feeder')],
    ['a feeder of 200.1 km', { service: 'shortFeeder', km: 200.1 }, against('noCertificate')],
    ['a feeder of unknown length', { service: 'shortFeeder' }, against('oneWayKmUnknown', 'noCertificate')],
    ['a scheduled coach of unknown length', { service: 'scheduled', km: null }, against('noCertificate')],
    ['a scheduled coach of 80 km', { service: 'scheduled', km: 80 }, against('noCertificate')],
    ['nobody knows what it is', { service: null, km: 80 }, against('serviceClassUnknown', 'noCertificate')],
    ['nor how far', { service: null }, against('serviceClassUnknown', 'noCertificate')],
    [
      'a line shorter than the policy calls long',
      { service: 'scheduled', km: 99.9, curfew: { minOneWayKm: 100 } },
      exempt('shortLine'),
    ],
    [
      'a line just as long',
      { service: 'scheduled', km: 100, curfew: { minOneWayKm: 100 } },
      against('noCertificate'),
    ],
    [
      'a short line of an unknown service',
      { service: null, km: 50, curfew: { minOneWayKm: 100 } },
      against('serviceClassUnknown', 'noCertificate'),
    ],
    [
      'a line of unknown length, where short ones are free',
      { service: 'scheduled', curfew: { minOneWayKm: 100 } },
      against('noCertificate'),
    ],
  ])('%s', (_, coach, expected) => {
    expect(verdict(coach)).toEqual(expected)
  })

  it('with a certificate and no relay tonight: outside the window', () => {
    expect(verdict({ service: 'scheduled', relay })).toEqual(against('relayOutsideWindow'))
  })

  it('with both', () => {
    const state = relayed()
    expect(verdict({ service: 'scheduled', relay }, state)).toEqual({
      exempt: 'relay',
      reasons: [],
      relay: state.best,
    })
  })

  it('with a relay that has its faults, in the order of an officer', () => {
    const state = relayed('relayNotFiledPoint', 'reliefNotFresh')
    expect(verdict({ service: 'scheduled', relay }, state)).toEqual({
      exempt: null,
      reasons: ['relayNotFiledPoint', 'reliefNotFresh'],
      relay: state.best,
    })
    const late = { ...relay, validTo: '2026-11-22' }
    expect(verdict({ service: 'scheduled', relay: late }, state).reasons).toEqual([
      'certificateExpired',
      'relayNotFiledPoint',
      'reliefNotFresh',
    ])
  })

  it('with a relay that counts, an expired certificate and an unknown service still stand against it', () => {
    const late = { ...relay, validTo: '2026-11-22' }
    expect(verdict({ service: 'scheduled', relay: late }, relayed()).reasons).toEqual(['certificateExpired'])
    expect(verdict({ service: null, relay }, relayed()).reasons).toEqual(['serviceClassUnknown'])
    const feeder = { service: 'shortFeeder', relay } as const
    expect(verdict(feeder, relayed()).reasons).toEqual(['oneWayKmUnknown', 'noCertificate'])
  })

  it.each(serviceClasses.filter((service) => service !== 'scheduled'))(
    'a certificate covers no %s',
    (service) => {
      const km = { km: 300, curfew: { kmLimitApplies: 'all' } } as const
      expect(verdict({ service, relay, ...km }, relayed()).reasons).toEqual(['noCertificate'])
    },
  )

  it('points without a certificate', () => {
    const bare = { ...relay, certificate: null }
    expect(verdict({ service: 'scheduled', relay: bare }, relayed()).reasons).toEqual(['noCertificate'])
  })
})

describe('the service', () => {
  const trip = {
    ...{ id: 't', vehicle: 'bus-1', from: '2026-11-22T00:00:00Z', to: '2026-11-24T00:00:00Z', drivers: [] },
    ...{ serviceClass: 'customised', oneWayKm: null },
  }
  it("is the trip's where there is one, with what it leaves unknown; else the vehicle's", () => {
    const settings = settingsOf({ service: 'scheduled', km: 900 })
    expect(serviceOf(settings)).toEqual({ serviceClass: 'scheduled', oneWayKm: 900 })
    expect(serviceOf({ ...settings, trip: tripSchema.parse(trip) })).toEqual({
      serviceClass: 'customised',
      oneWayKm: null,
    })
  })
})

describe('the certificate', () => {
  it.each<[string, Relay | null, string, boolean]>([
    ['holds to the end of its day', relay, '2026-11-23 23:59:59.999', true],
    ['and not longer', relay, '2026-11-24 00:00:00', false],
    [
      'holds to its instant',
      { ...relay, validTo: '2026-11-23T03:00:00+08:00' },
      '2026-11-23 02:59:59.999',
      true,
    ],
    ['and not at it', { ...relay, validTo: '2026-11-23T03:00:00+08:00' }, '2026-11-23 03:00:00', false],
    ['is none without a number', { ...relay, certificate: null }, '2026-11-23 03:00:00', false],
    ['is none without a relay', null, '2026-11-23 03:00:00', false],
    ['is none when its end cannot be read', { ...relay, validTo: 'some day' }, '2026-11-23 03:00:00', false],
  ])('%s', (_, held, text, holds) => {
    expect(certificateHolds(settingsOf({ service: 'scheduled', relay: held }), beijing(text))).toBe(holds)
  })
})

describe('a relay can still be made', () => {
  const settings = settingsOf({ service: 'scheduled', relay })
  it.each<[string, Settings, number, boolean]>([
    ['before the window', settings, nightMs - 1, true],
    ['not once it began', settings, nightMs, false],
    ['not by a charter', settingsOf({ service: 'charterTour', relay }), nightMs - 1, false],
    ['not by an unknown service', settingsOf({ service: null, relay }), nightMs - 1, false],
    ['not without a relay', settingsOf({ service: 'scheduled' }), nightMs - 1, false],
    [
      'not without a point',
      settingsOf({ service: 'scheduled', relay: { ...relay, points: [] } }),
      nightMs - 1,
      false,
    ],
    [
      'not when the certificate ends as the window begins',
      settingsOf({ service: 'scheduled', relay: { ...relay, validTo: '2026-11-23T02:00:00+08:00' } }),
      nightMs - 1,
      false,
    ],
    [
      'when it holds for a moment of it',
      settingsOf({ service: 'scheduled', relay: { ...relay, validTo: '2026-11-23T02:00:00.001+08:00' } }),
      nightMs - 1,
      true,
    ],
  ])('%s', (_, inForce, atMs, expected) => {
    expect(relayReachable(nightMs, atMs, inForce)).toBe(expected)
  })
})
