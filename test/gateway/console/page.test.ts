import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromGcj02, toGcj02 } from '../../../proto/geo/gcj02.ts'
import type { Place } from '../../../proto/model.ts'

/** The pure pieces of the desk's page, as the browser runs them. */

type Shift = (point: Place) => Place
type Brief = {
  readonly id: string
  readonly fleet: string
  readonly vehicle: string
  readonly trip: string | null
  readonly at: string
  readonly decidedAt: string
  readonly phase?: string
  readonly evidence?: { readonly [name: string]: unknown }
}
type Episode = { readonly key: string; readonly alerts: readonly Brief[] }

const page = async (name: string): Promise<Record<string, unknown>> =>
  (await import(new URL(`../../../gateway/console/page/${name}`, import.meta.url).href)) as Record<
    string,
    unknown
  >
const shift = (await page('gcj02.js')) as { toGcj02: Shift; fromGcj02: Shift }
const { episodesOf, beganMs, endedMs } = (await page('episodes.js')) as {
  episodesOf: (alerts: readonly Brief[]) => readonly Episode[]
  beganMs: (alert: Brief) => number | null
  endedMs: (alert: Brief) => number | null
}

const place = fc.record({
  lat: fc.double({ min: -10, max: 60, noNaN: true }),
  lon: fc.double({ min: 60, max: 150, noNaN: true }),
})

describe('the shift of Chinese maps', () => {
  test('is the one of the areas, there and back', () => {
    fc.assert(
      fc.property(place, (point) => {
        const [mine, theirs] = [shift.toGcj02(point), toGcj02(point)]
        expect(mine.lat).toBeCloseTo(theirs.lat, 10)
        expect(mine.lon).toBeCloseTo(theirs.lon, 10)
        const [back, wanted] = [shift.fromGcj02(mine), fromGcj02(theirs)]
        expect(back.lat).toBeCloseTo(wanted.lat, 8)
        expect(back.lon).toBeCloseTo(wanted.lon, 8)
      }),
    )
  })
})

const startMs = Date.parse('2025-11-22T17:50:00.000Z')
const alertAt = (minute: number, parts: Partial<Brief> = {}): Brief => {
  const at = new Date(startMs + minute * 60_000).toISOString()
  return { id: `a${minute}`, fleet: 'f1', vehicle: 'v1', trip: null, at, decidedAt: at, ...parts }
}
const ids = (alerts: readonly Brief[]) => episodesOf(alerts).map((one) => one.alerts.map(({ id }) => id))

describe('episodes of vehicles', () => {
  test('hold what follows within an hour, in whatever order it came', () => {
    expect(ids([alertAt(60), alertAt(0), alertAt(30)])).toEqual([['a0', 'a30', 'a60']])
  })

  test('end after an hour without any alert', () => {
    expect(ids([alertAt(0), alertAt(60), alertAt(121)])).toEqual([['a0', 'a60'], ['a121']])
  })

  test('end where another trip begins; an alert without a trip joins either', () => {
    const first = alertAt(0, { trip: 't1' })
    const unknown = alertAt(5)
    expect(ids([first, alertAt(10, { trip: 't2' })])).toEqual([['a0'], ['a10']])
    expect(ids([first, unknown])).toEqual([['a0', 'a5']])
  })

  test('are of one vehicle of one fleet', () => {
    expect(ids([alertAt(0), alertAt(1, { vehicle: 'v2' }), alertAt(2, { fleet: 'f2' })])).toHaveLength(3)
  })

  test('an alert that has ended stands where it began, not at its end', () => {
    const long = alertAt(180, { phase: 'ended', evidence: { durationS: 10_740 } })
    expect(ids([alertAt(2), long, alertAt(59)])).toEqual([['a180', 'a2', 'a59']])
  })

  test('hold each alert once', () => {
    const some = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 60 })
    fc.assert(
      fc.property(some, (minutes) => {
        const alerts = [...new Set(minutes)].map((minute) => alertAt(minute))
        const held = ids(alerts).flat()
        expect(held.toSorted()).toEqual(alerts.map(({ id }) => id).toSorted())
      }),
    )
  })
})

/** Every alert of the golden drives: as it began, and as it ended. */
const golden = (() => {
  const folder = new URL('../../golden/', import.meta.url)
  return readdirSync(folder).flatMap((name) => {
    const lines = readFileSync(new URL(`${name}/expected.ndjson`, folder), 'utf8')
      .trim()
      .split('\n')
    const alerts = lines
      .map((line) => JSON.parse(line) as Brief & { kind: string; reason: string | null; subject: string })
      .filter(({ kind }) => kind !== 'summary')
    return alerts.flatMap((ended, at) => {
      const is = ({ kind, reason, subject }: (typeof alerts)[number]): string =>
        `${kind} ${reason} ${subject}`
      const started = alerts.slice(0, at).findLast((one) => one.phase === 'started' && is(one) === is(ended))
      return ended.phase === 'ended' && started !== undefined ? [{ name: is(ended), started, ended }] : []
    })
  })
})()

describe('when an alert began', () => {
  test('is what its beginning said, or is not known from its end', () => {
    const known = golden.flatMap(({ name, started, ended }) => {
      expect(beganMs(started), name).toBe(Date.parse(started.at))
      expect(endedMs(started), name).toBe(null)
      expect(endedMs(ended), name).toBe(Date.parse(ended.at))
      const ms = beganMs(ended)
      if (ms !== null) expect(Math.abs(ms - Date.parse(started.at)), name).toBeLessThanOrEqual(2)
      return ms === null ? [] : [name.split(' ')[0]]
    })
    for (const kind of ['speeding', 'off-route', 'curfew', 'area', 'gnss-lost']) expect(known).toContain(kind)
  })
})

type Feature = {
  readonly properties?: Record<string, unknown>
  readonly geometry?: { readonly coordinates: unknown }
}
const areas = (await page('areas.js')) as {
  featuresIn: (document: unknown, real: Shift) => readonly Feature[] | null
  clashes: (here: readonly object[], more: readonly object[]) => readonly { id: string; index: number }[]
  withValues: (given: object, values: object) => object
  placeOf: (field: string) => { name: string; row: number | null }
  badLineOf: (text: string) => number
}

describe('areas on the page', () => {
  const point = (lon: number, lat: number) => ({ type: 'Point', coordinates: [lon, lat] })
  const feature = (properties: object, lon = 120) => ({
    type: 'Feature',
    properties,
    geometry: point(lon, 30),
  })

  test('of a file that says it is shifted are shifted back, each as its own or its file’s word has it', () => {
    const file = {
      type: 'FeatureCollection',
      crs: 'gcj02',
      features: [feature({ id: 'a' }), feature({ crs: 'wgs84' })],
    }
    const [a, b] = areas.featuresIn(file, shift.fromGcj02)!
    const back = shift.toGcj02({
      lon: (a!.geometry!.coordinates as number[])[0]!,
      lat: (a!.geometry!.coordinates as number[])[1]!,
    })
    expect(back.lon).toBeCloseTo(120, 6)
    expect(b!.geometry!.coordinates).toEqual([120, 30])
    expect(areas.featuresIn(point(120, 30), shift.fromGcj02)).toMatchObject([{ geometry: point(120, 30) }])
    for (const wrong of [null, 7, { type: 'Topology' }, { type: 'FeatureCollection' }])
      expect(areas.featuresIn(wrong, shift.fromGcj02)).toBeNull()
  })

  test('whose ids are here already are told by their place in the file', () => {
    const more = [feature({ id: 'x' }), feature({ name: 'b' }), feature({ id: 7 })]
    const clashing = areas.clashes([feature({ id: 'b' }), feature({ id: '7' })], more)
    expect(clashing.map(({ id, index }) => [id, index])).toEqual([
      ['b', 1],
      ['7', 2],
    ])
  })

  test('keep what a form does not ask for, and lose what was emptied in it', () => {
    const given = {
      id: 'a',
      colour: 'red',
      limitKmh: 40,
      windows: [{ from: '1', to: '2' }],
      doorForbidden: true,
    }
    const form = { id: 'a', limitKmh: null, name: '', windows: [], classes: ['coach'], doorForbidden: false }
    expect(areas.withValues(given, form)).toEqual({ id: 'a', colour: 'red', classes: ['coach'] })
  })

  test.each([
    ['{"type":"FeatureCollection",\n"features":[}', 2],
    ['{"a":[1,\n2,\n"b" 3]}', 3],
    ['{"a":\n"b\nc"}', 2],
    ['{"a":[1,\n2', 2],
    ['not json', 1],
  ])('%j stops being JSON at line %i', (text, line) => {
    expect(areas.badLineOf(text)).toBe(line)
  })

  test.each([
    ['features[3].properties.windows[1].from', 'windows', 2],
    ['properties.limitKmh', 'limitKmh', null],
    ['features[0].geometry.coordinates', 'features[0].geometry.coordinates', null],
  ])('%s is at %s, row %s', (field, name, row) => {
    expect(areas.placeOf(field)).toEqual({ name, row })
  })
})
