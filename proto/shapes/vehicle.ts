import { z } from 'zod'
import { clockMs } from '../time.ts'
import { idPattern } from '../topics.ts'

/** File shapes of vehicles (design 10). Keys of ours that are unknown are refused. */

export const idSchema = z.string().regex(idPattern, 'letters, digits, _ and -, at most 64 of them')
export const clockSchema = z
  .string()
  .refine((text) => clockMs(text) !== null, 'a time of day such as "22:00"')
/** An ISO date (to the end of that local day) or instant. */
export const validitySchema = z
  .string()
  .refine(
    (text) => /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text)),
    'an ISO date or instant',
  )
export const instantSchema = z
  .string()
  .refine(
    (text) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)),
    'an ISO instant such as "2026-11-22T23:40:00+08:00"',
  )

export const vehicleClasses = ['coach', 'hazmat', 'truck', 'lowSpeedEv'] as const
export type VehicleClass = (typeof vehicleClasses)[number]
export const serviceClasses = [
  'scheduled',
  'charterTour',
  'commuterCharter',
  'customised',
  'airportRailExpress',
  'shortFeeder',
] as const
export type ServiceClass = (typeof serviceClasses)[number]

export const relaySchema = z.strictObject({
  certificate: z.string().min(1).max(64).nullable(),
  validTo: validitySchema,
  window: z.tuple([clockSchema, clockSchema]).default(['22:00', '02:00']),
  points: z.array(z.string().min(1).max(128)).max(1000),
})
export type Relay = z.infer<typeof relaySchema>

export const vehicleSchema = z.strictObject({
  id: idSchema,
  fleet: idSchema,
  plate: z.string().min(1).max(32).optional(),
  class: z.enum(vehicleClasses),
  serviceClass: z.enum(serviceClasses).nullable(),
  oneWayKm: z.number().positive().max(10_000).nullable(),
  /** Areas that are home; absent: everywhere is away. */
  home: z.array(z.string().min(1).max(128)).max(100).optional(),
  relay: relaySchema.nullable(),
  /** Total mass the registration approves, kg; absent: loads are not judged. */
  approvedMassKg: z.number().positive().max(200_000).optional(),
  /** The last calibration of the recorder's speed, for evidence. */
  calibration: z.strictObject({ certificate: z.string().min(1).max(64), validTo: validitySchema }).optional(),
})
export type Vehicle = z.infer<typeof vehicleSchema>

/** Passenger vehicles have the night rules (80 %, 2 h). */
export function isPassenger(vehicleClass: VehicleClass): boolean {
  return vehicleClass === 'coach'
}

/** What replay assumes without `--vehicle`: a scheduled coach without a relay certificate. */
export const defaultVehicle: Vehicle = {
  id: 'vehicle',
  fleet: 'fleet',
  class: 'coach',
  serviceClass: 'scheduled',
  oneWayKm: null,
  relay: null,
}
