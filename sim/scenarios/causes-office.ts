import { base, type Cause, cause, steady } from './cause.ts'

/** What the rules of the gateway make of the telemetry of a vehicle: hours, areas, papers. */
export const officeCauses: readonly Cause[] = [
  cause(['curfew', 'curfew-warning'], {
    name: 'cause-curfew',
    about: 'A coach without relay drives on over 02:00: curfew-warning, curfew.',
    minutes: 3,
    start: '2026-11-24T01:58:30+08:00',
    trip: { ...base.trip, from: '2026-11-23T22:00:00+08:00', to: '2026-11-24T06:00:00+08:00' },
    legs: steady('02:01:30', 70),
  }),
  cause(['area', 'area-warning', 'forbidden-stop'], {
    name: 'cause-areas',
    about:
      'Inside an area that closes at 10:01, then a halt where none may be: area-warning, area, forbidden-stop.',
    minutes: 4,
    areas: [
      {
        ...{
          id: 'closing',
          name: '合成时段禁行区',
          role: 'noEntry',
          fromKm: 199,
          toKm: 210,
          halfWidthM: 400,
        },
        windows: [{ from: '10:01', to: '11:00' }],
      },
      {
        ...{
          id: 'no-stop',
          name: '合成禁停路段',
          role: 'noStopping',
          fromKm: 199,
          toKm: 210,
          halfWidthM: 300,
        },
        dwellS: 20,
      },
    ],
    legs: [
      { until: '10:02:00', kmh: 80 },
      { until: '10:03:20', kmh: 0 },
      { until: '10:04:00', kmh: 60 },
    ],
  }),
  cause(['banned-hours', 'banned-hours-warning'], {
    name: 'cause-banned-hours',
    about: 'A notice that closes the road to coaches from 10:01 on: banned-hours-warning, banned-hours.',
    minutes: 2,
    policy: {
      bannedHours: [{ id: 'syn-1', notice: '合成通告1号', from: '10:01', to: '11:00', classes: ['coach'] }],
    },
    legs: steady('10:02:00'),
  }),
  cause(['charter-no-plate'], {
    name: 'cause-charter',
    about: 'A charter tour without a plate: charter-no-plate.',
    minutes: 1,
    trip: { ...base.trip, serviceClass: 'charterTour' },
    legs: steady('10:01:00'),
  }),
]
