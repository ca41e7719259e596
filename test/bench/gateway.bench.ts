import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { Aedes } from 'aedes'
import { hostClock, realWorld } from '../../gateway/clock.ts'
import { createGateway } from '../../gateway/gateway.ts'
import { openSqliteJournal } from '../../gateway/journal/sqlite.ts'
import { silentLog } from '../../gateway/log.ts'
import { rules } from '../../gateway/rules/index.ts'
import { noAreas } from '../../proto/geo/areas.ts'
import type { Documents } from '../../proto/in-force.ts'
import { defaultPolicy, policyDigest } from '../../proto/policy.ts'
import type { Load } from './gateway-load.ts'

/**
 * The whole gateway (guard, broker, decoding, synced journal, rules) taking positions in batches of ten, against
 * the bare broker taking them one by one and keeping nothing: the same clients, taken in turns, medians.
 */
export type BenchRow = { readonly name: string; readonly value: number; readonly unit: string }

const connections = 200
const turns = 3

export async function gatewayBench(): Promise<readonly BenchRow[]> {
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < turns; turn++) {
    ours.push(await positionsPerSecond(40))
    theirs.push(await bareMessagesPerSecond(100))
  }
  const [mine, bare] = [median(ours), median(theirs)]
  return [
    {
      name: 'gateway: positions journaled in batches of 10, 200 connections, window 1',
      value: Math.round(mine),
      unit: '1/s',
    },
    {
      name: 'bare broker: positions one by one, kept nowhere, the same clients',
      value: Math.round(bare),
      unit: '1/s',
    },
    { name: 'gateway / bare broker', value: Math.round((mine / bare) * 100) / 100, unit: 'x' },
  ]
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

async function under(load: Load): Promise<number> {
  const worker = new Worker(new URL('./gateway-load.ts', import.meta.url), { workerData: load })
  const [ms] = (await once(worker, 'message')) as [number]
  await worker.terminate()
  return ms
}

async function positionsPerSecond(perConnection: number): Promise<number> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'roadwarden-bench-'))
  const listen = { host: '127.0.0.1', port: 0, tls: null }
  const gateway = await createGateway({
    journal: openSqliteJournal({ dataDir, zone: 'Asia/Shanghai', nowMs: realWorld.nowMs }),
    rules,
    documents: documents(),
    world: realWorld,
    host: hostClock,
    log: silentLog,
    auth: 'loopback',
    ingest: listen,
    alerts: { ...listen, wsPort: null },
    http: listen,
    onFatal: (error) => {
      throw error
    },
  })
  try {
    const ms = await under({ port: gateway.ports.ingest, connections, perConnection, what: 'batches' })
    return (connections * perConnection * 10 * 1000) / ms
  } finally {
    await gateway.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function documents(): (fleet: string, vehicle: string) => Documents {
  const policy = defaultPolicy('coach')
  const known = new Map<string, Documents>()
  return (fleet, id) => {
    let one = known.get(id)
    if (one === undefined) {
      const vehicle = {
        id,
        fleet,
        class: 'coach',
        serviceClass: 'scheduled',
        oneWayKm: null,
        relay: null,
      } as const
      const inForce = { policy, policyDigest: policyDigest(policy), areas: noAreas, areasSinceMs: null }
      known.set(id, (one = { vehicle, trips: [], routes: [], ...inForce }))
    }
    return one
  }
}

async function bareMessagesPerSecond(perConnection: number): Promise<number> {
  const broker = await Aedes.createBroker()
  const server = createServer((socket) => broker.handle(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    const ms = await under({ port, connections, perConnection, what: 'singles' })
    return (connections * perConnection * 1000) / ms
  } finally {
    await new Promise<void>((resolve) => broker.close(() => resolve()))
    server.close()
  }
}
