import { BadInput } from './problem.ts'

/** Tables that people write by hand or export from an office program (RFC 4180). For tables that fit into memory. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] }

/** Rows with the line they begin on; blank lines and those that begin with # are no rows. */
export function readCsvTable(text: string, file: string): readonly CsvRow[] {
  const bare = text.replace(/^\uFEFF/, '')
  if (bare.includes('\uFFFD')) throw new BadInput(`${file}: not UTF-8; save it as "CSV UTF-8"`)
  const delimiter = delimiterOf(bare)
  const rows: CsvRow[] = []
  let [at, line] = [0, 1]
  while (at < bare.length) {
    const row = rowAt(bare, at, delimiter)
    if (row === null) throw new BadInput(`${file}: line ${line}: a quote is never closed; close it`)
    const isBlank = row.cells.every((cell) => cell.trim() === '')
    if (!isBlank && bare[at] !== '#') rows.push({ line, cells: row.cells.map((cell) => cell.trim()) })
    line += row.lines
    at = row.next
  }
  return rows
}

/** Comma, semicolon or tab: whichever the first line that says something has most of. */
function delimiterOf(text: string): string {
  const header = text.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? ''
  const counts = [',', ';', '\t'].map((delimiter) => [delimiter, header.split(delimiter).length] as const)
  return counts.toSorted((a, b) => b[1] - a[1])[0]![0]
}

type Read = { readonly cells: readonly string[]; readonly next: number; readonly lines: number }

/** Null: it ends inside a quote. */
function rowAt(text: string, from: number, delimiter: string): Read | null {
  const cells: string[] = []
  let [at, lines] = [from, 1]
  for (;;) {
    const quoted = text[at] === '"'
    const end = quoted ? closingQuote(text, at + 1) : plainEnd(text, at, delimiter)
    if (end === null) return null
    const cell = quoted ? text.slice(at + 1, end).replaceAll('""', '"') : text.slice(at, end)
    lines += cell.split('\n').length - 1
    // What stands between a closing quote and the delimiter is nobody's.
    at = quoted ? plainEnd(text, end + 1, delimiter) : end
    cells.push(cell)
    if (text[at] === delimiter) at++
    else return { cells, next: text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : at + 1, lines }
  }
}

function closingQuote(text: string, from: number): number | null {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return at
  return null
}

function plainEnd(text: string, from: number, delimiter: string): number {
  let at = from
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at++
  return at
}
