import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Quarantined } from '../../gateway/journal.ts'
import { createMetrics } from '../../gateway/metrics.ts'
import { refusedReasons } from '../../gateway/refused.ts'
import { spaceTrouble } from '../../gateway/upkeep.ts'
import { cruise } from '../help/drive.ts'
import { connectOfficer, connectTerminal } from './help/clients.ts'
import { alarm, startGateway, startMs, telemetry } from './help/world.ts'

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

  test('what waits for an officer who is away is told beside its bound', async () => {
    const gateway = await startGateway()
    const away = { clientId: 'away', clean: false }
    const officer = await connectOfficer(gateway.ports.alerts, 'alerts-json/v1/f1/#', away)
    await officer.client.endAsync(true)
    const terminal = await connectTerminal(gateway.ports.ingest)
    for (const seq of [1, 2, 3]) await terminal.send(alarm(seq, { subject: `s${seq}` }, null))
    await gateway.idle()
    const text = await (await fetch(`http://127.0.0.1:${gateway.ports.http}/metrics`)).text()
    expect(text).toContain('roadwarden_officer_offline 3\n')
    expect(text).toContain('roadwarden_queue_length{queue="officer-sessions"} 1\n')
    expect(text).toContain('roadwarden_officer_bytes 0\n')
  })

  test('every queue has its bound beside it, but for what waits in the journal', async () => {
    const gateway = await startGateway()
    const of = (gauge: string): string[] =>
      [...gateway.metrics.text().matchAll(new RegExp(`roadwarden_${gauge}\\{queue="([^"]+)"\\} \\d`, 'g'))]
        .map(([, queue]) => queue!)
        .toSorted()
    const named = ['commit', 'officer-bytes', 'officer-offline']
    const inJournal = new Set(['alerts-unpublished', 'webhook-behind'])
    const lengths = of('queue_length')
    expect(lengths).toContain('webhook-behind')
    expect([...lengths.filter((queue) => !inJournal.has(queue)), ...named].toSorted()).toEqual(
      of('queue_bound'),
    )
    const [, section = ''] = readme.split('## When a number of /metrics')
    for (const queue of lengths) expect(section).toContain(`\`${queue}\``)
  })

  test('each reason and kind that can be counted stands in the README with what to do, and no other', () => {
    const [, section = ''] = readme.split('## What was refused, and what was set aside\n')
    const [own = ''] = section.split('\n## ')
    const [reasons = '', kinds = ''] = own.split('By `kind` of `quarantined_total`')
    expect(explainedIn(reasons)).toEqual(refusedReasons.toSorted())
    expect(explainedIn(kinds)).toEqual(Object.keys(quarantineKinds).toSorted())
  })

  test('no reason is listed that nothing is refused for', () => {
    const text = textsOf('gateway', 'refused.ts')
    expect(refusedReasons.filter((reason) => !text.includes(`'${reason}'`))).toEqual([])
  })

  test('what is told stands in the README and on the board, and neither speaks of anything else', () => {
    const told = namesToldBy('gateway')
    expect(told.size).toBeGreaterThan(25)
    const [, section = ''] = readFileSync('gateway/README.md', 'utf8').split('## When a number of /metrics')
    expect(namesIn(section, /`([a-z]+(?:_[a-z]+)*)(?=[`{ ])/g, notMetrics)).toEqual(told)
    expect(namesIn(board, /roadwarden_(?!terminal_)([a-z_]+)/g)).toEqual(told)
  })

  test('the same of a terminal', () => {
    const told = namesToldBy('device')
    expect(told.size).toBeGreaterThan(10)
    const [, section = ''] = readFileSync('device/README.md', 'utf8').split('## Metrics')
    const [own = ''] = section.split('\n## ')
    expect(namesIn(own, /`(ready|[a-z]+(?:_[a-z]+)+)(?=[`{ ])/g, notMetrics)).toEqual(told)
    expect(namesIn(board, /roadwarden_terminal_([a-z_]+)/g)).toEqual(told)
  })
})

/** One of each: a new kind does not compile until it stands here, and then the README must have it. */
const quarantineKinds: Record<Quarantined['kind'], true> = {
  malformed: true,
  conflict: true,
  future: true,
  foreign: true,
}

/** The names in the first column of a table whose second says something. */
function explainedIn(text: string): string[] {
  const rows = [...text.matchAll(/^\| (`[^|]+) \| ([^|]*\S)/gm)].filter(([, , remedy]) => remedy!.length > 20)
  return rows.flatMap(([, names]) => [...names!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)).toSorted()
}

const readme = readFileSync('gateway/README.md', 'utf8')
const board = readFileSync('gateway/grafana.json', 'utf8')

/** Names of other things among those in backticks. */
const notMetrics = new Set([
  'quarantine',
  'dead_letter',
  'roadwarden_terminal',
  'metrics',
  'reason',
  'kind',
  'passwords',
])

/** A histogram is one thing, whichever of its series is looked at. */
const whole = (name: string): string => name.replace(/_(bucket|sum|count)$/, '')

function namesIn(text: string, pattern: RegExp, but: ReadonlySet<string> = new Set()): Set<string> {
  const names = [...text.matchAll(pattern)].map(([, name]) => whole(name!))
  return new Set(names.filter((name) => !but.has(name)).toSorted())
}

/** Every name that a program counts, gauges or times, out of its own text. */
function namesToldBy(program: 'gateway' | 'device'): Set<string> {
  if (program === 'device') {
    const text = readFileSync('device/metrics.ts', 'utf8')
    return namesIn(text, /(?:count\(|\[)['`](ready|[a-z]+(?:_[a-z]+)+)(?=['`{])/g)
  }
  return namesIn(textsOf('gateway'), /\b(?:count|gauge|time)\(\s*['`]([a-z_]+)(?=['`{])/g, outcomes)
}

function textsOf(folder: string, but = ''): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== but)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
}

/** Outcomes of one metric, counted by name. */
const outcomes = new Set(['delivered', 'failed', 'dead'])

test('a disk that is nearly full is not ready', () => {
  const roomy = { bytes: 2 ** 40, share: 0.5, inodes: 1e6 }
  expect(spaceTrouble(roomy)).toBeNull()
  expect(spaceTrouble({ ...roomy, share: 0.03 })).toBeNull()
  expect(spaceTrouble({ ...roomy, bytes: 200 * 2 ** 20 })).toContain('nearly full')
  expect(spaceTrouble({ ...roomy, bytes: 5 * 2 ** 30, share: 0.04 })).toContain('nearly full')
  expect(spaceTrouble({ ...roomy, inodes: 999 })).toContain('inodes')
})
