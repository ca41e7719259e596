import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { offRoute } from '../../../device/detectors/off-route.ts'
import { catalog, explain } from '../../../proto/catalog.ts'
import { drive } from '../../../proto/detector.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import type { Trip } from '../../../proto/shapes/trip.ts'
import type { VehicleClass } from '../../../proto/shapes/vehicle.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { boxAreas, deepFreeze, type RoadShape, roadPoint, roadRoute, settingsFor } from '../../help/road.ts'
import { type RoadFix, referenceOffRoute } from '../../reference/off-route.ts'

type Step = {
  for: number
  to: number
  mps?: number
  kmh?: number
  silent?: boolean
  refused?: boolean
  reseeded?: boolean
  accuracyM?: number
  jitterM?: number
}
type Case = {
  title: string
  class?: VehicleClass
  everyS?: number
  beside?: number
  reach?: boolean
  odometer?: boolean
  alternatives?: RoadShape[]
  goodsClass?: string
  charter?: { validTo: string }
  routeGoneAt?: number
  drive: Step[]
  expect: [Finding['phase'], number, number, object?][]
}

const file = JSON.parse(
  readFileSync(new URL('../../cases/route/off-route.json', import.meta.url), 'utf8'),
) as { about: string; start: string; cases: Case[] }
const startMs = beijing(file.start)

function samplesOf(one: Case): Sample[] {
  const samples: Sample[] = one.reach === true ? [sampleAt(startMs - 1000, { fix: fixAt(0, 0, null) })] : []
  const everyS = one.everyS ?? 1
  let besideM = one.beside ?? 0
  let alongM = 0
  let odometerM = 0
  let s = 0
  let due = 0
  for (const step of one.drive) {
    const perS = (step.to - besideM) / step.for
    const mps = step.mps ?? 20
    for (let left = step.for; left > 0; left--, s++) {
      if (s === due) {
        due += everyS
        if (step.silent !== true)
          samples.push(sampleOf(step, s, alongM, besideM, one.odometer === true ? odometerM : null))
      }
      besideM += perS
      alongM += mps
      odometerM += Math.hypot(mps, perS)
    }
  }
  return samples
}

function fixAt(alongM: number, besideM: number, accuracyM: number | null): Sample['fix'] {
  return { ...roadPoint(alongM, besideM), accuracyM, satellites: null }
}

let firstSeeded = -1
function sampleOf(step: Step, s: number, alongM: number, besideM: number, odometerM: number | null): Sample {
  const jitter = step.jitterM === undefined ? 0 : (s % 2) * step.jitterM
  if (step.reseeded === true && firstSeeded === -1) firstSeeded = s
  if (step.reseeded !== true) firstSeeded = -1
  return sampleAt(startMs + s * 1000, {
    fix: step.refused === true ? null : fixAt(alongM + jitter, besideM, step.accuracyM ?? null),
    positionRefused: step.refused === true,
    reseeded: firstSeeded === s,
    speedKmh: step.kmh ?? null,
    odometerM,
  })
}

function tripOf(one: Case): Trip | null {
  if (one.goodsClass === undefined && one.charter === undefined) return null
  const base: Trip = {
    id: 'trip-1',
    vehicle: 'bus-1',
    from: '2026-11-01T00:00:00+08:00',
    to: '2026-12-01T00:00:00+08:00',
    drivers: [],
    serviceClass: null,
    oneWayKm: null,
  }
  if (one.goodsClass !== undefined) return { ...base, waybill: { goodsClass: one.goodsClass, escort: null } }
  return {
    ...base,
    charter: { plate: 'C1', validFrom: '2026-11-01', validTo: one.charter?.validTo ?? '', areas: ['county'] },
  }
}

function settingsOf(one: Case): Settings {
  return settingsFor(one.class ?? 'coach', null, {
    route: roadRoute({ halfWidthM: 205 }, ...(one.alternatives ?? [])),
    trip: tripOf(one),
    areas: boxAreas([{ id: 'county', role: 'hub', fromM: -1e6, toM: 1e6, halfWidthM: 1005 }]),
  })
}

const instants = (finding: Finding): [string, number, number] => [
  finding.phase,
  (finding.atMs - startMs) / 1000,
  (finding.decidedAtMs - startMs) / 1000,
]

describe(`off-route.json: ${file.about}`, () => {
  it.each(file.cases)('$title', (one) => {
    const settings = deepFreeze(settingsOf(one))
    const gone = { ...settings, route: null }
    const goneMs = startMs + (one.routeGoneAt ?? Number.POSITIVE_INFINITY) * 1000
    const { findings } = drive(offRoute, samplesOf(one), ({ atMs }) => (atMs < goneMs ? settings : gone))
    const seen = findings.map(instants)
    expect(seen.map(([phase, , decided]) => [phase, decided])).toEqual(one.expect.map(([p, , d]) => [p, d]))
    for (const [i, [, at]] of one.expect.entries()) expect(seen[i]?.[1]).toBeCloseTo(at, 2)
    const words = {
      plate: 'P',
      zone: 'Asia/Shanghai',
      vehicleClass: one.class ?? 'coach',
      serviceClass: null,
    }
    for (const [i, [, , , more]] of one.expect.entries())
      expect({ ...findings[i], article: catalog['off-route']?.article(findings[i]!, words) }).toMatchObject(
        more ?? {},
      )
  })
})

const roadFixes: fc.Arbitrary<RoadFix[]> = fc
  .array(
    fc.record({
      afterS: fc.oneof(
        { weight: 30, arbitrary: fc.integer({ min: 1, max: 4 }) },
        { weight: 1, arbitrary: fc.constantFrom(59, 60, 61, 300) },
      ),
      dwell: fc.integer({ min: 1, max: 14 }),
      besideM: fc.constantFrom(0, 100, -159, 161, 199, -199, 201, -201, 230, -260),
      mps: fc.constantFrom(0, 2, 4, 25),
    }),
    { maxLength: 25 },
  )
  .map((legs) => {
    let [atMs, alongM] = [startMs, 0]
    return legs.flatMap(({ afterS, dwell, besideM, mps }) =>
      Array.from({ length: dwell }, () => {
        atMs += afterS * 1000
        alongM += mps * Math.min(afterS, 10)
        return { atMs, alongM, besideM }
      }),
    )
  })

const sampleOfFix = ({ atMs, alongM, besideM }: RoadFix): Sample =>
  deepFreeze(sampleAt(atMs, { fix: fixAt(alongM, besideM, null) }))

describe('off-route against a naive reading of the whole drive', () => {
  const settings = deepFreeze(settingsFor('coach', null, { route: roadRoute({ lengthM: 500_000 }) }))

  it('agrees on every start and end, to the rounding of a crossing', () => {
    let told = 0
    fc.assert(
      fc.property(roadFixes, (fixes) => {
        const { findings } = drive(offRoute, fixes.map(sampleOfFix), settings)
        const own = findings.filter(({ phase }) => phase !== 'updated')
        const naive = referenceOffRoute(fixes)
        expect(own.map(({ phase, decidedAtMs }) => ({ phase, decidedAtMs }))).toEqual(
          naive.map(({ phase, decidedAtMs }) => ({ phase, decidedAtMs })),
        )
        for (const [i, { atMs }] of naive.entries()) expect(Math.abs(own[i]!.atMs - atMs)).toBeLessThan(60)
        told += own.length
      }),
      { numRuns: 600, seed: 48 },
    )
    expect(told).toBeGreaterThan(100)
  })

  it('is the same after its state has been through JSON at every step', () => {
    fc.assert(
      fc.property(roadFixes, (fixes) => {
        let state = offRoute.initial
        const findings: Finding[] = []
        for (const fix of fixes) {
          const result = offRoute.step(deepFreeze(state), sampleOfFix(fix), settings)
          state = JSON.parse(JSON.stringify(result.state))
          expect(state).toEqual(result.state)
          findings.push(...result.findings)
        }
        expect(findings).toEqual(drive(offRoute, fixes.map(sampleOfFix), settings).findings)
      }),
      { numRuns: 100, seed: 64 },
    )
  })

  it('is not moved by a correction of the clock', () => {
    fc.assert(
      fc.property(roadFixes, fc.nat(), fc.integer({ min: -5000, max: 50_000 }), (fixes, where, stepMs) => {
        const samples = fixes.map(sampleOfFix)
        const at = samples.length === 0 ? 0 : where % samples.length
        const shifted = samples.map((sample, i) =>
          i < at ? sample : { ...sample, atMs: sample.atMs + stepMs, clockStepMs: i === at ? stepMs : 0 },
        )
        const facts = (list: readonly Sample[]): unknown[] =>
          drive(offRoute, list, settings).findings.map(({ phase, severity, evidence }) => [
            phase,
            severity,
            evidence['durationS'],
            evidence['travelledM'],
          ])
        expect(facts(shifted)).toEqual(facts(samples))
      }),
      { numRuns: 100, seed: 80 },
    )
  })
})

describe('what an off-route finding says', () => {
  it('names the line, how far off, how far driven', () => {
    const one = file.cases.find(({ title }) => title.startsWith('out at 20.5'))
    if (one === undefined) throw new Error('the case is gone')
    const [finding] = drive(offRoute, samplesOf(one), settingsOf(one)).findings
    const words = {
      plate: '湘A12345',
      zone: 'Asia/Shanghai',
      vehicleClass: 'coach',
      serviceClass: 'scheduled',
    }
    expect(explain(finding!, words)).toEqual({
      zh: '2026-11-23 10:00:20，湘A12345在30.00185,114.00425偏离线路“长沙—武汉”400米，已行驶0.6公里。【疑似，证据充分】',
      en: '湘A12345 was 400 m off "长沙—武汉" near 30.00185,114.00425, 0.6 km driven. [suspected, evidence sufficient]',
    })
  })

  it('begins anew with another trip on the same route', () => {
    const one: Case = {
      title: '',
      drive: [
        { for: 10, to: 0 },
        { for: 200, to: 3000 },
      ],
      expect: [],
    }
    const settings = settingsOf({ ...one, charter: { validTo: '2020-01-01' } })
    const trip = settings.trip!
    const next = { ...settings, trip: { ...trip, id: 'trip-2' } }
    const { findings } = drive(offRoute, samplesOf(one), ({ atMs }) =>
      atMs < startMs + 100_000 ? settings : next,
    )
    expect(findings.map(({ phase, trip: of }) => [phase, of])).toEqual([
      ['started', 'trip-1'],
      ['ended', 'trip-1'],
    ])
  })
})
