import type { ScenarioFile } from '../scenario.ts'
import { line1150, syntheticOrigin } from './line-1150.ts'

/** The same night done lawfully: a fresh driver takes over at the filed point in time, so nothing is found at 02:00. */
export const legalRelay: ScenarioFile = {
  name: 'legal-relay',
  about:
    'A scheduled coach with a relay certificate stops at the filed point at 01:25; a fresh driver puts his card in at 01:30 and drives on through 02:00: no curfew and no curfew-warning.',
  origin: syntheticOrigin,
  seed: 130,
  start: '2026-11-23T01:05:00+08:00',
  end: '2026-11-23T02:10:00+08:00',
  vehicle: {
    id: 'coach-relay',
    fleet: 'demo',
    plate: '湘A0T651',
    class: 'coach',
    serviceClass: 'scheduled',
    oneWayKm: 1150,
    relay: {
      certificate: 'SYN-JB-0001',
      validTo: '2027-06-30',
      window: ['22:00', '02:00'],
      points: ['relay-502'],
    },
  },
  trip: {
    id: 'relay-20261123',
    vehicle: 'coach-relay',
    from: '2026-11-22T18:00:00+08:00',
    to: '2026-11-23T12:00:00+08:00',
    drivers: ['H430-10571', 'H430-30994'],
    serviceClass: 'scheduled',
    oneWayKm: 1150,
    route: 'line-1150',
  },
  road: line1150,
  startKm: 478,
  odometerKm: 201_733.9,
  areas: [
    { id: 'relay-502', name: '合成接驳点502', role: 'relayPoint', fromKm: 500, toKm: 504, halfWidthM: 150 },
  ],
  legs: [
    { until: '01:25:00', kmh: 72 },
    { until: '01:36:00', kmh: 0, doorOpen: true },
    { until: '02:10:00', kmh: 72 },
  ],
  cards: [
    { driver: 'H430-10571' },
    { at: '01:28:30', driver: null },
    { at: '01:30:00', driver: 'H430-30994' },
  ],
}
