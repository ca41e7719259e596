import { type CsvRow, readCsvTable } from '../csv.ts'
import { BadInput, problemOf } from '../problem.ts'
import { fromLocalMs, isoUtc } from '../time.ts'
import { type Trip, tripSchema } from './trip.ts'

/**
 * Trips as a table, one row for each: what an office program exports. Each column is a place in the trip document;
 * an empty cell says nothing. Lists are divided by `|`. Times are ISO instants, or local text in the zone.
 */
export const tripColumns = {
  id: 'id',
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

/** Throws BadInput with `file: line 7: column: remedy` for the first row that is not a trip. */
export function parseTripCsv(text: string, file: string, zone: string): Trip[] {
  const [header, ...rows] = readCsvTable(text, file)
  const columns = header === undefined ? [] : columnsOf(header, file)
  const missing = needed.find((name) => !columns.includes(name))
  if (missing !== undefined)
    throw new BadInput(`${file}: ${missing}: no such column; the first line names the columns`)
  if (rows.length > tripsMax)
    throw new BadInput(`${file}: ${rows.length} trips; at most ${tripsMax} in one file`)
  return rows.map((row) => tripOf(row, columns, file, zone))
}

function columnsOf({ cells, line }: CsvRow, file: string): readonly TripColumn[] {
  return cells.map((cell, i) => {
    const known = names.find((name) => name === cell)
    if (known === undefined)
      throw new BadInput(
        `${file}: line ${line}: ${cell || `column ${i + 1}`}: unknown column; use ${names.join(' ')}`,
      )
    if (cells.indexOf(cell) < i) throw new BadInput(`${file}: line ${line}: ${cell}: named twice; remove one`)
    return known
  })
}

function tripOf({ cells, line }: CsvRow, columns: readonly TripColumn[], file: string, zone: string): Trip {
  const wrong = (column: string, remedy: string): BadInput =>
    new BadInput(`${file}: line ${line}: ${column}: ${remedy}`)
  if (cells.length !== columns.length)
    throw wrong('cells', `${cells.length} of them under ${columns.length} columns; add or remove delimiters`)
  const cell = (name: TripColumn): string => cells[columns.indexOf(name)] ?? ''
  const result = tripSchema.safeParse(documentOf(cell, zone))
  if (!result.success) {
    const { path, remedy } = problemOf(result.error)
    throw wrong(columnOf(path), remedy)
  }
  const { from, to } = result.data
  if (Date.parse(to) <= Date.parse(from))
    throw wrong('to', 'the trip ends before it begins; correct from or to')
  return result.data
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
