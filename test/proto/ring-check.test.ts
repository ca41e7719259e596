import { expect, test } from 'vitest'
import { checkRings, type RingFault } from '../../proto/geo/ring-check.ts'

/** Rings as corners; each is closed by its first one. */

type Corner = readonly [number, number]
const ring = (...corners: Corner[]): number[] => [...corners, corners[0]!].flat()
const box = (west: number, south: number, east: number, north: number): number[] =>
  ring([west, south], [east, south], [east, north], [west, north])

type Said = readonly [RingFault['reason'], number, number, Corner]

test.each<[string, number[][][], Said | null]>([
  ['a box', [[box(0, 0, 10, 10)]], null],
  ['a corner that is named twice', [[ring([0, 0], [10, 0], [10, 0], [10, 10], [0, 10])]], null],
  ['a corner on a side', [[ring([0, 0], [5, 0], [10, 0], [10, 10], [0, 10])]], null],
  ['a bow tie', [[ring([0, 0], [10, 10], [10, 0], [0, 10])]], ['self-crossing', 0, 0, [5, 5]]],
  [
    'sides that cross at a third',
    [[ring([3, 1], [15, 7], [15, 1], [3, 10])]],
    ['self-crossing', 0, 0, [10.2, 4.6]],
  ],
  [
    'a corner that touches a side',
    [[ring([0, 0], [10, 0], [10, 10], [5, 0], [0, 10])]],
    ['self-crossing', 0, 0, [5, 0]],
  ],
  [
    'a side that runs back over another',
    [[ring([0, 0], [10, 0], [4, 0], [4, 5])]],
    ['self-crossing', 0, 0, [4, 0]],
  ],
  ['a spike straight up', [[ring([0, 0], [5, 0], [5, 8], [5, 3], [0, 3])]], ['self-crossing', 0, 0, [5, 3]]],
  ['a hole inside', [[box(0, 0, 10, 10), box(2, 2, 4, 4)]], null],
  ['a hole that touches in one corner', [[box(0, 0, 10, 10), ring([0, 5], [4, 4], [4, 6])]], null],
  [
    'a hole that touches in two',
    [[box(0, 0, 10, 10), ring([0, 5], [5, 0], [5, 5])]],
    ['cut-in-two', 0, 1, [0, 5]],
  ],
  [
    'two holes that touch twice',
    [
      [
        box(0, 0, 20, 20),
        ring([2, 2], [10, 4], [10, 8], [2, 10]),
        ring([10, 4], [18, 2], [18, 10], [10, 8], [14, 6]),
      ],
    ],
    ['cut-in-two', 0, 2, [10, 8]],
  ],
  ['two holes that touch once', [[box(0, 0, 20, 20), box(2, 2, 5, 5), ring([5, 5], [8, 6], [8, 8])]], null],
  ['a hole outside', [[box(0, 0, 10, 10), box(12, 2, 14, 4)]], ['hole-outside', 0, 1, [12, 2]]],
  ['a hole across the border', [[box(0, 0, 10, 10), box(8, 2, 14, 4)]], ['hole-outside', 0, 1, [10, 2]]],
  ['a hole along the border', [[box(0, 0, 10, 10), box(10, 2, 14, 4)]], ['hole-outside', 0, 1, [10, 2]]],
  [
    'a hole in a hole',
    [[box(0, 0, 10, 10), box(1, 1, 9, 9), box(3, 3, 5, 5)]],
    ['hole-outside', 0, 2, [3, 3]],
  ],
  [
    'a hole round a hole',
    [[box(0, 0, 10, 10), box(3, 3, 5, 5), box(1, 1, 9, 9)]],
    ['hole-outside', 0, 2, [1, 1]],
  ],
  ['holes beside each other', [[box(0, 0, 10, 10), box(1, 1, 3, 3), box(4, 1, 6, 3), box(1, 4, 3, 6)]], null],
  [
    'a hole from corner to corner of a notch: outside between them',
    [[ring([0, 0], [10, 0], [10, 10], [5, 4], [0, 10]), ring([0, 10], [10, 10], [5, 4])]],
    ['hole-outside', 0, 1, [0, 10]],
  ],
  ['two parts', [[box(0, 0, 4, 4)], [box(6, 0, 9, 4)]], null],
  ['two parts that touch in a corner', [[box(0, 0, 4, 4)], [box(4, 4, 9, 9)]], null],
  ['two parts that share a side', [[box(0, 0, 4, 4)], [box(4, 1, 9, 3)]], ['parts-overlap', 1, 0, [4, 1]]],
  ['two parts that cross', [[box(0, 0, 4, 4)], [box(2, 2, 6, 6)]], ['parts-overlap', 1, 0, [2, 4]]],
  ['a part inside another', [[box(0, 0, 9, 9)], [box(2, 2, 4, 4)]], ['parts-overlap', 1, 0, [2, 2]]],
  ['a part round another', [[box(2, 2, 4, 4)], [box(0, 0, 9, 9)]], ['parts-overlap', 1, 0, [0, 0]]],
  ['a part in the hole of another', [[box(0, 0, 9, 9), box(1, 1, 8, 8)], [box(3, 3, 5, 5)]], null],
  [
    'the third part in the first',
    [[box(0, 0, 4, 4)], [box(6, 0, 9, 4)], [box(1, 1, 2, 2)]],
    ['parts-overlap', 2, 0, [1, 1]],
  ],
  [
    'a fault of the second part',
    [[box(20, 20, 30, 30)], [box(0, 0, 10, 10), box(12, 2, 14, 4)]],
    ['hole-outside', 1, 1, [12, 2]],
  ],
  [
    'a part from side to side of another',
    [[box(0, 0, 10, 10)], [ring([5, 0], [10, 5], [5, 10], [0, 5])]],
    ['parts-overlap', 1, 0, [5, 0]],
  ],
  [
    'a part round another that reaches from side to side of it',
    [[ring([5, 0], [10, 5], [5, 10], [0, 5])], [box(0, 0, 10, 10)]],
    ['parts-overlap', 1, 0, [0, 0]],
  ],
  [
    'a part over the notch of another',
    [[ring([0, 0], [10, 0], [10, 10], [5, 4], [0, 10])], [ring([0, 10], [10, 10], [5, 15])]],
    null,
  ],
])('%s', (_, parts, said) => {
  // In whole degrees, and as small as areas are.
  for (const scale of [1, 1 / 16, 1 / 1024]) {
    const scaled = parts.map((rings) => rings.map((corners) => corners.map((value) => value * scale)))
    const fault = checkRings(scaled)
    expect(fault === null ? null : [fault.reason, fault.part, fault.ring]).toEqual(said?.slice(0, 3) ?? null)
    if (fault === null || said === null) continue
    expect(fault.near[0]).toBeCloseTo(said[3][0] * scale, 12)
    expect(fault.near[1]).toBeCloseTo(said[3][1] * scale, 12)
  }
})
