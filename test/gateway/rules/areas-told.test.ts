import { describe, expect, it } from 'vitest'
import type { Moment } from '../../../gateway/rules/areas-presence.ts'
import {
  shiftTold,
  type Told,
  tell,
  tellAbroad,
  tellDwell,
  tellingOf,
} from '../../../gateway/rules/areas-told.ts'
import { areaZone, unionsOf } from '../../../gateway/rules/areas-zones.ts'
import type { Finding } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { defaultVehicle } from '../../../proto/shapes/vehicle.ts'
import { charterTrip, placeAt, roadAreas, settingsWith } from '../../help/area-road.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { deepFreeze } from '../../help/road.ts'

/** What is said of entering, staying and leaving. Instants are seconds since ten o'clock. */
const startMs = beijing('2026-11-20 10:00:00')
const more = { approachM: null, validFrom: null, validTo: null, doorForbidden: false, province: null }
const province = (name: string) => ({ ...more, province: name })
const settings: Settings = settingsWith(
  roadAreas([
    { id: 'A', name: '水库', from: 0, to: 1000 },
    { id: 'B', name: '隧道', from: 0, to: 1000, role: 'noStopping' },
    { id: 'B9', name: '桥', from: 0, to: 1000, role: 'noStopping', dwellS: 9 },
    { id: 'D', name: '服务区', from: 0, to: 1000, role: 'serviceArea', dwellS: 600 },
    { id: 'D2', name: '匝道', from: 0, to: 1000, role: 'hub', more: { ...more, doorForbidden: true } },
    { id: 'S', name: '长沙', from: 0, to: 1000, role: 'stayWithin', dwellS: 60, more: province('湖南') },
    { id: 'S2', name: '株洲', from: 1000, to: 2000, role: 'stayWithin', more: province('湖南') },
    { id: 'T', from: 5000, to: 9000, role: 'hub' },
    { id: 'X', name: '湖南', from: -9000, to: 4000, role: 'region', more: province('湖南') },
    { id: 'Y', name: '湖北', from: 4000, to: 9000, role: 'region', more: province('湖北') },
  ]),
)
const at = (s: number): number => startMs + s * 1000
const moment = (s: number, known: Partial<Moment> = {}): Moment => ({
  ...{ atMs: at(s), fromMs: null, basis: 'crossing', place: placeAt(0), ...known },
})
const seen = (s: number, x = 500) =>
  deepFreeze(sampleAt(at(s), { fix: { ...placeAt(x), accuracyM: null, satellites: 9 } }))

const area = (id: string): Told => {
  const one = settings.areas.byId.get(id)!
  return tellingOf(areaZone(one, settings), one, settings)
}
const [within] = unionsOf(settings)
const union = tellingOf(within!, settings.areas.byId.get('S')!, settings)
const entered = (told: Told, s: number, depthM = 0, x = 500, known: Partial<Moment> = {}) =>
  tell(deepFreeze(told), { is: 'entered', at: moment(s, known) }, depthM, seen(s + 1, x), settings)
const left = (told: Told, s: number, known: Partial<Moment> = {}, words = settings) =>
  tell(deepFreeze(told), { is: 'left', at: moment(s, known) }, 0, seen(s + 1), words)
const said = ({ findings }: { readonly findings: readonly Finding[] }): unknown[] =>
  findings.map(({ phase, reason, subject, severity, atMs, evidence }) => [
    `${phase} ${reason} ${subject} ${(atMs - startMs) / 1000} ${severity}`,
    evidence,
  ])

describe('what is remembered of an area from the beginning', () => {
  const plain = {
    ...{ plate: null, untilMs: null, dwellS: null, stopS: null, open: { area: false, dwell: false } },
    ...{ stayFromMs: null, enteredMs: null, farthestM: 0, doorForbidden: false, provinces: [], abroad: null },
  }
  it.each<[string, Told]>([
    ['A', { ...plain, subject: 'A', areaId: 'A', areaName: '水库', role: 'noEntry', speaks: true }],
    [
      'B',
      {
        ...plain,
        subject: 'B',
        areaId: 'B',
        areaName: '隧道',
        role: 'noStopping',
        speaks: false,
        stopS: 120,
      },
    ],
    [
      'B9',
      { ...plain, subject: 'B9', areaId: 'B9', areaName: '桥', role: 'noStopping', speaks: false, stopS: 9 },
    ],
    [
      'D',
      {
        ...plain,
        subject: 'D',
        areaId: 'D',
        areaName: '服务区',
        role: 'serviceArea',
        speaks: false,
        dwellS: 600,
      },
    ],
    [
      'D2',
      {
        ...plain,
        subject: 'D2',
        areaId: 'D2',
        areaName: '匝道',
        role: 'hub',
        speaks: false,
        doorForbidden: true,
      },
    ],
  ])('%s', (id, told) => {
    expect(area(id)).toEqual(told)
  })

  it('of a union, and of a charter', () => {
    const common = { ...plain, speaks: true, role: 'stayWithin' }
    expect(union).toEqual({
      ...{ ...common, subject: 'S', areaId: 'S', areaName: '长沙', provinces: ['湖南'] },
    })
    const trip = charterTrip(['D2', 'T'], '08:00:00', '18:00:00')
    const charter = unionsOf({ ...settings, trip }).at(-1)!
    expect(tellingOf(charter, settings.areas.byId.get('D2')!, settings)).toEqual({
      ...{ ...common, subject: 'charter T1', areaId: 'D2', areaName: '匝道' },
      ...{ plate: 'BC-1', untilMs: beijing('2026-11-20 18:00:00') },
    })
  })
})

describe('entering and leaving', () => {
  const noEntry = { areaId: 'A', role: 'noEntry', areaName: '水库', basis: 'crossing' }

  it('is told of what must not be entered, with how long', () => {
    const first = entered(area('A'), 5)
    expect(said(first)).toEqual([['started noEntry A 5 major', noEntry]])
    const stay = { stayFromMs: at(5), enteredMs: at(5), open: { area: true, dwell: false } }
    expect(first.told).toEqual({ ...area('A'), ...stay })
    const last = left(first.told, 65.5)
    expect(said(last)).toEqual([['ended noEntry A 65.5 major', { ...noEntry, durationS: 60.5 }]])
    expect(last.told).toEqual(area('A'))
  })

  it('is only remembered of the others', () => {
    const first = entered(area('D'), 5)
    expect(first).toEqual({ told: { ...area('D'), stayFromMs: at(5), enteredMs: at(5) }, findings: [] })
    expect(left(first.told, 65)).toEqual({ told: area('D'), findings: [] })
    expect(left(area('D'), 65)).toEqual({ told: area('D'), findings: [] })
  })

  it('says how it is known, and between which instants', () => {
    const interval = { from: '2026-11-20T02:00:00.000Z', to: '2026-11-20T02:00:05.000Z' }
    expect(said(entered(area('A'), 5, 0, 500, { basis: 'fix', fromMs: at(0) }))).toEqual([
      ['started noEntry A 5 major', { ...noEntry, basis: 'fix', ...interval }],
    ])
    const open = entered(area('A'), -5).told
    expect(said(left(open, 5, { basis: 'fix', fromMs: at(0) }))).toEqual([
      ['ended noEntry A 5 major', { ...noEntry, basis: 'fix', ...interval, durationS: 10 }],
    ])
    expect(said(left(open, 5, { basis: 'window' }))).toEqual([
      ['ended noEntry A 5 major', { ...noEntry, basis: 'window', why: '不再生效', durationS: 10 }],
    ])
    for (const [basis, why] of [
      ['window', '时段生效'],
      ['push', '区域下发后行驶'],
      ['first', '首个定位已在其中'],
    ] as const)
      expect(said(entered(area('A'), 5, 0, 500, { basis }))).toEqual([
        ['started noEntry A 5 major', { ...noEntry, basis, why }],
      ])
  })

  it('is critical for dangerous goods', () => {
    const hazmat: Settings = { ...settings, vehicle: { ...defaultVehicle, class: 'hazmat' } }
    const { told, findings } = tell(area('A'), { is: 'entered', at: moment(5) }, 0, seen(6), hazmat)
    expect(findings.map(({ severity }) => severity)).toEqual(['critical'])
    expect(left(told, 9, {}, hazmat).findings.map(({ severity }) => severity)).toEqual(['critical'])
    const outside = tell(union, { is: 'entered', at: moment(5) }, 0, seen(6), hazmat)
    expect(outside.findings.map(({ severity }) => severity)).toEqual(['minor'])
  })
})

describe('a stay', () => {
  const words = { areaId: 'D', role: 'serviceArea', areaName: '服务区', basis: 'fix', dwellS: 600 }
  const inside = entered(area('D'), 0).told
  const until = (s: number, told = inside) =>
    tellDwell(told, moment(s, { basis: 'fix', fromMs: at(s - 1) }), seen(s), settings)

  it('is too long from the instant on at which the time is used up, once', () => {
    expect(until(600)).toEqual({ told: inside, findings: [] })
    const long = until(660)
    expect(said(long)).toEqual([['started dwell D 600 minor', { ...words, durationS: 660 }]])
    expect(long.told).toEqual({ ...inside, open: { area: false, dwell: true } })
    expect(until(700, long.told)).toEqual({ told: long.told, findings: [] })
    expect(said(until(600.001))).toHaveLength(1)
  })

  it('is over on leaving, which may tell both at once', () => {
    const ended = (s: number) => ['ended dwell D 700 minor', { ...words, basis: 'crossing', durationS: s }]
    expect(said(left(until(660).told, 700))).toEqual([ended(700)])
    expect(said(left(inside, 700))).toEqual([
      ['started dwell D 600 minor', { ...words, basis: 'crossing', durationS: 700 }],
      ended(700),
    ])
    expect(left(until(660).told, 700).told).toEqual(area('D'))
    expect(said(left(inside, 600))).toEqual([])
    // Time that nobody saw was taken out of the stay, not out of what happened when.
    expect(said(left({ ...inside, stayFromMs: at(50) }, 700))[1]).toEqual(ended(650))
  })

  it('has no limit where none was set, and none of nobody', () => {
    const free = entered(area('A'), 0).told
    expect(until(9000, free)).toEqual({ told: free, findings: [] })
    expect(until(9000, area('D'))).toEqual({ told: area('D'), findings: [] })
  })
})

describe('outside of what must not be left', () => {
  const words = { areaId: 'S', role: 'stayWithin', areaName: '长沙', basis: 'crossing' }

  it('is told with how far, and on coming back with the farthest', () => {
    const out = entered(union, 5, 100.4, 2100)
    expect(said(out)).toEqual([['started stayWithin S 5 minor', { ...words, distanceM: 100 }]])
    expect(out.told).toEqual({
      ...{
        ...union,
        stayFromMs: at(5),
        enteredMs: at(5),
        farthestM: 100.4,
        open: { area: true, dwell: false },
      },
    })
    expect(entered(union, 5, -3).told.farthestM).toBe(0)
    expect(said(left({ ...out.told, farthestM: 512.3 }, 65))).toEqual([
      ['ended stayWithin S 65 minor', { ...words, durationS: 60, distanceM: 512 }],
    ])
  })

  it('is worse in another province, from the beginning or later', () => {
    const beyond = entered(union, 5, 2500, 4500)
    expect(said(beyond)).toEqual([
      ['started stayWithin S 5 major', { ...words, distanceM: 2500, province: '湖北' }],
    ])
    expect(said(left(beyond.told, 65))).toEqual([
      ['ended stayWithin S 65 major', { ...words, durationS: 60, distanceM: 2500, province: '湖北' }],
    ])
    const near = entered(union, 5, 1000, 3000).told
    expect(tellAbroad(near, seen(60, 3000), settings)).toEqual({ told: near, findings: [] })
    const later = tellAbroad(near, seen(60, 4500), settings)
    expect(said(later)).toEqual([
      ['updated stayWithin S 5 major', { ...words, basis: 'fix', distanceM: 1000, province: '湖北' }],
    ])
    expect(later.findings[0]?.place).toEqual({ lat: 30, lon: expect.closeTo(placeAt(4500).lon, 5) })
    expect(later.told).toEqual({ ...near, abroad: '湖北' })
    expect(tellAbroad(later.told, seen(70, 4600), settings)).toEqual({ told: later.told, findings: [] })
  })

  it('is abroad nowhere on the border, where nobody drew provinces, and without a province of its own', () => {
    const abroad = (told: Told, x: number): string | null | undefined =>
      tellAbroad(told, seen(60, x), settings).told.abroad
    const near = entered(union, 5, 1000, 3000).told
    // An area without a province says nothing of where it lies.
    expect(abroad(near, 6000)).toBe('湖北')
    expect(abroad(near, 4000)).toBeNull()
    expect(abroad(near, 20_000)).toBeNull()
    expect(tellAbroad(near, seen(60, 20_000), settings).findings).toEqual([])
    expect(abroad({ ...near, provinces: [] }, 6000)).toBeNull()
    const { provinces: _, ...before } = near
    expect(abroad(before, 6000)).toBeNull()
    expect(abroad({ ...near, provinces: ['湖北', '湖南'] }, 6000)).toBeNull()
    const { abroad: __, ...older } = near
    expect(abroad(older, 6000)).toBe('湖北')
  })
})

it('a corrected clock moves the stay and nothing else', () => {
  const told = { ...entered(area('D'), 5).told, untilMs: at(900) }
  expect(shiftTold(told, 7000)).toEqual({ ...told, stayFromMs: at(12), enteredMs: at(12) })
  expect(shiftTold(area('D'), 7000)).toEqual(area('D'))
})
