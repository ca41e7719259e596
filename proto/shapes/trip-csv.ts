import { type CsvRow, readCsvTable } from '../csv.ts'
import { BadInput, problemsOf } from '../problem.ts'
import { fromLocalMs, isoUtc } from '../time.ts'
import { type Trip, tripSchema } from './trip.ts'

/**
 * Trips as a table, one row for each: what an office program exports. Each column is a place in the trip document;
 * an empty cell says nothing. Lists are divided by `|`. Times are ISO instants, or local text in the zone.
 */
export const tripColumns = {
  id: 'id',
  fleet: 'fleet',
  vehicle: 'vehicle',
  from: 'from',
  to: 'to',
  drivers: 'drivers',
  serviceClass: 'serviceClass',
  oneWayKm: 'oneWayKm',
  route: 'route',
  relayCertificate: 'relay.certificate',
  relayValidTo: 'relay.validTo',
  relayFrom: 'relay.window[0]',
  relayTo: 'relay.window[1]',
  relayPoints: 'relay.points',
  relayRecords: 'relayRecords',
  charterPlate: 'charter.plate',
  charterFrom: 'charter.validFrom',
  charterTo: 'charter.validTo',
  charterAreas: 'charter.areas',
  goodsClass: 'waybill.goodsClass',
  escort: 'waybill.escort',
  stops: 'stops',
} as const
export type TripColumn = keyof typeof tripColumns

const needed: readonly TripColumn[] = ['id', 'vehicle', 'from', 'to']
const names = Object.keys(tripColumns) as TripColumn[]
const tripsMax = 10_000

/** What is wrong at one place of a table. */
export type CsvProblem = {
  /** Null: the table as a whole. */
  readonly line: number | null
  /** Null: the row as a whole. */
  readonly column: string | null
  readonly remedy: string
}
export type ReadTrips = {
  readonly rows: readonly { readonly trip: Trip; readonly line: number }[]
  readonly problems: readonly CsvProblem[]
}

/** Throws BadInput with `file: line 7: column: remedy` for the first row that is not a trip. */
export function parseTripCsv(text: string, file: string, zone: string): Trip[] {
  const { rows, problems } = readTripCsv(text, file, zone)
  const [first] = problems
  if (first !== undefined) throw new BadInput(csvLine(file, first))
  return rows.map(({ trip }) => trip)
}

function csvLine(file: string, { line, column, remedy }: CsvProblem): string {
  return [file, line === null ? null : `line ${line}`, column, remedy]
    .filter((part) => part !== null)
    .join(': ')
}

/** The trips of a table, and all that is wrong with it: whoever mends a file wants to mend it once. */
export function readTripCsv(text: string, file: string, zone: string): ReadTrips {
  const [header, ...rows] = readCsvTable(text, file)
  const columns = (header?.cells ?? []).map((cell) => names.find((name) => name === cell) ?? null)
  const problems = header === undefined ? [] : headerProblems(header)
  for (const name of needed)
    if (!columns.includes(name))
      problems.push({
        line: null,
        column: name,
        remedy: 'no such column; the first line names the columns',
      })
  if (rows.length > tripsMax)
    problems.push({
      line: null,
      column: null,
      remedy: `${rows.length} trips; at most ${tripsMax} in one file`,
    })
  // Under wrong columns every row would be wrong: that is one problem, not ten thousand.
  if (problems.length > 0) return { rows: [], problems }
  const read = rows.map((row) => readRow(row, columns, zone))
  return {
    rows: read.flatMap(({ trip, line }) => (trip === null ? [] : [{ trip, line }])),
    problems: read.flatMap((row) => row.problems),
  }
}

function headerProblems({ cells, line }: CsvRow): CsvProblem[] {
  return cells.flatMap((cell, i) => {
    const column = cell || `column ${i + 1}`
    if (!names.some((name) => name === cell))
      return [{ line, column, remedy: `unknown column; use ${names.join(' ')}` }]
    return cells.indexOf(cell) < i ? [{ line, column, remedy: 'named twice; remove one' }] : []
  })
}

type ReadRow = { readonly line: number; readonly trip: Trip | null; readonly problems: readonly CsvProblem[] }

function readRow({ cells, line }: CsvRow, columns: readonly (TripColumn | null)[], zone: string): ReadRow {
  const wrong = (column: string, remedy: string): CsvProblem => ({ line, column, remedy })
  if (cells.length !== columns.length) {
    const remedy = `${cells.length} of them under ${columns.length} columns; add or remove delimiters`
    return { line, trip: null, problems: [wrong('cells', remedy)] }
  }
  const cell = (name: TripColumn): string => wordsOf(cells[columns.indexOf(name)] ?? '')
  const result = tripSchema.safeParse(documentOf(cell, zone))
  if (!result.success) {
    const problems = problemsOf(result.error).map(({ path, remedy }) => wrong(columnOf(path), remedy))
    return { line, trip: null, problems }
  }
  const { from, to } = result.data
  if (Date.parse(to) > Date.parse(from)) return { line, trip: result.data, problems: [] }
  return { line, trip: null, problems: [wrong('to', 'the trip ends before it begins; correct from or to')] }
}

/** The column in which a problem of the document stands. */
function columnOf(path: string): string {
  const inside = names.filter(
    (name) => path === tripColumns[name] || path.startsWith(`${tripColumns[name]}[`),
  )
  return inside[0] ?? names.find((name) => tripColumns[name].startsWith(path)) ?? path
}

function documentOf(cell: (name: TripColumn) => string, zone: string): object {
  const optional = (name: TripColumn, key: string): object => (cell(name) === '' ? {} : { [key]: cell(name) })
  const list = (name: TripColumn): string[] => partsOf(cell(name), '|')
  const instant = (text: string): string => instantOf(text, zone)
  const any = (...of: TripColumn[]): boolean => of.some((name) => cell(name) !== '')
  return {
    id: cell('id'),
    ...optional('fleet', 'fleet'),
    vehicle: cell('vehicle'),
    from: instant(cell('from')),
    to: instant(cell('to')),
    drivers: list('drivers'),
    serviceClass: cell('serviceClass') || null,
    oneWayKm: cell('oneWayKm') === '' ? null : numberOf(cell('oneWayKm')),
    ...optional('route', 'route'),
    ...(any('relayCertificate', 'relayValidTo', 'relayPoints')
      ? {
          relay: {
            certificate: cell('relayCertificate') || null,
            validTo: cell('relayValidTo'),
            points: list('relayPoints'),
            ...(any('relayFrom', 'relayTo') ? { window: [cell('relayFrom'), cell('relayTo')] } : {}),
          },
        }
      : {}),
    ...(any('relayRecords') ? { relayRecords: list('relayRecords').map((one) => recordOf(one, zone)) } : {}),
    ...(any('charterPlate', 'charterFrom', 'charterTo', 'charterAreas')
      ? {
          charter: {
            plate: cell('charterPlate'),
            validFrom: cell('charterFrom'),
            validTo: cell('charterTo'),
            areas: list('charterAreas'),
          },
        }
      : {}),
    ...(any('goodsClass', 'escort')
      ? { waybill: { goodsClass: cell('goodsClass'), escort: cell('escort') || null } }
      : {}),
    ...(any('stops') ? { stops: list('stops').map((one) => stopOf(one, zone)) } : {}),
  }
}

const partsOf = (text: string, divider: string): string[] =>
  text === '' ? [] : text.split(divider).map((part) => part.trim())

/** `area@arrive/depart` */
function stopOf(text: string, zone: string): object {
  const [areaId = '', times = ''] = partsOf(text, '@')
  const [arrive = '', depart = ''] = partsOf(times, '/')
  return { areaId, arrive: instantOf(arrive, zone), depart: instantOf(depart, zone) }
}

/** `area@time/driver`, and `/plate` for a segment relay. */
function recordOf(text: string, zone: string): object {
  const [areaId = '', rest = ''] = partsOf(text, '@')
  const [at = '', driver = '', plate] = partsOf(rest, '/')
  return { areaId, at: instantOf(at, zone), driver, ...(plate === undefined ? {} : { plate }) }
}

const local = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?$/

/** Local text as an instant; anything else is left to the schema, which says what it should be. */
function instantOf(text: string, zone: string): string {
  const match = local.exec(text)
  if (match === null) return text
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0))
  const wallMs = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
  // 31 November and 25:00 are no times, and not those that they would run over into.
  const same = new Date(wallMs).toISOString().slice(0, 16) === text.slice(0, 16).replace(' ', 'T')
  return same && second! < 60 ? isoUtc(fromLocalMs(wallMs, zone)) : text.replace('T', ' ')
}

/** A number, or the text for the schema to refuse. */
const numberOf = (text: string): number | string => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) : text)

/** Trips as the table that `parseTripCsv` reads: columns that none of them fills are left out. */
export function writeTripCsv(trips: readonly Trip[]): string {
  const rows = trips.map(cellsOf)
  const used = names.filter((name) => needed.includes(name) || rows.some((row) => (row[name] ?? '') !== ''))
  const lines = [used, ...rows.map((row) => used.map((name) => row[name] ?? ''))]
  return lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
}

/** What a table program would take for a formula, whether or not it stands behind marks already. */
const formula = /^'*\s*[=+\-@\t\r]/

/** An office program opens the table as well: a mark in front shows what would be a formula as words. */
const shown = (text: string): string => (formula.test(text) ? `'${text}` : text)
/** One mark less, where one was set: the table says again what was written. */
const wordsOf = (text: string): string => (text.startsWith("'") && formula.test(text) ? text.slice(1) : text)

function quoted(words: string): string {
  const text = shown(words)
  return /[",;\t\r\n#]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function cellsOf(trip: Trip): { readonly [column in TripColumn]?: string | undefined } {
  const { relay, charter, waybill, relayRecords, stops, oneWayKm } = trip
  return {
    id: trip.id,
    fleet: trip.fleet,
    vehicle: trip.vehicle,
    from: trip.from,
    to: trip.to,
    drivers: trip.drivers.join('|'),
    serviceClass: trip.serviceClass ?? '',
    oneWayKm: oneWayKm === null ? '' : String(oneWayKm),
    route: trip.route,
    relayCertificate: relay?.certificate ?? '',
    relayValidTo: relay?.validTo,
    relayFrom: relay?.window?.[0],
    relayTo: relay?.window?.[1],
    relayPoints: relay?.points.join('|'),
    relayRecords: relayRecords
      ?.map(
        ({ areaId, at, driver, plate }) =>
          `${areaId}@${at}/${driver}${plate === undefined ? '' : `/${plate}`}`,
      )
      .join('|'),
    charterPlate: charter?.plate,
    charterFrom: charter?.validFrom,
    charterTo: charter?.validTo,
    charterAreas: charter?.areas.join('|'),
    goodsClass: waybill?.goodsClass,
    escort: waybill?.escort ?? '',
    stops: stops?.map(({ areaId, arrive, depart }) => `${areaId}@${arrive}/${depart}`).join('|'),
  }
}
