import { describe, expect, test } from 'vitest'
import { createMemoryJournal } from '../../gateway/journal/memory.ts'
import { openSqliteJournal } from '../../gateway/journal/sqlite.ts'
import { decodeAlert } from '../../proto/codec.ts'
import type { Alert } from '../../proto/model.ts'
import { cruise } from '../help/drive.ts'
import { connectOfficer, connectTerminal, until } from './help/clients.ts'
import { alarm, startGateway, startMs, telemetry, tempFolder } from './help/world.ts'

const batch = (seq: number, speedKmh: number) =>
  telemetry(seq, cruise(startMs + seq * 10_000, startMs + (seq + 1) * 10_000, { speedKmh }))

describe('alerts', () => {
  test('of gateway rules are published like those of terminals, as protobuf and as JSON', async () => {
    const gateway = await startGateway()
    const json = await connectOfficer(gateway.ports.alerts, 'alerts-json/v1/f1/#')
    const binary = await connectOfficer(gateway.ports.alerts, 'alerts/v1/f1/#')
    const terminal = await connectTerminal(gateway.ports.ingest)
    for (const [seq, speed] of [
      [1, 0],
      [2, 50],
      [3, 50],
      [4, 0],
    ] as const)
      await terminal.send(batch(seq, speed))
    await until(() => json.alerts().length === 2 && binary.messages.length === 2)
    expect(json.messages.map(({ topic }) => topic)).toEqual(
      Array<string>(2).fill('alerts-json/v1/f1/critical/curfew/v1'),
    )
    expect(json.alerts().map(({ phase, revision, cursor }) => [phase, revision, cursor])).toEqual([
      ['started', 1, 1],
      ['ended', 2, 2],
    ])
    const decoded = binary.messages.map(({ payload }) => decodeAlert(payload))
    expect(decoded.map((one) => one.ok && one.value)).toEqual(json.alerts())
  })

  test('a change of severity is told on the old topic too, with where it went', async () => {
    const gateway = await startGateway()
    const officer = await connectOfficer(gateway.ports.alerts, 'alerts-json/v1/f1/#')
    const terminal = await connectTerminal(gateway.ports.ingest)
    const id = 'f1/v1/7/alarm/1'
    await terminal.send(alarm(1, {}, null))
    await terminal.send(
      alarm(2, { phase: 'updated', severity: 'critical', decidedAtMs: startMs + 20_000 }, id),
    )
    await until(() => officer.messages.length === 3)
    expect(
      officer.messages.map(({ topic, payload }) => [
        topic.split('/')[3],
        (JSON.parse(payload.toString()) as Alert).movedTo,
      ]),
    ).toEqual([
      ['major', undefined],
      ['critical', undefined],
      ['major', 'critical'],
    ])
  })

  test('kinds for the driver alone are journaled and not published', async () => {
    const gateway = await startGateway()
    const terminal = await connectTerminal(gateway.ports.ingest)
    const rule = { id: 'speeding-warning', version: 1 }
    await terminal.send(alarm(1, { kind: 'speeding-warning', severity: 'info', rule }, null))
    await gateway.idle()
    expect(gateway.metrics.value('alert_revisions_total')).toBe(0)
    expect(gateway.metrics.value('envelopes_total', { stream: 'alarm' })).toBe(1)
  })

  test('an officer who does not read holds up neither the others nor the terminals', async () => {
    const gateway = await startGateway()
    const healthy = await connectOfficer(gateway.ports.alerts, 'alerts-json/v1/f1/#')
    const stuck = await connectOfficer(gateway.ports.alerts, 'alerts-json/v1/f1/#')
    stuck.client.stream.pause()
    const terminal = await connectTerminal(gateway.ports.ingest)
    const evidence = { note: 'x'.repeat(4000) }
    for (let seq = 1; seq <= 400; seq++)
      await terminal.send(alarm(seq, { subject: `s${seq}`, evidence }, null))
    await until(() => healthy.messages.length === 400)
  })
})

describe('GET', () => {
  const get = async (port: number, path: string, init?: RequestInit) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
    const text = await response.text()
    const lines = text.split('\n').filter((line) => line !== '')
    return { status: response.status, text, lines }
  }

  test('/alerts gives pages from the journal, by cursor and fleet', async () => {
    const gateway = await startGateway()
    const one = await connectTerminal(gateway.ports.ingest)
    const two = await connectTerminal(gateway.ports.ingest, 'f2', 'v2')
    for (let seq = 1; seq <= 5; seq++) await one.send(alarm(seq, { subject: `s${seq}` }, null))
    await two.send(alarm(1, {}, null, { fleet: 'f2', vehicle: 'v2' }))
    const { http } = gateway.ports
    const seen: Alert[] = []
    for (;;) {
      const page = await get(http, `/alerts?after=${seen.at(-1)?.cursor ?? 0}&limit=2`)
      if (page.lines.length === 0) break
      seen.push(...page.lines.map((line) => JSON.parse(line) as Alert))
    }
    expect(seen.map(({ cursor }) => cursor)).toEqual([1, 2, 3, 4, 5, 6])
    expect((await get(http, '/alerts?fleet=f2')).lines).toHaveLength(1)
    expect((await get(http, '/alerts?after=6')).text).toBe('')
  })

  test.each([
    ['/alerts?after=x', 400],
    ['/alerts?after=-1', 400],
    ['/alerts?limit=0', 400],
    ['/nothing', 404],
    ['/healthz', 200],
    ['/readyz', 200],
  ] as const)('%s answers %i', async (path, status) => {
    const gateway = await startGateway()
    expect((await get(gateway.ports.http, path)).status).toBe(status)
  })

  test('POST is refused', async () => {
    const gateway = await startGateway()
    expect((await get(gateway.ports.http, '/alerts', { method: 'POST' })).status).toBe(405)
  })

  test('/metrics counts what was refused by reason', async () => {
    const gateway = await startGateway()
    await connectTerminal(gateway.ports.ingest, 'f1', 'unknown').catch(() => {})
    const { text } = await get(gateway.ports.http, '/metrics')
    expect(text).toContain('roadwarden_refused_total{door="ingest",reason="unknown-terminal"} 1\n')
    expect(text).toMatch(/^roadwarden_commit_queue 0$/m)
  })
})

describe('the retained state of a vehicle', () => {
  test('says where it is, what is journaled and which alerts are open', async () => {
    const gateway = await startGateway()
    const terminal = await connectTerminal(gateway.ports.ingest)
    const fix = { lat: 30.25, lon: 120.16, accuracyM: null, satellites: null }
    await terminal.send(telemetry(1, cruise(startMs, startMs + 10_000, { speedKmh: 50, fix })))
    await terminal.send(batch(3, 50))
    const live = await connectOfficer(gateway.ports.alerts, 'state/v1/f1/+')
    // At most one a second: the last of them knows of the hole.
    await until(() => live.messages.some(({ payload }) => payload.includes('"holes":1')))
    const officer = await connectOfficer(gateway.ports.alerts, 'state/v1/f1/+')
    await until(() => officer.messages.length > 0)
    expect(officer.messages[0]?.retain).toBe(true)
    expect(JSON.parse(officer.messages[0]!.payload.toString())).toMatchObject({
      fleet: 'f1',
      vehicle: 'v1',
      plate: '浙A12345',
      at: '2025-11-22T17:50:39.000Z',
      timeTrusted: true,
      speedKmh: 50,
      epoch: 7,
      received: { alarm: { upto: 0, holes: 0 }, telemetry: { upto: 1, holes: 1 } },
      openAlerts: [{ kind: 'curfew', at: '2025-11-22T17:50:00.000Z' }],
    })
  })
})

describe('started again on its journal', () => {
  const open = (dataDir: string) =>
    openSqliteJournal({ dataDir, zone: 'Asia/Shanghai', nowMs: () => startMs })

  test('it continues episodes, repeats no alert and knows what it acknowledged', async () => {
    const folder = tempFolder()
    const first = await startGateway({ journal: open(folder) })
    const terminal = await connectTerminal(first.ports.ingest)
    for (const seq of [1, 2, 4]) await terminal.send(batch(seq, 50))
    await first.close()

    const second = await startGateway({ journal: open(folder) })
    const officer = await connectOfficer(second.ports.alerts, 'alerts-json/v1/f1/#')
    const again = await connectTerminal(second.ports.ingest)
    await until(() => again.acks.length > 0)
    expect(again.acks[0]?.streams.telemetry).toEqual({ upto: 2, ranges: [{ first: 4, last: 4 }] })
    await again.send(batch(3, 50))
    await again.send(batch(5, 0))
    await until(() => officer.messages.length > 0)
    const alerts = await (await fetch(`http://127.0.0.1:${second.ports.http}/alerts`)).text()
    const all = alerts
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Alert)
    expect(all.map(({ phase, revision }) => [phase, revision])).toEqual([
      ['started', 1],
      ['ended', 2],
    ])
    expect(officer.alerts().map(({ phase }) => phase)).toEqual(['ended'])
  })

  test('what was journaled and not yet published is published', async () => {
    const journal = createMemoryJournal()
    const first = await startGateway({
      journal: { ...journal, unpublished: () => [], close: async () => {} },
    })
    const terminal = await connectTerminal(first.ports.ingest)
    await terminal.send(alarm(1, {}, null))
    await first.close()
    expect(journal.unpublished(10)).toHaveLength(1)
    const second = await startGateway({ journal })
    await second.idle()
    expect(journal.unpublished(10)).toEqual([])
    expect(second.metrics.value('alerts_published_total')).toBe(1)
  })
})
