import { describe, expect, test } from 'vitest'
import { alignHole, unwrapRing } from '../../proto/geo/antimeridian.ts'

/** Rings as longitude, latitude, longitude, latitude ... */

test.each<[string, number[], number[]]>([
  ['far from it stays as it is', [10, 0, 20, 0, 20, 10, 10, 0], [10, 0, 20, 0, 20, 10, 10, 0]],
  [
    'across it to the east goes on beyond 180',
    [170, 0, -170, 0, -170, 10, 170, 10, 170, 0],
    [170, 0, 190, 0, 190, 10, 170, 10, 170, 0],
  ],
  [
    'across it to the west goes on beyond -180',
    [-170, 0, 170, 0, 170, 10, -170, 10, -170, 0],
    [-170, 0, -190, 0, -190, 10, -170, 10, -170, 0],
  ],
  [
    'with a side of 180 degrees stays as it is',
    [0, 0, 180, 0, 180, 10, 0, 10, 0, 0],
    [0, 0, 180, 0, 180, 10, 0, 10, 0, 0],
  ],
  [
    'with a side of half a degree more is drawn the short way',
    [-90, 0, 90.5, 0, 90.5, 1, -90, 0],
    [-90, 0, -269.5, 0, -269.5, 1, -90, 0],
  ],
  ['... whichever way it runs', [90, 0, -90.5, 0, -90.5, 1, 90, 0], [90, 0, 269.5, 0, 269.5, 1, 90, 0]],
  [
    'with a side of almost 360 degrees is drawn the short way',
    [-180, 0, 179.5, 0, 179.5, 1, -180, 0],
    [-180, 0, -180.5, 0, -180.5, 1, -180, 0],
  ],
  [
    'with sides of 360 degrees joins two names of one meridian',
    [-180, 80, 180, 80, 180, 90, -180, 90, -180, 80],
    [-180, 80, 180, 80, 180, 90, -180, 90, -180, 80],
  ],
])('a ring %s', (_, ring, unwrapped) => {
  expect(unwrapRing(ring)).toEqual(unwrapped)
})

describe('a ring once round the earth holds a pole', () => {
  test.each<[string, number[], number[]]>([
    [
      'the northern one, closed at its first vertex where all are as near',
      [0, 80, 90, 80, 180, 80, -90, 80, 0, 80],
      [0, 80, 90, 80, 180, 80, 270, 80, 360, 80, 360, 90, 0, 90, 0, 80],
    ],
    [
      'closed at the vertex nearest to it',
      [0, 80, 90, 85, 180, 82, -90, 81, 0, 80],
      [90, 85, 180, 82, 270, 81, 360, 80, 450, 85, 450, 90, 90, 90, 90, 85],
    ],
    [
      'closed at its last vertex',
      [0, 80, 90, 81, 180, 82, -90, 85, 0, 80],
      [270, 85, 360, 80, 450, 81, 540, 82, 630, 85, 630, 90, 270, 90, 270, 85],
    ],
    [
      'the southern one, drawn to the west',
      [0, -80, -90, -85, 180, -82, 90, -81, 0, -80],
      [-90, -85, -180, -82, -270, -81, -360, -80, -450, -85, -450, -90, -90, -90, -90, -85],
    ],
    [
      'on whose side most of its way lies',
      [0, 50, 10, 50, 20, -30, -170, -30, 0, 50],
      [20, -30, 190, -30, 360, 50, 370, 50, 380, -30, 380, -90, 20, -90, 20, -30],
    ],
    [
      'the northern one where it lies about the equator',
      [5, 0, 95, 0, -175, 0, -85, 0, 5, 0],
      [5, 0, 95, 0, 185, 0, 275, 0, 365, 0, 365, 90, 5, 90, 5, 0],
    ],
  ])('%s', (_, ring, closed) => {
    expect(unwrapRing(ring)).toEqual(closed)
  })
})

describe('a hole', () => {
  const outer = [170, 0, 190, 0, 190, 10, 170, 10, 170, 0]

  test('is moved by whole turns to its outer ring', () => {
    expect(alignHole([-175, 1, -174, 1, -174, 2, -175, 1], outer)).toEqual([185, 1, 186, 1, 186, 2, 185, 1])
    expect(alignHole([532, 1, 533, 1, 533, 2, 532, 1], outer)).toEqual([172, 1, 173, 1, 173, 2, 172, 1])
    expect(alignHole([1, 1, 2, 1, 2, 3, 1, 1], [-10, 0, 10, 0, 10, 10, -10, 0])).toEqual([
      1, 1, 2, 1, 2, 3, 1, 1,
    ])
  })

  test('that is there already is the same one', () => {
    const hole = [175, 1, 176, 1, 176, 2, 175, 1]
    expect(alignHole(hole, outer)).toBe(hole)
    const wide = [-170, 0, 170, 0, 170, 5, -170, 0]
    expect(alignHole(wide, [-179, -1, 179, -1, 179, 6, -179, -1])).toBe(wide)
  })
})
