import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ready } from './child.ts'
import { type Documents, writeDocuments } from './documents.ts'
import { bodyDbc, bodyDbcSignals } from './hardware/j1939.ts'
import type { Lines } from './pacer.ts'
import type { Plan } from './scenario.ts'

/** Where everything of a drive lies, and the configuration files of its two processes (design 9). */

export type Ports = {
  readonly ingest: number
  readonly alerts: number
  readonly ws: number | null
  readonly http: number
}

export type Paths = {
  readonly dataDir: string
  readonly terminalDir: string
  readonly gatewayDir: string
  readonly receipts: string
  readonly documents: Documents
  readonly gatewayConfig: string
  readonly terminalConfig: string
  /** What the body builder says of its frame; null in a vehicle without buttons. */
  readonly bodyDbc: string | null
  /** Devices that must speak on the third line. */
  readonly peripherals: readonly string[]
}

export function makePaths(plan: Plan, dataDir: string): Paths {
  const terminalDir = join(dataDir, 'terminal')
  const gatewayDir = join(dataDir, 'gateway')
  for (const folder of [dataDir, terminalDir, gatewayDir]) mkdirSync(folder, { recursive: true })
  const receipts = join(dataDir, 'officer.ndjson')
  writeFileSync(receipts, '')
  const hasButtons = plan.faults.emergency.length > 0
  const dbc = join(dataDir, 'body.dbc')
  if (hasButtons) writeFileSync(dbc, bodyDbc)
  return {
    dataDir,
    terminalDir,
    gatewayDir,
    receipts,
    documents: writeDocuments(plan, dataDir),
    gatewayConfig: join(dataDir, 'gateway.json'),
    terminalConfig: join(dataDir, 'terminal.json'),
    bodyDbc: hasButtons ? dbc : null,
    peripherals: plan.peripheral?.devices ?? [],
  }
}

/** A further vehicle of the same gateway: its papers beside those of the first, its own things in a folder of its name. */
export function pathsBeside(plan: Plan, first: Paths): Paths {
  const own = join(first.dataDir, `beside-${plan.scenario.vehicle.id}`)
  const terminalDir = join(own, 'terminal')
  mkdirSync(terminalDir, { recursive: true })
  return {
    ...first,
    ...{ terminalDir, terminalConfig: join(own, 'terminal.json'), bodyDbc: null },
    documents: writeDocuments(plan, first.dataDir),
  }
}

export function portsOf(ready: Ready): Ports {
  const port = (name: string): number | null => (typeof ready[name] === 'number' ? ready[name] : null)
  const needed = (name: string): number => {
    const value = port(name)
    if (value === null) throw new Error(`the gateway's ready line names no port "${name}"`)
    return value
  }
  return { ingest: needed('ingest'), alerts: needed('alerts'), ws: port('ws'), http: needed('http') }
}

const host = '127.0.0.1'

export function gatewayDocument({ scenario }: Plan, paths: Paths, ports: Ports): object {
  const { documents, dataDir } = paths
  return {
    dataDir: paths.gatewayDir,
    zone: scenario.zone,
    ingest: { host, port: ports.ingest },
    alerts: { host, port: ports.alerts, wsPort: ports.ws ?? 0 },
    http: { host, port: ports.http },
    vehicles: documents.vehiclesDir,
    trips: documents.tripsDir,
    areas: [documents.areas],
    policy: documents.policy,
    auth: 'loopback',
    world: join(dataDir, 'world.json'),
  }
}

export function terminalDocument(paths: Paths, lines: Lines, ports: Ports): object {
  const { documents, dataDir } = paths
  return {
    dataDir: paths.terminalDir,
    vehicle: documents.vehicle,
    trip: documents.trip,
    route: documents.route,
    areas: documents.areas,
    policy: documents.policy,
    ports: {
      gnss: { path: lines.gnss.path, baud: 115_200 },
      can: {
        path: lines.can.path,
        baud: 115_200,
        format: 'slcan',
        ...(paths.bodyDbc === null ? {} : { dbc: paths.bodyDbc, dbcSignals: bodyDbcSignals }),
      },
      ...(lines.peripheral === undefined
        ? {}
        : { peripheral: { path: lines.peripheral.path, baud: 115_200, devices: paths.peripherals } }),
    },
    gateway: {
      url: `mqtt://${host}:${ports.ingest}`,
      ack: 'gateway',
      // The gateway made it when it started, before the terminal does.
      publicKey: join(paths.gatewayDir, 'push-key.pub.pem'),
    },
    world: join(dataDir, 'world.json'),
  }
}

export function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
}
