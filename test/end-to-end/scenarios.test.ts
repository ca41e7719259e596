import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { countKinds } from '../../sim/alert-line.ts'
import { type DriveResult, runDrive } from '../../sim/fleet-of-one.ts'
import type { Scenario } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'

/** The other scenarios through the real terminal and gateway: what their `about` promises. */

async function driven(scenario: Scenario, factor: number): Promise<DriveResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'roadwarden-scenario-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const result = await runDrive({ scenario, factor, dataDir })
  expect(result.complete).toBe(true)
  expect(result.ledger).toMatchObject({ waiting: 0, lost: 0 })
  return result
}

const kindsOf = ({ alerts }: DriveResult): string[] => countKinds(alerts).map(({ kind }) => kind)

describe('a night with a lawful relay', () => {
  it('gives the officer no curfew and no notice of it', async () => {
    // At 240 times a second in which this machine is busy is four minutes of a frozen receiver.
    const result = await driven(scenarios.get('legal-relay')!, 60)
    const kinds = kindsOf(result)
    for (const kind of ['curfew', 'curfew-warning', 'fatigue', 'off-route', 'speeding', 'area'])
      expect(kinds).not.toContain(kind)
  })
})

/**
 * In fast motion a machine may be busy for a minute or two of the world, and its own silence is no finding: the lines keep
 * silent for longer than that.
 */
function withLongFaults(scenario: Scenario): Scenario {
  const at = <T extends object>(fault: T, from: string, to: string): T => ({ ...fault, from, to })
  const [lost, frozen, receiver] = scenario.faults.gnss
  const [silent, pulled] = scenario.faults.can
  const gnss = [at(lost!, '09:02:00', '09:06:00'), frozen!, at(receiver!, '09:20:00', '09:22:00')]
  const can = [at(silent!, '09:14:00', '09:18:00'), at(pulled!, '09:23:00', '09:27:00')]
  return { ...scenario, faults: { ...scenario.faults, gnss, can } }
}

describe('lines that fail', () => {
  it('are told apart, and nobody is accused of driving badly', async () => {
    const result = await driven(withLongFaults(scenarios.get('faulty-lines')!), 120)
    const kinds = kindsOf(result)
    for (const kind of ['gnss-lost', 'gnss-frozen', 'antenna-open', 'can-silent'])
      expect(kinds).toContain(kind)
    for (const kind of ['speeding', 'fatigue', 'curfew', 'area']) expect(kinds).not.toContain(kind)
    const pulled = result.alerts.filter(({ kind, phase }) => kind === 'can-silent' && phase === 'started')
    expect(pulled).toHaveLength(2)
  })
})
