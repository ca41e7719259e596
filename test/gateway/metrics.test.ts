import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createMetrics } from '../../gateway/metrics.ts'
import { spaceTrouble } from '../../gateway/upkeep.ts'
import { cruise } from '../help/drive.ts'
import { connectTerminal } from './help/clients.ts'
import { startGateway, startMs, telemetry } from './help/world.ts'

describe('metrics', () => {
  test('a histogram counts each bound, all and the sum', () => {
    const metrics = createMetrics()
    for (const seconds of [0.0005, 0.02, 0.02, 7, 100_000]) metrics.time('sync_seconds', seconds)
    const text = metrics.text()
    for (const line of ['{le="0.001"} 1', '{le="0.025"} 3', '{le="10"} 4', '{le="86400"} 4', '{le="+Inf"} 5'])
      expect(text).toContain(`roadwarden_sync_seconds_bucket${line}`)
    expect(text).toContain('roadwarden_sync_seconds_count 5')
    expect(text).toContain('# TYPE roadwarden_sync_seconds histogram')
  })

  test('a gateway tells of every queue with its bound, of lag, sync and rules', async () => {
    const gateway = await startGateway()
    const terminal = await connectTerminal(gateway.ports.ingest)
    await terminal.send(telemetry(1, cruise(startMs, startMs + 3000)))
    const text = await (await fetch(`http://127.0.0.1:${gateway.ports.http}/metrics`)).text()
    for (const name of [
      'sync_seconds_count 1',
      'rule_seconds_count 1',
      'event_lag_seconds_count{stream="telemetry"} 1',
      'ready 1',
      'queue_bound{queue="commit"} 16',
      'queue_bound{queue="officer-offline"} 1000',
    ])
      expect(text).toContain(`roadwarden_${name}`)
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# TYPE [a-z_]+ (counter|gauge|histogram)|[a-z_]+(\{[^}]*\})? [\d.e+-]+)$/)
  })

  test('each series of the board is one that is told, and the READMEs say what to do', () => {
    const board = readFileSync('gateway/grafana.json', 'utf8')
    const names = new Set(
      [...board.matchAll(/roadwarden_(?!terminal_)([a-z_]+)/g)].map(([, name]) =>
        name!.replace(/_bucket$/, ''),
      ),
    )
    const readme = readFileSync('gateway/README.md', 'utf8')
    for (const name of names) expect(readme, name).toContain(name)
    const device = readFileSync('device/README.md', 'utf8')
    for (const [, name] of board.matchAll(/roadwarden_terminal_([a-z_]+)/g))
      expect(device, name).toContain(name!)
  })
})

test('a disk that is nearly full is not ready', () => {
  const roomy = { bytes: 2 ** 40, share: 0.5, inodes: 1e6 }
  expect(spaceTrouble(roomy)).toBeNull()
  expect(spaceTrouble({ ...roomy, share: 0.03 })).toBeNull()
  expect(spaceTrouble({ ...roomy, bytes: 200 * 2 ** 20 })).toContain('nearly full')
  expect(spaceTrouble({ ...roomy, bytes: 5 * 2 ** 30, share: 0.04 })).toContain('nearly full')
  expect(spaceTrouble({ ...roomy, inodes: 999 })).toContain('inodes')
})
