import { describe, expect, it } from 'vitest'
import { type CurfewState, curfew, relaySeen } from '../../../gateway/rules/curfew.ts'
import { noWarning } from '../../../gateway/rules/curfew-warning.ts'
import { rules } from '../../../gateway/rules/index.ts'
import { noRelay, trackRelay } from '../../../gateway/rules/relay.ts'
import { noDrivers } from '../../../gateway/rules/relay-drivers.ts'
import { noSilence } from '../../../gateway/rules/silence.ts'
import { drive } from '../../../proto/detector.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import { roundPlace } from '../../../proto/round.ts'
import type { Settings } from '../../../proto/settings.ts'
import { tripSchema } from '../../../proto/shapes/trip.ts'
import { relaySchema } from '../../../proto/shapes/vehicle.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { boxAreas, roadPoint, roadRoute, settingsFor } from '../../help/road.ts'

/** Nights of few rows: every finding whole, and what is kept of it. */
const areas = boxAreas([
  { id: 'service', fromM: 30_000, toM: 31_000, role: 'serviceArea', halfWidthM: 100 },
  { id: 'west', fromM: 10_000, toM: 11_000, role: 'serviceArea', halfWidthM: 100 },
])
const settings = settingsFor('coach', null, { areas })
const at = (clock: string): number => beijing(`2026-11-23 ${clock}`)
const seen = (alongM: number) => ({ ...roadPoint(alongM), accuracyM: null, satellites: null })
const row = (
  clock: string,
  speedKmh: number | null,
  alongM: number | null = null,
  known: Partial<Sample> = {},
): Sample =>
  sampleAt(at(clock), { speedKmh, driver: 'A', fix: alongM === null ? null : seen(alongM), ...known })

const curfewOnly = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ kind }) => kind === 'curfew')
const night = (rows: readonly Sample[], inForce: Settings = settings) => {
  const { state, findings } = drive(curfew, rows, inForce)
  return { state, findings: curfewOnly(findings) }
}
/** `started 03:00:00 known 03:00:30 critical noCertificate`. */
const lines = (rows: readonly Sample[], inForce = settings): string[] =>
  night(rows, inForce).findings.map(({ phase, atMs, decidedAtMs, severity, reason }) => {
    const [began, known] = [atMs, decidedAtMs].map((ms) =>
      new Date(ms + 8 * 3_600_000).toISOString().slice(11, 19),
    )
    return `${phase} ${began} known ${known} ${severity} ${reason}`
  })

const decided = {
  otherReasons: [],
  serviceClass: 'scheduled',
  oneWayKm: null,
  feederKm: 200,
  routeId: null,
  certificate: null,
  certificateValidTo: null,
  relayWindow: null,
  relayAt: null,
  curfewFrom: '2026-11-22T18:00:00.000Z',
  curfewTo: '2026-11-22T21:00:00.000Z',
  speedKmh: 60,
}

describe('a night', () => {
  const rows = [row('03:00:00', 60, 5000), row('03:00:30', 60, 5500)]
  const started: Finding = {
    kind: 'curfew',
    reason: 'noCertificate',
    phase: 'started',
    subject: 'bus-1',
    severity: 'critical',
    grade: 'sufficient',
    atMs: at('03:00:00'),
    decidedAtMs: at('03:00:30'),
    place: roundPlace(roadPoint(5500)),
    driver: 'A',
    trip: null,
    rule: { id: 'curfew', version: 1 },
    evidence: { ...decided, since: '2026-11-22T19:00:00.000Z' },
  }

  it('is one finding, and one state', () => {
    const { state, findings } = night(rows)
    expect(findings).toEqual([started])
    expect(state.run).toEqual({
      lastMs: at('03:00:30'),
      offence: { atMs: at('03:00:00'), firstMs: at('03:00:00'), told: true },
    })
    expect(state.episode).toEqual({
      atMs: at('03:00:00'),
      toMs: at('05:00:00'),
      severity: 'critical',
      grade: 'sufficient',
      inferred: false,
      reason: 'noCertificate',
      main: 'noCertificate',
      evidence: decided,
      lastMoving: { atMs: at('03:00:30'), untilMs: null },
      driver: 'A',
      trip: null,
      place: seen(5500),
    })
    expect(state.nightMs).toBe(at('02:00:00'))
  })

  it('keeps the trip on which it began', () => {
    const trip = tripSchema.parse({
      ...{ id: 'trip-1', vehicle: 'bus-1', from: '2026-11-22T00:00:00Z', to: '2026-11-24T00:00:00Z' },
      ...{ drivers: [], serviceClass: 'scheduled', oneWayKm: null },
    })
    expect(night(rows, { ...settings, trip }).state.episode?.trip).toBe('trip-1')
  })

  it('remembers the last place and driver of movement, where they are known', () => {
    const more = [row('03:01:00', 60, 6000, { driver: 'B' }), row('03:01:01', 60, null, { driver: null })]
    const { episode } = night([...rows, ...more]).state
    expect(episode).toMatchObject({
      driver: 'B',
      place: roadPoint(6000),
      lastMoving: { atMs: at('03:01:01'), untilMs: null },
    })
    expect(episode?.place).toEqual(roadPoint(6000))
    const stands = night([...rows, row('03:01:00', 0, 6000, { driver: 'B' })]).state.episode
    expect(stands).toMatchObject({
      driver: 'A',
      place: roadPoint(5500),
      lastMoving: { atMs: at('03:00:30'), untilMs: at('03:01:00') },
    })
  })

  it.each<[string, readonly Sample[], readonly string[]]>([
    ['goes on to 05:00', [row('04:59:59', 60)], []],
    [
      'ends at 05:00, and its last movement stands until the next row',
      [row('03:01:00', 0), row('05:00:00', 0)],
      ['ended 03:01:00 known 05:00:00 critical noCertificate'],
    ],
    [
      'ends with its last movement, when a gap follows',
      [row('05:30:00', 60)],
      ['ended 03:00:30 known 05:30:00 critical noCertificate'],
    ],
    [
      'a second run is told as the same',
      [row('03:10:00', 0), row('04:00:00', 60), row('04:00:30', 60)],
      ['updated 03:00:00 known 04:00:30 critical noCertificate'],
    ],
  ])('%s', (_, more, expected) => {
    expect(lines([...rows, ...more])).toEqual([
      'started 03:00:00 known 03:00:30 critical noCertificate',
      ...expected,
    ])
  })

  it('says from when the second run was', () => {
    const later = [row('03:10:00', 0), row('04:00:00', 60, 9000), row('04:00:30', 50, 9500)]
    const { findings } = night([...rows, ...later])
    expect(findings[1]?.evidence).toEqual({
      ...decided,
      speedKmh: 50,
      runFrom: '2026-11-22T20:00:00.000Z',
      since: '2026-11-22T19:00:00.000Z',
    })
  })

  it('is over for good at 05:00, and the next night is another', () => {
    const closed = night([...rows, row('05:00:00', 0)]).state
    expect([closed.episode, closed.nightMs]).toEqual([null, at('02:00:00')])
    const tomorrow = ['2026-11-24 03:00:00', '2026-11-24 03:00:30'].map((text) =>
      sampleAt(beijing(text), { speedKmh: 60 }),
    )
    expect(lines([...rows, row('05:00:00', 0), ...tomorrow])).toHaveLength(3)
  })

  it('of a lorry is none, and one of an undisciplined clock proves nothing', () => {
    expect(lines(rows, settingsFor('truck'))).toEqual([])
    expect(lines(rows.map((sample) => ({ ...sample, trusted: false })))).toEqual([])
  })

  it('is none where it may run', () => {
    expect(
      lines(rows, { ...settings, vehicle: { ...settings.vehicle, serviceClass: 'customised' } }),
    ).toEqual([])
  })
})

describe('the safe stop of a night', () => {
  const inside = [row('03:00:00', 20, 30_500), row('03:00:30', 20, 30_600)]
  const started = 'started 03:00:00 known 03:00:30'
  it.each<[string, readonly Sample[], readonly string[]]>([
    ['begins as a manoeuvre inside', inside, [`${started} minor intoSafeStop`]],
    [
      'out on the road again is none',
      [...inside, row('03:01:00', 60, 33_000), row('03:01:01', 60, 33_100)],
      [`${started} minor intoSafeStop`, 'updated 03:00:00 known 03:01:00 critical noCertificate'],
    ],
    [
      'from the road into it',
      [
        row('03:00:00', 60, 29_000),
        row('03:00:30', 60, 29_500),
        row('03:05:00', 0, 30_500),
        row('03:06:00', 0, 30_500),
      ],
      [`${started} critical noCertificate`, 'updated 03:00:00 known 03:05:00 minor intoSafeStop'],
    ],
    [
      'rolling inside on the way to its place is no news',
      [
        row('03:00:00', 60, 29_000),
        row('03:00:30', 60, 29_500),
        row('03:05:00', 4.9, 5000),
        row('03:06:00', null, 30_500),
      ],
      [`${started} critical noCertificate`],
    ],
    [
      'a second manoeuvre of less than 30 s leaves it a safe stop',
      [...inside, row('03:02:00', 0, 30_600), row('03:03:00', 20, 33_000), row('03:03:20', 20, 33_000)],
      [`${started} minor intoSafeStop`],
    ],
    [
      'a second one on the road of 30 s does not',
      [...inside, row('03:02:00', 0, 30_600), row('03:03:00', 20, 33_000), row('03:03:30', 20, 33_000)],
      [`${started} minor intoSafeStop`, 'updated 03:00:00 known 03:03:30 critical noCertificate'],
    ],
  ])('%s', (_, rows, expected) => {
    expect(lines(rows)).toEqual(expected)
  })

  it('is in the evidence while it lasts, and gone from it after', () => {
    const rows = [
      ...inside,
      row('03:02:00', 0, 30_600),
      row('03:03:00', 60, 33_000),
      row('03:03:30', 60, 33_000),
    ]
    const [first, second] = night(rows).findings.map(({ evidence }) => evidence)
    const since = { since: '2026-11-22T19:00:00.000Z' }
    expect(first).toEqual({
      ...decided,
      ...since,
      speedKmh: 20,
      otherReasons: ['noCertificate'],
      safeStop: 'service',
      safeStopName: 'service',
    })
    expect(second).toEqual({ ...decided, ...since, runFrom: '2026-11-22T19:03:00.000Z' })
  })
})

describe('the safe stops ahead', () => {
  const onRoute = { ...settings, route: roadRoute({}) }
  const stops = (finding: Finding | undefined) =>
    ((finding?.evidence['safeStops'] ?? null) as unknown as { areaId: string }[] | null)?.map(
      ({ areaId }) => areaId,
    )

  it('are told when a night begins, by the two last places, and not again', () => {
    const west = [row('03:00:00', 60, 20_500), row('03:00:30', 60, 20_000)]
    const east = [row('03:00:00', 60, 20_000), row('03:00:30', 60, 20_500)]
    expect(stops(night(west, onRoute).findings[0])).toEqual(['west'])
    expect(stops(night(east, onRoute).findings[0])).toEqual(['service'])
    const again = [row('03:10:00', 0, 20_500), row('04:00:00', 60, 20_500), row('04:00:30', 60, 20_000)]
    expect(stops(night([...east, ...again], onRoute).findings[1])).toEqual(['service'])
  })
})

describe('a silence of the night', () => {
  const heard = (clock: string, speedKmh: number | null, km: number) =>
    row(clock, speedKmh, null, { odometerM: km * 1000 })
  const silent = [heard('02:30:00', 0, 0), heard('03:30:00', 0, 20)]
  const inferred = 'started 02:30:00 known 03:30:00 critical noCertificate'

  it.each<[string, readonly Sample[], readonly string[]]>([
    ['that the coach moved in begins a night', silent, [inferred]],
    ['is told once', [...silent, heard('04:30:00', 0, 40)], [inferred]],
    [
      'that lasts beyond 05:00 is begun and ended at once',
      [heard('02:30:00', 0, 0), heard('06:00:00', 0, 200)],
      [
        'started 02:30:00 known 06:00:00 critical noCertificate',
        'ended 05:00:00 known 06:00:00 critical noCertificate',
      ],
    ],
    [
      'after a night that was ended says nothing more of it',
      [
        heard('02:30:00', 60, 0),
        heard('02:30:30', 60, 0.5),
        heard('02:31:00', 0, 1),
        heard('06:00:00', 0, 300),
      ],
      [
        'started 02:30:00 known 02:30:30 critical noCertificate',
        'ended 02:31:00 known 06:00:00 critical noCertificate',
      ],
    ],
    [
      'is proven by a run after it',
      [...silent, heard('03:40:00', 60, 20), heard('03:40:30', 60, 21)],
      [inferred, 'updated 02:30:00 known 03:40:30 critical noCertificate'],
    ],
  ])('%s', (_, rows, expected) => {
    expect(lines(rows)).toEqual(expected)
  })

  it('stays in the evidence of what is proven after it, without the grade of what was inferred', () => {
    const { findings } = night([...silent, heard('03:40:00', 60, 20), heard('03:40:30', 60, 21)])
    expect(findings.map(({ grade }) => grade)).toEqual(['to-verify', 'sufficient'])
    expect(findings[1]?.evidence).toEqual({
      ...decided,
      inferred: true,
      from: '2026-11-22T18:30:00.000Z',
      to: '2026-11-22T19:30:00.000Z',
      atLeastS: 720,
      silentFrom: '2026-11-22T18:30:00.000Z',
      silentTo: '2026-11-22T19:30:00.000Z',
      distanceM: 20_000,
      by: 'odometer',
      runFrom: '2026-11-22T19:40:00.000Z',
      since: '2026-11-22T18:30:00.000Z',
    })
  })

  it('makes a rest none: the drivers of before stay the drivers of before', () => {
    const standing = { ...noRelay, drivers: { ...noDrivers, standingSinceMs: at('00:30:00') } }
    const from: CurfewState = {
      ...curfew.initial,
      silence: drive(curfew, [heard('00:30:00', 0, 0)], settings).state.silence,
      relay: standing,
    }
    const { state } = curfew.step(from, heard('12:00:00', 0, 20), settings)
    expect(state.relay.drivers.standingSinceMs).toBe(at('12:00:00'))
  })
})

describe('a relay of the night', () => {
  const relay = relaySchema.parse({
    ...{ certificate: 'JB-1', validTo: '2026-12-31', window: ['22:00', '02:00'], points: ['service'] },
  })
  const relayed = { ...settings, vehicle: { ...settings.vehicle, relay } }
  const swap = [
    row('01:00:00', 60, 29_000),
    row('01:10:00', 0, 30_500),
    row('01:20:00', 0, 30_500, { driver: 'B' }),
  ]

  it('lets the relief driver on, until a driver of before is back', () => {
    const on = [row('03:00:00', 60, 40_000, { driver: 'B' }), row('03:00:30', 60, 40_500, { driver: 'B' })]
    expect(lines([...swap, ...on], relayed)).toEqual([])
    const back = [row('03:10:00', 60, 50_000), row('03:10:30', 60, 50_500)]
    expect(lines([...swap, ...on, ...back], relayed)).toEqual([
      'started 03:10:00 known 03:10:30 critical reliefNotFresh',
    ])
  })

  it('is what the gateway looks at in a state', () => {
    const { state } = night(swap, relayed)
    expect(relaySeen(state)).toBe(state.relay)
    expect(relaySeen(state).best?.driver).toBe('B')
    expect(relaySeen(null)).toBe(noRelay)
    expect(relaySeen({})).toBe(noRelay)
  })
})

describe('a corrected clock', () => {
  it('moves what is remembered, never when it began or will end for the law', () => {
    const rows = [row('02:59:00', 0, 5000), row('03:00:00', 60, 5000), row('03:00:30', 60, 5500)]
    const { state } = drive(curfew, rows, settings)
    const step = sampleAt(at('03:10:00'), { trusted: false, clockStepMs: 7000 })
    const after = curfew.step(state, step, settings)
    expect(after.findings).toEqual([])
    expect(after.state).toEqual({
      ...state,
      silence: {
        ...state.silence,
        lastMs: at('03:00:37'),
        marks: { odometer: null, place: { value: roadPoint(5500), atMs: at('03:00:37') } },
      },
      relay: {
        ...state.relay,
        drivers: {
          ...state.relay.drivers,
          entries: [
            {
              id: 'A',
              firstMs: at('02:59:07'),
              lastMs: at('03:00:37'),
              loginMs: at('02:59:07'),
              firstMovedMs: at('03:00:07'),
              lastMovedMs: at('03:00:37'),
            },
          ],
        },
      },
      warning: { ...state.warning, lastMs: at('03:00:37') },
      run: { lastMs: at('03:00:37'), offence: { atMs: at('03:00:07'), firstMs: at('03:00:07'), told: true } },
      episode: { ...state.episode, lastMoving: { atMs: at('03:00:37'), untilMs: null } },
    })
  })

  it('leaves a state in which nothing was seen', () => {
    const step = sampleAt(at('03:10:00'), { trusted: false, clockStepMs: 7000 })
    expect(curfew.step(curfew.initial, step, settings).state).toEqual(curfew.initial)
    const still = sampleAt(at('03:10:00'), { trusted: false })
    expect(curfew.step(curfew.initial, still, settings).state).toBe(curfew.initial)
    expect(curfew.initial).toEqual({
      silence: noSilence,
      relay: noRelay,
      warning: noWarning,
      run: null,
      episode: null,
      nightMs: null,
    })
    expect(trackRelay(noRelay, step, null, settings)).toEqual(noRelay)
  })
})

describe('the rules of the gateway', () => {
  it('speak in this order, each once', () => {
    expect(rules.map(({ name }) => name)).toEqual([
      'curfew',
      'banned-hours',
      'areas',
      'area-warning',
      'sections',
      'charter-no-plate',
      'displacement',
    ])
  })
})
