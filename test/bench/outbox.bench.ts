import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outbox } from '../../device/outbox/outbox.ts'
import { openSqliteOutbox } from '../../device/outbox/sqlite.ts'
import { cruise } from '../help/drive.ts'
import { ackOf, alarm, noon, seal } from '../help/envelopes.ts'

/**
 * What durability costs on this disk: one alarm synced by itself, alarms in one transaction, a telemetry batch, and
 * an acknowledged backlog. The state stored with each is that of a vehicle in mid-trip (about 4 KiB of JSON).
 */
export type BenchRow = { readonly name: string; readonly value: number; readonly unit: string }

const states = { ledgers: Array.from({ length: 200 }, (_, i) => ({ fromMs: noon + i, toMs: noon + i + 1 })) }
const checkpoint = { atMs: noon, states, openFindings: {}, signals: null }
const appends = 500
const batches = 200
const drained = 5000

export async function outboxBench(): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'outbox-bench-'))
  const outbox = openSqliteOutbox(folder, { fleet: 'north', vehicle: 'coach-1', bytesMax: 2 ** 30 }, Date.now)
  try {
    return [...singles(outbox), grouped(outbox), ...telemetry(outbox), ...draining(outbox)]
  } finally {
    outbox.close()
    rmSync(folder, { recursive: true })
  }
}

function timesMs(count: number, work: (i: number) => void): number[] {
  return Array.from({ length: count }, (_, i) => {
    const since = performance.now()
    work(i)
    return performance.now() - since
  }).sort((a, b) => a - b)
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0

function singles(outbox: Outbox): BenchRow[] {
  const times = timesMs(appends, (i) => outbox.append([alarm(noon + i)], checkpoint, seal))
  return [
    { name: 'outbox append, one alarm, synced, p50', value: quantile(times, 0.5), unit: 'ms' },
    { name: 'outbox append, one alarm, synced, p99', value: quantile(times, 0.99), unit: 'ms' },
  ]
}

function grouped(outbox: Outbox): BenchRow {
  const bodies = Array.from({ length: 100 }, (_, i) => alarm(noon + i))
  const times = timesMs(20, () => outbox.append(bodies, checkpoint, seal))
  return {
    name: 'outbox append, 100 per transaction',
    value: 100_000 / quantile(times, 0.5),
    unit: 'envelopes/s',
  }
}

function telemetry(outbox: Outbox): BenchRow[] {
  const times = timesMs(batches, (i) => {
    outbox.pend(cruise(noon + i * 10_000, noon + (i + 1) * 10_000, { speedKmh: 80 }))
    outbox.sealPending(checkpoint, seal)
  })
  return [
    { name: 'outbox seal, 10 samples, synced, p50', value: quantile(times, 0.5), unit: 'ms' },
    { name: 'outbox seal, 10 samples, synced, p99', value: quantile(times, 0.99), unit: 'ms' },
  ]
}

function draining(outbox: Outbox): BenchRow[] {
  outbox.append(
    Array.from({ length: drained }, (_, i) => alarm(noon + i)),
    checkpoint,
    seal,
  )
  const last = outbox.lastSeq('alarm')
  const from = last - drained
  const read = performance.now()
  for (let seq = from; seq < last; seq += 32) outbox.take('alarm', seq, 32)
  const readS = (performance.now() - read) / 1000
  const trim = performance.now()
  for (let seq = from; seq < last; seq += 100)
    outbox.acknowledge(ackOf(outbox.epoch, { alarm: { upto: seq + 100, ranges: [] } }))
  const trimS = (performance.now() - trim) / 1000
  return [
    { name: 'outbox read, 32 at a time', value: drained / readS, unit: 'envelopes/s' },
    { name: 'outbox trim, 100 per ack, synced', value: drained / trimS, unit: 'envelopes/s' },
  ]
}
