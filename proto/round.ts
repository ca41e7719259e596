/**
 * Numbers of findings are rounded once, at creation (design 5), so that no last bit of trigonometry can make
 * two runs differ. Half away from zero; -0 becomes 0.
 */
function to(value: number, perUnit: number): number {
  const rounded = Math.sign(value) * Math.round(Math.abs(value) * perUnit)
  return rounded / perUnit || 0
}

/** 0.1 km/h. */
export const roundKmh = (kmh: number): number => to(kmh, 10)
/** 1 m. */
export const roundM = (metres: number): number => to(metres, 1)
/** 1e-6 degree. */
export const roundDeg = (degrees: number): number => to(degrees, 1e6)
/** 1 ms. */
export const roundMs = (ms: number): number => to(ms, 1)
/** 1 ms, expressed in seconds. */
export const roundS = (seconds: number): number => to(seconds, 1000)
/** 0.1 %. */
export const roundPct = (percent: number): number => to(percent, 10)
/** 1 m, expressed in km. */
export const roundKm = (km: number): number => to(km, 1000)

/** Position of a finding, or null. */
export function roundPlace(fix: { lat: number; lon: number } | null): { lat: number; lon: number } | null {
  return fix === null ? null : { lat: roundDeg(fix.lat), lon: roundDeg(fix.lon) }
}
