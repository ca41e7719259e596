/**
 * The shift of Chinese maps, for tiles that are declared to have it: the formula of `proto/geo/gcj02.ts`, which a test holds
 * this one to. What is stored and sent stays WGS-84.
 */

const axisM = 6_378_245
const e2 = 0.006_693_421_622_965_943
const degree = Math.PI / 180

const shifted = ({ lat, lon }) => lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271
const waves = (angle) => ((20 * Math.sin(angle) + 40 * Math.sin(angle / 3)) * 2) / 3

function offsets(x, y) {
  const common = ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3
  const root = 0.1 * 2 * Math.sqrt(Math.abs(x))
  const north =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    root +
    common +
    waves(y * Math.PI) +
    ((160 * Math.sin((y * Math.PI) / 12) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3
  const east =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    root / 2 +
    common +
    waves(x * Math.PI) +
    ((150 * Math.sin((x * Math.PI) / 12) + 300 * Math.sin((x * Math.PI) / 30)) * 2) / 3
  return { north, east }
}

/** WGS-84 to GCJ-02. */
export function toGcj02(point) {
  if (!shifted(point)) return { lat: point.lat, lon: point.lon }
  const { north, east } = offsets(point.lon - 105, point.lat - 35)
  const sin = Math.sin(point.lat * degree)
  const w2 = 1 - e2 * sin * sin
  const w = Math.sqrt(w2)
  return {
    lat: point.lat + north / (((axisM * (1 - e2)) / (w2 * w)) * degree),
    lon: point.lon + east / ((axisM / w) * Math.cos(point.lat * degree) * degree),
  }
}

/** GCJ-02 to WGS-84: what an officer draws on shifted tiles. */
export function fromGcj02(point) {
  if (!shifted(point)) return { lat: point.lat, lon: point.lon }
  let guess = point
  for (let round = 0; round < 10; round++) {
    const seen = toGcj02(guess)
    guess = { lat: guess.lat + point.lat - seen.lat, lon: guess.lon + point.lon - seen.lon }
  }
  return guess
}
