import { metresPerDegree } from '../../proto/geo/earth.ts'
import { chance } from '../random.ts'

/** Drives so simple that anybody can say what they must cause: straight east, stretches of one speed each. */
export type Stretch = { readonly seconds: number; readonly kmh: number }
export type Drive = {
  readonly vehicle: string
  readonly driver: string
  readonly lat: number
  readonly stretches: readonly Stretch[]
  /** How far along its road the vehicle is at each whole second, metres. */
  readonly alongM: readonly number[]
  readonly kmh: readonly number[]
}

export const fleetName = 'synthetic'
export const startMs = Date.parse('2026-11-23T10:00:00+08:00')
/** A truck's cap where nobody knows the road is 100 km/h. */
export const limitKmh = 100
const lawfulKmh = [72, 80, 90] as const
const overKmh = 110
/** Every other road leads through the closed zone. */
export const zone = { id: 'closed-zone', fromLon: 114.01, toLon: 114.02, lowLat: 29.9, highLat: 31.1 }
const roadLon = 114

export function drivesOf(vehicles: number, seed: number, minutes: number): Drive[] {
  return Array.from({ length: vehicles }, (_, index) => driveOf(index, seed, minutes * 60))
}

function driveOf(index: number, seed: number, seconds: number): Drive {
  const lucky = (what: string, at: number): number => chance(seed, `fleet/${index}/${what}`, at)
  const stretches: Stretch[] = []
  let left = seconds
  for (let at = 0; left > 0; at++) {
    const over = at % 2 === 1
    // Ten and eleven seconds are the edge of the hold: nine and ten between first and last.
    const lengths = over ? [6, 10, 11, 25] : [20, 35, 50]
    const length = Math.min(left, lengths[Math.floor(lucky('length', at) * lengths.length)]!)
    stretches.push({ seconds: length, kmh: over ? overKmh : lawfulKmh[Math.floor(lucky('kmh', at) * 3)]! })
    left -= length
  }
  const kmh = stretches.flatMap((one) => Array.from({ length: one.seconds }, () => one.kmh))
  const alongM = [0]
  for (const [second, speed] of kmh.entries()) alongM.push(alongM[second]! + speed / 3.6)
  const roads = 500
  const lat = (index % 2 === 0 ? 30 : 40) + (index % roads) / roads
  return { vehicle: `v${index}`, driver: `d${index}`, lat, stretches, alongM, kmh }
}

export function lonAt(drive: Drive, alongM: number): number {
  return roadLon + alongM / metresPerDegree(drive.lat).lon
}

/** Where along its road a drive meets a longitude, metres. */
export function alongAt(drive: Drive, lon: number): number {
  return (lon - roadLon) * metresPerDegree(drive.lat).lon
}
