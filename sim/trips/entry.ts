import type { NmeaMessage } from '../../device/decoders/messages.ts'
import type { Row } from '../../device/signals/index.ts'

/** One moment of a recorded trip, before it is put in order. */
export type TripEntry =
  | { readonly is: 'row'; readonly atMs: number; readonly row: Row }
  /** One epoch of a receiver: the sentences since the epoch before, its own last. */
  | { readonly is: 'epoch'; readonly atMs: number; readonly messages: readonly NmeaMessage[] }
  /** A moment at which the receiver spoke but had no fix, and what it said. */
  | { readonly is: 'void'; readonly atMs: number; readonly messages: readonly NmeaMessage[] }

/** What a reader of trips hands on: entries as they stand in the file, and rows it could not believe. */
export type TripEvent = TripEntry | { readonly is: 'rejected'; readonly why: string }

/** Event times before this are impossible in a recording. */
export const notBeforeMs = Date.UTC(2000, 0, 1)

/** Values of one row as a file gives them; null where the cell is empty. */
export type Values = {
  readonly atMs: number | null
  readonly lat: number | null
  readonly lon: number | null
  readonly speedKmh: number | null
  readonly courseDeg: number | null
  readonly odometerKm: number | null
  readonly accuracyM: number | null
  readonly satellites: number | null
  readonly driver: string | null
  readonly ignition: boolean | null
  readonly doorOpen: boolean | null
}

const outside = (value: number | null, low: number, high: number): boolean =>
  value !== null && (value < low || value > high)

/** A row that cannot be true is rejected, never guessed (semantics, "Files"). */
export function entryOf(values: Values): TripEvent {
  const { atMs, lat, lon } = values
  if (atMs === null || !Number.isFinite(atMs)) return { is: 'rejected', why: 'unreadable time' }
  if (atMs < notBeforeMs) return { is: 'rejected', why: 'time before 2000' }
  if (outside(lat, -90, 90) || outside(lon, -180, 180))
    return { is: 'rejected', why: 'position out of range' }
  if (outside(values.speedKmh, 0, 250)) return { is: 'rejected', why: 'speed out of range' }
  if (lat === 0 && lon === 0) return { is: 'rejected', why: 'both coordinates are 0' }
  const placed = lat !== null && lon !== null
  const rounded = Math.round(atMs)
  return {
    is: 'row',
    atMs: rounded,
    row: {
      atMs: rounded,
      lat: placed ? lat : null,
      lon: placed ? lon : null,
      speedKmh: values.speedKmh,
      courseDeg: outside(values.courseDeg, 0, 360) ? null : values.courseDeg === 360 ? 0 : values.courseDeg,
      odometerM: values.odometerKm === null || values.odometerKm < 0 ? null : values.odometerKm * 1000,
      accuracyM: values.accuracyM === null || values.accuracyM < 0 ? null : values.accuracyM,
      satellites: values.satellites === null || values.satellites < 0 ? null : Math.round(values.satellites),
      driver: values.driver,
      ignition: values.ignition,
      doorOpen: values.doorOpen,
    },
  }
}
