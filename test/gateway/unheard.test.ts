import { describe, expect, test } from 'vitest'
import { openSqliteJournal } from '../../gateway/journal/sqlite.ts'
import type { Alert, Sample } from '../../proto/model.ts'
import { isoUtc } from '../../proto/time.ts'
import { sampleAt } from '../help/drive.ts'
import { connectTerminal, until } from './help/clients.ts'
import { startGateway, startMs, telemetry, tempFolder } from './help/world.ts'

/** A gateway on a real journal whose world's clock a test moves; ticks come by the machine's. */
async function world() {
  const folder = tempFolder()
  const clock = { nowMs: startMs }
  const start = () =>
    startGateway({
      journal: openSqliteJournal({ dataDir: folder, zone: 'Asia/Shanghai', nowMs: () => clock.nowMs }),
      rules: [],
      world: { nowMs: () => clock.nowMs, factor: () => 1 },
    })
  const alertsOf = async (gateway: Awaited<ReturnType<typeof start>>): Promise<Alert[]> => {
    await gateway.idle()
    const text = await (await fetch(`http://127.0.0.1:${gateway.ports.http}/alerts`)).text()
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Alert)
  }
  return { clock, start, alertsOf }
}

const said = (alerts: readonly Alert[]) =>
  alerts.map(({ id, revision, kind, phase, at }) => [id, revision, kind, phase, at])
const running: Partial<Sample> = { ignition: true, speedKmh: 60 }
const twoTicks = () => new Promise((resolve) => setTimeout(resolve, 2300))

describe('a vehicle that falls silent with its ignition on', () => {
  test('is told once, over restarts of the gateway, and ends in the group that holds what it said', async () => {
    const { clock, start, alertsOf } = await world()
    const first = await start()
    // Heard at once, so it has come back: nobody waits half a minute more for it.
    const terminal = await connectTerminal(first.ports.ingest)
    const heardMs = clock.nowMs
    await terminal.send(telemetry(1, [sampleAt(heardMs, running)]))
    clock.nowMs = heardMs + 599_000
    await twoTicks()
    expect(await alertsOf(first)).toEqual([])
    clock.nowMs = heardMs + 600_000
    await until(() => first.metrics.value('alert_revisions_total') === 1)
    const [alert] = await alertsOf(first)
    expect(alert).toMatchObject({
      ...{ kind: 'silence', phase: 'started', at: isoUtc(heardMs), decidedAt: isoUtc(heardMs + 600_000) },
      ...{ severity: 'minor', late: false, article: '道路运输车辆动态监督管理办法第37条' },
    })
    await first.close()

    clock.nowMs += 3_600_000
    const second = await start()
    await twoTicks()
    expect(said(await alertsOf(second))).toEqual(said([alert!]))
    const again = await connectTerminal(second.ports.ingest)
    await again.send(telemetry(2, [sampleAt(clock.nowMs, running)]))
    const ended = await alertsOf(second)
    expect(said(ended)).toEqual([
      [alert!.id, 1, 'silence', 'started', isoUtc(heardMs)],
      [alert!.id, 2, 'silence', 'ended', isoUtc(clock.nowMs)],
    ])
  })

  test('is not told for what was silent while the gateway was away: it listens for ten minutes first', async () => {
    const { clock, start, alertsOf } = await world()
    const first = await start()
    const terminal = await connectTerminal(first.ports.ingest)
    await terminal.send(telemetry(1, [sampleAt(clock.nowMs, running)]))
    await first.close()
    const heardMs = clock.nowMs
    clock.nowMs += 3_600_000
    const second = await start()
    clock.nowMs += 629_000
    await twoTicks()
    expect(await alertsOf(second)).toEqual([])
    // Ten minutes, and half a minute for terminals to come back.
    clock.nowMs += 1000
    await until(() => second.metrics.value('alert_revisions_total') === 1)
    expect(said(await alertsOf(second))[0]?.slice(2)).toEqual(['silence', 'started', isoUtc(heardMs)])
  })

  test('is none when it was parked with its ignition off', async () => {
    const { clock, start, alertsOf } = await world()
    const gateway = await start()
    const terminal = await connectTerminal(gateway.ports.ingest)
    await terminal.send(telemetry(1, [sampleAt(clock.nowMs, { ignition: false, speedKmh: 0 })]))
    clock.nowMs += 86_400_000
    await twoTicks()
    expect(await alertsOf(gateway)).toEqual([])
  })
})
