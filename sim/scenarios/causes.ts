import { base, type Cause, cause, driver, steady } from './cause.ts'
import { cameraCauses } from './causes-cameras.ts'
import { officeCauses } from './causes-office.ts'

/**
 * For every kind of finding that bytes of the lines can cause, a few minutes that cause it. Each says in `about` what
 * must come of it; `test/end-to-end/causes.test.ts` drives them all over real ttys.
 */
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
  cause(['off-schedule'], {
    name: 'cause-schedule',
    about: 'Due at a station a minute ago and still on the road: off-schedule.',
    minutes: 2,
    policy: { schedule: { lateS: 20 } },
    areas: [{ id: 'stop-1', name: '合成客运站', role: 'station', fromKm: 230, toKm: 230.4, halfWidthM: 200 }],
    trip: {
      ...base.trip,
      stops: [{ areaId: 'stop-1', arrive: '2026-11-23T10:00:40+08:00', depart: '2026-11-23T10:05:00+08:00' }],
    },
    legs: steady('10:02:00'),
  }),
  cause(['seat-belt', 'approach', 'speeding-warning'], {
    name: 'cause-cab',
    about:
      'A departure, a black spot ahead and a speed near the limit: words to the driver alone, seat-belt, approach and speeding-warning.',
    minutes: 3,
    policy: { conduct: { beltStopS: 15 } },
    areas: [
      {
        ...{
          id: 'spot',
          name: '合成事故多发点',
          role: 'riskSection',
          fromKm: 201.6,
          toKm: 202.4,
          halfWidthM: 200,
        },
        approachM: 500,
      },
    ],
    startKmh: 0,
    legs: [
      { until: '10:00:30', kmh: 0 },
      { until: '10:03:00', kmh: 98 },
    ],
  }),
  ...cameraCauses,
  ...officeCauses,
]
