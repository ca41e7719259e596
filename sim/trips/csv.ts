import { parse } from 'csv-parse'
import { BadInput } from '../../proto/problem.ts'
import { entryOf, type TripEvent, type Values } from './entry.ts'
import { readBoolean, readName, readNumber, readTime } from './values.ts'

/** Columns of a trip file, by our names. Others are ignored. */
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

/** One record of the file as an event. */
export function csvEvent(record: readonly string[], cells: Cells, width: number, zone: string): TripEvent {
  if (record.length !== width) return { is: 'rejected', why: 'wrong number of cells' }
  const text = (column: CsvColumn): string =>
    cells[column] === undefined ? '' : (record[cells[column]] ?? '')
  const numbers = {
    lat: readNumber(text('lat')),
    lon: readNumber(text('lon')),
    speedKmh: readNumber(text('speedKmh')),
    courseDeg: readNumber(text('courseDeg')),
    odometerKm: readNumber(text('odometerKm')),
    accuracyM: readNumber(text('accuracyM')),
    satellites: readNumber(text('satellites')),
  }
  const flags = { ignition: readBoolean(text('ignition')), doorOpen: readBoolean(text('doorOpen')) }
  if (Object.values(numbers).includes(undefined)) return { is: 'rejected', why: 'unreadable number' }
  if (Object.values(flags).includes(undefined)) return { is: 'rejected', why: 'unreadable switch' }
  const values = {
    ...numbers,
    ...flags,
    driver: readName(text('driver')),
    atMs: readTime(text('time'), zone),
  }
  return entryOf(values as Values)
}

/** Comma, semicolon or tab: whichever the header has most of. */
function delimiterOf(header: string): string {
  const counts = [',', ';', '\t'].map((delimiter) => [delimiter, header.split(delimiter).length] as const)
  return counts.toSorted((a, b) => b[1] - a[1])[0]![0]
}

/** Reads a CSV trip. `head` is the beginning of the file, for the delimiter. */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  head: string,
  options: {
    readonly columns: ColumnMap
    readonly zone: string
    readonly file: string
    readonly broke?: (line: number) => void
  },
): AsyncGenerator<TripEvent> {
  const firstLine = head.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? ''
  const parser = parse({
    bom: true,
    comment: '#',
    comment_no_infix: true,
    delimiter: delimiterOf(firstLine),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: 65_536,
  })
  const fed = feed(source, parser)
  let cells: Cells | null = null
  let width = 0
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (cells === null) {
        cells = cellsOf(record, options.columns, options.file)
        width = record.length
      } else yield csvEvent(record, cells, width, options.zone)
    }
  } catch (error) {
    if (error instanceof BadInput) throw error
    // A record that cannot be taken apart (an unclosed quote, an endless line) ends the readable part of the file.
    options.broke?.(parser.info.lines)
    yield { is: 'rejected', why: 'unreadable record' }
  }
  await fed
}

async function feed(
  source: AsyncIterable<Uint8Array>,
  parser: NodeJS.WritableStream & { destroyed?: boolean },
): Promise<void> {
  let wake = (): void => {}
  parser.on('drain', () => wake())
  parser.on('close', () => wake())
  for await (const chunk of source) {
    if (parser.destroyed) return
    if (!parser.write(chunk)) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  parser.end()
}
