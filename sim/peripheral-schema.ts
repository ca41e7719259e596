import { z } from 'zod'
import { clockSchema } from '../proto/shapes/vehicle.ts'
import { peripheralNames, seenNames, tyreAlarms } from './hardware/jsatl.ts'

/** The third line of a scenario's vehicle: which devices speak on it (T/JSATL 12), what they see and when they fail. */

const device = z.enum(peripheralNames)

export const peripheralSchema = z.strictObject({
  /** Each sends a sign of life every five seconds while the ignition is on. */
  devices: z.array(device).min(1),
  /** What a camera reports: at a moment, or from a start to an end. */
  events: z
    .array(
      z.strictObject({
        at: clockSchema,
        to: clockSchema.optional(),
        what: z.enum(seenNames),
        /** Absent: the camera leaves the level to the terminal. */
        level: z.union([z.literal(1), z.literal(2)]).optional(),
        /** Of `fatigue`, 1 to 10. */
        degree: z.number().int().min(1).max(10).default(8),
        /** Of what is ahead: its speed, and how far it is as time. */
        frontKmh: z.number().min(0).max(250).default(60),
        distanceS: z.number().min(0).max(10).default(1),
        /** Of `lane-departure`. */
        side: z.enum(['left', 'right']).default('right'),
      }),
    )
    .default([]),
  /** What a tyre says from a moment on, told every ten seconds; `tyre` counts from 0 in a Z from the left front one. */
  tyres: z
    .array(
      z.strictObject({
        at: clockSchema,
        tyre: z.number().int().min(0).max(31),
        pressureKpa: z.number().int().min(0).max(2000),
        temperatureC: z.number().int().min(-60).max(200).default(40),
        batteryPct: z.number().int().min(0).max(100).default(90),
        alarms: z.array(z.enum(tyreAlarms)).default([]),
      }),
    )
    .default([]),
  /** A device that says nothing more, or says that it is broken. */
  faults: z
    .array(z.strictObject({ from: clockSchema, to: clockSchema, device, how: z.enum(['silent', 'broken']) }))
    .default([]),
})
export type PeripheralTold = z.infer<typeof peripheralSchema>
