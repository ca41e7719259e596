import { z } from 'zod'
import { validUntilMs } from '../time.ts'
import { idSchema, instantSchema, validitySchema } from './vehicle.ts'

/** File shape of a driver: who he is, what he may drive until when, and when he may not log in. */
const nameSchema = z.string().trim().min(1).max(128)

/** Of road transport (从业资格): what the holder may be employed as. */
export const qualificationKinds = ['passenger', 'freight', 'hazmat', 'escort'] as const

export const driverSchema = z.strictObject({
  /** As it stands on the card, in trips and in findings. */
  id: nameSchema,
  fleet: idSchema,
  name: nameSchema,
  phone: z.string().trim().max(32).optional(),
  /** Driving licence. */
  licence: z.strictObject({
    number: z.string().trim().min(1).max(64),
    classes: z.array(z.string().trim().min(1).max(8)).min(1).max(20),
    validTo: validitySchema,
  }),
  qualifications: z
    .array(
      z.strictObject({
        kind: z.enum(qualificationKinds),
        number: z.string().trim().min(1).max(64),
        validTo: validitySchema,
      }),
    )
    .max(20)
    .default([]),
  bans: z
    .array(
      z.strictObject({
        from: instantSchema,
        to: instantSchema.nullable().default(null),
        reason: z.string().trim().min(1).max(500),
      }),
    )
    .max(100)
    .default([]),
})
export type Driver = z.infer<typeof driverSchema>

export type Expiry = {
  readonly what: 'licence' | (typeof qualificationKinds)[number]
  readonly validTo: string
  /** Whole days; negative when it is over. */
  readonly daysLeft: number
}

/** What ends when, the first one first. */
export function expiriesOf({ licence, qualifications }: Driver, nowMs: number, zone: string): Expiry[] {
  const papers = [
    { what: 'licence' as const, validTo: licence.validTo },
    ...qualifications.map(({ kind, validTo }) => ({ what: kind, validTo })),
  ]
  return papers
    .map(({ what, validTo }) => {
      const untilMs = validUntilMs(validTo, zone) ?? nowMs
      return { what, validTo, daysLeft: Math.floor((untilMs - nowMs) / 86_400_000) }
    })
    .toSorted((a, b) => a.daysLeft - b.daysLeft)
}

/** Why a driver may not log in at an instant; empty: he may. */
export function bansAt({ bans }: Driver, atMs: number): readonly Driver['bans'][number][] {
  return bans.filter(({ from, to }) => Date.parse(from) <= atMs && (to === null || atMs < Date.parse(to)))
}
