import { parseScenario, type Scenario, type ScenarioFile } from '../scenario.ts'
import { line1150, syntheticOrigin } from './line-1150.ts'

/** What the causes of findings have in common: a coach on a motorway on a Monday morning, and its driver's card. */
export type Cause = { readonly scenario: Scenario; readonly kinds: readonly string[] }

export const driver = 'H430-10571'
export const base = {
  origin: syntheticOrigin,
  seed: 77,
  start: '2026-11-23T10:00:00+08:00',
  vehicle: {
    id: 'coach-cause',
    fleet: 'demo',
    plate: '湘A0T660',
    class: 'coach',
    serviceClass: 'scheduled',
    oneWayKm: 320,
    relay: null,
    approvedMassKg: 18_000,
    calibration: { certificate: 'SYN-JL-0001', validTo: '2026-06-30' },
  },
  trip: {
    id: 'cause-20261123',
    vehicle: 'coach-cause',
    from: '2026-11-23T08:30:00+08:00',
    to: '2026-11-23T14:00:00+08:00',
    drivers: [driver],
    serviceClass: 'scheduled',
    oneWayKm: 320,
    route: 'line-1150',
  },
  road: line1150,
  startKm: 200,
  startKmh: 80,
  odometerKm: 55_012.7,
  cards: [{ driver }],
} satisfies Partial<ScenarioFile>

type Told = Pick<ScenarioFile, 'name' | 'about' | 'legs'> &
  Partial<ScenarioFile> & { readonly minutes: number }

export function cause(kinds: readonly string[], { minutes, ...told }: Told): Cause {
  const end = new Date(Date.parse(told.start ?? base.start) + minutes * 60_000).toISOString()
  return { kinds, scenario: parseScenario({ ...base, ...told, end }, `scenario ${told.name}`) }
}

export const steady = (until: string, kmh = 80): ScenarioFile['legs'] => [{ until, kmh }]
