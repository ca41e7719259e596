import { isoUtc } from '../../proto/time.ts'

/** Why the last seconds before a moment are kept (GB/T 19056, accident record). */
export type AccidentCause = 'stop' | 'power-cut' | 'crash'

/** Name of the accident record of a moment: the finding that caused it and the store agree on it without asking. */
export function accidentId(cause: AccidentCause, atMs: number): string {
  return `${isoUtc(Math.round(atMs)).replace(/[-:.]/g, '')}-${cause}`
}
