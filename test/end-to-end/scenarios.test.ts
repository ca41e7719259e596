import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { countKinds } from '../../sim/alert-line.ts'
import { type DriveResult, runDrive } from '../../sim/fleet-of-one.ts'
import { scenarios } from '../../sim/scenarios/index.ts'

/** The other scenarios through the real terminal and gateway: what their `about` promises. */

async function driven(name: string, factor: number): Promise<DriveResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'roadwarden-scenario-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const result = await runDrive({ scenario: scenarios.get(name)!, factor, dataDir })
  expect(result.complete).toBe(true)
  expect(result.ledger).toMatchObject({ waiting: 0, lost: 0 })
  return result
}

const kindsOf = ({ alerts }: DriveResult): string[] => countKinds(alerts).map(({ kind }) => kind)

describe('a night with a lawful relay', () => {
  it('gives the officer no curfew and no notice of it', async () => {
    const result = await driven('legal-relay', 240)
    const kinds = kindsOf(result)
    for (const kind of ['curfew', 'curfew-warning', 'fatigue', 'off-route', 'speeding', 'area'])
      expect(kinds).not.toContain(kind)
  })
})

describe('lines that fail', () => {
  it('are told apart, and nobody is accused of driving badly', async () => {
    const result = await driven('faulty-lines', 120)
    const kinds = kindsOf(result)
    for (const kind of ['gnss-lost', 'gnss-frozen', 'antenna-open', 'can-silent'])
      expect(kinds).toContain(kind)
    for (const kind of ['speeding', 'fatigue', 'curfew', 'area']) expect(kinds).not.toContain(kind)
    const pulled = result.alerts.filter(({ kind, phase }) => kind === 'can-silent' && phase === 'started')
    expect(pulled).toHaveLength(2)
  })
})
