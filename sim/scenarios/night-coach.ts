import type { ScenarioFile } from '../scenario.ts'
import { line1150, syntheticOrigin } from './line-1150.ts'

/** What `npm start` shows: one night on which a scheduled coach gives an officer every kind of work. */
export const nightCoach: ScenarioFile = {
  name: 'night-coach',
  about:
    'A scheduled coach on a line of 1,150 km, without a relay certificate, sets out at 23:40: speeding, off-route, area, fatigue-warning, fatigue, and at 02:00 the curfew, in this order.',
  origin: syntheticOrigin,
  seed: 2340,
  start: '2026-11-22T23:40:00+08:00',
  end: '2026-11-23T02:03:00+08:00',
  vehicle: {
    id: 'coach-1150',
    fleet: 'demo',
    plate: '湘A0T650',
    class: 'coach',
    serviceClass: 'scheduled',
    oneWayKm: 1150,
    relay: null,
  },
  trip: {
    id: 'line-1150-20261122',
    vehicle: 'coach-1150',
    from: '2026-11-22T23:30:00+08:00',
    to: '2026-11-23T12:00:00+08:00',
    drivers: ['H430-10571', 'H430-20833'],
    serviceClass: 'scheduled',
    oneWayKm: 1150,
    route: 'line-1150',
    relay: null,
  },
  road: line1150,
  startKm: 412,
  // The yard is just behind him: the first Sample already moves, so driving time begins at 23:40:00 sharp.
  startKmh: 72,
  odometerKm: 384_120.4,
  areas: [
    { id: 'works-bridge', name: '施工大桥', role: 'noEntry', fromKm: 467, toKm: 469.5, halfWidthM: 400 },
    {
      id: 'service-508',
      name: '合成服务区508',
      role: 'serviceArea',
      fromKm: 508,
      toKm: 508.4,
      halfWidthM: 120,
    },
    {
      id: 'service-640',
      name: '合成服务区640',
      role: 'serviceArea',
      fromKm: 640,
      toKm: 640.4,
      halfWidthM: 120,
    },
  ],
  legs: [
    { until: '23:45:00', kmh: 72 },
    // 15 % over the night limit of 80: the driver makes up for a late start.
    { until: '23:47:00', kmh: 92 },
    { until: '00:57:00', kmh: 72 },
    // Six minutes at the roadside count as driving: under 20 minutes is no rest.
    { until: '01:03:00', kmh: 0 },
    { until: '02:03:00', kmh: 72 },
  ],
  // He leaves the motorway around a jam: 1.5 km beside the corridor for 8 km.
  detours: [{ fromKm: 431, toKm: 439, rightM: 1500, rampM: 3000 }],
  cards: [{ driver: 'H430-10571', coDriver: 'H430-20833' }],
}
