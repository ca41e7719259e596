import type { JournalEnvelope } from '../../gateway/journal.ts'
import type { AnyDetector } from '../../proto/detector.ts'
import type { Sample } from '../../proto/model.ts'
import type { FoldStep } from '../invariants.ts'

/**
 * A rule that finds nothing and notes in which order Samples reach the rules: on top of what state each one was folded.
 * Its state is stored and read back with that of the real rules, so a fold that goes on from a wrong place shows.
 */
export type Witness = {
  readonly rule: AnyDetector
  /** Each step between two envelopes of one epoch. */
  readonly folded: (rows: readonly JournalEnvelope[]) => FoldStep[]
}

type State = { readonly last: string | null }

/** Samples carry no number: what they say tells them apart, and those that say the same are left out. */
const markOf = ({ atMs, trusted, fix }: Sample): string => `${atMs}/${trusted}/${fix?.lat}/${fix?.lon}`

export function createWitness(): Witness {
  const steps = new Map<string, { readonly before: string; readonly mark: string }>()
  const step = (state: State, sample: Sample) => {
    const mark = markOf(sample)
    if (state.last !== null) steps.set(`${state.last}>${mark}`, { before: state.last, mark })
    return { state: { last: mark }, findings: [] }
  }
  const rule = { name: 'witness', initial: { last: null }, step: step as AnyDetector['step'] }
  return { rule, folded: (rows) => foldedBy([...steps.values()], rows) }
}

type Placed = Omit<FoldStep, 'after'>

function foldedBy(
  steps: readonly { readonly before: string; readonly mark: string }[],
  rows: readonly JournalEnvelope[],
): FoldStep[] {
  const places = placesIn(rows)
  return steps.flatMap(({ before, mark }) => {
    const from = places.get(before)
    const to = places.get(mark)
    if (from === undefined || to === undefined || from === null || to === null) return []
    const isOwn = from.fleet === to.fleet && from.vehicle === to.vehicle && from.epoch === to.epoch
    // Samples of one envelope follow each other; what lies in another epoch is no order of seqs.
    return isOwn && from.seq !== to.seq ? [{ ...to, after: from.seq }] : []
  })
}

/** Null: more than one envelope says it. */
function placesIn(rows: readonly JournalEnvelope[]): ReadonlyMap<string, Placed | null> {
  const places = new Map<string, Placed | null>()
  for (const { envelope } of rows) {
    const { fleet, vehicle, epoch, stream, seq, body } = envelope
    if (body.is !== 'telemetry') continue
    for (const mark of new Set(body.samples.map(markOf)))
      places.set(mark, places.has(mark) ? null : { fleet, vehicle, epoch, stream, seq })
  }
  return places
}
