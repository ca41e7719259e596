import { describe, expect, it } from 'vitest'
import { fuzzGateway } from '../prove/fuzz-gateway.ts'
import { proveDrive, proveKills } from '../prove/kills.ts'
import { overloads } from '../prove/overload.ts'

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

  it.each([
    ['officers do not read', 'officers'],
    ['terminals flood: they are told a rate, their alarms wait for nothing', 'flood'],
    ['terminals come back at once', 'storm'],
    ['terminals bring a backlog beside live alarms', 'backlog'],
  ])('shed what waits and lose nothing when %s', async (_, name) => {
    const sizes = { alerts: 300, floodS: 2, storm: 200, backlog: [10, 50] } as const
    const report = await overloads[name]!(sizes, 1)
    expect(report).toMatchObject({ complaints: [], lost: 0 })
    expect(report.acknowledged).toBeGreaterThan(100)
  })

  it('go on when a client sends what no client should, and the one beside it notices nothing', async () => {
    const report = await fuzzGateway(3000, 1)
    expect(report.complaints).toEqual([])
    expect(report.healthyAcknowledged).toBeGreaterThan(0)
  })
})
