import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Drive, runDrive } from '../../sim/fleet-of-one.ts'
import type { Scenario } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { beijing } from '../help/drive.ts'

/** The first half hour of the night, in which the driver speeds and leaves the corridor. */
const halfHour: Scenario = { ...scenarios.get('night-coach')!, end: '2026-11-23T00:05:00+08:00' }

function dataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'roadwarden-power-cut-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describe('power cuts in the middle of everything', () => {
  it('cost no envelope, double no alert, and world time waits for the terminal', async () => {
    const factor = 120
    const cuts: { readonly hostMs: number; readonly worldMs: number }[] = []
    const cut = async (drive: Drive): Promise<void> => {
      const [hostMs, worldMs] = [performance.now(), drive.world.nowMs()]
      await drive.killTerminal()
      cuts.push({ hostMs: performance.now() - hostMs, worldMs: drive.world.nowMs() - worldMs })
    }
    const result = await runDrive({
      scenario: halfHour,
      factor,
      dataDir: dataDir(),
      onWorld: [
        { atMs: beijing('2026-11-22 23:45:08'), act: cut },
        { atMs: beijing('2026-11-22 23:50:00'), act: (drive) => drive.killGateway(500) },
        { atMs: beijing('2026-11-22 23:56:25'), act: cut },
        { atMs: beijing('2026-11-23 00:01:00'), act: cut },
      ],
    })
    expect(result.complete).toBe(true)
    expect(result.ledger).toMatchObject({ lost: 0, waiting: 0 })
    expect(result.ledger!.journaled).toBe(result.ledger!.sealed)
    // Had the world run on, as much of it would have passed as of ours, however long the next process took to begin.
    for (const { hostMs, worldMs } of cuts) expect(worldMs / factor).toBeLessThan(hostMs / 2)
    expect(cuts).toHaveLength(3)
    for (const kind of ['speeding', 'off-route']) {
      const ids = new Set(result.alerts.filter((alert) => alert.kind === kind).map(({ id }) => id))
      expect(ids.size, kind).toBe(1)
    }
    const revisions = result.alerts.map(({ id, revision, severity }) => `${id}/${revision}/${severity}`)
    expect(new Set(revisions).size).toBe(revisions.length)
  })
})
