import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TripEvent } from '../../../sim/trips/entry.ts'
import { readGeojson } from '../../../sim/trips/geojson.ts'
import { parsePartly } from '../../../sim/trips/json-part.ts'

async function read(text: string, zone = 'UTC') {
  const told: string[] = []
  async function* chunks() {
    yield Buffer.from(text)
  }
  const events: TripEvent[] = []
  for await (const event of readGeojson(chunks(), { file: 'track', zone, tell: (line) => told.push(line) }))
    events.push(event)
  const rows = events.map((event) =>
    event.is === 'row'
      ? [new Date(event.atMs).toISOString(), event.row.lat, event.row.lon, event.row.speedKmh]
      : event.is,
  )
  return { rows, told }
}

const line = (properties: object): string =>
  JSON.stringify({
    type: 'Feature',
    properties,
    geometry: {
      type: 'LineString',
      coordinates: [
        [113, 28, 40],
        [113.001, 28.001],
      ],
    },
  })
const at = ['2026-11-22T15:40:00.000Z', '2026-11-22T15:40:10.000Z']
const expected = [
  [at[0], 28, 113, null],
  [at[1], 28.001, 113.001, null],
]

describe('a GeoJSON track', () => {
  it('has its times in any of the places where programs put them', async () => {
    const epochs = at.map((text) => Date.parse(text) / 1000)
    for (const properties of [
      { coordTimes: at },
      { times: at },
      { times: epochs },
      { coordinateProperties: { times: at } },
    ])
      expect((await read(line(properties))).rows).toEqual(expected)
    const local = { times: ['2026-11-22 23:40:00', '2026-11-22 23:40:10'] }
    expect((await read(line(local), 'Asia/Shanghai')).rows).toEqual(expected)
  })

  it('may be several lines, or points of their own', async () => {
    const multi = JSON.stringify({
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          properties: { coordTimes: [[at[0]], [at[1]]] },
          geometry: { type: 'MultiLineString', coordinates: [[[113, 28]], [[113.001, 28.001]]] },
        },
      ],
    })
    expect((await read(multi)).rows).toEqual(expected)
    const points = at.map((time, index) => ({
      type: 'Feature',
      properties: { time, speedKmh: 50 + index },
      geometry: { type: 'Point', coordinates: [113 + index / 1000, 28 + index / 1000] },
    }))
    expect((await read(JSON.stringify({ type: 'FeatureCollection', features: points }))).rows).toEqual([
      [at[0], 28, 113, 50],
      [at[1], 28.001, 113.001, 51],
    ])
  })

  it('without times gives no row, and a row that cannot be true is rejected', async () => {
    expect((await read(line({}))).rows).toEqual([])
    expect((await read(line({ times: ['yesterday', at[1]] }))).rows).toEqual(['rejected', expected[1]])
    const far = line({ times: at }).replace('[113,28,40]', '[213,28]')
    expect((await read(far)).rows[0]).toBe('rejected')
  })

  it('cut anywhere is read to its last whole position, and says where it broke', async () => {
    const whole = line({ times: at })
    for (let length = 1; length < whole.length; length++) {
      const { rows, told } = await read(whole.slice(0, length))
      expect(expected.slice(0, rows.length)).toEqual(rows)
      expect(told).toHaveLength(1)
      expect(told[0]).toMatch(/^track: character \d+: not JSON from here on; read up to there$/)
    }
    const cut = await read(whole.slice(0, whole.indexOf('113.001')))
    expect(cut.rows).toEqual([expected[0]])
  })
})

describe('JSON that broke off', () => {
  it('never throws, and whole is what JSON says', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, cut) => {
        expect(parsePartly(text)).toEqual({ value: JSON.parse(text), brokenAt: null })
        const part = parsePartly(text.slice(0, cut % (text.length + 1)))
        expect(part.brokenAt === null || part.brokenAt <= text.length).toBe(true)
      }),
    )
    expect(() => parsePartly('['.repeat(100_000))).not.toThrow()
  })

  it('keeps what was whole before the damage', () => {
    expect(parsePartly('{"a":[1,2,{"b":true}],"c":[3,').value).toEqual({ a: [1, 2, { b: true }], c: [3] })
    expect(parsePartly('{"a":"x","b":"cut').value).toEqual({ a: 'x' })
    expect(parsePartly('{"a":1 "b":2}')).toEqual({ value: { a: 1 }, brokenAt: 7 })
  })
})
