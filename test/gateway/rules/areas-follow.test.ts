import { describe, expect, it } from 'vitest'
import { type AreasState, areas } from '../../../gateway/rules/areas.ts'
import type { Finding } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import {
  charterTrip,
  lineOf,
  placeAt,
  type RoadArea,
  type Row,
  roadAreas,
  samplesOf,
  settingsWith,
} from '../../help/area-road.ts'
import { beijing } from '../../help/drive.ts'
import { deepFreeze } from '../../help/road.ts'

/** What is remembered between two positions, and what becomes of it when the areas change under the vehicle. */
const at = (clock: string): number => beijing(`2026-11-20 ${clock}`)
const more = { approachM: null, validFrom: null, validTo: null, doorForbidden: false, province: null }
const noEntry: RoadArea = { id: 'A', from: 1000, to: 2000 }
const rest: RoadArea = { id: 'D', from: 1000, to: 2000, role: 'serviceArea', dwellS: 600 }

/** A drive under documents that change: each part has its own. */
type Part = { readonly known: Settings; readonly rows: readonly Row[]; readonly clockStepMs?: number }
const part = (
  list: readonly RoadArea[],
  rows: readonly Row[],
  known: Partial<Settings> = {},
  clockStepMs = 0,
): Part => ({ known: settingsWith(roadAreas(list), known), rows, clockStepMs })

function run(...parts: readonly Part[]): { state: AreasState; findings: readonly Finding[] } {
  let state = areas.initial
  const findings: Finding[] = []
  for (const { known, rows, clockStepMs = 0 } of parts)
    for (const [n, sample] of samplesOf(rows).entries()) {
      const stepped = n === 0 ? { ...sample, clockStepMs } : sample
      const step = areas.step(deepFreeze(state), deepFreeze(stepped), known)
      state = JSON.parse(JSON.stringify(step.state)) as AreasState
      findings.push(...step.findings)
    }
  return { state, findings }
}
const lines = (...parts: readonly Part[]): string[] => run(...parts).findings.map(lineOf)
const durations = (...parts: readonly Part[]): unknown[] =>
  run(...parts).findings.map(({ evidence }) => evidence['durationS'])
const since = (clock: string): Partial<Settings> => ({ areasSinceMs: at(clock) })

describe('what is remembered', () => {
  const trace = (clock: string, x: number) => ({
    ...{ ...placeAt(x), atMs: at(clock), accuracyM: null, odometerM: null, readings: [] },
  })

  it('is the last position alone, away from every area', () => {
    expect(run(part([noEntry], [{ at: '10:00:00', x: 9000 }])).state).toEqual({
      ...{ trace: trace('10:00:00', 9000), tracks: {}, members: {} },
    })
    expect(run(part([noEntry], [{ at: '10:00:00' }])).state).toEqual(areas.initial)
  })

  it('is what goes on in an area', () => {
    const { state } = run(part([noEntry], [{ at: '10:00:00', x: 1500, kmh: 0 }]))
    const there = { atMs: at('10:00:00'), fromMs: null, basis: 'first', place: placeAt(1500) }
    const stop = {
      sinceMs: at('10:00:00'),
      lastMs: at('10:00:00'),
      odometerM: null,
      doorOpen: null,
      told: null,
    }
    expect(state).toEqual({
      trace: trace('10:00:00', 1500),
      members: {},
      tracks: {
        'in A': {
          presence: { is: 'in', since: there, out: null },
          told: {
            ...{ subject: 'A', areaId: 'A', areaName: 'A', role: 'noEntry', plate: null, untilMs: null },
            ...{ speaks: true, dwellS: null, stopS: null, open: { area: true, dwell: false } },
            ...{ stayFromMs: at('10:00:00'), enteredMs: at('10:00:00'), farthestM: 0 },
            ...{ doorForbidden: false, provinces: [], abroad: null },
          },
          stop,
          door: null,
        },
      },
    })
  })

  it('moves with a corrected clock, by however little', () => {
    for (const byMs of [1, 7_200_000]) {
      const parked: Row[] = [{ at: '10:00:00', x: 1500, kmh: 0 }]
      const { state } = run(part([noEntry], parked))
      const sample = {
        ...samplesOf([{ at: '10:00:30' }])[0]!,
        atMs: at('10:00:30') + byMs,
        clockStepMs: byMs,
      }
      const moved = areas.step(state, sample, settingsWith(roadAreas([noEntry]))).state
      const { tracks, trace: last } = moved
      expect(last?.atMs).toBe(at('10:00:00') + byMs)
      expect(tracks['in A']?.told.enteredMs).toBe(at('10:00:00') + byMs)
      expect(tracks['in A']?.stop?.sinceMs).toBe(at('10:00:00') + byMs)
    }
  })

  it('by an older version lacks the doors: they are shut', () => {
    const ramp: RoadArea = { ...noEntry, more: { ...more, doorForbidden: true } }
    const known = settingsWith(roadAreas([ramp]))
    const { state } = run(part([ramp], [{ at: '10:00:00', x: 1500, door: false }]))
    const { door: _, ...track } = state.tracks['in A']!
    const older = { ...state, tracks: { 'in A': track } }
    for (const row of [
      { at: '10:00:20' },
      { at: '10:00:20', door: false },
      { at: '10:00:20', x: 3000, door: false },
    ]) {
      const [sample] = samplesOf([row])
      expect(areas.step(older, sample!, known)).toEqual(areas.step(state, sample!, known))
    }
    const [again] = samplesOf([{ at: '10:00:20' }])
    const corrected = { ...again!, clockStepMs: 1000 }
    expect(areas.step(older, corrected, known)).toEqual(areas.step(state, corrected, known))
    const [away] = samplesOf([{ at: '10:00:20', x: 1500 }])
    const none = settingsWith(roadAreas([]))
    expect(areas.step(older, away!, none)).toEqual(areas.step(state, away!, none))
    // Passed between two positions: nothing is known of its doors.
    expect(
      lines(
        part(
          [ramp],
          [
            { at: '10:00:00', x: 900 },
            { at: '10:00:40', x: 2100 },
          ],
        ),
      ),
    ).toHaveLength(2)
  })
})

describe('areas that are pushed', () => {
  it('say nothing of the time before', () => {
    const early = part(
      [noEntry],
      [
        { at: '10:00:00', x: 900 },
        { at: '10:00:20', x: 1500, kmh: 50 },
      ],
      since('10:00:20.001'),
    )
    expect(lines(early)).toEqual([])
    expect(run(early).state.tracks).toEqual({})
    const inside = part([noEntry], [{ at: '10:00:20', x: 1500, kmh: 0 }], since('10:00:20.001'))
    expect(run(inside).state.tracks).toEqual({})
    expect(
      lines(
        part(
          [noEntry],
          [
            { at: '10:00:00', x: 900 },
            { at: '10:00:20', x: 1500, kmh: 50 },
          ],
          since('10:00:20'),
        ),
      ),
    ).toEqual(['started area/noEntry A 10:00:20.000'])
  })

  it('wait for a movement of whoever is seen in them first', () => {
    const parked: Row = { at: '10:00:00', until: '10:00:30', x: 1500, kmh: 0 }
    expect(lines(part([noEntry], [parked], since('09:00:00')))).toEqual([])
    const moving = part([noEntry], [parked, { at: '10:00:30', x: 1500, kmh: 9 }], since('09:00:00'))
    expect(run(moving).findings.map(({ evidence }) => evidence['basis'])).toEqual(['push'])
    expect(lines(moving)).toEqual(['started area/noEntry A 10:00:30.000'])
    const vague = { x: 1040, acc: 60, kmh: 9 }
    const slow: Row[] = [parked, { at: '10:00:30', ...vague }, { at: '10:00:40', x: 1100, acc: 60, kmh: 9 }]
    expect(lines(part([noEntry], slow, since('09:00:00')))).toEqual(['started area/noEntry A 10:00:40.000'])
  })

  it('while nobody saw the vehicle wait as well, unless it was seen after them', () => {
    const pushed = (clock: string, kmh: number): string[] =>
      lines(
        part(
          [noEntry],
          [
            { at: '10:00:00', x: 0 },
            { at: '10:30:00', x: 1500, kmh },
          ],
          since(clock),
        ),
      )
    expect(pushed('10:10:00', 0)).toEqual([])
    expect(pushed('10:10:00', 9)).toEqual(['started area/noEntry A 10:30:00.000'])
    expect(pushed('10:00:00.001', 0)).toEqual([])
    expect(pushed('10:00:00', 0)).toEqual(['started area/noEntry A 10:30:00.000'])
    expect(pushed('09:00:00', 0)).toEqual(['started area/noEntry A 10:30:00.000'])
  })

  it('do not count a border that was crossed before', () => {
    const rows: Row[] = [
      { at: '10:00:00', x: 900, kmh: 72 },
      { at: '10:00:20', x: 1300, kmh: 72 },
    ]
    expect(lines(part([noEntry], rows, since('10:00:10')))).toEqual(['started area/noEntry A 10:00:20.000'])
    expect(lines(part([noEntry], rows, since('10:00:04')))).toEqual(['started area/noEntry A 10:00:05.000'])
  })

  it('again end nothing that goes on, seen or unseen', () => {
    const first = part([noEntry], [{ at: '10:00:00', x: 1100 }])
    const again = (clock: string, ...rows: Row[]): string[] =>
      lines(first, part([noEntry], rows, since(clock)))
    const started = 'started area/noEntry A 10:00:00.000'
    expect(again('10:00:10', { at: '10:00:20', x: 1300, kmh: 0 })).toEqual([started])
    expect(
      again('10:00:10', { at: '10:00:20', x: 1300, kmh: 0 }, { at: '10:00:30', x: 1300, kmh: 9 }),
    ).toEqual([started])
    expect(again('10:10:00', { at: '10:30:00', x: 1300, kmh: 9 })).toEqual([started])
    expect(again('10:10:00', { at: '10:30:00', x: 2030, kmh: 9 })).toEqual([
      started,
      'ended area/noEntry A 10:30:00.000',
    ])
    expect(again('10:00:10', { at: '10:00:20', x: 2100, kmh: 9 })).toEqual([
      started,
      'ended area/noEntry A 10:00:18.000',
    ])
  })
})

describe('areas that are withdrawn', () => {
  const stay = part([noEntry, rest], [{ at: '10:00:00', until: '10:12:00', x: 1500 }])
  const next = (list: readonly RoadArea[], known: Partial<Settings>, clock = '10:12:30') =>
    part(list, [{ at: clock, x: 1500 }], known)
  const begun = ['started area/noEntry A 10:00:00.000', 'started area/dwell D 10:10:00.000']

  it('end what they had begun with the push, between the two positions', () => {
    const ended = (clock: string): string[] => [
      ...begun,
      `ended area/noEntry A ${clock}`,
      `ended area/dwell D ${clock}`,
    ]
    expect(lines(stay, next([], since('10:12:10')))).toEqual(ended('10:12:10.000'))
    expect(lines(stay, next([], since('10:05:00')))).toEqual(ended('10:11:59.000'))
    expect(lines(stay, next([], since('10:12:30')))).toEqual(ended('10:12:30.000'))
    expect(lines(stay, next([], {}))).toEqual(ended('10:12:30.000'))
    expect(run(stay, next([], {})).state.tracks).toEqual({})
  })

  it('or became context, end as well', () => {
    const context: RoadArea[] = [
      { ...noEntry, role: 'hub' },
      { ...rest, dwellS: null },
    ]
    expect(lines(stay, next(context, {})).slice(2)).toEqual([
      'ended area/noEntry A 10:12:30.000',
      'ended area/dwell D 10:12:30.000',
    ])
    expect(lines(stay, next([noEntry, rest], {}))).toEqual(begun)
  })

  it('end a forbidden stop and an open door', () => {
    const ramp: RoadArea = { ...noEntry, role: 'noStopping', more: { ...more, doorForbidden: true } }
    const stopped = part([ramp], [{ at: '10:00:00', until: '10:03:00', x: 1500, kmh: 0, door: true }])
    const gone = part([], [{ at: '10:03:20', x: 1500, kmh: 0, door: true }], since('10:03:10'))
    expect(lines(stopped, gone)).toEqual([
      'started area/door A 10:00:00.000',
      'started forbidden-stop A 10:00:00.000',
      'ended forbidden-stop A 10:03:10.000',
      'ended area/door A 10:02:59.000',
    ])
  })

  it('tell nothing of a stay that nobody saw', () => {
    const short = part([rest], [{ at: '10:00:00', until: '10:05:00', x: 1500 }])
    expect(lines(short, next([], since('11:00:00'), '12:00:00'))).toEqual([])
    expect(durations(stay, next([], since('11:00:00'), '12:00:00')).slice(2)).toEqual([3600, 719])
  })
})

describe('a stay', () => {
  const seen = (from: string, until: string, x = 1500): Row => ({ at: from, until, x })

  it('holds no time that nobody saw', () => {
    const rows = [seen('10:00:00', '10:02:00'), seen('10:30:00', '10:38:30')]
    // 1 min 59 s and then 8 min 1 s more.
    expect(lines(part([rest], rows))).toEqual(['started area/dwell D 10:38:01.000'])
    expect(lines(part([rest], [rows[0]!, seen('10:30:00', '10:38:02')]))).toEqual([])
    // Proven by the odometer it is seen.
    const driven = rows.map((row) => ({ ...row, odoM: 7 }))
    const there: RoadArea = { ...rest, from: 1500 - 0.5, to: 1500 + 0.5 }
    expect(lines(part([there], driven))).toEqual(['started area/dwell D 10:10:00.000'])
  })

  it('that ends unseen lasted as long as it was seen', () => {
    const long = seen('10:00:00', '10:12:00')
    const [, ended] = durations(part([rest], [long, { at: '11:00:00', x: 5000 }]))
    expect(ended).toBe(719)
    const hours: RoadArea = { ...rest, windows: [{ from: '09:00', to: '10:30' }] }
    const closed = part([hours], [long, { at: '11:00:00', x: 1500 }])
    expect(lines(closed)).toEqual(['started area/dwell D 10:10:00.000', 'ended area/dwell D 10:30:00.000'])
    expect(durations(closed)[1]).toBe(719)
    expect(lines(part([hours], [seen('10:00:00', '10:02:00'), { at: '11:00:00', x: 1500 }]))).toEqual([])
  })

  it('that left before the silence is not made shorter by it', () => {
    const rows = [
      seen('10:00:00', '10:12:00', 1990),
      { at: '10:12:09', x: 2010 },
      { at: '11:00:00', x: 5000 },
    ]
    const found = run(part([rest], rows)).findings
    expect(found.map(lineOf)).toEqual([
      'started area/dwell D 10:10:00.000',
      'ended area/dwell D 10:12:04.000',
    ])
    expect(found[1]?.evidence['durationS']).toBe(724)
  })

  it('that is beside the border before and after the silence ended there', () => {
    const gone = { at: '11:00:20', x: 2100 }
    const beside = [
      seen('10:00:00', '10:12:00', 1990),
      { at: '10:12:09', x: 2010 },
      { at: '11:00:00', x: 2010 },
    ]
    const found = run(part([rest], [...beside, gone])).findings
    expect(found.map(lineOf)[1]).toBe('ended area/dwell D 10:12:04.000')
    expect(found[1]?.evidence['durationS']).toBe(724)
    // Inside before, beside it after: it left when it was seen there, after as much as was seen.
    const later = run(part([rest], [beside[0]!, beside[2]!, gone])).findings
    expect(later.map(lineOf)[1]).toBe('ended area/dwell D 11:00:00.000')
    expect(later[1]?.evidence['durationS']).toBe(719)
  })

  it('that left before the silence and is back after it holds none of it', () => {
    const rows = [
      seen('10:00:00', '10:05:00', 1990),
      { at: '10:05:09', x: 2010 },
      seen('11:00:00', '11:04:00', 1990),
    ]
    expect(lines(part([rest], rows))).toEqual([])
    const longer = [...rows, seen('11:04:00', '11:06:00', 1990)]
    expect(lines(part([rest], longer))).toEqual(['started area/dwell D 11:04:51.000'])
  })
})

describe('a union', () => {
  const union: RoadArea[] = [
    { id: 'S1', from: 0, to: 1000, role: 'stayWithin' },
    { id: 'S2', from: 1000, to: 2000, role: 'stayWithin' },
  ]
  const named = (...parts: readonly Part[]): unknown[] =>
    run(...parts).findings.map(({ phase, evidence }) => [phase, evidence['areaId']])

  it('remembers which member held the vehicle last', () => {
    const members = (...rows: Row[]): unknown => run(part(union, rows)).state.members
    expect(members({ at: '10:00:00', x: 500 })).toEqual({ within: 'S1' })
    expect(members({ at: '10:00:00', x: 500 }, { at: '10:00:20', x: 1500 })).toEqual({ within: 'S2' })
    const away = [
      { at: '10:00:00', x: 1500 },
      { at: '10:00:20', x: 2100 },
      { at: '10:00:40', x: 2500 },
    ]
    expect(members(...away)).toEqual({ within: 'S2' })
    expect(members({ at: '10:00:00', x: 5000 })).toEqual({})
  })

  it('is told of by the member that is left, however long ago, or the first', () => {
    expect(
      named(
        part(union, [
          { at: '10:00:00', x: 1900 },
          { at: '10:00:20', x: 2100 },
        ]),
      ),
    ).toEqual([['started', 'S2']])
    expect(named(part(union, [{ at: '10:00:00', x: 5000 }]))).toEqual([['started', 'S1']])
    // It left before the hours began.
    const hours = union.map((area) => ({ ...area, windows: [{ from: '10:01', to: '12:00' }] }))
    const early = [1900, 2100, 2500, 2900].map((x, i): Row => ({ at: `10:00:${i}5`, x }))
    expect(named(part(hours, [...early, { at: '10:01:05', x: 3300 }]))).toEqual([['started', 'S2']])
    // It was there before anybody drew a border round it.
    const before = part([], [{ at: '10:00:00', x: 1900, kmh: 72 }])
    const pushed = part(union, [{ at: '10:00:20', x: 2300, kmh: 72 }], since('10:00:02'))
    expect(named(before, pushed)).toEqual([['started', 'S2']])
  })

  it('is told of by that member though the areas were away meanwhile', () => {
    const left = part(union, [{ at: '10:00:00', x: 1900, kmh: 72 }])
    const away = part([], [{ at: '10:00:20', x: 2300, kmh: 72 }])
    const back = part(union, [{ at: '10:00:40', x: 2700, kmh: 72 }])
    expect(named(left, away, back)).toEqual([['started', 'S2']])
  })

  it('and one of its areas that is watched by itself are told of once each', () => {
    const county: RoadArea = { id: 'county', from: 0, to: 1000, role: 'hub', dwellS: 60 }
    const trip = charterTrip(['county'], '09:00:00', '10:02:20')
    const rows: Row[] = [
      { at: '10:00:00', until: '10:02:00', x: 990 },
      { at: '10:02:09', x: 1010 },
    ]
    const after = part([county], [{ at: '10:02:30', x: 1400 }])
    expect(lines(part([county], rows, { trip }), after)).toEqual([
      'started area/dwell county 10:01:00.000',
      'started area/stayWithin charter T1 10:02:04.000',
      'ended area/dwell county 10:02:04.000',
      'ended area/stayWithin charter T1 10:02:20.000',
    ])
  })

  it('of a charter ends with its trip, though one of its areas is watched by itself', () => {
    const county: RoadArea = { id: 'county', from: 0, to: 1000, role: 'hub', dwellS: 600 }
    const trip = charterTrip(['county'], '09:00:00', '10:00:30')
    const rows: Row[] = [
      { at: '10:00:00', x: 900, kmh: 72 },
      { at: '10:00:20', x: 1300, kmh: 72 },
    ]
    const after = part(
      [county],
      [
        { at: '10:00:40', x: 1700, kmh: 72 },
        { at: '10:00:50', x: 1900, kmh: 72 },
      ],
    )
    expect(lines(part([county], rows, { trip }), after)).toEqual([
      'started area/stayWithin charter T1 10:00:05.000',
      'ended area/stayWithin charter T1 10:00:30.000',
    ])
    expect(run(part([county], rows, { trip }), after).state.tracks).toEqual({})
  })

  it('of a charter that names no area anybody drew says nothing', () => {
    const trip = charterTrip(['nowhere'], '09:00:00', '12:00:00')
    expect(lines(part([noEntry], [{ at: '10:00:00', x: 900, kmh: 72 }], { trip }))).toEqual([])
  })
})
