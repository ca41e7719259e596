import { batchSamplesMax } from '../../proto/codec.ts'
import type { EnvelopeBody, Sample } from '../../proto/model.ts'
import { quantise, type ThinState, thin } from '../../proto/telemetry.ts'
import type { Seal } from './outbox.ts'

export type Batches = { readonly batches: readonly (readonly Sample[])[]; readonly thin: ThinState }

/**
 * The telemetry among pending Samples, in batches that an envelope can carry. A batch ends where time does not
 * go on (a corrected clock): the receiver refuses columns out of order.
 */
export function batchesOf(samples: readonly Sample[], state: ThinState): Batches {
  const batches: Sample[][] = []
  let thinned = state
  for (const sample of samples) {
    const next = thin(thinned, sample)
    thinned = next.state
    if (!next.taken) continue
    const row = quantise(sample)
    const batch = batches.at(-1)
    const previous = batch?.at(-1)
    const fits = batch !== undefined && previous !== undefined && row.atMs > previous.atMs
    if (fits && batch.length < batchSamplesMax) batch.push(row)
    else batches.push([row])
  }
  return { batches, thin: thinned }
}

/** The batches as bodies; the last one carries how things stand after it. */
export function telemetryBodies(batches: Batches['batches'], { outlook }: Seal): readonly EnvelopeBody[] {
  return batches.map((samples, i) =>
    outlook !== undefined && i === batches.length - 1
      ? { is: 'telemetry', samples, outlook }
      : { is: 'telemetry', samples },
  )
}
