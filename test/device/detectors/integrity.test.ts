import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { antenna } from '../../../device/detectors/antenna.ts'
import { canSilent } from '../../../device/detectors/can-silent.ts'
import { clockConflict } from '../../../device/detectors/clock-conflict.ts'
import { doorOpen } from '../../../device/detectors/door-open.ts'
import { gnssFrozen } from '../../../device/detectors/gnss-frozen.ts'
import { gnssLost } from '../../../device/detectors/gnss-lost.ts'
import { detectors, driverDetectors } from '../../../device/detectors/index.ts'
import { speedMismatch } from '../../../device/detectors/speed-mismatch.ts'
import { catalog, explain } from '../../../proto/catalog.ts'
import { type AnyDetector, type Detector, drive, type States, stepAll } from '../../../proto/detector.ts'
import { episodeKey } from '../../../proto/ids.ts'
import type { Finding, LineHealth, Sample } from '../../../proto/model.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { boxAreas, deepFreeze, roadPoint, roadRoute, settingsFor } from '../../help/road.ts'

const startMs = beijing('2026-11-23 10:00:00')
const settings = deepFreeze(settingsFor('coach'))
const fixAt = (alongM: number): Sample['fix'] => ({ ...roadPoint(alongM), accuracyM: null, satellites: 9 })
const wheel = (wheelKmh: number | null, gnssKmh: number | null = wheelKmh): Sample['sources'] => ({
  wheelKmh,
  tachographKmh: null,
  gnssKmh,
  positionKmh: null,
})
const healthy: LineHealth = {
  gnssLineAgeMs: 0,
  gnssFixAgeMs: 0,
  canAgeMs: 0,
  antenna: 'ok',
  expects: { gnss: true, can: true },
}

/** One Sample a second; `at` tells what is known at second s, null for none. */
function seconds(count: number, at: (s: number) => Partial<Sample> | null): Sample[] {
  return Array.from({ length: count }, (_, s) => {
    const known = at(s)
    return known === null ? [] : [sampleAt(startMs + s * 1000, known)]
  }).flat()
}

function told<State>(detector: Detector<State>, samples: Sample[], inForce = settings): Finding[] {
  return drive(detector, deepFreeze(samples), inForce).findings
}

const brief = ({ phase, severity, atMs, decidedAtMs }: Finding): unknown[] => [
  phase,
  severity,
  (atMs - startMs) / 1000,
  (decidedAtMs - startMs) / 1000,
]

describe('gnss-lost', () => {
  /** Fixes up to second `lastS`, none until `againS`; 20 m/s. */
  const outage = (
    lastS: number,
    againS: number,
    count: number,
    more: (s: number) => Partial<Sample> = () => ({}),
  ) =>
    seconds(count, (s) => {
      const lost = s > lastS && s < againS
      return {
        fix: lost ? null : fixAt(s * 20),
        sources: wheel(72, null),
        speedKmh: 72,
        lines: { ...healthy, gnssFixAgeMs: lost ? (s - lastS) * 1000 : 0 },
        ...more(s),
      }
    })

  it.each([
    [39, []],
    [40, []],
    [
      41,
      [
        ['started', 'minor', 10, 40],
        ['ended', 'minor', 41, 41],
      ],
    ],
    [
      100,
      [
        ['started', 'minor', 10, 40],
        ['ended', 'minor', 100, 100],
      ],
    ],
  ])('last fix at 10 s, the next at %d s', (againS, expected) => {
    expect(told(gnssLost, outage(10, againS, 120)).map(brief)).toEqual(expected)
  })

  it('tells how far the wheels went, by wheel speed and by odometer', () => {
    const [, byWheel] = told(gnssLost, outage(10, 100, 120))
    expect(byWheel?.evidence).toMatchObject({ silentS: 90, wheelKm: 1.8, straightKm: 1.8, cause: 'noFix' })
    const [, byOdometer] = told(
      gnssLost,
      outage(10, 100, 120, (s) => ({ odometerM: s * 25, sources: null })),
    )
    expect(byOdometer?.evidence).toMatchObject({ wheelKm: 2.25 })
  })

  it.each([
    ['tunnelPortal', 'tunnel', 'info'],
    ['station', 'station', 'info'],
    ['hub', 'station', 'info'],
    ['serviceArea', 'noFix', 'minor'],
  ] as const)('last seen at a %s: %s, %s', (role, cause, severity) => {
    const near = settingsFor('hazmat', null, {
      areas: boxAreas([{ id: 'portal', role, fromM: 280, toM: 300 }]),
    })
    const [started] = told(gnssLost, outage(10, 100, 60), near)
    expect(started).toMatchObject({ severity, evidence: { cause } })
  })

  it.each([
    [299, 'tunnel'],
    [301, 'noFix'],
  ])('a portal %d m on explains up to 100 m', (fromM, cause) => {
    const near = settingsFor('coach', null, {
      areas: boxAreas([{ id: 'portal', role: 'tunnelPortal', fromM, toM: 900 }]),
    })
    expect(told(gnssLost, outage(10, 100, 60), near)[0]?.evidence['cause']).toBe(cause)
  })

  it('tells a silent receiver from one without a fix and from a faulty antenna', () => {
    const cause = (lines: Partial<LineHealth>): unknown =>
      told(
        gnssLost,
        outage(10, 100, 60, (s) =>
          s > 10 ? { lines: { ...healthy, gnssFixAgeMs: (s - 10) * 1000, ...lines } } : {},
        ),
      )[0]?.evidence['cause']
    expect(cause({ gnssLineAgeMs: 29_999 })).toBe('noFix')
    expect(cause({ gnssLineAgeMs: 30_000 })).toBe('line')
    expect(cause({ gnssLineAgeMs: null })).toBe('line')
    expect(cause({ antenna: 'open' })).toBe('antenna')
  })

  it('is major after half an hour of moving, not of standing', () => {
    const long = (kmh: number): unknown[] =>
      told(
        gnssLost,
        outage(10, 9000, 2000, () => ({ sources: wheel(kmh, null) })),
      ).map(brief)
    expect(long(72)).toEqual([
      ['started', 'minor', 10, 40],
      ['updated', 'major', 10, 1810],
    ])
    expect(long(0)).toEqual([['started', 'minor', 10, 40]])
  })

  it('knows of no fix since the start, and not of a parked vehicle that is off', () => {
    const never = { ...healthy, gnssFixAgeMs: null, gnssLineAgeMs: null }
    expect(
      told(
        gnssLost,
        seconds(60, () => ({ lines: never })),
      ).map(brief),
    ).toEqual([['started', 'minor', 0, 30]])
    expect(
      told(
        gnssLost,
        seconds(60, () => ({ lines: never, ignition: false })),
      ),
    ).toEqual([])
  })

  it('does not take a night with the power off for a silence', () => {
    const never = { ...healthy, gnssFixAgeMs: null }
    const samples = [
      ...outage(99, 100, 5),
      ...seconds(60, () => ({ lines: never })).map((sample) => ({
        ...sample,
        atMs: sample.atMs + 36_000_000,
      })),
    ]
    expect(told(gnssLost, samples).map(({ decidedAtMs }) => decidedAtMs - startMs)).toEqual([36_030_000])
  })

  it('says it in one sentence', () => {
    const [started, ended] = told(gnssLost, outage(10, 100, 120))
    const words = { plate: '湘A1', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }
    expect(explain(started!, words)).toEqual({
      zh: '湘A1自10:00:10起无定位30秒，期间车轮行驶0.6公里；定位模块在线但未定位。【疑似，证据充分】',
      en: '湘A1 has had no position for 30 s since 10:00:10, wheels turned 0.6 km; the receiver talks but has no fix. [suspected, evidence sufficient]',
    })
    expect(explain(ended!, words).zh).toContain('自10:00:10起无定位1分30秒')
  })
})

describe('can-silent', () => {
  const silent = (count: number, backS: number, more: Partial<Sample> = {}): Sample[] =>
    seconds(count, (s) => ({
      speedKmh: 60,
      ...more,
      lines: { ...healthy, canAgeMs: s > 5 && s < backS ? (s - 5) * 1000 : 0 },
    }))

  it.each([
    [14, []],
    [15, []],
    [
      16,
      [
        ['started', 'minor', 5, 15],
        ['ended', 'minor', 16, 16],
      ],
    ],
    [
      40,
      [
        ['started', 'minor', 5, 15],
        ['ended', 'minor', 40, 40],
      ],
    ],
  ])('last frame at 5 s, the next at %d s', (backS, expected) => {
    expect(told(canSilent, silent(60, backS)).map(brief)).toEqual(expected)
  })

  it.each([
    [{ ignition: true, speedKmh: 0 }, 1],
    [{ ignition: false, speedKmh: 60 }, 0],
    [{ ignition: null, speedKmh: 60 }, 1],
    [{ ignition: null, speedKmh: 0 }, 0],
    [{ ignition: null, speedKmh: null }, 1],
  ])('a bus may sleep in a parked vehicle: %j gives %d', (more, count) => {
    expect(told(canSilent, silent(60, 999, more))).toHaveLength(count)
  })

  it('says nothing of a line that is not there', () => {
    const lines = { ...healthy, canAgeMs: null, expects: { gnss: true, can: false } }
    expect(
      told(
        canSilent,
        seconds(60, () => ({ lines })),
      ),
    ).toEqual([])
    expect(
      told(
        canSilent,
        seconds(60, () => ({ lines: { ...lines, expects: { gnss: true, can: true } } })),
      ).map(brief),
    ).toEqual([['started', 'minor', 0, 10]])
  })
})

describe('antenna', () => {
  const said = (
    states: readonly (LineHealth['antenna'] | undefined)[],
    speedKmh = 60,
  ): [string, ...unknown[]][] =>
    told(
      antenna,
      seconds(states.length, (s) => ({
        speedKmh,
        lines: states[s] === undefined ? null : { ...healthy, antenna: states[s] ?? null },
      })),
    ).map((finding) => [finding.kind, ...brief(finding)])

  it.each([
    [['ok', 'ok'], 60, []],
    [
      ['ok', 'open', 'open', 'ok'],
      60,
      [
        ['antenna-open', 'started', 'major', 1, 1],
        ['antenna-open', 'ended', 'major', 3, 3],
      ],
    ],
    [['ok', 'open'], 0, [['antenna-open', 'started', 'minor', 1, 1]]],
    [['open'], 60, [['antenna-open', 'started', 'minor', 0, 0]]],
    [
      ['ok', 'open', 'short', 'ok'],
      0,
      [
        ['antenna-open', 'started', 'minor', 1, 1],
        ['antenna-open', 'ended', 'minor', 2, 2],
        ['antenna-short', 'started', 'minor', 2, 2],
        ['antenna-short', 'ended', 'minor', 3, 3],
      ],
    ],
    [
      ['ok', null, 'open', undefined, null, 'ok'],
      60,
      [
        ['antenna-open', 'started', 'major', 2, 2],
        ['antenna-open', 'ended', 'major', 5, 5],
      ],
    ],
  ] as const)('%j at %d km/h', (states, speedKmh, expected) => {
    expect(said(states, speedKmh)).toEqual(expected)
  })
})

describe('gnss-frozen', () => {
  const frozen = (fromS: number, toS: number, kmh: number): Sample[] =>
    seconds(60, (s) => ({
      fix: fixAt(s < fromS ? s * 20 : s < toS ? fromS * 20 : s * 20),
      sources: wheel(kmh),
    }))

  it.each([
    [20, 30, 60, []],
    [
      20,
      31,
      60,
      [
        ['started', 'major', 20, 30],
        ['ended', 'major', 30, 31],
      ],
    ],
    [
      20,
      50,
      60,
      [
        ['started', 'major', 20, 30],
        ['ended', 'major', 49, 50],
      ],
    ],
    [20, 50, 9.9, []],
    [
      20,
      50,
      10,
      [
        ['started', 'major', 20, 30],
        ['ended', 'major', 49, 50],
      ],
    ],
  ])('the same position from %d s to before %d s at %d km/h', (fromS, toS, kmh, expected) => {
    expect(told(gnssFrozen, frozen(fromS, toS, kmh)).map(brief)).toEqual(expected)
  })

  it('is never proven interference, and nothing without wheels or without a fix', () => {
    expect(told(gnssFrozen, frozen(20, 50, 60))[0]).toMatchObject({ grade: 'to-verify' })
    expect(
      told(
        gnssFrozen,
        seconds(60, () => ({ fix: fixAt(0) })),
      ),
    ).toEqual([])
    expect(
      told(
        gnssFrozen,
        seconds(60, () => ({ sources: wheel(60) })),
      ),
    ).toEqual([])
  })
})

describe('speed-mismatch', () => {
  const pair = (count: number, at: (s: number) => [number, number]): unknown[] =>
    told(
      speedMismatch,
      seconds(count, (s) => ({ sources: wheel(...at(s)) })),
    ).map(brief)

  it.each([
    [300, 89, []],
    [301, 89, [['started', 'minor', 0, 300]]],
    [600, 89.1, []],
    [600, 111, [['started', 'minor', 0, 300]]],
  ])('%d s of %d against 100 km/h: %j', (count, wheelKmh, expected) => {
    expect(pair(count, () => [wheelKmh, 100])).toEqual(expected)
  })

  it('is not judged at 40 km/h, and any good second begins the window anew', () => {
    expect(pair(600, () => [20, 40])).toEqual([])
    expect(pair(600, () => [20, 40.1])).toEqual([['started', 'minor', 0, 300]])
    expect(pair(600, (s) => [s === 299 ? 100 : 80, 100])).toEqual([])
  })

  it('ends after five good minutes', () => {
    expect(pair(1000, (s) => [s < 400 ? 80 : 100, 100])).toEqual([
      ['started', 'minor', 0, 300],
      ['ended', 'minor', 400, 700],
    ])
  })
})

describe('door-open', () => {
  const ride = (kmh: (s: number) => number | null, open: (s: number) => boolean | null): unknown[] =>
    told(
      doorOpen,
      seconds(40, (s) => ({ speedKmh: kmh(s), doorOpen: open(s) })),
    ).map(brief)
  const during = (from: number, to: number) => (s: number) => s >= from && s < to

  it.each([
    [10, 13, 20, []],
    [
      10,
      14,
      20,
      [
        ['started', 'minor', 10, 13],
        ['ended', 'minor', 13, 14],
      ],
    ],
    [10, 20, 9.9, []],
    [
      10,
      20,
      10,
      [
        ['started', 'minor', 10, 13],
        ['ended', 'minor', 19, 20],
      ],
    ],
    [
      10,
      20,
      29.9,
      [
        ['started', 'minor', 10, 13],
        ['ended', 'minor', 19, 20],
      ],
    ],
    [
      10,
      20,
      30,
      [
        ['started', 'major', 10, 13],
        ['ended', 'major', 19, 20],
      ],
    ],
  ])('open from %d s to before %d s at %d km/h', (from, to, kmh, expected) => {
    expect(ride(() => kmh, during(from, to))).toEqual(expected)
  })

  it('gets worse, and does not know what nobody tells', () => {
    expect(ride((s) => (s < 20 ? 20 : 40), during(10, 30))).toEqual([
      ['started', 'minor', 10, 13],
      ['updated', 'major', 10, 20],
      ['ended', 'major', 29, 30],
    ])
    expect(
      ride(
        () => 20,
        () => null,
      ),
    ).toEqual([])
    expect(ride((s) => (s % 2 === 0 ? 20 : null), during(10, 16))).toEqual([
      ['started', 'minor', 10, 14],
      ['ended', 'minor', 14, 16],
    ])
  })
})

describe('clock-conflict', () => {
  const stepped = (stepMs: number, before = true): unknown[] =>
    told(
      clockConflict,
      seconds(3, (s) => ({ clockStepMs: s === 1 ? stepMs : 0, trusted: s > 0 || before })),
    ).map(brief)

  it.each([
    [3000, []],
    [
      3001,
      [
        ['started', 'info', 1, 1],
        ['ended', 'info', 1, 1],
      ],
    ],
    [
      -3001,
      [
        ['started', 'info', 1, 1],
        ['ended', 'info', 1, 1],
      ],
    ],
    [-3000, []],
  ])('a correction by %d ms', (stepMs, expected) => {
    expect(stepped(stepMs)).toEqual(expected)
  })

  it('the first discipline of a clock is no conflict', () => {
    expect(stepped(9_000_000, false)).toEqual([])
  })
})

const known: fc.Arbitrary<Partial<Sample>> = fc.record({
  fix: fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 60 }).map((n) => fixAt(n * 25)),
  ),
  speedKmh: fc.constantFrom(null, 0, 9, 35, 80, 120),
  sources: fc.oneof(
    fc.constant(null),
    fc.tuple(fc.constantFrom(null, 0, 60, 120), fc.constantFrom(null, 0, 60)).map(([w, g]) => wheel(w, g)),
  ),
  doorOpen: fc.constantFrom(null, true, false),
  ignition: fc.constantFrom(null, true, false),
  trusted: fc.constantFrom(true, true, true, false),
  clockStepMs: fc.constantFrom(0, 0, 0, 0, 4000, -4000),
  lines: fc.oneof(
    fc.constant(null),
    fc.record({
      gnssLineAgeMs: fc.constantFrom(null, 0, 40_000),
      gnssFixAgeMs: fc.constantFrom(null, 0, 29_999, 30_000, 90_000),
      canAgeMs: fc.constantFrom(null, 0, 9999, 10_000),
      antenna: fc.constantFrom(null, 'ok' as const, 'open' as const, 'short' as const),
      expects: fc.constant({ gnss: true, can: true }),
    }),
  ),
})

describe('the list of detectors', () => {
  const route = roadRoute({ lengthM: 1000, limits: [{ fromM: 0, toM: 500, dayKmh: 60, roadClass: 'other' }] })
  const areas = boxAreas([{ id: 'zone', fromM: 200, toM: 400, limitKmh: 30 }])
  const inForce = deepFreeze(settingsFor('coach', null, { route, areas }))
  const all: readonly AnyDetector[] = [...detectors, ...driverDetectors]

  it('has each name once, and each finding it makes is in the catalogue, starts before it ends, and survives JSON', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    const words = { plate: 'P', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }
    fc.assert(
      fc.property(fc.array(fc.tuple(known, fc.integer({ min: 1, max: 40 })), { maxLength: 12 }), (legs) => {
        let states: States = {}
        let atMs = startMs
        const open = new Set<string>()
        for (const [facts, times] of legs)
          for (let i = 0; i < times; i++) {
            const clockStepMs = i === 0 ? (facts.clockStepMs ?? 0) : 0
            atMs += 1000 + clockStepMs
            const sample = deepFreeze(sampleAt(atMs, { ...facts, clockStepMs }))
            const { state, findings } = stepAll(all, deepFreeze(states), sample, inForce)
            expect(JSON.parse(JSON.stringify(state))).toEqual(state)
            states = state
            for (const finding of findings) {
              const entry = catalog[finding.kind]
              expect(entry?.severities).toContain(finding.severity)
              const { zh, en } = explain(finding, words)
              for (const sentence of [zh, en])
                expect(sentence).not.toMatch(/undefined|NaN|Infinity|违法|违反/)
              expect(finding.decidedAtMs).toBe(atMs)
              expect(finding.atMs).toBeLessThanOrEqual(atMs)
              expect(open.has(episodeKey(finding))).toBe(finding.phase !== 'started')
              if (finding.phase === 'ended') open.delete(episodeKey(finding))
              else open.add(episodeKey(finding))
            }
          }
      }),
      { numRuns: 150, seed: 202 },
    )
  })
})

describe('the words of this room', () => {
  it.each([
    ['speeding', '超速行驶'],
    ['speeding-warning', '超速预警'],
    ['off-route', '偏离核定线路'],
    ['off-schedule', '不按规定时间运行'],
    ['gnss-lost', '卫星定位信号丢失'],
    ['gnss-frozen', '定位数据停滞'],
    ['antenna-open', '天线未接或被剪断'],
    ['antenna-short', '天线短路'],
    ['can-silent', 'CAN总线无数据'],
    ['speed-mismatch', '速度状态异常'],
    ['power-cut', '主电源断电'],
    ['clock-conflict', '终端时钟异常'],
    ['epoch-reset', '终端存储重建'],
    ['door-open', '行驶中开门'],
    ['harsh-braking', '急减速'],
    ['harsh-acceleration', '急加速'],
    ['coasting', '下坡空挡滑行'],
  ])('%s is called %s', (kind, zh) => {
    expect(catalog[kind]?.name(null).zh).toBe(zh)
    expect(catalog[kind]?.owner).toBe('terminal')
  })

  const finding = (kind: string, evidence: Finding['evidence']): Finding => ({
    kind,
    reason: null,
    phase: 'started',
    subject: 'bus-1',
    severity: 'info',
    grade: 'sufficient',
    atMs: startMs,
    decidedAtMs: startMs,
    place: null,
    driver: null,
    trip: null,
    rule: { id: kind, version: 1 },
    evidence,
  })
  it.each([
    ['antenna-open', { speedKmh: 60 }, 'P天线由正常变为断开（10:00:00，车速60）。'],
    ['can-silent', { silentS: 12, gnssKmh: 61.2 }, 'PCAN无数据12秒，卫星速度61.2km/h。'],
    [
      'speed-mismatch',
      { percent: 12.5 },
      '行驶记录速度与卫星速度相差12.5%，持续5分钟以上，速度证据须校准后使用。',
    ],
    ['gnss-frozen', { frozenS: 10, speedKmh: 60 }, 'P定位10秒未变化而车速60km/h，疑似人为干扰定位信号。'],
    ['power-cut', { moving: true, speedKmh: 60 }, 'P行驶中主电源断电（车速60）。'],
    ['clock-conflict', { stepS: -4 }, '终端时间与卫星时间相差4秒，驾驶时长不受影响。'],
    ['door-open', { peakKmh: 20, durationS: 5 }, 'P车门未关以20km/h行驶5秒。'],
    ['harsh-braking', { fromKmh: 60, toKmh: 20, durationS: 2 }, 'P60→20km/h用时2秒。'],
    ['coasting', { areaId: '坡', durationS: 9 }, 'P在“坡”空挡滑行9秒。'],
    ['off-schedule', { planned: '10:00', stop: '岳阳', actual: '10:20' }, 'P应10:00到岳阳，实际10:20。'],
    ['speeding-warning', { speedKmh: 76, limitKmh: 80 }, 'P车速76km/h，接近限速80km/h。'],
  ])('%s says what happened', (kind, evidence, zh) => {
    const words = { plate: 'P', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }
    expect(explain(finding(kind, evidence), words).zh).toBe(`${zh}【疑似，证据充分】`)
  })
})
