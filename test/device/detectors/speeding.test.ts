import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { speeding } from '../../../device/detectors/speeding.ts'
import { speedingWarning } from '../../../device/detectors/speeding-warning.ts'
import { catalog, explain } from '../../../proto/catalog.ts'
import { drive } from '../../../proto/detector.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { deepFreeze, roadPoint, roadRoute, settingsFor } from '../../help/road.ts'
import { samplesOf, settingsOf, signed, speedFiles } from '../../help/speed-cases.ts'
import { referenceSpeeding } from '../../reference/speeding.ts'

for (const { file, about, cases } of speedFiles()) {
  describe(`${file}: ${about}`, () => {
    it.each(cases)('$title', (one) => {
      const startMs = beijing(one.start ?? '')
      const settings = settingsOf(one)
      const { samples, limits } = samplesOf(one, startMs)
      const { findings } = drive(speeding, samples, ({ atMs }) => signed(settings, limits.get(atMs)))
      expect(
        findings.map(({ phase, atMs, decidedAtMs }) => [
          phase,
          (atMs - startMs) / 1000,
          (decidedAtMs - startMs) / 1000,
        ]),
      ).toEqual(one.expect.map(([phase, at, decided]) => [phase, at, decided]))
      const words = {
        plate: '湘A12345',
        zone: 'Asia/Shanghai',
        vehicleClass: one.class ?? 'coach',
        serviceClass: null,
      }
      for (const [i, [, , , more]] of one.expect.entries())
        expect({
          ...findings[i],
          article: catalog['speeding']?.article(findings[i]!, words),
        }).toMatchObject(more ?? {})
    })
  })
}

type Row = { afterMs: number; speedKmh: number | null; limitKmh: number }
const rows: fc.Arbitrary<Row[]> = fc.array(
  fc.record({
    afterMs: fc.oneof(
      { weight: 20, arbitrary: fc.constant(1000) },
      { weight: 2, arbitrary: fc.constantFrom(500, 2000, 5000, 9000, 10_000, 10_001, 11_000, 60_000) },
    ),
    speedKmh: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.constantFrom(74.9, 75, 75.1, 79.9, 80, 80.1, 85, 95, 99.9, 100, 100.1, 130),
      },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    limitKmh: fc.constantFrom(80, 80, 80, 80, 60, 100),
  }),
  { maxLength: 40 },
)

/** Stretches of the same row make drives of minutes instead of noise. */
const drives = fc
  .array(fc.tuple(rows, fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 30 })), { maxLength: 5 })
  .map((parts) =>
    parts.flatMap(([some, times, dwell]) =>
      some.slice(0, times).flatMap((row) => Array<Row>(dwell).fill(row)),
    ),
  )

function drivenRows(
  list: readonly Row[],
  settings: Settings,
): { samples: Sample[]; findings: Finding[]; limits: number[] } {
  let atMs = beijing('2026-11-23 10:00:00')
  const limitAt = new Map<number, number>()
  const samples = list.map(({ afterMs, speedKmh, limitKmh }) => {
    atMs += afterMs
    limitAt.set(atMs, limitKmh)
    return deepFreeze(sampleAt(atMs, { speedKmh }))
  })
  const { findings } = drive(speeding, samples, (sample) => signed(settings, limitAt.get(sample.atMs)))
  return { samples, findings, limits: list.map(({ limitKmh }) => limitKmh) }
}

const told = ({ phase, atMs, decidedAtMs }: Finding): object => ({ phase, atMs, decidedAtMs })

describe('speeding against a naive reading of the whole drive', () => {
  const policies = [
    {},
    { releaseKmh: 0, releaseHoldS: 0 },
    { holdS: 0 },
    { limitChangeS: 5, toleranceKmh: 5 },
    { gapS: 60, holdS: 30 },
  ]
  it.each(policies)('agrees with policy %j', (policy) => {
    const settings = deepFreeze(settingsFor('truck', { speeding: policy }))
    fc.assert(
      fc.property(drives, (list) => {
        const { samples, findings, limits } = drivenRows(list, settings)
        const points = samples.map(({ atMs, speedKmh }, i) => ({ atMs, speedKmh, limitKmh: limits[i]! }))
        expect(findings.filter(({ phase }) => phase !== 'updated').map(told)).toEqual(
          referenceSpeeding(points, settings.policy.speeding),
        )
      }),
      { numRuns: 400, seed: 46 },
    )
  })

  it('is the same after its state has been through JSON at every step', () => {
    const settings = settingsFor('truck')
    fc.assert(
      fc.property(drives, (list) => {
        const { samples, findings, limits } = drivenRows(list, settings)
        let state = speeding.initial
        const again: Finding[] = []
        for (const [i, sample] of samples.entries()) {
          const result = speeding.step(deepFreeze(state), sample, signed(settings, limits[i]))
          expect(JSON.parse(JSON.stringify(result.state))).toEqual(result.state)
          state = JSON.parse(JSON.stringify(result.state))
          again.push(...result.findings)
        }
        expect(again).toEqual(findings)
      }),
      { numRuns: 100, seed: 62 },
    )
  })

  it('is not moved by a correction of the clock', () => {
    const settings = settingsFor('truck')
    fc.assert(
      fc.property(drives, fc.nat(), fc.integer({ min: -5000, max: 50_000 }), (list, where, stepMs) => {
        const { samples, limits } = drivenRows(list, settings)
        const at = samples.length === 0 ? 0 : where % samples.length
        const shifted = samples.map((sample, i) =>
          i < at ? sample : { ...sample, atMs: sample.atMs + stepMs, clockStepMs: i === at ? stepMs : 0 },
        )
        const run = (list2: readonly Sample[]): object[] => {
          let state = speeding.initial
          return list2.flatMap((sample, i) => {
            const result = speeding.step(state, sample, signed(settings, limits[i]))
            state = result.state
            return result.findings.map(({ phase, evidence }) => ({ i, phase, evidence }))
          })
        }
        expect(run(shifted)).toEqual(run(samples))
      }),
      { numRuns: 100, seed: 78 },
    )
  })
})

describe('what a speeding finding says', () => {
  const words = { plate: '湘A12345', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: 'scheduled' }
  const road = roadRoute({ limits: [{ fromM: 0, toM: 50_000, dayKmh: 120, roadClass: 'motorway' }] })
  const settings = settingsFor('coach', null, { route: road })
  const fix = { ...roadPoint(0), accuracyM: null, satellites: 9 }

  function first(start: string, kmh: number, more: Partial<Sample> = {}): Finding {
    const startMs = beijing(start)
    const samples = Array.from({ length: 11 }, (_, i) =>
      sampleAt(startMs + i * 1000, { speedKmh: kmh, speedSource: 'wheel', fix, driver: '张三', ...more }),
    )
    const [finding] = drive(speeding, samples, settings).findings
    if (finding === undefined) throw new Error('nothing found')
    return finding
  }

  it('names time, place, peak, limit and who set it, and suspects only', () => {
    expect(explain(first('2026-11-23 10:00:00', 110), words)).toEqual({
      zh: '2026-11-23 10:00:00，湘A12345在30.00000,114.00000超速行驶10秒，最高110km/h，限速100km/h（车型限速），超10%。【疑似，证据充分】',
      en: '湘A12345 exceeded 100 km/h (set by the vehicle class) for 10 s near 30.00000,114.00000; peak 110 km/h, 10 % over. [suspected, evidence sufficient]',
    })
  })

  it('shows the 80 % at night', () => {
    const finding = first('2026-11-22 23:00:00', 90)
    expect(catalog['speeding']?.name(finding.reason)).toEqual({
      zh: '夜间超速（日间限速80%）',
      en: 'Night speeding (80 % rule)',
    })
    expect(explain(finding, words)).toEqual({
      zh: '2026-11-22 23:00:00，湘A12345在30.00000,114.00000超速行驶10秒，最高90km/h，夜间限速80km/h（日间100km/h的80%，车型限速），超12.5%。【疑似，证据充分】',
      en: '湘A12345 exceeded the night limit of 80 km/h (80 % of 100, set by the vehicle class) for 10 s near 30.00000,114.00000; peak 90 km/h, 12.5 % over. [suspected, evidence sufficient]',
    })
  })

  it('is to be verified when the speed sources differ, and says which one was used', () => {
    const finding = first('2026-11-23 10:00:00', 110, { speedAgreement: 'differ' })
    expect(finding).toMatchObject({
      grade: 'to-verify',
      driver: '张三',
      evidence: { speedSource: 'wheel', agreement: 'differ', gradeReason: 'speed sources differ' },
    })
  })

  it('keeps the driver and the first place of the episode', () => {
    const startMs = beijing('2026-11-23 10:00:00')
    const samples = Array.from({ length: 30 }, (_, i) =>
      sampleAt(startMs + i * 1000, {
        speedKmh: i < 20 ? 110 : 60,
        driver: i < 5 ? 'A' : 'B',
        fix: { ...roadPoint(i * 30), accuracyM: null, satellites: null },
      }),
    )
    const [started, ended] = drive(speeding, samples, settings).findings
    expect(explain(ended!, words).zh).toMatch(/^2026-11-23 10:00:00，湘A12345在.*超速行驶19秒，最高110km\/h/)
    expect([started?.driver, ended?.driver]).toEqual(['A', 'A'])
    expect(started?.place?.lon).toBeCloseTo(roadPoint(0).lon, 6)
    expect(ended?.place?.lon).toBeCloseTo(roadPoint(19 * 30).lon, 6)
  })
})

describe('what a speeding finding holds', () => {
  const truck = settingsFor('truck', { speeding: { holdS: 0 } })
  const startMs = beijing('2026-11-23 10:00:00')
  const run = (
    speeds: readonly number[],
    limitKmh: number,
    known: (i: number) => Partial<Sample> = () => ({}),
    everyMs = 1000,
  ): Finding[] =>
    drive(
      speeding,
      speeds.map((speedKmh, i) => sampleAt(startMs + i * everyMs, { speedKmh, ...known(i) })),
      signed(truck, limitKmh),
    ).findings

  it('the whole of it, at its beginning and at its end', () => {
    const place = { lat: 30, lon: 114 }
    const fix = { ...place, accuracyM: null, satellites: 9 }
    const findings = run([90, 90, 100, 60, 60, 60, 60, 60, 60], 80, () => ({
      ...{ driver: '张三', speedSource: 'wheel', speedAgreement: 'agree', fix },
    }))
    const all = {
      ...{ kind: 'speeding', reason: null, subject: 'bus-1', grade: 'sufficient', driver: '张三' },
      ...{ place, trip: null, rule: { id: 'speeding', version: catalog['speeding']!.version } },
    }
    const limit = {
      ...{ limitKmh: 80, limitSetBy: 'sign', limitSource: 'temporary', dayKmh: 80, night: false },
      ...{
        roadClass: 'unknown',
        speedSource: 'wheel',
        agreement: 'agree',
        gradeReason: 'speed sources agree',
      },
    }
    expect(findings).toEqual([
      {
        ...{ ...all, phase: 'started', severity: 'minor', atMs: startMs, decidedAtMs: startMs },
        evidence: { ...limit, peakKmh: 90, percentOver: 12.5, meanKmh: 90, distanceM: 0, durationS: 0 },
      },
      {
        ...{ ...all, phase: 'updated', severity: 'major', atMs: startMs, decidedAtMs: startMs + 2000 },
        evidence: { ...limit, peakKmh: 100, percentOver: 25, meanKmh: 92.5, distanceM: 51, durationS: 2 },
      },
      {
        ...{ ...all, phase: 'ended', severity: 'major', atMs: startMs + 2000, decidedAtMs: startMs + 8000 },
        evidence: { ...limit, peakKmh: 100, percentOver: 25, meanKmh: 92.5, distanceM: 51, durationS: 2 },
      },
    ])
  })

  it('of speeds equally far over, the first', () => {
    const source = (i: number): Partial<Sample> => ({
      speedSource: i < 2 ? 'wheel' : 'gnss',
      speedAgreement: i < 2 ? 'agree' : 'single',
    })
    const ended = (speeds: number[]) => run(speeds, 80, source).at(-1)?.evidence
    expect(ended([90, 90, 90, 90, 60, 60, 60, 60, 60, 60])).toMatchObject({
      speedSource: 'wheel',
      agreement: 'agree',
    })
    expect(ended([90, 90, 91, 90, 60, 60, 60, 60, 60, 60])).toMatchObject({
      ...{ speedSource: 'gnss', agreement: 'single', gradeReason: 'one speed source' },
    })
  })

  it.each([
    [0, null],
    [1, 900],
    [8, 25],
  ])('10 km/h where %d are allowed: %s %%', (limitKmh, percentOver) => {
    expect(run([10], limitKmh)[0]?.evidence).toMatchObject({ limitKmh, percentOver, peakKmh: 10 })
  })

  it('a mean over half a second', () => {
    // 36 and 72 km/h: 15 m/s for half a second.
    const findings = run([36, 72, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 30, () => ({}), 500)
    expect(findings.at(-1)?.evidence).toMatchObject({ durationS: 0.5, distanceM: 8, meanKmh: 54 })
  })
})

describe('speeding-warning', () => {
  const at = (s: number, speedKmh: number | null): Sample =>
    sampleAt(beijing('2026-11-23 10:00:00') + s * 1000, { speedKmh })
  const settings = signed(settingsFor('truck'), 80)
  const phases = (speeds: readonly (number | null)[], inForce = settings): unknown[] =>
    drive(
      speedingWarning,
      speeds.map((kmh, s) => at(s, kmh)),
      inForce,
    ).findings.map(({ phase, decidedAtMs }) => [phase, (decidedAtMs - at(0, 0).atMs) / 1000])

  it.each([
    [74.9, []],
    [75, [['started', 0]]],
    [80, [['started', 0]]],
    [100, [['started', 0]]],
  ])(
    'at %d of a limit of 80: %j (warnBelowKmh is 5; the class cap of a road unknown warns by 70)',
    (kmh, expected) => {
      const wide = settingsFor('truck', { speeding: { capKmh: { other: 100 } } })
      expect(phases([kmh], signed(wide, 80))).toEqual(expected)
    },
  )

  it('warns by the lower cap where the road is unknown, while nothing is proven', () => {
    const plain = settingsFor('coach')
    expect(phases([66], plain)).toEqual([['started', 0]])
    expect(
      drive(
        speeding,
        Array.from({ length: 60 }, (_, s) => at(s, 95)),
        plain,
      ).findings,
    ).toEqual([])
  })

  it('tells a driver who hovers about the mark once', () => {
    const wide = signed(settingsFor('truck', { speeding: { capKmh: { other: 100 } } }), 80)
    const hover = Array.from({ length: 60 }, (_, s) => (s % 4 === 0 ? 76 : 74))
    expect(phases(hover, wide)).toEqual([['started', 0]])
    expect(phases([76, null, 74, null, 74, 74, 74, 74, 74], wide)).toEqual([
      ['started', 0],
      ['ended', 7],
    ])
  })

  it('is silent when the policy says so, and is a word to the driver only', () => {
    expect(phases([100], settingsFor('truck', { speeding: { warnBelowKmh: null } }))).toEqual([])
    expect(catalog['speeding-warning']).toMatchObject({ driverOnly: true, severities: ['info'] })
  })

  it('says the speed, the limit and who set it', () => {
    const wide = signed(settingsFor('truck', { speeding: { capKmh: { other: 100 } } }), 80)
    const [warned] = drive(speedingWarning, [at(0, 76.04)], wide).findings
    expect(warned).toMatchObject({ kind: 'speeding-warning', severity: 'info', phase: 'started' })
    expect(warned?.evidence).toEqual({ speedKmh: 76, limitKmh: 80, limitSetBy: 'sign' })
  })
})
