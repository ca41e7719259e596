import { describe, expect, it } from 'vitest'
import { fuzzGateway } from '../prove/fuzz-gateway.ts'
import { proveKills } from '../prove/kills.ts'

/** Short forms of what `npm run prove` does with real processes. */

describe('real processes', () => {
  it('lose, double and invent nothing when terminal and gateway are killed at random moments', async () => {
    const report = await proveKills(4, 2, 1)
    expect(report.complaints).toEqual([])
    expect(report).toMatchObject({ lost: 0, doubled: 0, foreign: 0, terminalKills: 4, gatewayKills: 2 })
    expect(report.journaled).toBeGreaterThan(0)
  })

  it('go on when a client sends what no client should, and the one beside it notices nothing', async () => {
    const report = await fuzzGateway(3000, 1)
    expect(report.complaints).toEqual([])
    expect(report.healthyAcknowledged).toBeGreaterThan(0)
  })
})
