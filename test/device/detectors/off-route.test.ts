import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { offRoute, routeProgress } from '../../../device/detectors/off-route.ts'
import { lookAt } from '../../../device/detectors/off-route-look.ts'
import { catalog, explain } from '../../../proto/catalog.ts'
import { drive } from '../../../proto/detector.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import type { PolicyFile } from '../../../proto/policy.ts'
import type { Settings } from '../../../proto/settings.ts'
import type { Trip } from '../../../proto/shapes/trip.ts'
import { sampleAt } from '../../help/drive.ts'
import { boxAreas, deepFreeze, roadPoint, roadRoute, ruledRoute, settingsFor } from '../../help/road.ts'
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

/** `s`, metres along and beside; what else is known of that moment. */
type Seen = readonly [s: number, alongM: number, besideM: number, known?: Partial<Sample>]
const at = (rows: readonly Seen[]): Sample[] =>
  rows.map(([s, alongM, besideM, known]) =>
    sampleAt(startMs + s * 1000, { fix: fixAt(alongM, besideM, null), ...known }),
  )
const ruled = (policy: PolicyFile | null = null, more: Partial<Settings> = {}): Settings =>
  deepFreeze(settingsFor('coach', policy, { route: ruledRoute(), ...more }))
const run = (
  rows: readonly Seen[],
  inForce: Settings | ((sample: Sample) => Settings) = ruled(),
): Finding[] => drive(offRoute, deepFreeze(at(rows)), inForce).findings
const brief = (finding: Finding) => [...instants(finding), finding.severity]
/** Every second from one to another, 20 m/s, so far beside. */
const ride = (
  fromS: number,
  toS: number,
  besideM: number,
  known: (s: number) => Partial<Sample> = () => ({}),
): Seen[] =>
  Array.from(
    { length: toS - fromS + 1 },
    (_, i): Seen => [fromS + i, (fromS + i) * 20, besideM, known(fromS + i)],
  )

describe('an excursion to the metre and the millisecond', () => {
  it('200 m beside a line of 200 m is on it, 201 m is off', () => {
    expect(run([...ride(0, 9, 0), ...ride(10, 60, 200)])).toEqual([])
    expect(run([...ride(0, 9, 0), ...ride(10, 60, 201)]).map(({ phase }) => phase)).toEqual(['started'])
  })

  it('is told as a whole: where from, how far, how long, on what ground', () => {
    const rows: Seen[] = [
      ...ride(0, 70, 0, () => ({ driver: '张三' })),
      ...ride(71, 140, 400, () => ({ driver: '张三' })),
      [141, 2820, 150],
      ...ride(142, 160, 0),
    ]
    const [started, ended, ...more] = run(rows)
    expect(more).toEqual([])
    const [from, back] = [startMs + 70_501, startMs + 140_798]
    const known = { routeId: 'ruled', routeName: '量尺线', distanceM: 400, halfWidthM: 200, line: 0 }
    expect(started).toEqual({
      ...{ kind: 'off-route', reason: null, phase: 'started', subject: 'ruled', severity: 'minor' },
      ...{ grade: 'sufficient', atMs: from, decidedAtMs: startMs + 101_000, driver: '张三', trip: null },
      place: {
        lat: expect.closeTo(roadPoint(0, 200.5).lat, 5) as number,
        lon: expect.closeTo(roadPoint(1410).lon, 5) as number,
      },
      rule: { id: 'off-route', version: catalog['off-route']!.version },
      evidence: {
        ...known,
        alongKm: 1.42,
        travelledM: 600,
        durationS: 30.499,
        gradeReason: 'crossing between two fixes',
      },
    })
    expect(ended).toMatchObject({
      phase: 'ended',
      atMs: back,
      decidedAtMs: startMs + 151_000,
      driver: '张三',
      trip: null,
    })
    expect(ended?.evidence).toEqual({
      ...known,
      ...{ alongKm: 1.42, travelledM: 1380, durationS: 70.297, gradeReason: 'crossing between two fixes' },
    })
  })

  it('is proven by fixes alone where the border was passed in a silence', () => {
    const rows: Seen[] = [[0, 0, 0], ...ride(100, 140, 400), [240, 4800, 0], ...ride(241, 260, 0)]
    const [started, ended] = run(rows)
    const iso = (s: number) => new Date(startMs + s * 1000).toISOString()
    expect(started).toMatchObject({
      atMs: startMs + 100_000,
      evidence: {
        leftBetween: { from: iso(0), to: iso(100) },
        durationS: 30,
        gradeReason: 'proven by fixes, crossing within a silence',
      },
    })
    expect(started?.evidence).not.toHaveProperty('backBetween')
    expect(ended).toMatchObject({
      atMs: startMs + 240_000,
      evidence: { backBetween: { from: iso(140), to: iso(240) }, durationS: 140, travelledM: 800 },
    })
  })

  it('needs all of 30 s and all of 100 m', () => {
    const slow = (mps: number, s: number): Seen => [s, 1000 + mps * s, 400, { odometerM: mps * s }]
    const drives = (mps: number, lastS: number): number =>
      run([[-61, 0, 0, { odometerM: 0 }], ...[0, 10, 20].map((s) => slow(mps, s)), slow(mps, lastS)]).length
    expect([drives(5, 29.999), drives(5, 30)]).toEqual([0, 1])
    const far = (metres: number): number =>
      run([
        [-61, 0, 0, { odometerM: 0 }],
        [0, 1000, 400, { odometerM: 0 }],
        [40, 1090, 400, { odometerM: metres }],
      ]).length
    expect([far(99), far(100), far(101)]).toEqual([0, 1, 1])
  })

  it('counts no silence, not even a millisecond of it, towards the 30 s', () => {
    const out = (lastS: number): number =>
      run([
        [-61, 0, 0],
        [0, 1000, 400],
        [10, 1200, 400],
        [80, 2600, 400],
        [lastS, 3000, 400],
      ]).length
    expect([out(99.999), out(100)]).toEqual([0, 1])
  })

  it.each([
    [2476, 1],
    [2474, 0],
  ])(
    'a silence of 65 s is outside when no vehicle could have been back: %d m at both ends: %d',
    (besideM, count) => {
      // 70 m/s for 65 s are 4,550 m; 2 * 2,475 - 400 = 4,550.
      expect(
        run([
          [0, 0, 0],
          [65, 1000, besideM],
          [130, 2000, besideM],
        ]),
      ).toHaveLength(count)
      expect(
        run([
          [0, 0, 0],
          [65, 1000, besideM],
          [130, 2000, besideM, { reseeded: true }],
        ]),
      ).toEqual([])
    },
  )

  it('is driven by the odometer, else along the line, else by nobody who stands', () => {
    const travelled = (known: (s: number) => Partial<Sample>) =>
      run([[-61, 0, 0, known(-61)], ...ride(0, 60, 400, known)])[0]?.evidence['travelledM'] ?? null
    expect(travelled((s) => ({ odometerM: 5000 + s * 10 }))).toBe(300)
    expect(travelled(() => ({}))).toBe(600)
    expect(travelled((s) => ({ odometerM: s % 2 === 0 ? null : 5000 + s * 10 }))).toBe(600)
    // An odometer that is set back tells nothing for that second.
    expect(travelled((s) => ({ odometerM: s < 10 ? 9000 + s * 10 : s * 10 }))).toBe(310)
    expect(travelled(() => ({ odometerM: 7000 }))).toBeNull()
    expect(travelled(() => ({ speedKmh: 2.9 }))).toBeNull()
    expect(travelled(() => ({ speedKmh: 3 }))).toBe(600)
  })

  it('is major from 5 km or from 15 min on', () => {
    const odometer = (stepM: number) => (s: number) => ({ odometerM: 5000 + s * stepM })
    const grave = (toS: number, stepM: number) =>
      run([[-61, 0, 0, odometer(stepM)(-61)], ...ride(0, toS, 400, odometer(stepM))]).map(brief)
    // Out at 0 s, told after 30 s; 50 m/s are 5 km after 100 s.
    expect(grave(150, 50)).toEqual([
      ['started', 0, 30, 'minor'],
      ['updated', 0, 100, 'major'],
    ])
    expect(grave(950, 4)).toEqual([
      ['started', 0, 30, 'minor'],
      ['updated', 0, 900, 'major'],
    ])
  })

  it('is back for ten whole seconds well inside, counted from the first of them', () => {
    const out: Seen[] = [[-61, 0, 0], ...ride(0, 60, 400)]
    const back = (...rows: Seen[]) =>
      run([...out, ...rows])
        .filter(({ phase }) => phase === 'ended')
        .map(brief)
    expect(back([61, 1220, 0], [70.999, 1420, 0])).toEqual([])
    expect(back([61, 1220, 0], [71, 1420, 0])).toEqual([['ended', 60.499, 71, 'minor']])
    // 180 m is inside the line, not well inside.
    expect(back([61, 1220, 180], [62, 1240, 0], [71.999, 1440, 0])).toEqual([])
    expect(back([61, 1220, 180], [62, 1240, 0], [72, 1440, 0])).toHaveLength(1)
    expect(back([61, 1220, 0], [66, 1320, 180], [67, 1340, 0], [72, 1440, 0])).toEqual([])
    expect(back([61, 1220, 160], [71, 1420, 160])).toHaveLength(1)
    expect(back([61, 1220, 161], [71, 1420, 161])).toEqual([])
  })

  it('that goes on after a moment inside is told worse where it is now', () => {
    const policy = { offRoute: { majorM: 1000 } }
    const rows: Seen[] = [[-61, 0, 0], ...ride(0, 40, 400), [41, 820, 100], ...ride(42, 80, 500)]
    const [, updated] = run(rows, ruled(policy))
    expect(updated).toMatchObject({
      phase: 'updated',
      severity: 'major',
      evidence: { distanceM: 500, travelledM: 1020 },
    })
    expect(updated?.place).toEqual({
      lat: expect.closeTo(roadPoint(0, 500).lat, 6) as number,
      lon: expect.closeTo(roadPoint(20 * 53).lon, 5) as number,
    })
  })

  it('without a trip belongs to none; one whose route is gone ended where it was seen last', () => {
    const gone = ruled(null, { route: null })
    const findings = run([[-61, 0, 0], ...ride(0, 60, 400), [61, 1220, 400]], ({ atMs }) =>
      atMs < startMs + 61_000 ? ruled() : gone,
    )
    expect(findings.map((one) => [...brief(one), one.trip, one.place === null])).toEqual([
      ['started', 0, 30, 'minor', null, false],
      ['ended', 60, 61, 'minor', null, true],
    ])
  })

  it('begins at the first fix outside when a charter ended between two, wherever a detour may be', () => {
    const areas = boxAreas([{ id: 'county', role: 'hub', fromM: -1e6, toM: 1e6, halfWidthM: 1005 }])
    const until = new Date(startMs + 30_500).toISOString()
    const trip = {
      ...tripOf(until),
      charter: { plate: 'C1', validFrom: '2026-11-01', validTo: until, areas: ['county'] },
    }
    const detour = { id: 'D', routeId: 'ruled', fromM: 90_000, toM: 95_000, by: 'officer-1' }
    const detours = [{ ...detour, from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' }]
    const rows: Seen[] = [[-61, 0, 0], ...ride(0, 70, 400)]
    expect(run(rows, ruled({ detours }, { areas, trip })).map(brief)).toEqual([['started', 31, 61, 'minor']])
    // Where a border was passed, the border says when.
    const passed = run([...ride(0, 10, 0), ...ride(11, 60, 400)], ruled({ detours }))
    expect(passed.map(brief)).toEqual([['started', 10.501, 41, 'minor']])
  })
})

const tripOf = (to: string): Trip => ({
  ...{ id: 'trip-1', vehicle: 'bus-1', from: '2026-11-01T00:00:00+08:00', to },
  ...{ drivers: [], serviceClass: null, oneWayKm: null },
})

describe('where a charter may be', () => {
  const areas = boxAreas([{ id: 'county', role: 'hub', fromM: -1e6, toM: 1e6, halfWidthM: 1005 }])
  const chartered = (validFrom: string, validTo: string, ids = ['county']): Settings =>
    ruled(null, {
      areas,
      trip: { ...tripOf('2026-12-01T00:00:00Z'), charter: { plate: 'C1', validFrom, validTo, areas: ids } },
    })
  const allowed = (inForce: Settings, besideM = 900): boolean => {
    const [sample] = at([[0, 1000, besideM]])
    return lookAt({ near: null, last: null }, ruledRoute(), sample!.fix!, sample!, inForce).allowed
  }
  const instant = (ms: number) => new Date(startMs + ms).toISOString()

  it.each([
    ['while it is valid', instant(-1), instant(1), true],
    ['from its first moment on', instant(0), instant(1), true],
    ['not before', instant(1), instant(2), false],
    ['not from its end on', instant(-1), instant(0), false],
    ['not by a beginning that nobody can read', 'soon', instant(1), false],
    ['not by an end that nobody can read', instant(-1), 'later', false],
  ])('%s', (_title, from, to, yes) => {
    expect(allowed(chartered(from, to))).toBe(yes)
  })

  it('is inside the areas it was agreed for', () => {
    expect(allowed(chartered(instant(-1), instant(1)), 1006)).toBe(false)
    expect(allowed(chartered(instant(-1), instant(1), ['another']))).toBe(false)
    expect(allowed(ruled(null, { areas }))).toBe(false)
  })
})

describe('progress along a route', () => {
  it('is none before the line was reached, and none of another route', () => {
    const beside = drive(offRoute, at([[0, 1000, 900]]), ruled()).state
    expect(routeProgress(beside, ruled())).toBeNull()
    const on = drive(offRoute, at([[0, 1000, 100]]), ruled()).state
    expect(routeProgress(on, ruled())).toMatchObject({ alongM: 1000 })
    expect(routeProgress(on, ruled(null, { route: null }))).toBeNull()
    expect(routeProgress(on, ruled(null, { trip: tripOf('2026-12-01T00:00:00Z') }))).toBeNull()
    expect(routeProgress(offRoute.initial, ruled(null, { route: null }))).toBeNull()
  })
})
