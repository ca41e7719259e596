import { expect, it } from 'vitest'
import { measuredOf } from '../../../gateway/rules/sections-measured.ts'
import type { Corridor, Section, SegmentLimit } from '../../../proto/geo/corridor.ts'

/** Which stretches of a line of 20 km are measured: for their mean speed (v) or for the time they take (t). */
const limit = (fromM: number, toM: number, known: Partial<SegmentLimit> = {}): SegmentLimit => ({
  ...{ fromM, toM, dayKmh: 80, nightKmh: null, roadClass: null, minS: null, maxS: null, ...known },
})
const lineOf = (
  limits: readonly SegmentLimit[],
  sections?: readonly Section[],
): Corridor['lines'][number] => ({
  ...{ points: [], halfWidthM: 200, lengthM: 20_000, limits, sections },
})
const measured = (limits: readonly SegmentLimit[], sections?: readonly Section[]): string[] =>
  measuredOf(lineOf(limits, sections), 2000).map(
    ({ fromM, toM, speed, minS, maxS, name }) =>
      `${speed ? 'v' : 't'} ${fromM}-${toM}${speed ? '' : ` ${minS}..${maxS}`}${name === null ? '' : ` ${name}`}`,
  )

it('stretches with a limit, of 2 km at least', () => {
  expect(measured([limit(0, 2000), limit(2000, 3999), limit(4000, 9000)])).toEqual([
    'v 0-2000',
    'v 4000-9000',
  ])
  expect(measured([limit(0, 5000, { dayKmh: null })])).toEqual([])
  expect(measured([])).toEqual([])
})

it('the sections that the route names instead, whatever their length', () => {
  const named = [
    { fromM: 9000, toM: 9100, name: '大桥' },
    { fromM: 1000, toM: 8000, name: null },
  ]
  expect(measured([limit(0, 5000)], named)).toEqual(['v 1000-8000', 'v 9000-9100 大桥'])
  expect(measured([limit(0, 5000)], [])).toEqual([])
})

it('segments with a least or a longest time', () => {
  const free = { dayKmh: null }
  expect(
    measured([
      limit(0, 500, { ...free, minS: 60 }),
      limit(500, 1000, { ...free, maxS: 90 }),
      limit(1000, 1500, { ...free, minS: 0, maxS: 0 }),
      limit(1500, 1600, free),
    ]),
  ).toEqual(['t 0-500 60..null', 't 500-1000 null..90', 't 1000-1500 0..0'])
  expect(measured([limit(0, 5000, { minS: 60 })])).toEqual(['v 0-5000', 't 0-5000 60..null'])
})

it('as far as the line goes, in the order of their ends', () => {
  expect(measured([limit(15_000, 99_000), limit(20_000, 23_000), limit(20_001, 23_000)])).toEqual([
    'v 15000-20000',
  ])
  expect(measured([limit(9000, 12_000), limit(1000, 20_000), limit(3000, 6000, { maxS: 5 })])).toEqual([
    'v 3000-6000',
    't 3000-6000 null..5',
    'v 9000-12000',
    'v 1000-20000',
  ])
})

it('looked for once for a line, and again for another least length', () => {
  const line = lineOf([limit(0, 2500), limit(3000, 9000)])
  expect(measuredOf(line, 2000)).toBe(measuredOf(line, 2000))
  expect(measuredOf(line, 3000).map(({ fromM }) => fromM)).toEqual([3000])
  expect(measuredOf(line, 2000).map(({ fromM }) => fromM)).toEqual([0, 3000])
})
