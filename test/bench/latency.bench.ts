import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import mqtt from 'mqtt'
import { startChild } from '../../sim/child.ts'
import { hasSocat } from '../../sim/line.ts'
import { rmcSentence } from '../help/nmea.ts'
import { Pty } from '../help/pty.ts'

export type BenchRow = { readonly name: string; readonly value: number; readonly unit: string }

/**
 * Last byte of the RMC that decides, written to a tty, to the alert in the officer's socket: two processes of the
 * product, every sync on. Speeding without hold and hysteresis: each change of speed is a finding.
 */
const root = resolve(import.meta.dirname, '../..')
const rounds = 300
const periodMs = 100
const policy = { speeding: { holdS: 0, releaseKmh: 0, releaseHoldS: 0, limitChangeS: 0, gapS: 10 } }
const vehicle = {
  id: 'coach-1',
  fleet: 'bench',
  class: 'coach',
  serviceClass: 'scheduled',
  oneWayKm: null,
  relay: null,
}

export async function latencyBench(): Promise<readonly BenchRow[]> {
  if (!hasSocat()) return []
  const folder = mkdtempSync(join(tmpdir(), 'roadwarden-latency-'))
  const put = (name: string, value: unknown): string => {
    const file = join(folder, name)
    writeFileSync(file, JSON.stringify(value))
    return file
  }
  mkdirSync(join(folder, 'vehicles'))
  const vehicleFile = put('vehicles/coach-1.json', vehicle)
  const policyFile = put('policy.json', policy)
  const any = { host: '127.0.0.1', port: 0 }
  const gatewayConfig = put('gateway.json', {
    dataDir: join(folder, 'gateway'),
    zone: 'Asia/Shanghai',
    ingest: any,
    alerts: any,
    http: any,
    vehicles: join(folder, 'vehicles'),
    areas: [],
    policy: policyFile,
    auth: 'loopback',
  })
  const start = (name: string, config: string) =>
    startChild({
      name,
      script: join(root, name, 'main.ts'),
      args: [config],
      logFile: join(folder, `${name}.log`),
      cwd: folder,
    })
  const pty = new Pty(join(folder, 'tty-gnss'))
  await pty.plug()
  const gateway = start('gateway', gatewayConfig)
  const ports = await gateway.ready
  const terminal = start(
    'device',
    put('terminal.json', {
      dataDir: join(folder, 'terminal'),
      vehicle: vehicleFile,
      policy: policyFile,
      ports: { gnss: { path: pty.path, baud: 115_200 } },
      gateway: { url: `mqtt://127.0.0.1:${String(ports['ingest'])}`, ack: 'gateway' },
    }),
  )
  const officer = await mqtt.connectAsync(`mqtt://127.0.0.1:${String(ports['alerts'])}`, {
    protocolVersion: 4,
  })
  await officer.subscribeAsync('alerts-json/v1/bench/#', { qos: 1 })
  await terminal.ready
  try {
    return rows(await measure(pty, officer))
  } finally {
    await officer.endAsync(true)
    await terminal.stop(5000)
    await gateway.stop(5000)
    await pty.pull()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Host milliseconds from the write to the receipt, one for each round that was heard. */
async function measure(pty: Pty, officer: mqtt.MqttClient): Promise<number[]> {
  const writtenMs = new Map<string, number>()
  const tookMs: number[] = []
  officer.on('message', (_topic, payload) => {
    const now = performance.now()
    const { kind, decidedAt } = JSON.parse(payload.toString()) as { kind: string; decidedAt: string }
    const since = writtenMs.get(decidedAt)
    if (kind !== 'speeding' || since === undefined) return
    tookMs.push(now - since)
    writtenMs.delete(decidedAt)
  })
  // The receiver's clock and this machine's are one and the same here, as they are once GNSS has disciplined it.
  const firstMs = Date.now()
  for (let round = 0; round < rounds; round++) {
    const atMs = firstMs + round * periodMs
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - Date.now())))
    const over = round >= 20 && round % 2 === 0
    const at = new Date(atMs)
    writtenMs.set(at.toISOString(), performance.now())
    pty.send(
      Buffer.from(
        rmcSentence({ atMs, lat: 28 + round * 1e-5, lon: 113, speedKmh: over ? 120 : 60 }),
        'latin1',
      ),
    )
  }
  await new Promise((resolve) => setTimeout(resolve, 1000))
  return tookMs
}

function rows(tookMs: readonly number[]): readonly BenchRow[] {
  const sorted = tookMs.toSorted((a, b) => a - b)
  const quantile = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return [
    { name: "last byte of an RMC to the officer's socket, p50", value: quantile(0.5), unit: 'ms' },
    { name: "last byte of an RMC to the officer's socket, p99", value: quantile(0.99), unit: 'ms' },
    { name: 'alerts measured', value: sorted.length, unit: 'alerts' },
  ]
}
