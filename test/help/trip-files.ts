import type { Sample } from '../../proto/model.ts'
import { loadDocuments } from '../../sim/replay/documents.ts'
import type { Line, Summary } from '../../sim/replay/engine.ts'
import { headBytes, replayRecording } from '../../sim/replay/recording.ts'
import { csvColumns } from '../../sim/trips/csv.ts'

/** A drive as the files a person would hand to replay: the trip as CSV text, the documents as JSON values. */
export type TripFiles = {
  readonly csv: string
  readonly vehicle?: object
  readonly trip?: object
  readonly policy?: object
  readonly route?: object
  readonly areas?: object
}

const cell = (value: string | number | boolean | null): string => (value === null ? '' : String(value))

/** Samples as the rows of a trip file; what a file cannot say is left out (see `unsayable`). */
export function csvOf(samples: readonly Sample[]): string {
  const rows = samples.map(
    ({ atMs, fix, speedKmh, courseDeg, odometerM, driver, ignition, doorOpen }): Record<string, string> => ({
      time: new Date(atMs).toISOString(),
      lat: cell(fix?.lat ?? null),
      lon: cell(fix?.lon ?? null),
      speedKmh: cell(speedKmh),
      courseDeg: cell(courseDeg),
      odometerKm: cell(odometerM === null ? null : odometerM / 1000),
      driver: cell(driver),
      ignition: cell(ignition),
      accuracyM: cell(fix?.accuracyM ?? null),
      doorOpen: cell(doorOpen),
      satellites: cell(fix?.satellites ?? null),
    }),
  )
  return `${csvColumns.join(',')}\n${rows.map((row) => csvColumns.map((name) => row[name]).join(',')).join('\n')}\n`
}

const noiseKmh = 3

/** Why these Samples cannot be said as rows of a file; null when they can. */
export function unsayable(samples: readonly Sample[]): string | null {
  const said = (why: string, test: (sample: Sample) => boolean): string | null =>
    samples.some(test) ? why : null
  return (
    said('a file has no clock that was never disciplined', ({ trusted }) => !trusted) ??
    said('a file has no clock correction', ({ clockStepMs }) => clockStepMs !== 0) ??
    said('a trip file has one driver column', ({ coDriver }) => coDriver !== null) ??
    said(
      'a wheel that creeps is on the bus, not in a trip file',
      ({ speedKmh, speedSource }) =>
        speedSource === 'wheel' && speedKmh !== null && speedKmh > 0 && speedKmh < noiseKmh,
    ) ??
    said(
      'the jump filter judges positions itself',
      ({ positionRefused, reseeded }) => positionRefused || reseeded,
    )
  )
}

export type Replayed = { readonly lines: readonly Line[]; readonly summary: Summary; readonly text: string }

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Replays files in this process, through the readers of the tool, in pieces of so many bytes. */
export async function replayFiles(files: TripFiles, pieceBytes = 65_536): Promise<Replayed> {
  const { csv, ...documents } = files
  const names = Object.fromEntries(Object.keys(documents).map((name) => [name, `${name}.json`]))
  const text = (name: string): string =>
    JSON.stringify(documents[name.replace('.json', '') as keyof typeof documents])
  const known = await loadDocuments(names, { read: (name) => Promise.resolve(text(name)), tell: () => {} })
  const bytes = new TextEncoder().encode(csv)
  const lines: Line[] = []
  const recording = {
    name: 'trip.csv',
    head: bytes.subarray(0, headBytes),
    chunks: pieces(bytes, pieceBytes),
  }
  const summary = await replayRecording(recording, known, (line) => lines.push(line))
  return { lines, summary, text: [...lines, summary].map((line) => `${JSON.stringify(line)}\n`).join('') }
}
