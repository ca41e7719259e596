import { parseScenario, type Scenario, type ScenarioFile } from '../scenario.ts'
import { line1150, syntheticOrigin } from './line-1150.ts'

/**
 * For every kind of finding that bytes of the two lines can cause, a few minutes that cause it. Each says in `about` what
 * must come of it; `test/end-to-end/causes.test.ts` drives them all over real ttys.
 */
export type Cause = { readonly scenario: Scenario; readonly kinds: readonly string[] }

const driver = 'H430-10571'
const base = {
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

function cause(kinds: readonly string[], { minutes, ...told }: Told): Cause {
  const end = new Date(Date.parse(base.start) + minutes * 60_000).toISOString()
  return { kinds, scenario: parseScenario({ ...base, ...told, end }, `scenario ${told.name}`) }
}

const steady = (until: string, kmh = 80): ScenarioFile['legs'] => [{ until, kmh }]

export const causes: readonly Cause[] = [
  cause(['speeding'], {
    name: 'cause-speeding',
    about: '118 km/h for 40 s where 100 are allowed: speeding.',
    minutes: 2,
    startKmh: 98,
    legs: [
      { until: '10:00:20', kmh: 98 },
      { until: '10:01:10', kmh: 118 },
      { until: '10:02:00', kmh: 80 },
    ],
  }),
  cause(['off-route'], {
    name: 'cause-off-route',
    about: 'A detour 1.2 km beside the corridor: off-route.',
    minutes: 4,
    legs: steady('10:04:00', 90),
    detours: [{ fromKm: 200.6, toKm: 205.4, rightM: 1200, rampM: 1500 }],
  }),
  cause(['fatigue', 'fatigue-warning'], {
    name: 'cause-fatigue',
    about: 'A policy of two minutes instead of four hours: fatigue-warning after one, fatigue after two.',
    minutes: 3,
    policy: { fatigue: { continuousS: 120, warnBeforeS: 60 } },
    legs: steady('10:03:00'),
  }),
  cause(['no-driver', 'driver-change-doubtful'], {
    name: 'cause-cards',
    about: 'At 80 km/h one card replaces the other, then none is in: driver-change-doubtful, no-driver.',
    minutes: 3,
    legs: steady('10:03:00'),
    cards: [{ driver }, { at: '10:00:40', driver: 'H430-30994' }, { at: '10:01:20', driver: null }],
  }),
  cause(['door-open', 'harsh-acceleration', 'harsh-braking', 'coasting', 'overload', 'emergency'], {
    name: 'cause-conduct',
    about:
      'An overloaded coach with a door open, a hard start, a hard stop, a slope in neutral and a pressed button: door-open, harsh-acceleration, harsh-braking, coasting, overload, emergency.',
    minutes: 4,
    startKmh: 30,
    massKg: 20_100,
    areas: [
      { id: 'slope', name: '合成长下坡', role: 'riskSection', fromKm: 199, toKm: 210, halfWidthM: 300 },
    ],
    legs: [
      { until: '10:00:30', kmh: 30 },
      { until: '10:00:50', kmh: 30, doorOpen: true },
      { until: '10:01:30', kmh: 90, rateMps2: 4 },
      { until: '10:02:10', kmh: 30, rateMps2: 5 },
      { until: '10:02:40', kmh: 60 },
      { until: '10:03:10', kmh: 60, neutral: true },
      { until: '10:04:00', kmh: 60 },
    ],
    faults: { emergency: [{ from: '10:03:20', to: '10:03:25', reason: 'attack' }] },
  }),
  cause(['antenna-short', 'antenna-open'], {
    name: 'cause-antenna',
    about: 'The antenna shorts, then it is off: antenna-short, antenna-open.',
    minutes: 3,
    legs: steady('10:03:00'),
    faults: {
      antenna: [
        { from: '10:00:40', to: '10:01:10', state: 'short' },
        { from: '10:01:40', to: '10:02:10', state: 'open' },
      ],
    },
  }),
  cause(['clock-conflict'], {
    name: 'cause-clock',
    about: 'The receiver dates half a minute an hour too early: clock-conflict, there and back.',
    minutes: 3,
    legs: steady('10:03:00'),
    faults: { gnss: [{ from: '10:01:00', to: '10:01:30', how: 'clock', shiftS: -3600 }] },
  }),
  cause(['gnss-lost', 'gnss-frozen', 'can-silent'], {
    name: 'cause-lines',
    about: 'No fix, then one that stands still, then a silent bus: gnss-lost, gnss-frozen, can-silent.',
    minutes: 6,
    legs: steady('10:06:00'),
    faults: {
      gnss: [
        { from: '10:00:40', to: '10:02:10', how: 'void' },
        { from: '10:02:40', to: '10:03:40', how: 'frozen' },
      ],
      can: [{ from: '10:04:20', to: '10:05:20', how: 'silent' }],
    },
  }),
  cause(['speed-mismatch'], {
    name: 'cause-speed-mismatch',
    about: 'Wheels that show a fifth less for six minutes: speed-mismatch.',
    minutes: 7,
    legs: steady('10:07:00'),
    faults: { can: [{ from: '10:00:20', to: '10:06:20', how: 'scale', factor: 0.8 }] },
  }),
  cause(['power-cut'], {
    name: 'cause-power-cut',
    about: 'The battery falls to nothing on the move and comes back: power-cut.',
    minutes: 2,
    legs: steady('10:02:00'),
    faults: { power: [{ from: '10:01:00', to: '10:01:20', volts: 0 }] },
  }),
  cause(['crash-suspected'], {
    name: 'cause-crash',
    about: 'From 80 km/h to nothing in 0.4 s, then a minute without motion: crash-suspected.',
    minutes: 2,
    legs: [
      { until: '10:00:50', kmh: 80 },
      { until: '10:02:00', kmh: 0, rateMps2: 60 },
    ],
    receiver: { rateHz: 10 },
  }),
]
