import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runFleet } from '../../sim/fleet/run.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'roadwarden-fleet-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

it('two hundred terminals on one gateway: everything is acknowledged, and exactly what the drives cause comes back', async () => {
  const result = await runFleet({ vehicles: 200, seed: 7, minutes: 2, speed: 15, dataDir })
  expect(result).toMatchObject({ missing: [], unexpected: [], alerts: result.expected })
  expect(result.acknowledged).toBe(result.sent)
  // 12 telemetry envelopes of each vehicle, and one for each phase that a terminal finds.
  expect(result.sent).toBeGreaterThan(200 * 12)
  expect(Object.keys(result.latency).toSorted()).toEqual(['area', 'speeding'])
})
