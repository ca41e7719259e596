import type { ScenarioFile } from '../scenario.ts'
import { type Cause, cause, steady } from './cause.ts'

/** The third line: each thing that a camera can see, tyres, blind spots, and devices that fail. */

type Peripheral = NonNullable<ScenarioFile['peripheral']>
type Event = NonNullable<Peripheral['events']>[number]

/** Seen at motorway speed, so that it is an alarm and no mere word to the driver. */
function seen(
  kind: string,
  device: Peripheral['devices'][number],
  what: Event['what'],
  more: Partial<Event> = {},
): Cause {
  return cause([kind], {
    name: what === 'fatigue' ? 'cause-camera-fatigue' : `cause-${what}`,
    about: `A camera reports ${what} at 80 km/h: ${kind}.`,
    minutes: 1,
    legs: steady('10:01:00'),
    peripheral: { devices: [device], events: [{ at: '10:00:20', what, ...more }] },
  })
}

export const cameraCauses: readonly Cause[] = [
  seen('fatigue', 'dsm', 'fatigue', { degree: 8, level: 2 }),
  seen('phone', 'dsm', 'phone', { to: '10:00:35' }),
  seen('smoking', 'dsm', 'smoking'),
  seen('distraction', 'dsm', 'distraction', { level: 1 }),
  seen('driver-absent', 'dsm', 'driver-absent'),
  seen('forward-collision', 'adas', 'forward-collision', { frontKmh: 52, distanceS: 1.4 }),
  seen('lane-departure', 'adas', 'lane-departure', { side: 'left' }),
  seen('headway', 'adas', 'headway', { distanceS: 0.8 }),
  seen('pedestrian', 'adas', 'pedestrian', { distanceS: 1.1 }),
  seen('blind-spot', 'bsd', 'right-rear-approach'),
  cause(['camera-warning'], {
    name: 'cause-camera-warning',
    about:
      'A phone at 40 km/h, between the two speeds of the standard: camera-warning, which only the driver hears.',
    minutes: 1,
    startKmh: 40,
    legs: steady('10:01:00', 40),
    peripheral: { devices: ['dsm'], events: [{ at: '10:00:20', what: 'phone' }] },
  }),
  cause(['tyre-pressure'], {
    name: 'cause-tyre-pressure',
    about: 'A tyre that leaks, is low, and is filled again: tyre-pressure, begun and ended.',
    minutes: 2,
    legs: steady('10:02:00'),
    peripheral: {
      devices: ['tpms'],
      tyres: [
        { at: '10:00:10', tyre: 2, pressureKpa: 830 },
        { at: '10:00:30', tyre: 2, pressureKpa: 700, alarms: ['slow-leak'] },
        { at: '10:00:50', tyre: 2, pressureKpa: 560, alarms: ['slow-leak', 'low'] },
        { at: '10:01:30', tyre: 2, pressureKpa: 830 },
      ],
    },
  }),
  cause(['camera-fault'], {
    name: 'cause-camera-fault',
    about: 'A camera says that it is broken, another one says nothing for more than a minute: camera-fault.',
    minutes: 3,
    legs: steady('10:03:00'),
    peripheral: {
      devices: ['adas', 'dsm'],
      faults: [
        { from: '10:00:20', to: '10:00:50', device: 'adas', how: 'broken' },
        { from: '10:00:30', to: '10:02:20', device: 'dsm', how: 'silent' },
      ],
    },
  }),
]
