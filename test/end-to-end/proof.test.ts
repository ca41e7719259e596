import { describe, expect, it } from 'vitest'
import { fuzzGateway } from '../prove/fuzz-gateway.ts'
import { proveDrive, proveKills } from '../prove/kills.ts'
import { proveOverload } from '../prove/overload.ts'

/** Short forms of what `npm run prove` does with real processes. */

describe('real processes', () => {
  it('lose, double and invent nothing when terminal and gateway are killed at random moments', async () => {
    const report = await proveKills(4, 2, 1)
    expect(report.complaints).toEqual([])
    expect(report).toMatchObject({ lost: 0, doubled: 0, foreign: 0, terminalKills: 4, gatewayKills: 2 })
    expect(report.journaled).toBeGreaterThan(0)
  })

  it('lose nothing killed at a named point: journaled and not acknowledged, sent and not trimmed', async () => {
    const report = await proveDrive(1, async (victims) => {
      const passed = [
        await victims.killAt('terminal', 'after-puback', 2),
        await victims.killAt('gateway', 'after-commit', 2),
      ]
      return passed.every(Boolean) ? [] : ['a point was never passed']
    })
    expect(report.complaints).toEqual([])
    expect(report.journaled).toBeGreaterThan(0)
  })

  it('shed what waits and lose nothing when officers do not read, terminals flood, come back at once, bring a backlog', async () => {
    const sizes = { alerts: 300, floodS: 2, storm: 200, backfill: [10, 50] } as const
    const report = await proveOverload(sizes, 1)
    expect(report.complaints).toEqual([])
    expect(report).toMatchObject({ lost: 0, runs: 4 })
  })

  it('go on when a client sends what no client should, and the one beside it notices nothing', async () => {
    const report = await fuzzGateway(3000, 1)
    expect(report.complaints).toEqual([])
    expect(report.healthyAcknowledged).toBeGreaterThan(0)
  })
})
