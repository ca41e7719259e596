import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Alert } from '../../proto/model.ts'
import { type Drive, runDrive } from '../../sim/fleet-of-one.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { evidenceOf } from '../help/evidence.ts'
import { checkInvariants, complaints, type Evidence } from '../invariants.ts'

/**
 * A power cut in mid-drive, of the terminal and in another run of the gateway, against the same drive undisturbed:
 * the same findings, nothing lost, nothing doubled. Real processes, real ttys, SIGKILL.
 */

const scenario = scenarios.get('night-coach')!
const factor = 120
const folders: string[] = []

type Run = { readonly alerts: readonly Alert[]; readonly evidence: Evidence }

async function run(kills: readonly { at: string; kill: (drive: Drive) => Promise<void> }[]): Promise<Run> {
  const dataDir = mkdtempSync(join(tmpdir(), 'roadwarden-kill-'))
  folders.push(dataDir)
  const oracle = join(dataDir, 'oracle.ndjson')
  const result = await runDrive({
    scenario,
    factor,
    dataDir,
    terminalConfig: { oracle },
    onWorld: kills.map(({ at, kill }) => ({ atMs: Date.parse(at), act: kill })),
  })
  expect(result.complete).toBe(true)
  const evidence = evidenceOf({
    oracles: [oracle],
    gatewayDir: result.paths.gatewayDir,
    receipts: [{ file: result.receipts, fleet: scenario.vehicle.fleet }],
  })
  return { alerts: result.alerts, evidence }
}

type Told = { readonly what: string; readonly atMs: number }

/** The multiset of (kind, reason, subject, phase) with its instants, each alert's phase once. */
function told(alerts: readonly Alert[]): Told[] {
  const byPhase = new Map(alerts.map((alert) => [`${alert.id}/${alert.phase}`, alert]))
  return [...byPhase.values()]
    .filter(({ phase }) => phase !== 'updated')
    .map((alert) => ({
      what: `${alert.kind} ${alert.reason ?? '-'} ${alert.subject} ${alert.phase}`,
      atMs: Date.parse(alert.at),
    }))
    .toSorted((a, b) => a.what.localeCompare(b.what) || a.atMs - b.atMs)
}

function expectSame(disturbed: readonly Told[], undisturbed: readonly Told[]): void {
  expect(disturbed.map(({ what }) => what)).toEqual(undisturbed.map(({ what }) => what))
  for (const [index, { what, atMs }] of disturbed.entries()) {
    expect(Math.abs(atMs - undisturbed[index]!.atMs), what).toBeLessThanOrEqual(5000)
  }
}

const held = ({ evidence }: Run): string[] => complaints(checkInvariants(evidence))

/** While speeding, while off the route, and in the night drive before the fatigue limit. */
const terminalKills = [
  '2026-11-22T23:46:10+08:00',
  '2026-11-22T23:59:00+08:00',
  '2026-11-23T01:20:00+08:00',
].map((at) => ({ at, kill: (drive: Drive) => drive.killTerminal() }))
/** The road goes on while the gateway is down, so the drive does not wait for the next one. */
const gatewayKills = [
  '2026-11-22T23:46:10+08:00',
  '2026-11-23T00:30:00+08:00',
  '2026-11-23T02:00:10+08:00',
].map((at) => ({ at, kill: async (drive: Drive) => void drive.killGateway() }))

describe('a night drive', () => {
  // Side by side: each takes a quarter of a core, and a night takes over a minute.
  let undisturbed: Run
  let terminalKilled: Run
  let gatewayKilled: Run
  beforeAll(async () => {
    ;[undisturbed, terminalKilled, gatewayKilled] = await Promise.all([
      run([]),
      run(terminalKills),
      run(gatewayKills),
    ])
  })
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  it('left alone, keeps every invariant and tells of the whole night', () => {
    expect(held(undisturbed)).toEqual([])
    expect(undisturbed.evidence.oracle.length).toBeGreaterThan(1000)
    const kinds = undisturbed.alerts.map(({ kind }) => kind)
    for (const kind of ['speeding', 'off-route', 'area', 'fatigue-warning', 'fatigue', 'curfew'])
      expect(kinds).toContain(kind)
  })

  it('with the terminal killed three times, tells the same and loses nothing', () => {
    expect(held(terminalKilled)).toEqual([])
    expectSame(told(terminalKilled.alerts), told(undisturbed.alerts))
  })

  it('with the gateway killed three times, tells the same and loses nothing', () => {
    expect(held(gatewayKilled)).toEqual([])
    expectSame(told(gatewayKilled.alerts), told(undisturbed.alerts))
  })
})
