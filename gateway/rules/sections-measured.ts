import type { Corridor } from '../../proto/geo/corridor.ts'

/** The stretches of a line that are measured from their beginning to their end. */
export type Measured = {
  readonly fromM: number
  readonly toM: number
  readonly name: string | null
  /** Its mean speed is compared with the limit. */
  readonly speed: boolean
  /** The time it takes is compared with the timetable's. */
  readonly minS: number | null
  readonly maxS: number | null
}

type Line = Corridor['lines'][number]
const known = new WeakMap<Line, { readonly minM: number; readonly found: readonly Measured[] }>()

/** A line does not change, so its stretches are looked for once. */
export function measuredOf(line: Line, sectionMinM: number): readonly Measured[] {
  const before = known.get(line)
  if (before?.minM === sectionMinM) return before.found
  const found = find(line, sectionMinM)
  known.set(line, { minM: sectionMinM, found })
  return found
}

/** The sections the route names; else each stretch with a limit that is long enough for a mean speed to say something. */
function find({ limits, sections, lengthM }: Line, sectionMinM: number): readonly Measured[] {
  const long = limits
    .filter(({ dayKmh, fromM, toM }) => dayKmh !== null && toM - fromM >= sectionMinM)
    .map(({ fromM, toM }) => ({ fromM, toM, name: null }))
  const speeds = (sections ?? long).map((one) => ({ ...one, speed: true, minS: null, maxS: null }))
  const times = limits
    .filter(({ minS, maxS }) => minS !== null || maxS !== null)
    .map(({ fromM, toM, minS, maxS }) => ({ fromM, toM, name: null, speed: false, minS, maxS }))
  return [...speeds, ...times]
    .map((one) => ({ ...one, toM: Math.min(one.toM, lengthM) }))
    .filter(({ fromM, toM }) => toM > fromM)
    .toSorted((a, b) => a.toM - b.toM)
}
