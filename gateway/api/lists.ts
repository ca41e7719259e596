import { z } from 'zod'

/** What lists have in common: pages with a cursor, instants, and words joined by commas. */

export const limitSchema = (max: number, usual: number) =>
  z.coerce.number().int().min(1).max(max).default(usual).describe('items of a page')

/** An ISO instant or milliseconds; milliseconds come out. */
export const untilSchema = z
  .string()
  .max(40)
  .transform((text, context) => {
    const ms = /^\d{10,16}$/.test(text) ? Number(text) : Date.parse(text)
    if (Number.isFinite(ms)) return ms
    context.issues.push({
      code: 'custom',
      input: text,
      message: 'an ISO instant such as "2026-11-22T23:40:00+08:00" is needed',
    })
    return z.NEVER
  })

export const severitySchema = <T extends string>(severities: readonly T[]) =>
  z
    .string()
    .max(100)
    .refine(
      (text) => text.split(',').every((one) => severities.includes(one as T)),
      `one or more of ${severities.join(', ')}`,
    )
    .transform((text) => text.split(',') as T[])
    .describe('one or more, by commas')

export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable().describe('`after` of the next page') })

/** A page of what was found; one more than asked for shows that there is another. */
export function pageOf<T>(found: readonly T[], limit: number, cursor: (one: T) => string) {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, next: found.length > limit && last !== undefined ? cursor(last) : null }
}
