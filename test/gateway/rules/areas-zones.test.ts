import { describe, expect, it } from 'vitest'
import {
  areaZone,
  groundAt,
  isWatched,
  turnsOf,
  unionsOf,
  type Zone,
} from '../../../gateway/rules/areas-zones.ts'
import type { Settings } from '../../../proto/settings.ts'
import { defaultVehicle, type VehicleClass } from '../../../proto/shapes/vehicle.ts'
import { charterTrip, placeAt, type RoadArea, roadAreas, settingsWith } from '../../help/area-road.ts'
import { beijing } from '../../help/drive.ts'

const more = { approachM: null, validFrom: null, validTo: null, doorForbidden: false, province: null }
const at = (clock: string): number => beijing(`2026-11-20 ${clock}`)
const settingsOf = (
  areas: readonly RoadArea[],
  known: Partial<Settings> = {},
  vehicleClass: VehicleClass = 'coach',
): Settings =>
  settingsWith(roadAreas(areas), { vehicle: { ...defaultVehicle, class: vehicleClass }, ...known })
const stretch = { from: 0, to: 1000 }

describe('an area is told of by itself', () => {
  const watched = (area: Partial<RoadArea>, vehicleClass: VehicleClass = 'coach'): boolean => {
    const settings = settingsOf([{ id: 'A', ...stretch, ...area }], {}, vehicleClass)
    return isWatched(settings.areas.byId.get('A')!, settings)
  }
  it.each<[string, Partial<RoadArea>, boolean]>([
    ['may not be entered', { role: 'noEntry' }, true],
    ['may not be stopped in', { role: 'noStopping' }, true],
    ['may be stayed in for so long', { role: 'hub', dwellS: 60 }, true],
    ['may see no open door', { role: 'hub', more: { ...more, doorForbidden: true } }, true],
    ['is context', { role: 'hub' }, false],
    ['is context with other words', { role: 'hub', more }, false],
    ['may not be left', { role: 'stayWithin' }, false],
  ])('when it %s', (_, area, expected) => {
    expect(watched(area)).toBe(expected)
  })

  it('when it is for this class', () => {
    expect(watched({ classes: ['coach', 'truck'] })).toBe(true)
    expect(watched({ classes: ['hazmat'] })).toBe(false)
    expect(watched({ classes: ['hazmat'], role: 'hub' }, 'hazmat')).toBe(false)
  })

  it('from its push on', () => {
    const settings = settingsOf([{ id: 'A', ...stretch }], { areasSinceMs: 7000 })
    const area = settings.areas.byId.get('A')!
    expect(areaZone(area, settings)).toEqual({
      ...{ key: 'in A', is: 'area', areas: [area], sinceMs: 7000, untilMs: null, plate: null },
    })
  })
})

describe('what must not be left', () => {
  const union: RoadArea[] = [
    { id: 'S1', ...stretch, role: 'stayWithin' },
    { id: 'S2', ...stretch, role: 'stayWithin', classes: ['hazmat'] },
    { id: 'county', ...stretch, role: 'region' },
  ]
  const named = ({ areas, ...zone }: Zone): unknown => ({ ...zone, areas: areas.map(({ id }) => id) })
  const from = at('08:00:00')
  const charter = (...ids: string[]) => charterTrip(ids, '08:00:00', '18:00:00')
  const agreed = {
    ...{ key: 'charter T1', is: 'union', areas: ['county'], sinceMs: from },
    ...{ untilMs: at('18:00:00'), plate: 'BC-1' },
  }

  it('is the union of the areas of its role that are for this class', () => {
    const within = { key: 'within', is: 'union', sinceMs: null, untilMs: null, plate: null }
    expect(unionsOf(settingsOf(union)).map(named)).toEqual([{ ...within, areas: ['S1'] }])
    expect(unionsOf(settingsOf(union, { areasSinceMs: 9 }, 'hazmat')).map(named)).toEqual([
      { ...within, sinceMs: 9, areas: ['S1', 'S2'] },
    ])
    expect(unionsOf(settingsOf([union[2]!]))).toEqual([])
  })

  it('and what the charter of the trip agreed on, from its beginning or the later push to its end', () => {
    const known = (areasSinceMs: number | null, ...ids: string[]): unknown[] =>
      unionsOf(settingsOf([union[2]!], { trip: charter(...ids), areasSinceMs })).map(named)
    expect(known(null, 'county')).toEqual([agreed])
    expect(known(from - 1, 'county')).toEqual([agreed])
    expect(known(from + 1, 'county')).toEqual([{ ...agreed, sinceMs: from + 1 }])
    expect(known(null, 'nowhere', 'county')).toEqual([agreed])
    expect(known(null, 'nowhere')).toEqual([])
    const { charter: _, ...plain } = charter('county')
    expect(unionsOf(settingsOf([union[2]!], { trip: plain }))).toEqual([])
  })
})

describe('where it is at an instant', () => {
  it('is nowhere while nothing of it is in force', () => {
    const settings = settingsOf([
      { id: 'A', ...stretch, windows: [{ from: '10:00', to: '11:00' }] },
      { id: 'S1', ...stretch, role: 'stayWithin', windows: [{ from: '10:00', to: '11:00' }] },
      { id: 'S2', from: 2000, to: 3000, role: 'stayWithin', windows: [{ from: '10:30', to: '12:00' }] },
    ])
    const inside = areaZone(settings.areas.byId.get('A')!, settings)
    const [outside] = unionsOf(settings)
    const ground = (zone: Zone, clock: string) => groundAt(zone, at(clock), settings)
    expect(ground(inside, '09:59:59.999')).toBeNull()
    expect(ground(inside, '11:00:00')).toBeNull()
    expect(ground(inside, '10:00:00')?.holds(placeAt(500))).toBe(true)
    expect(ground(inside, '10:00:00')?.holds(placeAt(1500))).toBe(false)
    expect(ground(outside!, '09:00:00')).toBeNull()
    expect(ground(outside!, '12:00:00')).toBeNull()
    const held = (clock: string): unknown[] =>
      [500, 1500, 2500].map((x) => ground(outside!, clock)?.holds(placeAt(x)))
    expect(held('10:00:00')).toEqual([false, true, true])
    expect(held('10:30:00')).toEqual([false, true, false])
    expect(held('11:30:00')).toEqual([true, true, false])
  })

  it('is as deep as the border is far: of an area inwards, of a union outwards from the nearest member', () => {
    const settings = settingsOf([
      { id: 'A', ...stretch },
      { id: 'S1', ...stretch, role: 'stayWithin' },
      { id: 'S2', from: 2000, to: 3000, role: 'stayWithin' },
    ])
    const inside = groundAt(areaZone(settings.areas.byId.get('A')!, settings), 0, settings)!
    const outside = groundAt(unionsOf(settings)[0]!, 0, settings)!
    const depths = (ground: typeof inside): number[] =>
      [950, 1000, 1050, 1800].map((x) => Math.round(ground.depthM(placeAt(x))) + 0)
    expect(depths(inside)).toEqual([50, 0, -50, -800])
    expect(depths(outside)).toEqual([-50, 0, 50, 200])
    expect(outside.crossings(placeAt(500), placeAt(2500))).toEqual([
      expect.closeTo(0.25, 6),
      expect.closeTo(0.75, 6),
    ])
    expect(inside.crossings(placeAt(500), placeAt(2500))).toEqual([expect.closeTo(0.25, 6)])
  })

  it('passing from one member into another crosses nothing', () => {
    const settings = settingsOf([
      { id: 'S1', ...stretch, role: 'stayWithin' },
      { id: 'S2', from: 900, to: 2000, role: 'stayWithin' },
      { id: 'other', from: 400, to: 600 },
    ])
    const outside = groundAt(unionsOf(settings)[0]!, 0, settings)!
    expect(outside.crossings(placeAt(100), placeAt(1900))).toEqual([])
  })
})

describe('when something of it comes or goes', () => {
  const day = { windows: [{ from: '10:00', to: '11:00' }] }
  const turns = (area: Partial<RoadArea>, from: string, to: string, since: string | null = null) => {
    const settings = settingsOf([{ id: 'A', ...stretch, ...area }], {
      areasSinceMs: since === null ? null : at(since),
    })
    const zone = areaZone(settings.areas.byId.get('A')!, settings)
    return turnsOf(zone, at(from), at(to), settings).map((ms) => (ms - at('00:00:00')) / 3_600_000)
  }

  it('is after one position and up to the next', () => {
    expect(turns(day, '09:00:00', '12:00:00')).toEqual([10, 11])
    expect(turns(day, '10:00:00', '11:00:00')).toEqual([11])
    expect(turns(day, '09:59:59', '10:59:59')).toEqual([10])
    expect(turns(day, '10:00:00', '10:59:59')).toEqual([])
    expect(turns({}, '09:00:00', '12:00:00')).toEqual([])
  })

  it('is the push as well, in order', () => {
    expect(turns(day, '09:00:00', '12:00:00', '10:30:00')).toEqual([10, 10.5, 11])
    expect(turns(day, '09:00:00', '12:00:00', '10:00:00')).toEqual([10, 11])
    expect(turns({}, '09:00:00', '12:00:00', '09:00:00')).toEqual([])
    expect(turns({}, '09:00:00', '12:00:00', '09:00:00.001')).toHaveLength(1)
    expect(turns({}, '09:00:00', '12:00:00', '12:00:00')).toEqual([12])
    expect(turns({}, '09:00:00', '12:00:00', '12:00:00.001')).toEqual([])
  })

  it('is looked at up to 500 times', () => {
    const settings = settingsOf([{ id: 'A', ...stretch, ...day }])
    const zone = areaZone(settings.areas.byId.get('A')!, settings)
    const within = (days: number): number =>
      turnsOf(zone, at('00:00:00'), at('00:00:00') + days * 86_400_000, settings).length
    expect([within(249), within(250), within(251), within(300)]).toEqual([498, 500, 500, 500])
  })
})
