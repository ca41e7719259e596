import { z } from 'zod'
import { type ApiRequest, fleetsWith, type Right, type Who } from '../../api/route.ts'
import type { Actor } from '../complaints.ts'

/** Lists by cursor, and who acts. */
export type Paged = { readonly after?: string | undefined; readonly limit: number }

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable().describe('null: this was the last page') })

export type Page<T> = { readonly items: readonly T[]; readonly next: string | null }

const chunkMax = 500

/**
 * Reads on until a page is full or there is no more: whoever may see little never gets an empty page in the middle.
 * `read` gives what comes after a cursor, and how many rows it looked at may be more than what it gives.
 */
export function pageOf<Row extends { readonly cursor: number }, T>(
  { after, limit }: Paged,
  start: number,
  read: (cursor: number, limit: number) => readonly Row[],
  shown: (row: Row) => T | null,
): Page<T> {
  const items: T[] = []
  let cursor = cursorOf(after) ?? start
  for (;;) {
    const rows = read(cursor, chunkMax)
    for (const row of rows) {
      cursor = row.cursor
      const item = shown(row)
      if (item !== null) items.push(item)
      if (items.length === limit) return { items, next: String(cursor) }
    }
    if (rows.length < chunkMax) return { items, next: null }
  }
}

function cursorOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return null
  return Number(text)
}

/** Whether something of a fleet is in a list that was asked for, perhaps of one fleet only. */
export function sees(who: Who, right: Right, asked: string | undefined): (fleet: string) => boolean {
  const fleets = fleetsWith(who, right)
  return (fleet) => (asked === undefined || asked === fleet) && (fleets === null || fleets.includes(fleet))
}

/** Who does it, as the register writes it down; null: he must say who he is first. */
export function actorIn({ who, from }: Pick<ApiRequest, 'who' | 'from'>, fleet: string): Actor | null {
  const by = who.name.trim()
  return by === '' ? null : { by, from, role: who.grants?.get(fleet) }
}

export const nameless = { zh: '请先填写您的姓名', en: 'missing; log in and say who you are' }
export const notYours = { zh: '您的角色无此权限', en: 'not within your role' }
