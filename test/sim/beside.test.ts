import { describe, expect, it } from 'vitest'
import type { TapeRecord } from '../../proto/tape.ts'
import { emissionsOfSecond, isOff } from '../../sim/emissions.ts'
import { parseScenario, planOf, plansBeside } from '../../sim/scenario.ts'
import { fleetCauses } from '../../sim/scenarios/causes-fleet.ts'
import { tapeOf } from '../../sim/tape.ts'
import { readTape } from '../../sim/tapes/read.ts'
import { truthAt } from '../../sim/vehicle.ts'
import { beijing } from '../help/drive.ts'

/** A terminal without power, and vehicles beside the first one. */
const { scenario } = fleetCauses.find((cause) => cause.scenario.name === 'cause-away')!
const plan = planOf(scenario)
const at = (clock: string): number => beijing(`2026-11-23 ${clock}`)

describe('a terminal without power', () => {
  it.each([
    ['10:03:59', false],
    ['10:04:00', true],
    ['10:23:59', true],
    ['10:24:00', false],
  ])('at %s: off is %s, and nothing is written for nobody', (clock, off) => {
    expect(isOff(plan, at(clock))).toBe(off)
    expect(emissionsOfSecond(plan, at(clock)).length === 0).toBe(off)
  })

  it('lays nothing down: on the tape its lines are up again when it is', async () => {
    async function* bytes() {
      yield* tapeOf(plan)
    }
    const records: TapeRecord[] = []
    for await (const part of readTape(bytes(), 'made'))
      if (part.is === 'records') records.push(...part.records)
    const [offMs, onMs] = [at('10:04:00'), at('10:24:00')]
    expect(records.filter(({ wallMs }) => wallMs >= offMs + 1000 && wallMs < onMs)).toEqual([])
    const next = records.filter(({ wallMs }) => wallMs >= onMs).slice(0, 3)
    expect(next).toMatchObject([
      { wallMs: onMs, is: 'line', line: 'gnss', up: true },
      { wallMs: onMs, is: 'line', line: 'can', up: true },
      { wallMs: onMs, is: 'tick' },
    ])
  })

  it('drives on meanwhile', () => {
    const km = (truthAt(plan, at('10:24:00')).tripM - truthAt(plan, at('10:04:00')).tripM) / 1000
    expect(km).toBeCloseTo(80 / 3, 1)
  })
})

describe('a vehicle beside', () => {
  const [beside, ...more] = plansBeside(scenario)

  it('has its own papers, place and odometer, and the road, legs, times and cards of the first', () => {
    expect(more).toEqual([])
    expect(beside!.scenario.vehicle.id).toBe('coach-beside')
    expect(beside!.scenario.trip.vehicle).toBe('coach-beside')
    expect(beside!.odometerM).toBe(81_300_400)
    expect(truthAt(beside!, plan.startMs).tripM).toBe(truthAt(plan, plan.startMs).tripM)
    expect(beside!.path.points[0]).not.toEqual(plan.path.points[0])
    for (const same of ['startMs', 'endMs', 'road', 'legs', 'cards', 'policy'] as const)
      expect(beside![same], same).toEqual(plan[same])
  })

  it('has none of its faults, and nobody beside it', () => {
    expect(isOff(beside!, at('10:10:00'))).toBe(false)
    expect(beside!.scenario.beside).toEqual([])
  })

  it('may have cards of its own', () => {
    const cards = [{ driver: 'H430-30994' }]
    const file = { ...scenario, beside: [{ ...scenario.beside[0]!, cards }] }
    const [other] = plansBeside(parseScenario(file, 'a test'))
    expect(other!.cards.map(({ driver }) => driver)).toEqual(['H430-30994'])
  })
})
