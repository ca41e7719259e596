import { z } from 'zod'

/** What every refusal holds: which field, and what to do about it, in both languages. */
export const saidSchema = z.object({ zh: z.string(), en: z.string() })
export const problemSchema = z
  .looseObject({ field: z.string(), remedy: saidSchema })
  .describe('which field is wrong, and what to do')
