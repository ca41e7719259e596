import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Child, startChild } from '../../sim/child.ts'
import { type Ports, portsOf, writeJson } from '../../sim/configs.ts'

/** The gateway as an operator starts it, for vehicles of a fleet or of several, on ports of its own. */

const root = resolve(import.meta.dirname, '../..')

export type LoneGateway = { readonly child: Child; readonly ports: Ports }

export async function startLoneGateway(
  dir: string,
  fleet: string | ((vehicle: string) => string),
  vehicles: readonly string[],
): Promise<LoneGateway> {
  for (const folder of ['gateway', 'vehicles']) mkdirSync(join(dir, folder))
  const fleetOf = typeof fleet === 'string' ? () => fleet : fleet
  const shape = { class: 'coach', serviceClass: 'scheduled', oneWayKm: 1150, relay: null }
  for (const id of vehicles)
    writeJson(join(dir, 'vehicles', `${id}.json`), { id, fleet: fleetOf(id), ...shape })
  const config = join(dir, 'gateway.json')
  const host = '127.0.0.1'
  writeJson(config, {
    dataDir: join(dir, 'gateway'),
    zone: 'Asia/Shanghai',
    ingest: { host, port: 0 },
    alerts: { host, port: 0 },
    http: { host, port: 0 },
    vehicles: join(dir, 'vehicles'),
    areas: [],
    auth: 'loopback',
  })
  const script = join(root, 'gateway/main.ts')
  const logFile = join(dir, 'gateway.log')
  const child = startChild({ name: 'gateway', script, args: [config], logFile, cwd: dir })
  return { child, ports: portsOf(await child.ready) }
}

/** Megabytes a process holds now, and held at most; 0 where it is gone. */
export function memoryOf(pid: number): { readonly nowMb: number; readonly peakMb: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const of = (name: string): number =>
      Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024
    return { nowMb: of('VmRSS'), peakMb: of('VmHWM') }
  } catch {
    return { nowMb: 0, peakMb: 0 }
  }
}
