import { describe, expect, it } from 'vitest'
import { areaWarning } from '../../../gateway/rules/area-warning.ts'
import { drive } from '../../../proto/detector.ts'
import type { Sample } from '../../../proto/model.ts'
import { mergePolicy } from '../../../proto/policy.ts'
import type { Settings } from '../../../proto/settings.ts'
import { defaultVehicle } from '../../../proto/shapes/vehicle.ts'
import { type RoadArea, type Row, roadAreas, samplesOf, settingsWith } from '../../help/area-road.ts'
import { beijing } from '../../help/drive.ts'

/** Who drives in an area that is about to be closed is told 30 min before, in the words of the road cases. */
const policy = mergePolicy('coach', { areas: { warnBeforeS: 1800 } })
const closing: RoadArea = { id: 'A', from: 0, to: 50_000, windows: [{ from: '12:00', to: '13:00' }] }
const told = (
  rows: readonly Row[],
  areas: readonly RoadArea[] = [closing],
  known: Partial<Settings> = {},
  change = (samples: Sample[]) => samples,
) =>
  drive(
    areaWarning,
    change(samplesOf(rows)),
    settingsWith(roadAreas(areas), { policy, ...known }),
  ).findings.map(({ subject, atMs, decidedAtMs, evidence }) => [
    subject,
    clock(atMs),
    clock(decidedAtMs),
    evidence['leftS'],
  ])
const clock = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(11, 19)
const drives = (at: string, until: string, more: Partial<Row> = {}): Row => ({
  at,
  until,
  x: 1000,
  kmh: 60,
  ...more,
})
const once = [['A', '11:30:00', '11:30:00', 1800]]

describe('the word before an area closes', () => {
  it('is said 30 min before, once, to whoever moves there', () => {
    expect(told([drives('11:29:00', '11:31:00')])).toEqual(once)
    expect(told([drives('11:29:00', '11:30:00')])).toEqual([])
    expect(told([drives('11:29:00', '11:31:00', { kmh: 0 })])).toEqual([])
    expect(told([drives('11:29:00', '11:31:00', { acc: 101 })])).toEqual([])
    expect(told([drives('11:29:00', '11:31:00', { x: -100 })])).toEqual([])
  })

  it('is said on moving off, or on coming back, when it is late', () => {
    expect(told([drives('11:20:00', '11:40:00', { kmh: 0 }), drives('11:40:00', '11:41:00')])).toEqual([
      ['A', '11:40:00', '11:40:00', 1200],
    ])
    expect(told([drives('11:29:00', '11:29:30'), drives('11:34:29', '11:35:00')])).toEqual([
      ['A', '11:30:00', '11:34:29', 1531],
    ])
    expect(told([drives('11:29:00', '11:29:30'), drives('11:34:30', '11:35:00')])).toEqual([
      ['A', '11:34:30', '11:34:30', 1530],
    ])
    expect(told([drives('11:50:00', '11:51:00', { x: -100 }), drives('11:51:00', '11:52:00')])).toEqual([
      ['A', '11:51:00', '11:51:00', 540],
    ])
  })

  it('counts from the half hour only for who is known to have moved across it', () => {
    const at = (clock: string, known: Partial<Row> = {}): Row => ({ at: clock, x: 1000, kmh: 60, ...known })
    const unknown = { at: '11:29:50', x: 1000 }
    const due = ['A', '11:30:00', '11:30:10', 1790]
    const late = ['A', '11:30:10', '11:30:10', 1790]
    expect(told([at('11:29:50'), at('11:30:10')])).toEqual([due])
    expect(told([at('11:29:50', { kmh: 0 }), at('11:30:10')])).toEqual([late])
    expect(told([at('11:30:10')])).toEqual([late])
    expect(told([unknown, at('11:30:10')])).toEqual([late])
    expect(told([at('11:29:40'), unknown, at('11:30:10')])).toEqual([due])
    expect(told([at('11:29:40', { kmh: 0 }), unknown, at('11:30:10')])).toEqual([late])
    // At the very instant it was beside it, or nobody knows where it was.
    expect(told([at('11:30:00', { x: -100 }), at('11:30:10')])).toEqual([late])
    expect(told([at('11:30:00', { acc: 101 }), at('11:30:10')])).toEqual([late])
    expect(told([at('11:25:10'), at('11:30:10')])).toEqual([due])
    expect(told([at('11:25:09.900'), at('11:30:10')])).toEqual([late])
  })

  it('is not said again to who comes back, and forgotten when the hours have begun', () => {
    const away = drives('11:31:00', '11:31:10', { x: -100 })
    expect(told([drives('11:29:59', '11:31:00'), away, drives('11:31:10', '11:31:20')])).toEqual(once)
    const warned = (until: string): unknown =>
      drive(
        areaWarning,
        samplesOf([drives('11:29:59', '11:30:01'), { at: until, x: -100, kmh: 60 }]),
        settingsWith(roadAreas([closing]), { policy }),
      ).state.warned
    const noonMs = beijing('2026-11-20 12:00:00')
    expect([warned('11:59:59.999'), warned('12:00:00'), warned('12:00:00.001')]).toEqual([
      { A: noonMs },
      {},
      {},
    ])
  })

  it('is not said of an area that is closed, or of no hours, or for others, or that may be driven in', () => {
    expect(told([drives('12:00:00', '12:59:59')])).toEqual([])
    expect(told([drives('11:29:00', '11:31:00')], [{ id: 'A', from: 0, to: 50_000 }])).toEqual([])
    expect(told([drives('11:29:00', '11:31:00')], [{ ...closing, classes: ['hazmat'] }])).toEqual([])
    expect(
      told([drives('11:29:00', '11:31:00')], [{ ...closing, classes: ['coach'] }], {
        vehicle: { ...defaultVehicle, class: 'coach' },
      }),
    ).toEqual(once)
    expect(told([drives('11:29:00', '11:31:00')], [{ ...closing, role: 'hub' }])).toEqual([])
    expect(
      told(
        [drives('11:29:00', '11:31:00')],
        [
          { ...closing, role: 'hub', windows: null },
          { ...closing, id: 'B', windows: null },
        ],
      ),
    ).toEqual([])
  })

  it('is said of each area, and again for the next day', () => {
    expect(
      told(
        [drives('11:29:00', '11:31:00')],
        [closing, { ...closing, id: 'B', windows: [{ from: '12:01', to: '13:00' }] }],
      ),
    ).toEqual(once)
    expect(
      told(
        [drives('11:29:00', '11:32:00')],
        [closing, { ...closing, id: 'B', windows: [{ from: '12:01', to: '13:00' }] }],
      ),
    ).toEqual([...once, ['B', '11:31:00', '11:31:00', 1800]])
    expect(
      told([drives('11:29:50', '11:30:10'), drives('2026-11-21 11:29:50', '2026-11-21 11:30:10')]),
    ).toEqual([...once, ...once])
  })

  it('waits for the areas to be pushed and for a clock that is right', () => {
    const since = (at: string) => ({ areasSinceMs: beijing(`2026-11-20 ${at}`) })
    expect(told([drives('11:29:00', '11:36:00')], [closing], since('11:30:00'))).toEqual([
      ['A', '11:30:00', '11:30:00', 1800],
    ])
    expect(told([drives('11:29:00', '11:36:00')], [closing], since('11:35:00'))).toEqual([
      ['A', '11:35:00', '11:35:00', 1500],
    ])
    const untrusted = (samples: Sample[]) =>
      samples.map((sample) => ({ ...sample, trusted: sample.atMs >= beijing('2026-11-20 11:32:00') }))
    expect(told([drives('11:29:00', '11:36:00')], [closing], {}, untrusted)).toEqual([
      ['A', '11:32:00', '11:32:00', 1680],
    ])
  })

  it('is not moved by a correction of the clock', () => {
    const forward = (samples: Sample[]) =>
      samples.map((sample, n) => (n === 1 ? { ...sample, clockStepMs: 30_000 } : sample))
    // Two seconds after the last Sample, by a clock that was half a minute slow: it was past the half hour then.
    const two: Row[] = [
      { at: '11:29:59', x: 1000, kmh: 60 },
      { at: '11:30:31', x: 1000, kmh: 60 },
    ]
    expect(told(two, [closing], {}, forward)).toEqual([['A', '11:30:31', '11:30:31', 1769]])
    const corrected = (samples: Sample[]) =>
      samples.map((sample, n) => (n === 30 ? { ...sample, clockStepMs: 600_000 } : sample))
    // Ten minutes that nobody drove: the clock was wrong.
    expect(
      told([drives('11:20:30', '11:21:00'), drives('11:31:00', '11:31:10')], [closing], {}, corrected),
    ).toEqual([['A', '11:31:00', '11:31:00', 1740]])
  })
})
