import { describe, expect, it } from 'vitest'
import { readBoolean, readNumber, readTime } from '../../../sim/trips/values.ts'

const shanghai = 'Asia/Shanghai'

describe('cells of a file', () => {
  it.each([
    ['2026-11-22T18:00:00Z', '2026-11-22T18:00:00.000Z'],
    ['2026-11-23T02:00:00+08:00', '2026-11-22T18:00:00.000Z'],
    ['2014-09-10 06:54:07+0200', '2014-09-10T04:54:07.000Z'],
    ['2014-09-10 06:54:07.25+02', '2014-09-10T04:54:07.250Z'],
    ['2026-11-23 02:00:00', '2026-11-22T18:00:00.000Z'],
    ['2026/11/23 2:00', '2026-11-22T18:00:00.000Z'],
    ['2026-11-23', '2026-11-22T16:00:00.000Z'],
    ['1795370400', '2026-11-22T18:00:00.000Z'],
    ['1795370400.5', '2026-11-22T18:00:00.500Z'],
    ['1795370400500', '2026-11-22T18:00:00.500Z'],
  ])('the time %s is %s', (text, iso) => {
    const atMs = readTime(text, shanghai)
    expect(atMs === null ? null : new Date(atMs).toISOString()).toBe(iso)
  })

  it.each([
    '',
    'soon',
    '2026-13-01 00:00:00',
    '2026-02-30 00:00:00',
    '2026-11-23 25:00',
    '12',
    '24:00',
    '2026-11-23T24:01',
  ])('the time "%s" is not readable', (text) => expect(readTime(text, shanghai)).toBeNull())

  it('reads local times of a zone with summer time on both sides of the change', () => {
    expect(readTime('2026-03-29 01:30', 'Europe/Berlin')).toBe(Date.parse('2026-03-29T00:30:00Z'))
    expect(readTime('2026-03-29 03:30', 'Europe/Berlin')).toBe(Date.parse('2026-03-29T01:30:00Z'))
    expect(readTime('2026-10-25 02:30', 'Europe/Berlin')).toBe(Date.parse('2026-10-25T00:30:00Z'))
  })

  it('takes numbers as numbers are written, an empty cell as unknown and anything else as unreadable', () => {
    expect(['1', '-1.5', '+.5', '1e3', ' 7 ', ''].map(readNumber)).toEqual([1, -1.5, 0.5, 1000, 7, null])
    expect(['1,5', 'NaN', 'Infinity', '0x10', '--1', '1 2'].map(readNumber)).toEqual(Array(6).fill(undefined))
  })

  it('takes switches in six spellings', () => {
    expect(['1', 'true', 'ON', '0', 'False', 'off', ''].map(readBoolean)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      null,
    ])
    expect(['yes', '2'].map(readBoolean)).toEqual([undefined, undefined])
  })
})
