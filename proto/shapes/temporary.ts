import { z } from 'zod'
import { instantSchema } from './vehicle.ts'

/** What the weather, the road works and the police change for some hours: part of a policy, pushed like one. */

const idSchema = z.string().min(1).max(128)
const before = ({ from, to }: { from: string; to: string }): boolean => Date.parse(from) < Date.parse(to)
const endsLater = { message: 'must be later than from', path: ['to'] }

export const temporaryLimitSchema = z
  .strictObject({
    id: idSchema,
    /** In force from, up to but not including. */
    from: instantSchema,
    to: instantSchema,
    cause: z.enum(['fog', 'ice', 'works']),
    limitKmh: z.number().positive().max(250).optional(),
    /** How far one sees: the steps of `speeding.fogSteps` make the limit of it, on motorways. */
    visibilityM: z.number().min(0).max(100_000).optional(),
    /** Only in these areas; absent: everywhere. */
    areas: z.array(idSchema).min(1).max(1000).optional(),
  })
  .refine(before, endsLater)
  .refine(({ limitKmh, visibilityM }) => limitKmh !== undefined || visibilityM !== undefined, {
    message: 'missing; limitKmh or visibilityM is needed',
    path: ['limitKmh'],
  })

export const detourSchema = z
  .strictObject({
    id: idSchema,
    routeId: idSchema,
    /** The stretch of the route that is diverted, metres from its beginning. */
    fromM: z.number().min(0).max(10_000_000),
    toM: z.number().min(0).max(10_000_000),
    from: instantSchema,
    to: instantSchema,
    /** Who approved it. */
    by: z.string().min(1).max(128),
  })
  .refine(before, endsLater)
  .refine(({ fromM, toM }) => fromM < toM, { message: 'must be above fromM', path: ['toM'] })
export type Detour = z.infer<typeof detourSchema>
