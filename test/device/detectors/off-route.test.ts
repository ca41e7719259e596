import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { offRoute } from '../../../device/detectors/off-route.ts'
import { catalog, explain } from '../../../proto/catalog.ts'
import { drive } from '../../../proto/detector.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import { sampleAt } from '../../help/drive.ts'
import { deepFreeze, roadRoute, settingsFor } from '../../help/road.ts'
import { fixAt, type RouteCase, routeFile, samplesOf, settingsOf, startMs } from '../../help/route-cases.ts'
import { type RoadFix, referenceOffRoute } from '../../reference/off-route.ts'

const instants = (finding: Finding): [string, number, number] => [
  finding.phase,
  (finding.atMs - startMs) / 1000,
  (finding.decidedAtMs - startMs) / 1000,
]

describe(`off-route.json: ${routeFile.about}`, () => {
  it.each(routeFile.cases)('$title', (one) => {
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

  it.each([48, 49, 50, 51, 52, 53])(
    'agrees on every start and end, to the rounding of a crossing (%i)',
    (seed) => {
      let [told, drives] = [0, 0]
      fc.assert(
        fc.property(roadFixes, (fixes) => {
          drives++
          const { findings } = drive(offRoute, fixes.map(sampleOfFix), settings)
          const own = findings.filter(({ phase }) => phase !== 'updated')
          const naive = referenceOffRoute(fixes)
          expect(own.map(({ phase, decidedAtMs }) => ({ phase, decidedAtMs }))).toEqual(
            naive.map(({ phase, decidedAtMs }) => ({ phase, decidedAtMs })),
          )
          for (const [i, { atMs }] of naive.entries()) expect(Math.abs(own[i]!.atMs - atMs)).toBeLessThan(60)
          told += own.length
        }),
        { numRuns: 100, seed },
      )
      expect(told).toBeGreaterThan(drives / 20)
    },
  )

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
    const one = routeFile.cases.find(({ title }) => title.startsWith('out at 20.5'))
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
    const one: RouteCase = {
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
