import { compareLines, type Difference } from './compare.ts'
import { type Reading, replayTripFile, silentReader, type TripFile } from './trips.ts'

/** One trip under two policies. Plain JSON, so that it passes between threads and into the state file. */
export type Task = {
  readonly trip: TripFile
  /** Policy files; what lies beside the trip, or on a tape, is not asked. */
  readonly before: string
  readonly after: string
  readonly reading: Reading
}

export type Outcome = {
  readonly name: string
  /** Why the trip could not be replayed; null when it was. */
  readonly failed: string | null
  readonly vehicle: string
  readonly km: number
  readonly differences: readonly Difference[]
}

export async function compareTrip({ trip, before, after, reading }: Task): Promise<Outcome> {
  // As replay of one file: a tape's own documents hold where no file says otherwise.
  const run = (policy: string) =>
    replayTripFile(trip, { files: { ...trip.documents, policy }, reader: silentReader }, reading)
  try {
    const [old, now] = [await run(before), await run(after)]
    const { samples, distanceM } = now.summary
    const failed = samples === 0 ? `${trip.name}: no usable row` : null
    return {
      name: trip.name,
      failed,
      vehicle: now.vehicle.id,
      km: distanceM / 1000,
      differences: compareLines(old.lines, now.lines),
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { name: trip.name, failed: why.replaceAll(/\s*\n\s*/g, ' '), vehicle: '', km: 0, differences: [] }
  }
}
