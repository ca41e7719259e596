import { BadInput } from '../../proto/problem.ts'
import { type CsvRecord, csvRecords } from './csv-records.ts'
import { entryOf, type TripEvent, type Values } from './entry.ts'
import { readBoolean, readName, readNumber, readTime } from './values.ts'

/** Columns of a trip file, by our names. Others are ignored, and named once. */
export const csvColumns = [
  'time',
  'lat',
  'lon',
  'speedKmh',
  'courseDeg',
  'odometerKm',
  'driver',
  'ignition',
  'accuracyM',
  'doorOpen',
  'satellites',
] as const
export type CsvColumn = (typeof csvColumns)[number]
export type ColumnMap = { readonly [column in CsvColumn]?: string }

/** `time=location_time,lat=lat,lon=lng`: our names and the file's. */
export function parseColumnMap(text: string): ColumnMap {
  const map: { [column in CsvColumn]?: string } = {}
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [ours = '', ...theirs] = pair.split('=')
    const column = csvColumns.find((name) => name === ours.trim())
    if (column === undefined)
      throw new BadInput(`--columns: ${ours.trim()}: unknown column; use ${csvColumns.join(' ')}`)
    if (theirs.length === 0)
      throw new BadInput(`--columns: ${ours.trim()}: name the file's column as ${column}=NAME`)
    map[column] = theirs.join('=').trim()
  }
  return map
}

type Cells = { readonly [column in CsvColumn]?: number }

/** Where each of our columns stands in this file's header. */
function cellsOf(header: readonly string[], map: ColumnMap, file: string): Cells {
  const names = header.map((name) => name.trim())
  const cells: { [column in CsvColumn]?: number } = {}
  for (const column of csvColumns) {
    const name = map[column] ?? column
    const at = names.indexOf(name)
    if (at >= 0) cells[column] = at
    else if (map[column] !== undefined)
      throw new BadInput(`${file}: ${name}: no such column; the file has ${names.join(' ').slice(0, 200)}`)
  }
  if (cells.time === undefined) {
    throw new BadInput(
      `${file}: time: no such column; name the file's own with --columns "time=NAME,lat=NAME,lon=NAME"`,
    )
  }
  return cells
}

const ignoredNamed = 8

/** The columns that nobody reads, in one line; null when there are none. */
function ignoredIn(header: CsvRecord, cells: Cells, file: string): string | null {
  const used = new Set(Object.values(cells))
  const names = header.map((name) => name.trim()).filter((name, at) => !used.has(at) && name !== '')
  if (names.length === 0) return null
  const more = names.length > ignoredNamed ? ` and ${names.length - ignoredNamed} more` : ''
  const which = names.length === 1 ? 'column that is not ours is' : 'columns that are not ours are'
  return `${file}: ${names.length} ${which} ignored: ${names.slice(0, ignoredNamed).join(', ').slice(0, 300)}${more}; --columns says what they mean`
}

/** Reads one record of the file as an event. */
function rowReader(cells: Cells, width: number, zone: string): (record: CsvRecord) => TripEvent {
  const textAt = (record: CsvRecord, cell: number | undefined): string =>
    cell === undefined ? '' : (record[cell] ?? '')
  const number = (record: CsvRecord, cell: number | undefined): number | null | undefined =>
    cell === undefined ? null : readNumber(record[cell] ?? '')
  const flag = (record: CsvRecord, cell: number | undefined): boolean | null | undefined =>
    cell === undefined ? null : readBoolean(record[cell] ?? '')
  return (record) => {
    if (record.length !== width) return { is: 'rejected', why: 'wrong number of cells' }
    const values = {
      atMs: readTime(textAt(record, cells.time), zone),
      lat: number(record, cells.lat),
      lon: number(record, cells.lon),
      speedKmh: number(record, cells.speedKmh),
      courseDeg: number(record, cells.courseDeg),
      odometerKm: number(record, cells.odometerKm),
      accuracyM: number(record, cells.accuracyM),
      satellites: number(record, cells.satellites),
      driver: readName(textAt(record, cells.driver)),
      ignition: flag(record, cells.ignition),
      doorOpen: flag(record, cells.doorOpen),
    }
    return isRead(values) ? entryOf(values) : { is: 'rejected', why: 'unreadable number or switch' }
  }
}

type Read = { readonly [value in keyof Values]: Values[value] | undefined }

/** Whether every cell could be read. */
const isRead = (values: Read): values is Values =>
  values.lat !== undefined &&
  values.lon !== undefined &&
  values.speedKmh !== undefined &&
  values.courseDeg !== undefined &&
  values.odometerKm !== undefined &&
  values.accuracyM !== undefined &&
  values.satellites !== undefined &&
  values.ignition !== undefined &&
  values.doorOpen !== undefined

/** Comma, semicolon or tab: whichever the header has most of. */
function delimiterOf(header: string): string {
  const counts = [',', ';', '\t'].map((delimiter) => [delimiter, header.split(delimiter).length] as const)
  return counts.toSorted((a, b) => b[1] - a[1])[0]![0]
}

/** Rows that are looked at to see whether a file is a table. */
const tableRows = 20

/** Whether a file is a table at all, of whatever columns: text whose rows mostly have as many cells as the first. */
export function looksLikeTable(head: Uint8Array): boolean {
  if (head.includes(0)) return false
  const lines = new TextDecoder()
    .decode(head)
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .slice(0, tableRows)
    .map((line) => line.replaceAll(/"[^"]*"/g, (cell) => cell.slice(1, -1).replaceAll(/[,;\t]/g, '')))
  const [header, ...rows] = lines
  if (header === undefined) return false
  const delimiter = delimiterOf(header)
  const cells = header.split(delimiter)
  if (cells.some((name) => name.trim() === 'time')) return true
  const alike = rows.filter((row) => row.split(delimiter).length === cells.length)
  return cells.length > 1 && alike.length * 2 >= rows.length
}

/** Reads a CSV trip, in blocks as it comes. `head` is the beginning of the file, for the delimiter. */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  head: string,
  options: {
    readonly columns: ColumnMap
    readonly zone: string
    readonly file: string
    readonly tell: (line: string) => void
    readonly broke: (line: number) => void
  },
): AsyncGenerator<readonly TripEvent[]> {
  const firstLine = head.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? ''
  let read: ((record: CsvRecord) => TripEvent) | null = null
  let broken = false
  const broke = (line: number): void => {
    broken = true
    options.broke(line)
  }
  for await (const records of csvRecords(source, delimiterOf(firstLine), broke)) {
    const from: number = read === null ? 1 : 0
    read ??= readerFor(records[0] ?? [], options)
    yield (from === 0 ? records : records.slice(from)).map(read)
  }
  if (broken) yield [{ is: 'rejected', why: 'unreadable record' }]
}

function readerFor(
  header: CsvRecord,
  {
    columns,
    zone,
    file,
    tell,
  }: {
    readonly columns: ColumnMap
    readonly zone: string
    readonly file: string
    readonly tell: (line: string) => void
  },
): (record: CsvRecord) => TripEvent {
  const cells = cellsOf(header, columns, file)
  const ignored = ignoredIn(header, cells, file)
  if (ignored !== null) tell(ignored)
  return rowReader(cells, header.length, zone)
}
