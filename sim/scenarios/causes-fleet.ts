import { base, type Cause, cause, steady } from './cause.ts'

/**
 * What no line of one vehicle can tell alone: that it is not heard, that it moved meanwhile, that its outbox is gone, and that one card
 * drives two vehicles. Driven with a gateway, and in fast motion, by `test/end-to-end/causes-fleet.test.ts`.
 */
const other = 'coach-beside'

export const fleetCauses: readonly Cause[] = [
  cause(['silence', 'displacement', 'epoch-reset', 'driver-overlap'], {
    name: 'cause-away',
    about:
      'One card in two coaches at once; one of them loses its power for twenty minutes on the road, and its outbox with it: driver-overlap, silence, displacement, epoch-reset.',
    minutes: 28,
    legs: steady('10:28:00'),
    beside: [
      {
        vehicle: { ...base.vehicle, id: other, plate: '湘A0T661' },
        trip: { ...base.trip, id: 'beside-20261123', vehicle: other },
        startKm: 170,
        odometerKm: 81_300.4,
      },
    ],
    faults: { terminal: [{ from: '10:04:00', to: '10:24:00', outbox: 'lost' }] },
  }),
]
