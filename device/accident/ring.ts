import { roundDeg, roundKmh, roundMs } from '../../proto/round.ts'

/**
 * The last minute in steps of 0.1 to 0.2 s (GB/T 19056: 20 s of them make an accident record). Bounded in points as in
 * time, whatever a bus says how often.
 */
export type Point = {
  readonly atMs: number
  readonly speedKmh: number | null
  readonly source: 'wheel' | 'gnss' | null
  readonly brake: boolean | null
  readonly leftTurn: boolean | null
  readonly rightTurn: boolean | null
  readonly highBeam: boolean | null
  readonly lowBeam: boolean | null
  readonly lat: number | null
  readonly lon: number | null
}

/** The finest step; what comes sooner after the last point is left out. Timers and buses are a little early at times. */
export const stepMs = 95
const spanMs = 75_000
const pointsMax = 1000

export class PointRing {
  #points: Point[] = []

  /** Whether a point of this moment would be kept. */
  isDue(atMs: number): boolean {
    const last = this.#points.at(-1)
    return last === undefined || atMs - last.atMs >= stepMs
  }

  add(point: Point): void {
    // A clock that went back without saying so: what came before is of another time.
    if ((this.#points.at(-1)?.atMs ?? point.atMs) > point.atMs) this.#points = []
    this.#points.push(rounded(point))
    const oldestMs = point.atMs - spanMs
    if (this.#points[0]!.atMs < oldestMs || this.#points.length > pointsMax)
      this.#points = this.#points.filter(({ atMs }) => atMs >= oldestMs).slice(-pointsMax)
  }

  /** The wall clock was corrected: durations stay as they were. */
  shift(byMs: number): void {
    if (byMs !== 0) this.#points = this.#points.map((point) => ({ ...point, atMs: point.atMs + byMs }))
  }

  between(fromMs: number, toMs: number): readonly Point[] {
    return this.#points.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
  }
}

const rounded = (point: Point): Point => ({
  ...point,
  atMs: roundMs(point.atMs),
  speedKmh: point.speedKmh === null ? null : roundKmh(point.speedKmh),
  lat: point.lat === null ? null : roundDeg(point.lat),
  lon: point.lon === null ? null : roundDeg(point.lon),
})
