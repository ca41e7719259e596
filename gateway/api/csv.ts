import { z } from 'zod'
import type { ApiAnswer, Said } from './route.ts'

/** Lists as tables for an office program: named in the language that was asked for, readable by it as they are. */

/** A cell that a table program would take for a formula is shown as words. */
export function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

export type Column<Row> = {
  readonly name: Said
  readonly of: (row: Row, lang: Language) => string | number | null
}

export const languageQuery = {
  lang: z.enum(['zh', 'en']).default('zh').describe('of the names of columns and of words in them'),
}
type Language = keyof Said

/** Office programs take a table for UTF-8 by its mark alone. */
const mark = '\uFEFF'

/** A row that is null was looked at and is not shown. */
export function tableOf<Row extends object>(
  name: string,
  columns: readonly Column<Row>[],
  rows: Iterable<Row | null>,
  lang: Language,
): ApiAnswer {
  return textAnswer(name, pieces(columns, rows, lang))
}

export const textAnswer = (name: string, content: string | AsyncIterable<string>): ApiAnswer => ({
  is: 'file',
  type: 'text/csv; charset=utf-8',
  name,
  content,
})

const rowsAtOnce = 500

async function* pieces<Row extends object>(
  columns: readonly Column<Row>[],
  rows: Iterable<Row | null>,
  lang: Language,
) {
  yield `${mark}${columns.map(({ name }) => cell(name[lang])).join(',')}\r\n`
  let text: string[] = []
  let looked = 0
  for (const row of rows) {
    if (row !== null) text.push(`${columns.map(({ of }) => cell(of(row, lang))).join(',')}\r\n`)
    if (++looked % rowsAtOnce !== 0) continue
    if (text.length > 0) yield text.join('')
    text = []
    // Whoever else asks has a turn, also where all that was looked at is of others and nothing is shown.
    await new Promise((resolve) => setImmediate(resolve))
  }
  yield text.join('')
}
