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

  it('is not muted for a day by what it said before the first fix set a clock of tomorrow right', () => {
    const { cab, orders, tell } = bench()
    for (let s = 0; s < 30; s += 10) tell(noon + 86_400_000 + s * 1000, speeding({ severity: 'major' }))
    expect(orders).toHaveLength(repeatsMax)
    tell(noon, speeding({ severity: 'major' }))
    expect(orders).toHaveLength(repeatsMax + 1)
    cab.remind(noon + repeatWindowMs / repeatsMax)
    expect(orders).toHaveLength(repeatsMax + 2)
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

  it('keeps the order of a recorder: over the speed, sources disagree, too long, nearly too long, nobody logged in', () => {
    const { orders, tell } = bench()
    tell(
      noon,
      ...[
        'door-open',
        'no-driver',
        'fatigue-warning',
        'fatigue',
        'speed-mismatch',
        'speeding',
        'pedestrian',
      ].map((kind) => speeding({ kind, severity: 'minor', evidence: {} })),
    )
    expect(orders.map(({ kind }) => kind)).toEqual([
      'pedestrian',
      'speeding',
      'speed-mismatch',
      'fatigue',
      'fatigue-warning',
      'no-driver',
      'door-open',
    ])
  })

  it('says one thing at a time, what matters most next, and nothing whose moment has passed', async () => {
    const orders: string[] = []
    const notes: string[] = []
    let finish: () => void = () => {}
    const cab = new Cab(
      {
        order: ({ kind }) => {
          orders.push(kind)
          return new Promise<void>((resolve) => {
            finish = resolve
          })
        },
        beep: () => {},
      },
      ({ kind, outcome }) => notes.push(`${kind} ${outcome}`),
    )
    const told: boolean[] = []
    cab.tell([speeding({ kind: 'door-open', severity: 'minor' })], settings, noon)
    cab.tell([speeding({ kind: 'off-route', severity: 'minor' })], settings, noon)
    cab.say('慢一点', noon, (wasSaid) => told.push(wasSaid))
    cab.tell([speeding()], settings, noon + 1000)
    expect(orders).toEqual(['door-open'])
    const step = async () => {
      finish()
      await new Promise((resolve) => setImmediate(resolve))
    }
    await step()
    expect(orders).toEqual(['door-open', 'speeding'])
    cab.remind(noon + 20_001)
    await step()
    await step()
    await step()
    expect(orders).toEqual(['door-open', 'speeding', 'command'])
    expect(notes).toEqual(['door-open said', 'speeding said', 'command said', 'off-route stale'])
    expect(told).toEqual([true])
  })

  it('writes down what it left unsaid, and goes on after a voice that failed', async () => {
    const notes: string[] = []
    const told: boolean[] = []
    const cab = new Cab(
      { order: () => Promise.reject(new Error('no loudspeaker')), beep: () => {} },
      ({ kind, outcome }) => notes.push(`${kind} ${outcome}`),
    )
    cab.say('慢一点', noon, (wasSaid) => told.push(wasSaid))
    for (let i = 0; i < 4; i++) {
      cab.tell([speeding()], settings, noon + i)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(told).toEqual([false])
    expect(notes).toEqual([
      'command failed',
      'speeding failed',
      'speeding failed',
      'speeding failed',
      'speeding limited',
    ])
  })

  it('never says that somebody pressed the emergency button', () => {
    const { orders, tell } = bench()
    tell(noon, speeding({ kind: 'emergency', severity: 'critical' }))
    expect(orders).toEqual([])
  })
})
