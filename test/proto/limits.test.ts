import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { follow, nowhere } from '../../device/detectors/whereabouts.ts'
import { type EffectiveLimit, effectiveLimit, severer, severityOf } from '../../proto/limits.ts'
import type { Fix } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import { beijing, sampleAt } from '../help/drive.ts'
import { boxAreas, deepFreeze, roadPoint, roadRoute, settingsFor } from '../help/road.ts'

const day = beijing('2026-11-23 10:00:00')
const night = beijing('2026-11-22 23:00:00')
const at = (alongM: number, accuracyM: number | null = null): Fix => ({
  ...roadPoint(alongM),
  accuracyM,
  satellites: null,
})

function limitAt(atMs: number, fix: Fix | null, settings: Settings): EffectiveLimit {
  return effectiveLimit(atMs, follow(nowhere, sampleAt(atMs, { fix }), settings), settings)
}

const zone = boxAreas([{ id: 'zone', fromM: 0, toM: 1000, limitKmh: 60 }])

describe('limits by position alone', () => {
  const settings = settingsFor('truck', null, { areas: zone })
  it.each([
    [-1, null, 'class'],
    [0.01, null, 'zone'],
    [500, null, 'zone'],
    [999.99, null, 'zone'],
    [1001, null, 'class'],
    [1001, 5, 'class'],
    [995, 10, 'class'],
    [985, 10, 'zone'],
    [5, 10, 'class'],
    [15, 10, 'zone'],
    [500, 100, 'zone'],
    [500, 101, 'class'],
  ])('at %d m with accuracy %s: %s', (alongM, accuracyM, setBy) => {
    expect(limitAt(day, at(alongM, accuracyM), settings).limitSetBy).toBe(setBy)
  })

  it('an area pushed at 10:00:00 binds from then on', () => {
    const pushed = { ...settings, areasSinceMs: day }
    expect(limitAt(day - 1, at(500), pushed).limitSetBy).toBe('class')
    expect(limitAt(day, at(500), pushed).limitSetBy).toBe('zone')
  })
})

describe('temporary limits', () => {
  const temporary = (more: object): Settings =>
    settingsFor('coach', null, {
      areas: zone,
      temporaryLimits: [{ id: 'fog', limitKmh: 40, areaId: null, fromMs: null, toMs: null, ...more }],
    })
  it.each([
    ['everywhere, for ever', {}, day, null, 40],
    ['never multiplied', {}, night, null, 40],
    ['before it begins', { fromMs: day + 1 }, day, null, 100],
    ['from its first instant', { fromMs: day }, day, null, 40],
    ['to before its last', { toMs: day + 1 }, day, null, 40],
    ['not at its end', { toMs: day }, day, null, 100],
    ['in its area', { areaId: 'zone' }, day, at(500), 40],
    ['not beside it', { areaId: 'zone' }, day, at(1500), 100],
    ['not where the place is unknown', { areaId: 'zone' }, day, null, 100],
    ['not in an area nobody knows', { areaId: 'gone' }, day, at(500), 60],
  ])('%s', (_, more, atMs, fix, limitKmh) => {
    expect(limitAt(atMs, fix, temporary(more)).limitKmh).toBe(limitKmh)
  })
})

describe('the night', () => {
  const settings = settingsFor('coach')
  it.each([
    ['2026-11-22 21:59:59.999', 100],
    ['2026-11-22 22:00:00.000', 80],
    ['2026-11-23 05:59:59.999', 80],
    ['2026-11-23 06:00:00.000', 100],
  ])('at %s a coach may drive %d', (text, limitKmh) => {
    expect(limitAt(beijing(text), null, settings)).toMatchObject({ limitKmh, dayKmh: 100 })
  })

  it('a zone with a night limit only says nothing by day', () => {
    const areas = boxAreas([{ id: 'village', fromM: 0, toM: 1000, nightLimitKmh: 50 }])
    const both = settingsFor('coach', null, { areas })
    expect(limitAt(day, at(500), both)).toMatchObject({ limitKmh: 100, limitSetBy: 'class' })
    expect(limitAt(night, at(500), both)).toMatchObject({ limitKmh: 50, dayKmh: 100, factorOfKmh: null })
  })

  it('a factor that is no whole number gives the same limit on every machine', () => {
    const odd = settingsFor('coach', { speeding: { nightFactor: 0.7, capKmh: { unknown: 110 } } })
    expect(limitAt(night, null, odd).limitKmh).toBe(77)
  })
})

describe('the road where its class is unknown', () => {
  it.each([
    ['coach', 'proven', 100],
    ['coach', 'cautious', 70],
    ['hazmat', 'proven', 80],
    ['hazmat', 'cautious', 60],
    ['truck', 'proven', 100],
    ['truck', 'cautious', 70],
  ] as const)('%s, %s: %d', (vehicleClass, bound, limitKmh) => {
    expect(effectiveLimit(day, nowhere, settingsFor(vehicleClass), bound).limitKmh).toBe(limitKmh)
  })
})

/** The same words as the rule, as a list of numbers. */
function naive(
  sources: readonly { day: number | null; night: number | null; times: boolean }[],
  isNight: boolean,
): number {
  return Math.min(
    ...sources.map(({ day: byDay, night: byNight, times }) => {
      if (!isNight) return byDay ?? Number.POSITIVE_INFINITY
      return (
        byNight ?? (byDay === null ? Number.POSITIVE_INFINITY : Math.round(byDay * (times ? 8 : 10)) / 10)
      )
    }),
  )
}

describe('the minimum over sources', () => {
  const kmh = fc.option(fc.constantFrom(20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120), { nil: null })
  it.each([true, false])('is what a list of numbers says (night: %s)', (isNight) => {
    fc.assert(
      fc.property(
        fc.constantFrom('coach', 'hazmat', 'truck') as fc.Arbitrary<'coach' | 'hazmat' | 'truck'>,
        fc.array(fc.record({ day: kmh, night: kmh }), { maxLength: 3 }),
        fc.record({ day: kmh, night: kmh }),
        fc.option(fc.constantFrom(20, 40, 60), { nil: null }),
        (vehicleClass, zones, segment, fog) => {
          const settings = deepFreeze(
            settingsFor(vehicleClass, null, {
              areas: boxAreas(
                zones.map((one, i) => ({
                  id: `z${i}`,
                  fromM: 0,
                  toM: 1000,
                  ...(one.day === null ? {} : { limitKmh: one.day }),
                  ...(one.night === null ? {} : { nightLimitKmh: one.night }),
                })),
              ),
              route: roadRoute({
                limits: [
                  {
                    fromM: 0,
                    toM: 50_000,
                    dayKmh: segment.day,
                    nightKmh: segment.night,
                    roadClass: 'motorway',
                  },
                ],
              }),
              ...(fog === null
                ? {}
                : {
                    temporaryLimits: [{ id: 'fog', limitKmh: fog, areaId: null, fromMs: null, toMs: null }],
                  }),
            }),
          )
          const times = vehicleClass === 'coach'
          const cap = vehicleClass === 'hazmat' ? 80 : 100
          const posted = [...zones, segment].map((one) => ({ ...one, times }))
          const all = [...posted, { day: fog, night: fog, times: false }, { day: cap, night: null, times }]
          const found = limitAt(isNight ? night : day, at(500), settings)
          expect(found.limitKmh).toBe(naive(all, isNight))
          expect(found.dayKmh).toBe(naive(all, false))
        },
      ),
      { numRuns: 300, seed: 78 },
    )
  })
})

describe('what set the limit', () => {
  const set = (settings: Settings, atMs = day): unknown => {
    const { limitKmh, limitSetBy, factorOfKmh, cause, visibilityM } = limitAt(atMs, at(500), settings)
    return [limitKmh, limitSetBy, factorOfKmh, cause, visibilityM]
  }
  const signed = (box: object): { areas: ReturnType<typeof boxAreas> } => ({
    areas: boxAreas([{ id: 'zone', fromM: 0, toM: 1000, ...box }]),
  })

  it('of equal ones the sign, before the class', () => {
    expect(set(settingsFor('coach', null, signed({ limitKmh: 100 })))).toEqual([
      100,
      'zone',
      null,
      null,
      null,
    ])
    expect(set(settingsFor('coach', null, signed({ limitKmh: 101 })))).toEqual([
      100,
      'class',
      null,
      null,
      null,
    ])
  })

  it('at night four fifths of it for a coach, unless the sign has its own', () => {
    const sixty = signed({ limitKmh: 60 })
    expect(set(settingsFor('coach', null, sixty), night)).toEqual([48, 'zone', 60, null, null])
    expect(set(settingsFor('coach', null, sixty))).toEqual([60, 'zone', null, null, null])
    expect(set(settingsFor('truck', null, sixty), night)).toEqual([60, 'zone', null, null, null])
    const own = signed({ limitKmh: 60, nightLimitKmh: 50 })
    expect(set(settingsFor('coach', null, own), night)).toEqual([50, 'zone', null, null, null])
  })

  it('a sign for other vehicles binds only them', () => {
    const trucks = signed({ limitKmh: 40, classes: ['truck'] })
    expect(set(settingsFor('coach', null, trucks))).toEqual([100, 'class', null, null, null])
    expect(set(settingsFor('truck', null, trucks))).toEqual([40, 'zone', null, null, null])
  })

  it('a fix that admits a metre must be in by more than a metre', () => {
    const settings = settingsFor('truck', null, { areas: zone })
    expect(limitAt(day, at(0.5, 1), settings).limitSetBy).toBe('class')
    expect(limitAt(day, at(1.5, 1), settings).limitSetBy).toBe('zone')
    expect(limitAt(day, at(0.5, 0), settings).limitSetBy).toBe('zone')
  })
})

describe('how bad it is', () => {
  const severity = (speedKmh: number, more: Partial<EffectiveLimit>): string =>
    severityOf(speedKmh, { limitKmh: 100, dayKmh: 100, night: false, ...more } as EffectiveLimit)

  it.each<['motorway' | 'other' | 'unknown', number, [number, string][]]>([
    [
      'motorway',
      100,
      [
        [100.1, 'major'],
        [119.9, 'major'],
        [120, 'critical'],
      ],
    ],
    [
      'other',
      60,
      [
        [65.9, 'info'],
        [66, 'minor'],
        [71.9, 'minor'],
        [72, 'major'],
        [89.9, 'major'],
        [90, 'critical'],
      ],
    ],
    [
      'unknown',
      60,
      [
        [65.9, 'info'],
        [66, 'minor'],
        [72, 'major'],
        [90, 'critical'],
      ],
    ],
  ])('%s, %s km/h', (roadClass, limitKmh, steps) => {
    for (const [speedKmh, bad] of steps)
      expect(severity(speedKmh, { roadClass, limitKmh, dayKmh: limitKmh }), `${speedKmh}`).toBe(bad)
  })

  it.each([
    [80, true, 'major'],
    [80.1, true, 'critical'],
    [80, false, 'critical'],
    [62, true, 'major'],
    [56, true, 'minor'],
  ])('at %s km/h of 50, 80 by day, night %s: %s', (speedKmh, atNight, bad) => {
    expect(severity(speedKmh, { roadClass: 'other', limitKmh: 50, dayKmh: 80, night: atNight })).toBe(bad)
  })

  it('is more or less severe', () => {
    const order = ['info', 'minor', 'major', 'critical'] as const
    for (const [i, a] of order.entries())
      for (const [j, b] of order.entries()) expect(severer(a, b), `${a} ${b}`).toBe(i > j)
  })
})
