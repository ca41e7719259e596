import type { Sample } from '../../proto/model.ts'
import { type CsvColumn, csvColumns } from '../trips/csv.ts'
import type { Gathered } from './gather.ts'

/** A trip as other programs read it: CSV with our columns, GPX, GeoJSON. Importers read them back (a test compares). */

type Cell = string | number | boolean | null
export type Cells = { readonly [column in CsvColumn]: Cell }

/** Far finer than any receiver, coarse enough to hide the last bits of a sum. */
const tidy = (value: number | null, perUnit: number): number | null =>
  value === null ? null : Math.round(value * perUnit) / perUnit || 0

export function cellsOf(sample: Sample): Cells {
  const { fix } = sample
  return {
    time: new Date(Math.round(sample.atMs)).toISOString(),
    lat: tidy(fix?.lat ?? null, 1e9),
    lon: tidy(fix?.lon ?? null, 1e9),
    speedKmh: tidy(sample.speedKmh, 1e6),
    courseDeg: tidy(sample.courseDeg, 1e6),
    odometerKm: tidy(sample.odometerM === null ? null : sample.odometerM / 1000, 1e6),
    driver: sample.driver,
    ignition: sample.ignition,
    accuracyM: tidy(fix?.accuracyM ?? null, 1e3),
    doorOpen: sample.doorOpen,
    satellites: fix?.satellites ?? null,
  }
}

const csvCell = (value: Cell): string => {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export function* toCsv({ rows }: Gathered): Generator<string> {
  yield `${csvColumns.join(',')}\n`
  for (const { sample } of rows) {
    const cells = cellsOf(sample)
    yield `${csvColumns.map((column) => csvCell(cells[column])).join(',')}\n`
  }
}

export const xml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/(?![\t\n\r])\p{Cc}/gu, '')

/** GPX 1.1; speed and course as GPX 1.0 had them, in the namespace that others use for that. Findings are way-points. */
export function* toGpx({ rows, lines }: Gathered, name: string): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Roadwarden" xmlns="http://www.topografix.com/GPX/1/1" xmlns:rw="http://www.topografix.com/GPX/1/0">\n`
  for (const { place, phase, at, kind, explain } of lines)
    if (place !== null && phase === 'started')
      yield `<wpt lat="${place.lat}" lon="${place.lon}"><time>${at}</time><name>${xml(kind)}</name><desc>${xml(`${explain.zh} ${explain.en}`)}</desc></wpt>\n`
  yield `<trk><name>${xml(name)}</name><trkseg>\n`
  for (const { sample } of rows) {
    const { lat, lon, time, speedKmh, courseDeg, satellites } = cellsOf(sample)
    if (lat === null || lon === null) continue
    const sat = satellites === null ? '' : `<sat>${satellites}</sat>`
    const speed = speedKmh === null ? '' : `<rw:speed>${tidy(Number(speedKmh) / 3.6, 1e7)}</rw:speed>`
    const course = courseDeg === null ? '' : `<rw:course>${courseDeg}</rw:course>`
    const more = speed + course === '' ? '' : `<extensions>${speed}${course}</extensions>`
    yield `<trkpt lat="${lat}" lon="${lon}"><time>${time}</time>${sat}${more}</trkpt>\n`
  }
  yield '</trkseg></trk>\n</gpx>\n'
}

const beside = csvColumns.filter((column) => !['time', 'lat', 'lon'].includes(column))

export function* toGeojson({ rows, lines }: Gathered, name: string): Generator<string> {
  const placed = rows
    .map(({ sample }) => cellsOf(sample))
    .filter(({ lat, lon }) => lat !== null && lon !== null)
  const track = {
    type: 'Feature',
    properties: {
      name,
      coordTimes: placed.map(({ time }) => time),
      coordinateProperties: Object.fromEntries(
        beside.map((column) => [column, placed.map((cells) => cells[column])]),
      ),
    },
    geometry: { type: 'LineString', coordinates: placed.map(({ lat, lon }) => [lon, lat]) },
  }
  const found = lines.flatMap((line) =>
    line.place === null
      ? []
      : [
          {
            type: 'Feature',
            properties: {
              kind: line.kind,
              phase: line.phase,
              at: line.at,
              severity: line.severity,
              ...line.explain,
            },
            geometry: { type: 'Point', coordinates: [line.place.lon, line.place.lat] },
          },
        ],
  )
  yield `${JSON.stringify({ type: 'FeatureCollection', features: [track, ...found] })}\n`
}
