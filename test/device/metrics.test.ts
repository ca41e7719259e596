import { expect, onTestFinished, test } from 'vitest'
import { TerminalMetrics } from '../../device/metrics.ts'
import { serveMetrics } from '../../device/metrics-server.ts'
import { createMemoryOutbox } from '../../device/outbox/memory.ts'
import { cruise } from '../help/drive.ts'

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
  const text = metrics.text(outbox, 65_536, () => null)
  for (const line of [
    'outbox_envelopes{stream="telemetry"} 1',
    'outbox_envelopes{stream="alarm"} 0',
    'queue_bound{queue="outbox-bytes"} 65536',
    'link_up 1',
    'ready 1',
    'evicted_total 0',
    'dead_letters 0',
  ])
    expect(text).toContain(`roadwarden_terminal_${line}\n`)
  listener!.down('cut')
  expect(metrics.text(outbox, 65_536, () => 'full')).toContain('roadwarden_terminal_link_up 0\n')
  expect(metrics.text(outbox, 65_536, () => 'full')).toContain('roadwarden_terminal_ready 0\n')
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
