import { z } from 'zod'

/** What most keys of a policy are: seconds up to a maximum, and speeds. */
export const seconds = (max: number) => z.number().min(0).max(max)
export const kmh = z.number().min(0).max(250)
