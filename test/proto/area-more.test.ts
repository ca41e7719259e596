import { describe, expect, it } from 'vitest'
import { hasHours, isInForce, nextTurn } from '../../proto/geo/area-hours.ts'
import { parseAreas, readAreas } from '../../proto/shapes/areas.ts'
import { parseRoute } from '../../proto/shapes/route.ts'

const zone = 'Asia/Shanghai'
const at = (text: string): number => Date.parse(`${text}+08:00`)
const point = (properties: object) => ({
  type: 'Feature',
  properties: { id: 'x', radiusM: 100, ...properties },
  geometry: { type: 'Point', coordinates: [114, 30] },
})
const area = (properties: object) => parseAreas(point(properties), 'a').all[0]!

describe('what few areas say', () => {
  it('an ordinary area carries nothing of it', () => {
    expect(area({}).more).toBeUndefined()
  })

  it('is read, and roles that are context only', () => {
    expect(area({ role: 'exit', approachM: 300, doorForbidden: true, province: '湖南' })).toMatchObject({
      role: 'exit',
      more: { approachM: 300, doorForbidden: true, province: '湖南', validFrom: null, validTo: null },
    })
    expect(area({ role: 'region' }).role).toBe('region')
  })

  it.each([
    [{ approachM: 0 }, 'properties.approachM'],
    [{ validFrom: 'soon' }, 'properties.validFrom'],
    [{ doorForbidden: 'yes' }, 'properties.doorForbidden'],
    [{ province: '' }, 'properties.province'],
  ])('refuses %j by name', (properties, path) => {
    const { problems } = readAreas(point(properties))
    expect(problems.map((one) => [one.path, one.reason])).toEqual([[path, 'bad-value']])
  })
})

describe('dates of a closure', () => {
  const closed = area({ validFrom: '2026-11-20', validTo: '2026-11-22' })
  it.each([
    ['2026-11-19T23:59:59.999', false],
    ['2026-11-20T00:00:00', true],
    ['2026-11-22T23:59:59.999', true],
    ['2026-11-23T00:00:00', false],
  ])('%s: %s', (text, inForce) => {
    expect(isInForce(closed, at(text), zone)).toBe(inForce)
  })

  it('turns at both ends and no more', () => {
    expect(nextTurn([closed], at('2026-11-01T00:00:00'), zone)).toBe(at('2026-11-20T00:00:00'))
    expect(nextTurn([closed], at('2026-11-20T00:00:00'), zone)).toBe(at('2026-11-23T00:00:00'))
    expect(nextTurn([closed], at('2026-11-23T00:00:00'), zone)).toBe(Infinity)
    expect([hasHours(closed), hasHours(area({ approachM: 5 }))]).toEqual([true, false])
  })

  it('a window counts only between them', () => {
    const night = area({ validTo: '2026-11-22', windows: [{ from: '22:00', to: '06:00' }] })
    expect(isInForce(night, at('2026-11-22T23:00:00'), zone)).toBe(true)
    expect(isInForce(night, at('2026-11-23T01:00:00'), zone)).toBe(false)
    expect(nextTurn([night], at('2026-11-22T23:00:00'), zone)).toBe(at('2026-11-23T00:00:00'))
  })
})

describe('what a route says of its stretches', () => {
  const route = (properties: object) =>
    parseRoute(
      {
        type: 'Feature',
        properties,
        geometry: {
          type: 'LineString',
          coordinates: [
            [114, 30],
            [114.1, 30],
          ],
        },
      },
      'r',
    )
  it('widths, sections, direction', () => {
    const line = route({
      widths: [{ fromM: 0, toM: 10, halfWidthM: 50 }],
      sections: [{ fromM: 0, toM: 5000 }],
      direction: 'forward',
    })[0]!.lines[0]
    expect(line).toMatchObject({ oneWay: true, sections: [{ fromM: 0, toM: 5000, name: null }] })
    expect(route({ direction: 'both' })[0]!.lines[0]!.oneWay).toBeUndefined()
  })

  it.each([
    [
      { widths: [{ fromM: 5, toM: 5, halfWidthM: 50 }] },
      'r: properties.widths[0].fromM: fromM must be below toM',
    ],
    [{ sections: [{ fromM: 0, toM: 5, limit: 3 }] }, /^r: properties\.sections\[0\]\.limit: unknown key/],
    [{ direction: 'back' }, /^r: properties\.direction: /],
  ])('refuses %j', (properties, line) => {
    expect(() => route(properties)).toThrow(line)
  })
})
