import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Alert } from '../../proto/model.ts'
import { runDrive } from '../../sim/fleet-of-one.ts'
import type { Scenario } from '../../sim/scenario.ts'
import { fleetCauses } from '../../sim/scenarios/causes-fleet.ts'
import { accusing } from './help/accusing.ts'

/**
 * What takes a gateway to find: two terminal processes on ttys of their own, one killed for twenty minutes of the road and started again
 * without its outbox, one gateway, and an officer who reads the topics of alerts.
 */
type Receipt = { readonly via: 'mqtt' | 'http'; readonly alert: Alert }

/** The receipts of the officer, in order. */
async function received(scenario: Scenario): Promise<Receipt[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'roadwarden-away-'))
  try {
    const { complete, receipts } = await runDrive({ scenario, factor: 120, dataDir })
    expect(complete).toBe(true)
    const lines = readFileSync(receipts, 'utf8').trim().split('\n')
    return lines.map((line) => JSON.parse(line) as Receipt)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

describe.each(fleetCauses)('$scenario.name', ({ scenario, kinds }) => {
  const away = scenario.vehicle.id
  const beside = scenario.beside[0]!.vehicle.id
  let receipts: Receipt[] = []
  beforeAll(async () => {
    receipts = await received(scenario)
  })
  afterAll(() => {
    receipts = []
  })
  const told = (kind: string): Alert[] =>
    receipts.flatMap(({ alert }) => (alert.kind === kind ? [alert] : []))
  const phases = (kind: string): string[] => told(kind).map(({ vehicle, phase }) => `${vehicle} ${phase}`)

  it.each(kinds)('%s reaches the officer by MQTT', (kind) => {
    const ways = receipts.flatMap(({ via, alert }) => (alert.kind === kind ? [via] : []))
    expect(ways.length).toBeGreaterThan(0)
    expect(new Set(ways)).toEqual(new Set(['mqtt']))
  })

  it('the one that was away is silent once, from its last word to its return', () => {
    expect(phases('silence')).toEqual([`${away} started`, `${away} ended`])
    const [started, ended] = told('silence')
    expect(started!.id).toBe(ended!.id)
    expect(started!.evidence).toMatchObject({ silentS: 600, ignition: true })
    const silentS = Number(ended!.evidence['silentS'])
    expect(silentS).toBeGreaterThan(1100)
    expect(silentS).toBeLessThan(1500)
  })

  it('it was moved meanwhile: twenty minutes at 80 km/h', () => {
    expect(phases('displacement')).toEqual([`${away} started`])
    const { gapS, distanceM, by } = told('displacement')[0]!.evidence
    // The bus may say its odometer a few seconds after the receiver its place.
    expect(['odometer', 'straightLine']).toContain(by)
    expect(Number(gapS)).toBeGreaterThan(1190)
    expect(Number(gapS)).toBeLessThan(1300)
    expect(Math.abs(Number(distanceM) - (Number(gapS) / 3.6) * 80)).toBeLessThan(500)
  })

  it('its outbox began anew, and it says which one there was', () => {
    expect(phases('epoch-reset')).toEqual([`${away} started`, `${away} ended`])
    const { why, epoch, previousEpoch } = told('epoch-reset')[0]!.evidence
    expect(why).toBe('missing')
    expect(previousEpoch).toEqual(expect.any(Number))
    expect(epoch).not.toBe(previousEpoch)
  })

  it('one card drove both, which is said of one of them and names the other', () => {
    // Twenty minutes without a word are a rest: what follows is another overlap.
    const overlaps = told('driver-overlap').filter(({ phase }) => phase === 'started')
    expect(overlaps.length).toBeGreaterThan(0)
    for (const { vehicle, evidence, grade } of overlaps) {
      expect(evidence['otherVehicle']).toBe(vehicle === away ? beside : away)
      expect(grade).toBe('to-verify')
    }
  })

  it('nobody is accused of anything else', () => {
    const others = receipts
      .filter(({ alert }) => accusing.includes(alert.kind))
      .map(({ alert }) => alert.kind)
    expect(others).toEqual([])
  })
})
