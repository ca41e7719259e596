import { describe, expect, it } from 'vitest'
import { cosLatitude } from '../../proto/geo/earth.ts'

describe('the cosine of a latitude', () => {
  it('is that of the library to the fifteenth digit, from pole to pole', () => {
    for (let lat = -90; lat <= 90; lat += 0.0137)
      expect(Math.abs(cosLatitude(lat) - Math.cos((lat * Math.PI) / 180))).toBeLessThan(1e-15)
  })

  it('is exactly one at the equator and the same north and south', () => {
    expect(cosLatitude(0)).toBe(1)
    for (const lat of [12.5, 28.228209, 30, 45, 60, 89.999999])
      expect(cosLatitude(-lat)).toBe(cosLatitude(lat))
  })

  it('is to the last bit what it was on the machine on which this was written', () => {
    // The bits themselves: a machine that computes others would decide other findings.
    const bits = [12.5, 28.228209, 30, 45, 60, 89.999999].map((lat) =>
      Buffer.from(new Float64Array([cosLatitude(lat)]).buffer).toString('hex'),
    )
    expect(bits).toMatchInlineSnapshot(`
      [
        "b874b91fd13def3f",
        "dc81b028bb31ec3f",
        "ac4c58e87ab6eb3f",
        "cc3b7f669ea0e63f",
        "020000000000e03f",
        "0000004486bd523e",
      ]
    `)
  })
})
