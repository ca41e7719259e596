import { detectors } from '../../device/detectors/index.ts'
import { rules } from '../../gateway/rules/index.ts'
import type { Documents } from '../../proto/in-force.ts'
import { parseColumnMap, readCsv } from '../trips/csv.ts'
import { notBeforeMs, type TripEvent } from '../trips/entry.ts'
import { readGpx } from '../trips/gpx.ts'
import { readNmea } from '../trips/nmea.ts'
import { type CanFeed, createCanFeed } from './can-feed.ts'
import { detectFormat, type TripFormat } from './detect.ts'
import { createEngine, type Line, type Summary } from './engine.ts'
import { runBus, runTrip } from './run.ts'

/** A recorded trip as bytes. The one way from a file to findings: the tool, what-if and the golden corpus share it. */
export type Recording = {
  /** As the person wrote it. */
  readonly name: string
  /** The beginning of the file, enough to tell its format by. */
  readonly head: Uint8Array
  /** The whole file, from its beginning. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** A recording of the bus beside it. */
  readonly can?: AsyncIterable<Uint8Array> | null
  readonly columns?: string | undefined
  /** Of local times in the file; else the policy's. */
  readonly zone?: string | undefined
}

/** Enough to tell a recording's format by, whatever noise it begins with. */
export const headBytes = 65_536

export async function replayRecording(
  recording: Recording,
  documents: Documents,
  print: (line: Line) => void,
): Promise<Summary> {
  const head = new TextDecoder().decode(recording.head)
  const format = detectFormat(head)
  const can = recording.can === undefined || recording.can === null ? null : createCanFeed(recording.can)
  const engine = createEngine({
    documents,
    detectors,
    rules,
    expects: { gnss: format === 'nmea', can: can !== null || format === 'candump' },
    notBeforeMs,
    trustRecorder: format === 'candump',
    print,
  })
  if (format === 'candump') await runBus(engine, createCanFeed(recording.chunks))
  else {
    const zone = recording.zone ?? documents.policy.zone
    await runTrip(engine, await eventsOf(format, recording, head, zone, can), can)
  }
  return engine.end()
}

/** The reader of a format that has positions. */
async function eventsOf(
  format: Exclude<TripFormat, 'candump'>,
  { name, chunks, columns }: Recording,
  head: string,
  zone: string,
  can: CanFeed | null,
): Promise<AsyncIterable<TripEvent>> {
  switch (format) {
    case 'nmea':
      return readNmea(chunks, can === null ? null : await can.beginsMs())
    case 'gpx':
      return readGpx(chunks, zone)
    case 'csv':
      return readCsv(chunks, head, { columns: parseColumnMap(columns ?? ''), zone, file: name })
  }
}
