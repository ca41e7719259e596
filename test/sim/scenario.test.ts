import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { projectOnSegment } from '../../proto/geo/earth.ts'
import { tripSchema } from '../../proto/shapes/trip.ts'
import { vehicleSchema } from '../../proto/shapes/vehicle.ts'
import { writeDocuments } from '../../sim/documents.ts'
import { nextClockMs, type Plan, parseScenario, planOf } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { type Truth, truthAt } from '../../sim/vehicle.ts'
import { beijing } from '../help/drive.ts'

const nightCoach = scenarios.get('night-coach')!

function everySecond(plan: Plan): Truth[] {
  const truths: Truth[] = []
  for (let atMs = plan.startMs; atMs < plan.endMs; atMs += 1000) truths.push(truthAt(plan, atMs))
  return truths
}

function fromRoadM(plan: Plan, truth: Truth): number {
  let least = Number.POSITIVE_INFINITY
  for (let at = 1; at < plan.road.points.length; at++)
    least = Math.min(
      least,
      projectOnSegment(truth, plan.road.points[at - 1]!, plan.road.points[at]!).distanceM,
    )
  return least
}

describe('the night coach', () => {
  const plan = planOf(scenarios.get('night-coach')!)
  const truths = everySecond(plan)
  const firstMs = (is: (truth: Truth) => boolean): number => truths.find(is)!.atMs

  it('runs on a line of 1,150 km, from 23:40 to 02:03 local', () => {
    expect(plan.road.lengthM / 1000).toBeCloseTo(1150, 1)
    expect([plan.startMs, plan.endMs]).toEqual([
      beijing('2026-11-22 23:40:00'),
      beijing('2026-11-23 02:03:00'),
    ])
  })

  it('speeds, leaves the corridor and comes to the bridge, in this order, before the first warning', () => {
    const speedingMs = firstMs(({ speedKmh }) => speedKmh > 80)
    const offMs = firstMs((truth) => truth.speedKmh > 0 && fromRoadM(plan, truth) > 200)
    const bridgeMs = firstMs(({ tripM }) => tripM > (467 - 412) * 1000)
    expect(speedingMs).toBeGreaterThan(beijing('2026-11-22 23:45:00'))
    // Printed within 20 s of the start: 20 minutes of the world take 10 s at 120x.
    expect(speedingMs).toBeLessThan(beijing('2026-11-22 23:50:00'))
    expect(offMs).toBeGreaterThan(speedingMs)
    expect(bridgeMs).toBeGreaterThan(offMs)
    expect(bridgeMs).toBeLessThan(beijing('2026-11-23 01:00:00'))
  })

  it('drives two hours of night without a rest, and on past 02:00', () => {
    expect(truths[0]!.speedKmh).toBeGreaterThan(5)
    let standingS = 0
    for (const { speedKmh, atMs } of truths) {
      standingS = speedKmh === 0 ? standingS + 1 : 0
      expect(standingS).toBeLessThan(1200)
      if (atMs >= beijing('2026-11-23 01:10:00')) expect(speedKmh).toBeGreaterThan(5)
    }
  })
})

describe('the legal relay', () => {
  it('changes the driver while standing on the filed point, before 02:00', () => {
    const plan = planOf(scenarios.get('legal-relay')!)
    const truths = everySecond(plan)
    const swap = truths.find(({ driver }) => driver === 'H430-30994')!
    expect(swap.atMs).toBe(beijing('2026-11-23 01:30:00'))
    expect(swap.speedKmh).toBe(0)
    const { areas, startKm } = plan.scenario
    expect(startKm + swap.tripM / 1000).toBeGreaterThan(areas[0]!.fromKm)
    expect(startKm + swap.tripM / 1000).toBeLessThan(areas[0]!.toKm)
    expect(truths.at(-1)!.speedKmh).toBeGreaterThan(70)
  })
})

describe('a scenario file', () => {
  it('is refused with the place and the remedy', () => {
    const bad = (change: object) => () => parseScenario({ ...nightCoach, ...change }, 'night.json')
    expect(bad({ speed: 3 })).toThrow(
      /^night\.json: speed: unknown key; remove it or correct its spelling \(known here: name, .*startKmh/,
    )
    expect(bad({ legs: [{ until: '25:00', kmh: 80 }] })).toThrow(/^night\.json: legs\[0\]\.until: /)
    expect(bad({ cards: [{ driver: '张三' }] })).toThrow(/^night\.json: cards\[0\]\.driver: /)
    expect(bad({ road: { ...nightCoach.road, waypoints: [[28, 113]] } })).toThrow(
      /^night\.json: road\.waypoints/,
    )
  })

  it('survives being written as JSON', () => {
    const text = JSON.stringify(nightCoach)
    expect(parseScenario(JSON.parse(text), 'night.json')).toEqual(scenarios.get('night-coach'))
  })

  it('says where its geometry comes from', () => {
    for (const { origin } of scenarios.values()) expect(origin).toMatch(/synthetic/i)
  })
})

describe('times of day', () => {
  it('mean the next such moment, over midnight too', () => {
    const after = beijing('2026-11-22 23:40:00')
    expect(nextClockMs(after, '23:45:00', 'Asia/Shanghai')).toBe(beijing('2026-11-22 23:45:00'))
    expect(nextClockMs(after, '02:03', 'Asia/Shanghai')).toBe(beijing('2026-11-23 02:03:00'))
    expect(nextClockMs(after, '23:40:00', 'Asia/Shanghai')).toBe(beijing('2026-11-23 23:40:00'))
  })
})

describe('the documents of a drive', () => {
  it('pass the gates that a person would meet', () => {
    const folder = mkdtempSync(join(tmpdir(), 'roadwarden-documents-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    for (const scenario of scenarios.values()) {
      const documents = writeDocuments(planOf(scenario), folder)
      const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
      expect(vehicleSchema.parse(read(documents.vehicle)).id).toBe(scenario.vehicle.id)
      expect(tripSchema.parse(read(documents.trip)).id).toBe(scenario.trip.id)
      const route = read(documents.route) as { features: { geometry: { coordinates: unknown[] } }[] }
      expect(route.features[0]!.geometry.coordinates).toHaveLength(planOf(scenario).road.points.length)
      const areas = read(documents.areas) as { features: unknown[] }
      expect(areas.features).toHaveLength(scenario.areas.length)
    }
  })
})
