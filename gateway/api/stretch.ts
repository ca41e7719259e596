import type { Envelope, Sample, StreamName } from '../../proto/model.ts'
import { asHeard } from '../dates.ts'
import { highest } from '../journal/ranges.ts'
import type { Journal, JournalEnvelope, StreamKey } from '../journal.ts'

/** What a vehicle's terminal told of a stretch of time, found in the journal by halving. In slices: others have their turn. */

export type Stretch = {
  readonly fleet: string
  readonly vehicle: string
  readonly stream: StreamName
  readonly fromMs: number
  readonly toMs: number
  /** Of more envelopes every so-manieth is read. */
  readonly envelopesMax: number
}

type Kept = Pick<Journal, 'read' | 'state' | 'watermarks'>

const readMax = 50

export async function* envelopesOf(journal: Kept, stretch: Stretch): AsyncGenerator<Envelope> {
  const marks = journal
    .watermarks()
    .filter((mark) => mark.fleet === stretch.fleet && mark.vehicle === stretch.vehicle)
  for (const { fleet, vehicle, epoch, stream } of marks) {
    if (stream !== stretch.stream) continue
    const key = { fleet, vehicle, epoch, stream }
    const end = highest(journal.state(key)) + 1
    const first = await seqAt(journal, key, end, stretch.fromMs)
    const last = await seqAt(journal, key, end, stretch.toMs)
    yield* some(journal, key, first, Math.min(last + 1, end), stretch.envelopesMax)
  }
}

/** The first seq whose envelope tells of the instant or later. */
async function seqAt(journal: Kept, key: StreamKey, end: number, atMs: number): Promise<number> {
  let low = 1
  let high = end
  while (low < high) {
    const middle = (low + high) >> 1
    const [row] = await journal.read(key, middle, 1)
    if (row === undefined || row.envelope.seq >= high || lastMs(row) >= atMs) high = middle
    else low = row.envelope.seq + 1
  }
  return low
}

function lastMs({ envelope, receivedAtMs }: JournalEnvelope): number {
  const { body, sealedAtMs } = asHeard(envelope, receivedAtMs)
  return body.is === 'telemetry' ? (body.samples.at(-1)?.atMs ?? sealedAtMs) : sealedAtMs
}

async function* some(
  journal: Kept,
  key: StreamKey,
  from: number,
  end: number,
  max: number,
): AsyncGenerator<Envelope> {
  const step = Math.max(1, Math.ceil((end - from) / max))
  for (let seq = from; seq < end; ) {
    const rows = await journal.read(key, seq, step === 1 ? readMax : 1)
    if (rows.length === 0) return
    for (const { envelope, receivedAtMs } of rows)
      if (envelope.seq < end) yield asHeard(envelope, receivedAtMs)
    const last = rows.at(-1)!.envelope.seq
    seq = step === 1 ? last + 1 : Math.max(last + 1, seq + step)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Samples of the stretch in the order of time. */
export async function samplesOf(journal: Kept, stretch: Omit<Stretch, 'stream'>): Promise<Sample[]> {
  const found: Sample[] = []
  for await (const { body } of envelopesOf(journal, { ...stretch, stream: 'telemetry' }))
    if (body.is === 'telemetry')
      found.push(...body.samples.filter(({ atMs }) => atMs >= stretch.fromMs && atMs <= stretch.toMs))
  return found.sort((a, b) => a.atMs - b.atMs)
}

/** At most so many, evenly, the last one among them. */
export function thinned<T>(all: readonly T[], max: number): readonly T[] {
  if (all.length <= max) return all
  const step = (all.length - 1) / (max - 1)
  return Array.from({ length: max }, (_, index) => all[Math.round(index * step)]!)
}
