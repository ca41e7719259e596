import type { ScenarioFile } from '../scenario.ts'
import { line1150, syntheticOrigin } from './line-1150.ts'

/** Everything that can happen to the two cables in half an hour. */
export const faultyLines: ScenarioFile = {
  name: 'faulty-lines',
  about:
    'A coach drives lawfully by day while its lines fail one after the other: no fix for 2 min, a position that stands still, an open antenna, a silent bus, and both cables pulled.',
  origin: syntheticOrigin,
  seed: 808,
  start: '2026-11-23T09:00:00+08:00',
  end: '2026-11-23T09:30:00+08:00',
  vehicle: {
    id: 'coach-faulty',
    fleet: 'demo',
    plate: '湘A0T652',
    class: 'coach',
    serviceClass: 'scheduled',
    oneWayKm: 320,
    relay: null,
  },
  trip: {
    id: 'faulty-20261123',
    vehicle: 'coach-faulty',
    from: '2026-11-23T08:30:00+08:00',
    to: '2026-11-23T14:00:00+08:00',
    drivers: ['H430-10571'],
    serviceClass: 'scheduled',
    oneWayKm: 320,
    route: 'line-1150',
  },
  road: line1150,
  startKm: 200,
  odometerKm: 55_012.7,
  legs: [
    { until: '09:29:00', kmh: 90 },
    { until: '09:30:00', kmh: 0 },
  ],
  cards: [{ driver: 'H430-10571' }],
  receiver: { talker: 'BD' },
  faults: {
    gnss: [
      { from: '09:04:00', to: '09:06:00', how: 'void' },
      { from: '09:08:00', to: '09:10:00', how: 'frozen' },
      { from: '09:20:00', to: '09:21:00', how: 'unplug' },
    ],
    can: [
      { from: '09:16:00', to: '09:17:00', how: 'silent' },
      { from: '09:23:00', to: '09:24:00', how: 'unplug' },
    ],
    antenna: [{ from: '09:12:00', to: '09:14:00', state: 'open' }],
  },
}
