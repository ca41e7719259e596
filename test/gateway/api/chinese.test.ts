import { describe, expect, test } from 'vitest'
import { areaFault } from '../../../gateway/api/area-words.ts'
import { inChinese, lineInChinese } from '../../../gateway/api/chinese.ts'
import { troubleOf, validated } from '../../../gateway/api/faults.ts'
import { BadInput, problemOf } from '../../../proto/problem.ts'
import { readAreas } from '../../../proto/shapes/areas.ts'
import { tripSchema } from '../../../proto/shapes/trip.ts'
import { parseTripCsv } from '../../../proto/shapes/trip-csv.ts'
import { collection, square } from './desk-office.ts'

/** What the gates of the files really say of bad documents, as an officer reads it. */

/** English: two words of it in a row, outside of what is quoted of a file. */
const english = /[A-Za-z]{2,} [a-z]{2,}/
const unknown = inChinese('')

const trip = {
  ...{ id: 'a', vehicle: 'v1', drivers: ['张三'], serviceClass: 'scheduled', oneWayKm: 1150 },
  ...{ from: '2026-11-22T20:00:00+08:00', to: '2026-11-23T06:00:00+08:00' },
}
const { vehicle: _vehicle, ...noVehicle } = trip

describe('a trip', () => {
  test.each<[string, unknown, string, string]>([
    ['without a vehicle', noVehicle, 'vehicle', '缺少此项，应为文字'],
    ['with a misspelt field', { ...trip, driver: 'x' }, 'driver', '没有这个字段，请删除或更正拼写'],
    ['with a word for a number', { ...trip, oneWayKm: 'far' }, 'oneWayKm', '类型不对，应为数字，不是文字'],
    ['with nothing for a list', { ...trip, drivers: null }, 'drivers', '类型不对，应为列表，不是空'],
    ['of less than no length', { ...trip, oneWayKm: -1 }, 'oneWayKm', '数值太小，应大于 0'],
    ['around the earth', { ...trip, oneWayKm: 10_001 }, 'oneWayKm', '数值太大，应不大于 10000'],
    ['without a name', { ...trip, id: '' }, 'id', '太短，至少 1 个字'],
    ['with a long name', { ...trip, id: 'x'.repeat(129) }, 'id', '太长，至多 128 个字'],
    ['with 21 drivers', { ...trip, drivers: Array(21).fill('x') }, 'drivers', '太多，至多 20 项'],
    [
      'with a list for a waybill',
      { ...trip, waybill: [] },
      'waybill',
      '这里应为一个对象 { ... }，不是列表，请去掉方括号',
    ],
    ['with a word for a waybill', { ...trip, waybill: 'x' }, 'waybill', '这里应为一个对象 { ... }'],
    [
      'of yesterday',
      { ...trip, from: 'yesterday' },
      'from',
      '应为带时区的时间，例如 2026-11-22T23:40:00+08:00',
    ],
    [
      'of a vehicle with a space',
      { ...trip, vehicle: 'a b' },
      'vehicle',
      '只能用字母、数字、_ 和 -，至多 64 个',
    ],
  ])('%s', (_name, value, path, remedy) => {
    const { error } = tripSchema.safeParse(value)
    const problem = problemOf(error!)
    expect([problem.path, inChinese(problem.remedy)]).toEqual([path, remedy])
  })

  test('of a service nobody knows is told those there are', () => {
    const { error } = tripSchema.safeParse({ ...trip, serviceClass: 'x' })
    expect(inChinese(problemOf(error!).remedy)).toMatch(/^应为以下之一：scheduled、charterTour、/)
  })
})

describe('a table of trips', () => {
  const header = 'id,vehicle,from,to'
  test.each<[string, string, RegExp]>([
    ['without a column', 'id,vehicle,from\n', /^缺少此列/],
    ['with an unknown one', `${header},colour\n`, /^没有这一列，可用的列：id、fleet、vehicle/],
    ['with one twice', `${header},id\n`, /^重复/],
    ['with a cell too few', `${header}\na,v1,x\n`, /^有 3 格，列名有 4 个/],
    ['with an open quote', `${header}\n"a,v1\n`, /^引号没有闭合/],
    ['of yesterday', `${header}\na,v1,yesterday,2026-11-25 06:00\n`, /^应为带时区的时间/],
    ['that ends first', `${header}\na,v1,2026-11-25 06:00,2026-11-24 06:00\n`, /^结束时间应晚于开始时间/],
  ])('%s', (_name, text, remedy) => {
    const parse = (): unknown => parseTripCsv(text, 'trips', 'Asia/Shanghai')
    expect(parse).toThrow(BadInput)
    try {
      parse()
    } catch (error) {
      const zh = lineInChinese((error as BadInput).message)
      expect(zh).toMatch(remedy)
      expect(zh).not.toMatch(english)
    }
  })
})

test('every problem of areas is told in Chinese alone', () => {
  const ring = (...positions: unknown[]): object => ({
    type: 'Feature',
    geometry: { type: 'Polygon', coordinates: [positions] },
  })
  const shape = (geometry: unknown, properties: object = {}): object => ({
    type: 'Feature',
    properties,
    geometry,
  })
  const bad: readonly object[] = [
    square('a', 121, 31),
    square('a', 122, 31),
    square('b', 121, 99),
    square('c', 121, 31, { role: 'nothing' }),
    square('d', 121, 31, { speedKmh: 'fast', dayKmh: 'fast', activeFrom: 'noon' }),
    ring([1, 1], [2, 2], [2, 1]),
    ring([1, 1], [2, 2], [1, 1]),
    ring([1, 1], ['x', 2], [2, 1], [1, 1]),
    ring([1, 1], [2, 2], [2, 1], [1, 2], [1, 1]),
    ...[null, { type: 'Polygon' }, { type: 'MultiPolygon' }, { type: 'Circle' }].map((one) => shape(one)),
    shape({ type: 'Point', coordinates: [1, 1] }),
    shape({ type: 'LineString', coordinates: [[1, 1]] }, { halfWidthM: 5 }),
    shape({
      type: 'LineString',
      coordinates: [
        [1, 1],
        [2, 2],
      ],
    }),
    { type: 'Thing' },
  ]
  const values = [collection(...bad), { type: 'Feature collection' }, 7, { type: 'FeatureCollection' }]
  const faults = values.flatMap((value) => readAreas(value).problems.map(areaFault))
  expect(faults.length).toBeGreaterThan(15)
  for (const { field, remedy } of faults) {
    expect(remedy.zh, `${field}: ${remedy.en}`).not.toMatch(english)
    expect(remedy.zh, `${field}: ${remedy.en}`).not.toBe(unknown)
    expect(remedy.en).toMatch(english)
  }
})

test('what nobody has a word for is told in Chinese too, and in English as it is', () => {
  expect(inChinese('quite another thing')).toBe('填写有误，请更正')
  expect(lineInChinese('a file: a.place: quite another: thing')).toBe('填写有误，请更正')
  const answer = troubleOf(new BadInput('data: from: an ISO date or instant'))
  expect(answer).toMatchObject({
    value: { remedy: { zh: '应为日期或时间，例如 2026-11-22', en: 'data: from: an ISO date or instant' } },
  })
  const refused = validated(tripSchema, {})
  expect(troubleOf((refused as { error: Error }).error)).toMatchObject({
    status: 400,
    value: { field: 'id', remedy: { zh: '缺少此项，应为文字', en: 'missing; expected string' } },
  })
})
