import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { hostClock, realWorld } from '../../../gateway/clock.ts'
import type { GatewayDeps } from '../../../gateway/deps.ts'
import { createGateway, type Gateway } from '../../../gateway/gateway.ts'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { silentLog } from '../../../gateway/log.ts'
import type { AnyDetector, Detector } from '../../../proto/detector.ts'
import { makeFinding } from '../../../proto/finding.ts'
import { noAreas } from '../../../proto/geo/areas.ts'
import type { Documents } from '../../../proto/in-force.ts'
import { defaultPolicy, policyDigest } from '../../../proto/policy.ts'

/** A gateway in the test's process, with envelopes to feed it. */

const policy = defaultPolicy('coach')

export function documentsOf(fleet: string, vehicle: string): Documents {
  return {
    vehicle: {
      id: vehicle,
      fleet,
      plate: '浙A12345',
      class: 'coach',
      serviceClass: 'scheduled',
      oneWayKm: 1150,
      relay: null,
    },
    trips: [],
    policy,
    policyDigest: policyDigest(policy),
    routes: [],
    areas: noAreas,
    areasSinceMs: null,
  }
}

/** Every vehicle whose id begins with `v` is ours. */
export const ours = (fleet: string, vehicle: string): Documents | null =>
  vehicle.startsWith('v') ? documentsOf(fleet, vehicle) : null

/** Cached, because rules and settings compare documents by identity. */
export function cachedDocuments(): GatewayDeps['documents'] {
  const known = new Map<string, Documents | null>()
  return (fleet, vehicle) => {
    const key = `${fleet}/${vehicle}`
    if (!known.has(key)) known.set(key, ours(fleet, vehicle))
    return known.get(key) ?? null
  }
}

type Moving = { readonly since: number | null }

/** A toy rule: a vehicle at 5 km/h or more is one episode, until it stands. */
export const movingRule: Detector<Moving> = {
  name: 'moving',
  initial: { since: null },
  step: (state, sample, settings) => {
    const moving = (sample.speedKmh ?? 0) >= 5
    if (moving === (state.since !== null)) return { state, findings: [] }
    const phase = moving ? ('started' as const) : ('ended' as const)
    const parts = {
      kind: 'curfew',
      reason: 'noCertificate',
      phase,
      severity: 'critical' as const,
      atMs: sample.atMs,
    }
    const evidence = { sinceMs: state.since ?? sample.atMs }
    return {
      state: { since: moving ? sample.atMs : null },
      findings: [makeFinding({ ...parts, evidence }, sample, settings)],
    }
  },
}
export const toyRules: readonly AnyDetector[] = [movingRule as unknown as AnyDetector]

let kept: (() => unknown)[] | null = null

/** Closes what a test opened when it is done; what `keep` opens stays until its own close. */
export function atEnd(close: () => unknown): void {
  if (kept !== null) kept.push(close)
  else
    onTestFinished(async () => {
      await close()
    })
}

/** For a `beforeAll`, whose end is the file's: what one opens there is the same for all of its tests. */
export async function keep<T>(open: () => Promise<T>): Promise<{ value: T; close: () => Promise<void> }> {
  const own: (() => unknown)[] = []
  kept = own
  const close = async (): Promise<void> => {
    for (const one of own.toReversed()) await one()
  }
  try {
    return { value: await open(), close }
  } finally {
    kept = null
  }
}

export async function startGateway(overrides: Partial<GatewayDeps> = {}): Promise<Gateway> {
  const gateway = await createGateway({
    journal: createMemoryJournal(),
    rules: toyRules,
    documents: cachedDocuments(),
    world: realWorld,
    host: hostClock,
    log: silentLog,
    auth: 'loopback',
    ingest: { host: '127.0.0.1', port: 0, tls: null },
    alerts: { host: '127.0.0.1', port: 0, tls: null, wsPort: 0 },
    http: { host: '127.0.0.1', port: 0 },
    onFatal: (error) => {
      throw error
    },
    ...overrides,
  })
  atEnd(() => gateway.close())
  return gateway
}

export function tempFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'roadwarden-gateway-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export * from './envelopes.ts'
