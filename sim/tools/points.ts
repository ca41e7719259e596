import { BadInput } from '../../proto/problem.ts'

/** A table of places: `lat,lon[,id]`, with these names in its first row, or in this order without names. */
export type PointColumns = {
  readonly header: boolean
  readonly lat: number
  readonly lon: number
  /** -1: no ids. */
  readonly id: number
}

export type Point = { readonly lat: number; readonly lon: number; readonly id: string | null }

/** Cells of one line; quotes may hold commas, a doubled quote is one. */
export function splitCells(line: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!
    if (quoted && c === '"' && line[i + 1] === '"') {
      cell += '"'
      i++
    } else if (c === '"') quoted = !quoted
    else if (c === ',' && !quoted) {
      cells.push(cell.trim())
      cell = ''
    } else cell += c
  }
  cells.push(cell.trim())
  return cells
}

/** Where the columns are, from the first line. */
export function pointColumns(cells: readonly string[], file: string): PointColumns {
  if (cells.length >= 2 && readPoint(cells, plain(cells)) !== null) return plain(cells)
  const names = cells.map((cell) => cell.replace(/^\uFEFF/, '').toLowerCase())
  const columns = {
    header: true,
    lat: names.indexOf('lat'),
    lon: names.indexOf('lon'),
    id: names.indexOf('id'),
  }
  for (const name of ['lat', 'lon'] as const)
    if (columns[name] < 0)
      throw new BadInput(`${file}: ${name}: missing; the first row names the columns lat, lon, id`)
  return columns
}

const plain = (cells: readonly string[]): PointColumns => ({
  header: false,
  lat: 0,
  lon: 1,
  id: cells.length > 2 ? 2 : -1,
})

/** The place of a row; null when it has none on the earth. */
export function readPoint(cells: readonly string[], columns: PointColumns): Point | null {
  const lat = numberOf(cells[columns.lat])
  const lon = numberOf(cells[columns.lon])
  if (lat === null || lon === null || Math.abs(lat) > 90 || Math.abs(lon) > 180) return null
  const id = columns.id < 0 ? undefined : cells[columns.id]
  return { lat, lon, id: id === undefined || id === '' ? null : id }
}

function numberOf(cell: string | undefined): number | null {
  if (cell === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell)) return null
  const value = Number(cell)
  return Number.isFinite(value) ? value : null
}
