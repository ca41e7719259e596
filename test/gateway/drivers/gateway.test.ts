import { describe, expect, it } from 'vitest'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import type { Alert, Envelope, Outlook } from '../../../proto/model.ts'
import { cruise } from '../../help/drive.ts'
import { connectOfficer, connectTerminal, until } from '../help/clients.ts'
import { envelopeOf, startGateway, startMs, tempFolder } from '../help/world.ts'

/** A driver on two coaches at a running gateway, and what officers see of hours and road. */

const hourMs = 3_600_000
const left = { provenS: 3600, cautiousS: 3000 }

function outlook(seq: number, vehicle: string, fromMs: number, toMs: number): Envelope {
  const told: Outlook = {
    atMs: toMs,
    driver: 'A',
    confirmed: true,
    left: { continuousDay: left, continuousNight: null, rolling24h: left, rolling7d: left },
    driving: [{ driver: 'A', fromMs, toMs, proven: true }],
    unknownLimitShare: 0.25,
    route: { routeId: 'R', alongM: 1000, remainingM: 9000 },
    safeStops: [{ areaId: 'sa', area: '岳阳服务区', role: 'serviceArea', km: 8.8, etaMs: toMs + 400_000 }],
  }
  const samples = cruise(toMs - 1000, toMs, { speedKmh: 0 })
  return envelopeOf(seq, { is: 'telemetry', samples, outlook: told }, { vehicle })
}

const driving = (seq: number, vehicle: string, fromMs: number, toMs: number): Envelope =>
  envelopeOf(seq, { is: 'driving', interval: { driver: 'A', fromMs, toMs, proven: true } }, { vehicle })

async function stateOf(port: number, vehicle: string): Promise<Record<string, unknown>> {
  const officer = await connectOfficer(port, `state/v1/f1/${vehicle}`)
  await until(() => officer.messages.length > 0)
  return JSON.parse(officer.messages.at(-1)!.payload.toString()) as Record<string, unknown>
}

async function alertsOf(port: number): Promise<Alert[]> {
  const text = await (await fetch(`http://127.0.0.1:${port}/alerts`)).text()
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Alert)
}

const hours = (alerts: readonly Alert[]): string[] =>
  alerts
    .filter(({ kind }) => kind === 'fatigue' || kind === 'driver-overlap')
    .map(({ vehicle, phase, reason, at }) => `${vehicle} ${phase} ${reason} ${at}`)

describe('a driver on two coaches', () => {
  it('is an alert of the second one and in its state, once, over a start of the gateway', async () => {
    const folder = tempFolder()
    const open = () => openSqliteJournal({ dataDir: folder, zone: 'Asia/Shanghai', nowMs: () => startMs })
    const first = await startGateway({ journal: open(), rules: [] })
    const [v1, v2] = [
      await connectTerminal(first.ports.ingest, 'f1', 'v1'),
      await connectTerminal(first.ports.ingest, 'f1', 'v2'),
    ]
    await v1.send(driving(1, 'v1', startMs, startMs + 5 * hourMs))
    const begunMs = startMs + 6 * hourMs
    await v2.send(outlook(1, 'v2', begunMs, begunMs + 3 * hourMs + 10_000))
    await first.idle()
    const passed = new Date(begunMs + 3 * hourMs).toISOString()
    const started = `v2 started rolling24h ${passed}`
    expect(hours(await alertsOf(first.ports.http))).toEqual([started])
    const shown = {
      remaining: { driver: 'A', confirmed: true, continuousDay: left, continuousNight: null },
      driverHours: { rolling24hS: 28_810, elsewhere24hS: 18_000, left24hS: 0, otherVehicles: ['v1'] },
      unknownLimitShare: 0.25,
      routeProgress: { routeId: 'R', alongM: 1000, remainingM: 9000 },
      safeStops: [{ areaId: 'sa', km: 8.8, eta: expect.stringMatching(/Z$/) }],
    }
    expect(await stateOf(first.ports.alerts, 'v2')).toMatchObject(shown)
    await first.close()

    const second = await startGateway({ journal: open(), rules: [] })
    expect(await stateOf(second.ports.alerts, 'v2')).toMatchObject(shown)
    const again = await connectTerminal(second.ports.ingest, 'f1', 'v2')
    await again.send(outlook(2, 'v2', begunMs, begunMs + 3 * hourMs + 60_000))
    await again.send(driving(1, 'v2', begunMs, begunMs + 3.75 * hourMs))
    await again.send(outlook(3, 'v2', begunMs + 5 * hourMs, begunMs + 5 * hourMs))
    await second.idle()
    const alerts = await alertsOf(second.ports.http)
    expect(hours(alerts)).toEqual([
      started,
      `v2 updated rolling24h ${passed}`,
      `v2 ended rolling24h ${new Date(begunMs + 3.75 * hourMs).toISOString()}`,
    ])
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(1)
  })

  it('tells nothing of hours for a vehicle whose terminal never did', async () => {
    const gateway = await startGateway({ rules: [] })
    const terminal = await connectTerminal(gateway.ports.ingest)
    await terminal.send(
      envelopeOf(1, { is: 'telemetry', samples: cruise(startMs, startMs + 2000, { speedKmh: 0 }) }),
    )
    expect(await stateOf(gateway.ports.alerts, 'v1')).toMatchObject({
      ...{ remaining: null, driverHours: null, unknownLimitShare: null, routeProgress: null },
      safeStops: [],
    })
  })
})
