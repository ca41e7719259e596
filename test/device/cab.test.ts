import { describe, expect, it } from 'vitest'
import { Cab, type CabOrder, repeatsMax, repeatWindowMs } from '../../device/cab.ts'
import { bareDocuments } from '../../device/documents.ts'
import { settingsAt } from '../../proto/in-force.ts'
import type { Finding } from '../../proto/model.ts'
import { defaultVehicle } from '../../proto/shapes/vehicle.ts'
import { noon, speedingAt } from '../help/envelopes.ts'

const settings = settingsAt(bareDocuments(defaultVehicle), noon)

function bench() {
  const orders: CabOrder[] = []
  const cab = new Cab({ order: (order) => orders.push(order), beep: () => {} })
  const tell = (atMs: number, ...findings: Finding[]) => cab.tell(findings, settings, atMs)
  return { cab, orders, tell }
}
const speeding = (more: Partial<Finding> = {}): Finding => ({ ...speedingAt(noon, 'started'), ...more })

describe('the cab', () => {
  it('says the gravest of one moment first, and each kind once', () => {
    const { orders, tell } = bench()
    tell(
      noon,
      speeding({ kind: 'fatigue-warning', severity: 'info' }),
      speeding({ severity: 'minor', subject: 'a' }),
      speeding({ severity: 'critical', subject: 'b' }),
    )
    expect(orders.map(({ kind, sound }) => [kind, sound])).toEqual([
      ['speeding', 'alarm'],
      ['fatigue-warning', 'notice'],
    ])
  })

  it('says a kind at most three times in five minutes, however often it begins', () => {
    const { orders, tell } = bench()
    for (let s = 0; s < 300; s += 10) tell(noon + s * 1000, speeding())
    expect(orders).toHaveLength(repeatsMax)
    tell(noon + repeatWindowMs, speeding())
    expect(orders).toHaveLength(repeatsMax + 1)
  })

  it('reminds of what is grave and goes on, and stops when it ended', () => {
    const { cab, orders, tell } = bench()
    tell(noon, speeding({ severity: 'major' }), speeding({ kind: 'off-route', severity: 'minor' }))
    for (let s = 1; s < 600; s++) cab.remind(noon + s * 1000)
    const said = orders.filter(({ kind }) => kind === 'speeding').length
    expect(said).toBe(6)
    expect(orders.filter(({ kind }) => kind === 'off-route')).toHaveLength(1)
    tell(noon + 600_000, speeding({ phase: 'ended', severity: 'major' }))
    for (let s = 601; s < 1200; s++) cab.remind(noon + s * 1000)
    expect(orders.filter(({ kind }) => kind === 'speeding')).toHaveLength(said)
  })

  it('leaves faults of the lines and the hours of the week to the office', () => {
    const { orders, tell } = bench()
    tell(noon, speeding({ kind: 'gnss-lost' }), speeding({ kind: 'fatigue', reason: 'rolling7d' }))
    expect(orders).toEqual([])
  })
})
