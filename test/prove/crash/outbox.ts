import { makeFolder } from '../../../device/durable-file.ts'
import type { Outbox, Sealed, Waiting } from '../../../device/outbox/outbox.ts'
import { isRefusal } from '../../../device/outbox/room.ts'
import { openSqliteOutbox } from '../../../device/outbox/sqlite.ts'
import { sha256, sha256Hex } from '../../../proto/canonical.ts'
import type { StreamName } from '../../../proto/model.ts'
import { sampleAt } from '../../help/drive.ts'
import { ackOf, alarm, noon, opened, seal } from '../../help/envelopes.ts'
import type { Script, Subject } from './subject.ts'

/** The outbox of a terminal: what it calls durable may be published at once, under a seq that is given out once. */
export type OutboxPromise =
  | { readonly is: 'epoch'; readonly epoch: number }
  | { readonly is: 'durable'; readonly stream: StreamName; readonly seq: number; readonly hash: string }
  /** The gateway has it, or a person: its row may go. */
  | { readonly is: 'mayGo'; readonly stream: StreamName; readonly seq: number }
  /** Every Sample up to here is kept, in a checkpoint or as itself. */
  | { readonly is: 'reached'; readonly atMs: number }

const vehicle = { fleet: 'north', vehicle: 'coach-1', bytesMax: 16_000 }
const streams = ['alarm', 'telemetry'] as const
const hashOf = (bytes: Uint8Array): string => sha256Hex(bytes)
const open = (folder: string): Outbox => {
  makeFolder(folder)
  return openSqliteOutbox(folder, vehicle, () => noon)
}
const checkpointAt = (atMs: number) => ({
  atMs,
  states: { pad: 'x'.repeat(600) },
  openFindings: {},
  signals: null,
})
const waitingIn = (outbox: Outbox): readonly Waiting[] =>
  streams.flatMap((stream) => outbox.take(stream, 0, 1e6))

async function run(folder: string, { life, steps, dice }: Script, tell: (one: OutboxPromise) => void) {
  const durable = ({ stream, seq, bytes }: Pick<Sealed, 'stream' | 'seq' | 'bytes'>): void =>
    tell({ is: 'durable', stream, seq, hash: hashOf(bytes) })
  const opening = (): Outbox => {
    const opened = open(folder)
    tell({ is: 'epoch', epoch: opened.epoch })
    // Whatever waits is published as soon as there is a line.
    for (const row of waitingIn(opened)) durable(row)
    return opened
  }
  let outbox = opening()
  let atMs = noon + life * 1e6
  const step = (): void => {
    atMs += 1000
    const act = dice.pick('act', acts)
    const waiting = outbox.take('alarm', 0, 1e6)
    if (act === 'ack' && waiting.length >= 4) {
      const upto = waiting[3]!.seq
      for (const seq of waiting.slice(0, 4).flatMap(seqsOf)) tell({ is: 'mayGo', stream: 'alarm', seq })
      outbox.acknowledge(ackOf(outbox.epoch, { alarm: { upto, ranges: [] } }))
    } else if (act === 'bury' && waiting.length >= 4) {
      for (const seq of seqsOf(waiting[1]!)) tell({ is: 'mayGo', stream: 'alarm', seq })
      outbox.deadLetter(waiting[1]!, 'refused three times')
    } else if (act === 'again') {
      outbox.close()
      outbox = opening()
    } else {
      outbox.pend([sampleAt(atMs, { speedKmh: dice.between('speed', 0, 110) })])
      if (act === 'sync') outbox.sync()
      else if (act === 'seal') outbox.sealPending(checkpointAt(atMs), seal).forEach(durable)
      else outbox.append([alarm(atMs)], checkpointAt(atMs), seal).sealed.forEach(durable)
      tell({ is: 'reached', atMs })
    }
  }
  for (let n = 0; n < steps; n++)
    try {
      step()
    } catch (error) {
      // As the terminal does: what the disk refuses is not promised, and the next second tries again.
      if (!isRefusal(error)) throw error
    }
  outbox.close()
}
const acts = ['append', 'append', 'append', 'sync', 'seal', 'ack', 'bury', 'again'] as const

/** Its own, and those a gap record speaks for. */
function seqsOf({ seq, bytes }: Waiting): number[] {
  const { body } = opened(bytes)
  if (body.is !== 'gap') return [seq]
  return [seq, ...Array.from({ length: body.gap.count }, (_, index) => body.gap.firstSeq + index)]
}

async function check(folder: string, promises: readonly OutboxPromise[]): Promise<string[]> {
  const outbox = open(folder)
  try {
    const complaints = [...epochTrouble(outbox, promises), ...rowTrouble(outbox, promises)]
    const reached = Math.max(0, ...promises.flatMap((one) => (one.is === 'reached' ? [one.atMs] : [])))
    const { checkpoint, samples } = outbox.restore()
    const kept = Math.max(checkpoint?.atMs ?? 0, ...samples.map(({ atMs }) => atMs))
    if (kept < reached) complaints.push(`lost: Samples after ${kept - noon}, kept up to ${reached - noon}`)
    return [...complaints, ...troubleGoingOn(outbox)]
  } finally {
    outbox.close()
  }
}

function epochTrouble(outbox: Outbox, promises: readonly OutboxPromise[]): string[] {
  const last = promises.findLast((one) => one.is === 'epoch')
  if (last === undefined || last.epoch === outbox.epoch) return []
  return [`lost: epoch ${last.epoch}, it is ${outbox.epoch} now, reset ${JSON.stringify(outbox.reset)}`]
}

function rowTrouble(outbox: Outbox, promises: readonly OutboxPromise[]): string[] {
  const complaints: string[] = []
  const name = ({ stream, seq }: { stream: StreamName; seq: number }): string => `${stream}/${seq}`
  const rows = waitingIn(outbox)
  const held = new Map(rows.map((row) => [name(row), row]))
  const mayGo = new Set(promises.flatMap((one) => (one.is === 'mayGo' ? [name(one)] : [])))
  const promised = new Map(promises.flatMap((one) => (one.is === 'durable' ? [[name(one), one]] : [])))
  const evicted = new Set(
    rows.flatMap((row) =>
      seqsOf(row)
        .slice(1)
        .map((seq) => `${row.stream}/${seq}`),
    ),
  )
  for (const one of promised.values()) {
    const row = held.get(name(one))
    if (row === undefined && !mayGo.has(name(one)) && !evicted.has(name(one)))
      complaints.push(`lost: ${name(one)}`)
    if (row !== undefined && hashOf(row.bytes) !== one.hash)
      complaints.push(`${name(one)} was published with other bytes`)
    if (outbox.lastSeq(one.stream) < one.seq) complaints.push(`${name(one)} will be given out again`)
  }
  for (const row of rows) {
    const before = `${row.stream}/${row.seq - 1}`
    const hash = promised.get(before)?.hash ?? hashOfRow(held.get(before))
    const said = Buffer.from(opened(row.bytes).prevHash).toString('hex')
    if (hash !== undefined && said !== hash) complaints.push(`${name(row)} continues another chain`)
  }
  return complaints
}

const hashOfRow = (row: Waiting | undefined): string | undefined =>
  row === undefined ? undefined : hashOf(row.bytes)

function troubleGoingOn(outbox: Outbox): string[] {
  const last = outbox.lastSeq('alarm')
  const [before] = outbox.take('alarm', last - 1, 1)
  const [row] = outbox.append([alarm(noon + 1e9)], checkpointAt(noon + 1e9), seal).sealed
  if (row?.seq !== last + 1) return [`goes on with ${row?.seq} after ${last}`]
  const follows = before === undefined || Buffer.compare(row.envelope.prevHash, sha256(before.bytes)) === 0
  return follows ? [] : ['goes on in another chain']
}

export const outboxSubject: Subject<OutboxPromise> = { run, check }
