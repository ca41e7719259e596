import { describe, expect, it } from 'vitest'
import { detectors, driverDetectors } from '../../device/detectors/index.ts'
import { outlookOf } from '../../device/outlook.ts'
import { type States, stepAll } from '../../proto/detector.ts'
import type { Sample } from '../../proto/model.ts'
import { parseAreas } from '../../proto/shapes/areas.ts'
import { beijing, sampleAt } from '../help/drive.ts'
import { roadPoint, roadRoute, settingsFor } from '../help/road.ts'

/** What an officer may know of the hours and the road ahead, batch by batch. */

const ring = [
  [29_000, -50],
  [31_000, -50],
  [31_000, 50],
  [29_000, 50],
  [29_000, -50],
].map(([x = 0, y = 0]) => [roadPoint(x, y).lon, roadPoint(x, y).lat])
const service = {
  type: 'Feature',
  properties: { id: 'sa', name: '岳阳服务区', role: 'serviceArea' },
  geometry: { type: 'Polygon', coordinates: [ring] },
}
const settings = settingsFor('coach', null, {
  route: roadRoute({ lengthM: 50_000 }),
  areas: parseAreas({ type: 'FeatureCollection', features: [service] }, 'areas'),
})
const startMs = beijing('2026-11-23 10:00:00')
const all = [...detectors, ...driverDetectors]

/** 20 m/s along the route from its beginning, a Sample every 10 s. */
const at = (s: number, more: Partial<Sample> = {}): Sample =>
  sampleAt(startMs + s * 1000, {
    fix: { ...roadPoint(20 * s), accuracyM: null, satellites: 9 },
    speedKmh: 72,
    speedSource: 'wheel',
    courseDeg: 90,
    driver: 'A',
    ...more,
  })

function driven(samples: readonly Sample[]): States {
  let states: States = {}
  for (const sample of samples) {
    // Over each step a reboot: what is told must survive it.
    states = JSON.parse(JSON.stringify(stepAll(all, states, sample, settings).state)) as States
  }
  return states
}
const seconds = (from: number, to: number): number[] =>
  Array.from({ length: (to - from) / 10 + 1 }, (_, i) => from + 10 * i)

describe('the outlook of a drive', () => {
  const moving = seconds(0, 1000).map((s) => at(s))
  const outlook = outlookOf(driven(moving), moving.at(-1)!, settings)!

  it('has the times that are left, whose they are, and the driving under way', () => {
    expect(outlook).toMatchObject({ atMs: startMs + 1_000_000, driver: 'A', confirmed: true })
    expect(outlook.left.continuousDay).toEqual({ provenS: 13_400, cautiousS: 13_400 })
    expect(outlook.left.rolling24h).toEqual({ provenS: 27_800, cautiousS: 27_800 })
    expect(outlook.left.rolling7d).toEqual({ provenS: 157_400, cautiousS: 157_400 })
    expect(outlook.left.continuousNight).toEqual({ provenS: 7200, cautiousS: 7200 })
    expect(outlook.driving).toEqual([
      { driver: 'A', fromMs: startMs, toMs: startMs + 1_000_000, proven: true },
    ])
  })

  it('has the way along the route, the safe stops with their times, and the share of unknown limits', () => {
    expect(outlook.route).toEqual({ routeId: 'route-1', alongM: 20_000, remainingM: 30_000 })
    expect(outlook.safeStops).toMatchObject([{ areaId: 'sa', area: '岳阳服务区', role: 'serviceArea' }])
    expect(outlook.safeStops[0]!.km).toBeCloseTo(9, 0)
    expect(outlook.safeStops[0]!.etaMs).toBeGreaterThan(startMs + 1_400_000)
    expect(outlook.unknownLimitShare).toBe(1)
  })

  it('ends the driving under way where the wheels stopped, and forgets it when that is a stop', () => {
    const halt = at(1000, { speedKmh: 0 })
    const stopping = [...seconds(0, 990).map((s) => at(s)), halt]
    expect(outlookOf(driven(stopping), halt, settings)!.driving).toEqual([
      { driver: 'A', fromMs: startMs, toMs: startMs + 1_000_000, proven: true },
    ])
    const still = { ...halt, atMs: halt.atMs + 20_000 }
    const stood = outlookOf(driven([...stopping, still]), still, settings)!
    expect(stood.driving).toEqual([])
    // A short stop goes on counting.
    expect(stood.left.continuousDay).toEqual({ provenS: 13_380, cautiousS: 13_380 })
  })

  it('proves nobody’s driving without a card, and binds a lorry by the four hours alone', () => {
    const nobody = seconds(0, 1000).map((s) => at(s, { driver: null }))
    expect(outlookOf(driven(nobody), nobody.at(-1)!, settings)).toMatchObject({
      driver: null,
      confirmed: false,
      driving: [],
    })
    const lorry = settingsFor('truck')
    const { left } = outlookOf(driven(moving), moving.at(-1)!, lorry)!
    expect(left).toMatchObject({ continuousNight: null, rolling24h: null, rolling7d: null })
    expect(left.continuousDay).not.toBeNull()
  })

  it('is silent before the first time that can be trusted', () => {
    const dark = at(0, { trusted: false })
    expect(outlookOf(driven([dark]), dark, settings)).toBeNull()
  })
})
