import { z } from 'zod'
import { idSchema, instantSchema, relaySchema, serviceClasses, validitySchema } from './vehicle.ts'

/** File shape of a trip (趟次): what the vehicle is doing now (design 10). */
const nameSchema = z.string().min(1).max(128)

export const tripSchema = z.strictObject({
  id: nameSchema,
  /** Of which fleet the vehicle is, where a gateway serves several; absent: of whichever has it. */
  fleet: idSchema.optional(),
  vehicle: idSchema,
  from: instantSchema,
  to: instantSchema,
  drivers: z.array(nameSchema).max(20),
  serviceClass: z.enum(serviceClasses).nullable(),
  oneWayKm: z.number().positive().max(10_000).nullable(),
  route: nameSchema.optional(),
  relay: relaySchema.nullable().optional(),
  relayRecords: z
    .array(
      z.strictObject({
        at: instantSchema,
        areaId: nameSchema,
        driver: nameSchema,
        plate: z.string().max(32).optional(),
      }),
    )
    .max(100)
    .optional(),
  charter: z
    .strictObject({
      plate: nameSchema,
      validFrom: validitySchema,
      validTo: validitySchema,
      areas: z.array(nameSchema).max(1000),
    })
    .optional(),
  waybill: z
    .strictObject({ goodsClass: z.string().min(1).max(16), escort: z.string().max(128).nullable() })
    .optional(),
  stops: z
    .array(z.strictObject({ areaId: nameSchema, arrive: instantSchema, depart: instantSchema }))
    .max(1000)
    .optional(),
})
export type Trip = z.infer<typeof tripSchema>

/** The trip that covers the instant: the one that began last of those whose [from, to) contains it. */
export function tripAt(trips: readonly Trip[], atMs: number): Trip | null {
  let found: Trip | null = null
  for (const trip of trips) {
    if (atMs < Date.parse(trip.from) || atMs >= Date.parse(trip.to)) continue
    if (found === null || Date.parse(trip.from) > Date.parse(found.from)) found = trip
  }
  return found
}
