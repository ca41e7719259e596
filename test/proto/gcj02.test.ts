import { describe, expect, test } from 'vitest'
import { fromGcj02, toGcj02 } from '../../proto/geo/gcj02.ts'

/** The shift as it is passed on from map to map, one wave after the other. */
function passedOn(lat: number, lon: number): { lat: number; lon: number } {
  const [x, y, pi] = [lon - 105, lat - 35, Math.PI]
  let north = -100 + 2 * x + 3 * y + 0.2 * y ** 2 + 0.1 * x * y + 0.2 * Math.abs(x) ** 0.5
  let east = 300 + x + 2 * y + 0.1 * x ** 2 + 0.1 * x * y + 0.1 * Math.abs(x) ** 0.5
  const wave = (height: number, angle: number): number => (height * 2 * Math.sin(angle * pi)) / 3
  for (const [height, times] of [
    [20, 6],
    [20, 2],
  ] as const) {
    north += wave(height, times * x)
    east += wave(height, times * x)
  }
  for (const [height, length] of [
    [20, 1],
    [40, 3],
  ] as const) {
    north += wave(height, y / length)
    east += wave(height, x / length)
  }
  for (const [height, length] of [
    [160, 12],
    [320, 30],
  ] as const)
    north += wave(height, y / length)
  for (const [height, length] of [
    [150, 12],
    [300, 30],
  ] as const)
    east += wave(height, x / length)
  const radians = (lat / 180) * pi
  const ee = 0.006_693_421_622_965_943
  const magic = 1 - ee * Math.sin(radians) ** 2
  return {
    lat: lat + (north * 180) / (((6_378_245 * (1 - ee)) / magic ** 1.5) * pi),
    lon: lon + (east * 180) / ((6_378_245 / magic ** 0.5) * Math.cos(radians) * pi),
  }
}

const places = [
  [39.911954, 116.377817],
  [31.1774276, 121.5272106],
  [22.543847, 113.912316],
  [43.8, 87.6],
  [29.65, 91.1],
  [35, 105],
  [45.75, 126.65],
  [18.25, 109.5],
  [35.5, 104.9],
  [1, 73],
  [55.5, 137.5],
] as const

describe('the shift of Chinese maps', () => {
  test.each(places)('is that which is passed on (%s, %s)', (lat, lon) => {
    const [found, expected] = [toGcj02({ lat, lon }), passedOn(lat, lon)]
    expect(Math.abs(found.lat - expected.lat)).toBeLessThan(1e-12)
    expect(Math.abs(found.lon - expected.lon)).toBeLessThan(1e-12)
  })

  test.each(places)('is undone to the tenth digit (%s, %s)', (lat, lon) => {
    const back = fromGcj02(toGcj02({ lat, lon }))
    expect(back).toEqual({ lat: Math.round(lat * 1e10) / 1e10, lon: Math.round(lon * 1e10) / 1e10 })
  })

  test.each([
    ['west', { lat: 35, lon: 72.004 }, { lat: 35, lon: 72.0039 }],
    ['east', { lat: 35, lon: 137.8347 }, { lat: 35, lon: 137.8348 }],
    ['south', { lat: 0.8293, lon: 105 }, { lat: 0.8292, lon: 105 }],
    ['north', { lat: 55.8271, lon: 105 }, { lat: 55.8272, lon: 105 }],
  ])('ends in the %s', (_, inside, outside) => {
    expect(toGcj02(inside)).not.toEqual(inside)
    expect(toGcj02(outside)).toEqual(outside)
    expect(fromGcj02(outside)).toEqual(outside)
  })
})
