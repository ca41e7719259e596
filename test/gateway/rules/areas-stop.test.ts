import { describe, expect, it } from 'vitest'
import type { Presence } from '../../../gateway/rules/areas-presence.ts'
import { isStanding, type Stop, stopStep } from '../../../gateway/rules/areas-stop.ts'
import { type Told, tellingOf } from '../../../gateway/rules/areas-told.ts'
import { areaZone } from '../../../gateway/rules/areas-zones.ts'
import type { Corridor } from '../../../proto/geo/corridor.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { roadAreas } from '../../help/area-road.ts'
import { sampleAt } from '../../help/drive.ts'
import { deepFreeze, settingsFor } from '../../help/road.ts'

/** Standing where nobody may stop: 120 s make it an offence from its beginning. Instants are seconds. */
const index = roadAreas([{ id: 'B', name: '隧道口', from: 0, to: 1000, role: 'noStopping' }])
const settings = settingsFor('coach', null, { areas: index })
const area = index.byId.get('B')!
const told = deepFreeze(tellingOf(areaZone(area, settings), area, settings))
const there = { atMs: 0, fromMs: null, basis: 'fix', place: { lat: 30, lon: 110 } } as const
const inside: Presence = { is: 'in', since: there, out: null }
const fix = { lat: 30, lon: 110, accuracyM: null, satellites: 9 }

type Seen = Partial<Sample> & { readonly presence?: Presence; readonly leftS?: number }
/** At `s` seconds: standing inside, unless said otherwise. */
type Row = readonly [s: number, seen?: Seen]

function steps(rows: readonly Row[], words: Told = told, known: Settings = settings) {
  let stop: Stop | null = null
  return rows.map(([s, { presence = inside, leftS, ...seen } = {}]) => {
    const sample = deepFreeze(sampleAt(s * 1000, { fix, speedKmh: 0, speedSource: 'wheel', ...seen }))
    const left = leftS === undefined ? null : leftS * 1000
    const step = stopStep(stop === null ? null : deepFreeze(stop), words, presence, left, sample, known)
    stop = step.stop
    return step
  })
}

/** `started 0 minor 120`: phase, instant, severity and how long it lasts. */
const brief = ({ phase, atMs, severity, evidence }: Finding): string =>
  [phase, atMs / 1000, severity, Number(evidence['durationS'])].join(' ')
const lines = (...rows: readonly Row[]): string[] =>
  steps(rows).flatMap(({ findings }) => findings.map(brief))
const lastStop = (...rows: readonly Row[]): Stop | null => steps(rows).at(-1)!.stop
const kept: Stop = { sinceMs: 0, lastMs: 10_000, odometerM: null, doorOpen: null, told: null }

describe('standing', () => {
  it.each<[string, Partial<Sample>, boolean | null]>([
    ['wheels that do not turn', { speedKmh: 0, speedSource: 'wheel' }, true],
    ['wheels that barely turn', { speedKmh: 0.1, speedSource: 'wheel' }, false],
    ['a tachograph that says 0', { speedKmh: 0, speedSource: 'tachograph' }, true],
    ['a tachograph that says 0.1', { speedKmh: 0.1, speedSource: 'tachograph' }, false],
    ['a receiver that drifts', { speedKmh: 2.9, speedSource: 'gnss' }, true],
    ['a receiver at 3 km/h', { speedKmh: 3, speedSource: 'gnss' }, false],
    ['a speed of no known source', { speedKmh: 2.9 }, true],
    ['no speed', { speedKmh: null }, null],
  ])('is known of %s', (_, known, standing) => {
    expect(isStanding(sampleAt(0, known), settings)).toBe(standing)
  })
})

describe('a stop', () => {
  it('is told from 120 s on, from its beginning, once, and ends with the first movement', () => {
    expect(lines([0], [60], [119.999])).toEqual([])
    expect(lines([0], [60], [120])).toEqual(['started 0 minor 120'])
    expect(lines([0], [60], [120], [121], [150, { speedKmh: 0.1 }], [151])).toEqual([
      'started 0 minor 120',
      'ended 150 minor 150',
    ])
    expect(lines([0], [60], [150, { speedKmh: 20 }])).toEqual([])
  })

  it('is told with everything an officer asks', () => {
    const [started, ended] = steps([[5], [65], [125], [140, { speedKmh: 9, fix: null }]]).flatMap(
      ({ findings }) => findings,
    )
    const evidence = { areaId: 'B', role: 'noStopping', areaName: '隧道口', limitS: 120, doorOpen: null }
    const common = { kind: 'forbidden-stop', reason: null, subject: 'B', severity: 'minor' }
    expect(started).toMatchObject({ ...common, phase: 'started', atMs: 5000, decidedAtMs: 125_000 })
    expect(started?.evidence).toEqual({ ...evidence, durationS: 120, roadClass: null })
    expect(ended).toMatchObject({ ...common, phase: 'ended', atMs: 140_000, decidedAtMs: 140_000 })
    expect(ended?.evidence).toEqual({ ...evidence, durationS: 135, roadClass: null })
  })

  it('remembers its beginning and what was said last', () => {
    expect(lastStop([0, { odometerM: 7 }], [10, { odometerM: 8, doorOpen: false }])).toEqual({
      ...kept,
      odometerM: 8,
      doorOpen: false,
    })
    expect(lastStop([0], [60], [120])).toEqual({ ...kept, lastMs: 120_000, told: 'minor' })
    expect(lastStop([0], [10, { speedKmh: 5 }])).toBeNull()
    expect(lastStop([0], [60], [120], [130, { speedKmh: 5 }])).toBeNull()
  })

  it('ends where the area is left, and a short one there is none', () => {
    expect(lines([0], [60], [120], [130, { leftS: 125 }])).toEqual([
      'started 0 minor 120',
      'ended 125 minor 125',
    ])
    expect(lines([0], [60], [130, { leftS: 125 }])).toEqual([])
    expect(lastStop([0], [60], [130, { leftS: 125 }])).toBeNull()
  })

  it.each<[string, Seen]>([
    ['no speed is known', { speedKmh: null }],
    ['it is outside', { presence: null }],
    ['it is not proven to be inside', { presence: { is: 'touched', since: there } }],
    ['it was inside before the area was pushed', { presence: { is: 'waiting' } }],
    ['it is beside the border', { presence: { is: 'in', since: there, out: there } }],
  ])('neither begins, lasts nor ends while %s', (_, seen) => {
    expect(lastStop([0, seen])).toBeNull()
    expect(lastStop([0], [10], [20, seen])).toEqual(kept)
    expect(lines([0], [60], [120, seen])).toEqual([])
    expect(lines([0], [60], [110, seen], [120])).toEqual(['started 0 minor 120'])
  })

  it('goes on over a silence of 60 s, or longer when the wheels did not turn', () => {
    expect(lines([0], [60], [120])).toEqual(['started 0 minor 120'])
    expect(lines([0], [60.001], [120])).toEqual([])
    expect(lines([0, { odometerM: 7 }], [600, { odometerM: 7 }])).toEqual(['started 0 minor 600'])
    expect(lines([0, { odometerM: 7 }], [600, { odometerM: 8 }])).toEqual([])
    expect(lines([0], [600])).toEqual([])
    expect(lines([0, { odometerM: 7 }], [600])).toEqual([])
    expect(lines([0], [600, { odometerM: 7 }])).toEqual([])
    expect(lastStop([0], [60.001])).toEqual({ ...kept, sinceMs: 60_001, lastMs: 60_001 })
  })

  it('that nobody saw going on ended when it was seen last, and another begins', () => {
    const doubled: Row[] = [[0], [60], [120], [181], [241], [301]]
    expect(lines(...doubled)).toEqual(['started 0 minor 120', 'ended 120 minor 120', 'started 181 minor 120'])
    expect(steps(doubled)[3]?.stop).toEqual({ ...kept, sinceMs: 181_000, lastMs: 181_000 })
  })

  it('may be forbidden at once, or allowed', () => {
    const at = (stopS: number | null, ...rows: Row[]): string[] =>
      steps(rows, { ...told, stopS }).flatMap(({ findings }) => findings.map(brief))
    expect(at(0, [0], [61])).toEqual(['started 0 minor 0', 'ended 0 minor 0', 'started 61 minor 0'])
    expect(at(null, [0], [60], [120], [500])).toEqual([])
  })
})

describe('a stop is critical', () => {
  it('when a door opens at any moment of it', () => {
    expect(lines([0], [60], [120, { doorOpen: true }])).toEqual(['started 0 critical 120'])
    expect(lines([0, { doorOpen: true }], [60, { doorOpen: false }], [120])).toEqual([
      'started 0 critical 120',
    ])
    expect(lines([0, { doorOpen: false }], [60], [120])).toEqual(['started 0 minor 120'])
    expect(
      lines([0], [60], [120], [150, { doorOpen: true }], [160, { doorOpen: false }], [170, { speedKmh: 9 }]),
    ).toEqual(['started 0 minor 120', 'updated 0 critical 150', 'ended 170 critical 170'])
  })

  it('by what is known of the doors over all of it', () => {
    const doors = (...all: (boolean | null)[]): boolean | null =>
      lastStop(...all.map((doorOpen, i): Row => [i, { doorOpen }]))!.doorOpen
    expect([doors(null), doors(false), doors(true)]).toEqual([null, false, true])
    expect([doors(null, false), doors(false, null), doors(null, null)]).toEqual([false, false, null])
    expect([doors(true, false), doors(true, null), doors(false, true), doors(null, true)]).toEqual([
      true,
      true,
      true,
      true,
    ])
    // A stop that was broken off knows nothing of the doors of the one before.
    expect(lastStop([0, { doorOpen: true }], [61])?.doorOpen).toBeNull()
  })

  it('on a motorway, by the route under it', () => {
    const on = (distanceM: number, roadClass: 'motorway' | 'other' | null, seen: Seen = {}): unknown[] => {
      const route = {
        lines: [{ halfWidthM: 200 }],
        nearest: () => ({ line: 0, distanceM, alongM: 0, segment: 0 }),
        limitAt: () => (roadClass === null ? null : { roadClass }),
      } as unknown as Corridor
      return steps([[0], [60], [120, seen]], told, { ...settings, route }).flatMap(({ findings }) =>
        findings.map(({ severity, evidence }) => [severity, evidence['roadClass']]),
      )
    }
    expect(on(0, 'motorway')).toEqual([['critical', 'motorway']])
    expect(on(200, 'motorway')).toEqual([['critical', 'motorway']])
    expect(on(200.001, 'motorway')).toEqual([['minor', null]])
    expect(on(0, 'other')).toEqual([['minor', null]])
    expect(on(0, null)).toEqual([['minor', null]])
    expect(on(0, 'motorway', { fix: null })).toEqual([['minor', null]])
  })
})
