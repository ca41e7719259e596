import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { TerminalMetrics } from '../../device/metrics.ts'
import { serveMetrics } from '../../device/metrics-server.ts'
import { gapReasons, recordClasses } from '../../device/outbox/evict.ts'
import { createMemoryOutbox } from '../../device/outbox/memory.ts'
import { dropped, rejected } from '../../device/tally.ts'
import { cruise } from '../help/drive.ts'
import { alarm } from '../help/envelopes.ts'

const startMs = Date.UTC(2025, 10, 22, 17, 50)

test('a terminal tells what waits, what it was sealed with and whether it is heard', async () => {
  const metrics = new TerminalMetrics()
  const outbox = createMemoryOutbox({
    fleet: 'f1',
    vehicle: 'v1',
    bytesMax: 65_536,
    witness: metrics.witness(undefined),
  })
  outbox.pend(cruise(startMs, startMs + 10_000))
  const checkpoint = { atMs: startMs, states: {}, openFindings: {}, signals: null }
  outbox.sealPending(checkpoint, { policyDigest: '0'.repeat(64), sealedAtMs: startMs + 12_000 })
  let listener: { up: () => void; down: (why: string) => void } | undefined
  const open = metrics.link((given) => {
    listener = given
    return { publish: () => Promise.resolve(), isUp: () => true, close: () => Promise.resolve() }
  })
  const heard: string[] = []
  open({ up: () => heard.push('up'), down: () => heard.push('down'), message: () => {} })
  listener!.up()
  const text = metrics.text(outbox, () => null)
  for (const line of [
    'outbox_envelopes{stream="telemetry"} 1',
    'outbox_envelopes{stream="alarm"} 0',
    'queue_bound{queue="outbox-bytes"} 65536',
    'link_up 1',
    'ready 1',
    'dead_letters 0',
  ])
    expect(text).toContain(`roadwarden_terminal_${line}\n`)
  listener!.down('cut')
  expect(metrics.text(outbox, () => 'full')).toContain('roadwarden_terminal_link_up 0\n')
  expect(metrics.text(outbox, () => 'full')).toContain('roadwarden_terminal_ready 0\n')
  expect(heard).toEqual(['up', 'down'])
})

test('they are served on this machine; a taken port is told and stops nothing', async () => {
  const options = { port: 0, notReady: () => null, text: () => 'roadwarden_terminal_link_up 1\n' }
  const server = serveMetrics(options, () => {})
  onTestFinished(() => {
    server.close()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const { port, address } = server.address() as { port: number; address: string }
  expect(address).toBe('127.0.0.1')
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status
  expect([await ask('/metrics'), await ask('/readyz'), await ask('/other')]).toEqual([200, 200, 404])
  const told = await new Promise<string>((resolve) => {
    serveMetrics({ ...options, port }, resolve)
  })
  expect(told).toContain('EADDRINUSE')
})

test('what is left out is counted by reason, and each queue has its bound', () => {
  const metrics = new TerminalMetrics()
  const outbox = createMemoryOutbox({ fleet: 'f1', vehicle: 'v1', bytesMax: 2000 })
  const checkpoint = { atMs: startMs, states: {}, openFindings: {}, signals: null }
  const sealing = { policyDigest: '0'.repeat(64), sealedAtMs: startMs }
  for (let at = 0; at < 30; at++) outbox.append([alarm(startMs + at)], checkpoint, sealing)
  outbox.append([], checkpoint, { ...sealing, refused: { low: 0, alarm: 7 } })
  metrics.tally.rejected('gnss', 'jump')
  metrics.tally.rejected('gnss', 'jump')
  metrics.tally.dropped('findings', 'unsaved-full')
  metrics.tally.unsaved(12)
  metrics.tally.detected(0.25)
  const text = metrics.text({ stats: () => ({ ...outbox.stats(), bytesMax: 1234 }) }, () => null)
  for (const line of [
    'rejected_total{door="gnss",reason="jump"} 2',
    'dropped_total{what="findings",reason="unsaved-full"} 1',
    'evicted_total{class="alarm",reason="refused"} 7',
    'unsaved_bodies 12',
    'queue_bound{queue="unsaved-bodies"} 2000',
    'queue_bound{queue="dead-letters"} 1000',
    'queue_bound{queue="outbox-bytes"} 1234',
    'detector_seconds_sum 0.25',
    'detector_seconds_count 1',
  ])
    expect(text).toContain(`roadwarden_terminal_${line}\n`)
  expect(text).toMatch(/evicted_total\{class="alarm",reason="cap"\} [1-9]/)
})

test('each label that can be told stands in the README with what to do', () => {
  const [, after = ''] = readFileSync('device/README.md', 'utf8').split('## Metrics')
  const [section = ''] = after.split('\n## ')
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  const labelsOf = (metric: string): Set<string> =>
    new Set(
      rows
        .filter((row) => row.startsWith(`| \`${metric}\``))
        .flatMap((row) => [...row.matchAll(/`([a-z]+(?:[A-Z-][a-z]+)*)`/g)].map(([, label]) => label!)),
    )
  const named = (table: { readonly [name: string]: readonly string[] }): Set<string> =>
    new Set([...Object.keys(table), ...Object.values(table).flat()])
  expect(labelsOf('rejected_total')).toEqual(named(rejected))
  expect(labelsOf('dropped_total')).toEqual(named(dropped))
  expect(labelsOf('evicted_total')).toEqual(new Set(['raw', ...recordClasses, ...gapReasons]))
  // Nothing is counted with a label that stands in no list.
  const source = readFileSync('device/metrics.ts', 'utf8')
  const literal = [...source.matchAll(/(?:what|reason|door)="([a-z-]+)"/g)].map(([, label]) => label!)
  for (const label of literal) expect(named(dropped)).toContain(label)
  const bounds = [...source.matchAll(/queue_bound\{queue="([a-z-]+)"\}/g)].map(([, queue]) => queue!)
  for (const queue of bounds) {
    expect(section).toContain(`queue_bound{queue="${queue}"}`)
    expect(readFileSync('gateway/grafana.json', 'utf8')).toContain(`queue_bound{queue=\\"${queue}\\"}`)
  }
})
