import { describe, expect, it } from 'vitest'
import { crossingBetween, isStraight } from '../../../device/detectors/crossing.ts'
import { distanceM } from '../../../proto/geo/earth.ts'
import { sampleAt } from '../../help/drive.ts'
import { roadMetres, roadPoint, settingsFor } from '../../help/road.ts'
import { startMs } from '../../help/seconds.ts'

const settings = settingsFor('coach')
const [here, there] = [roadPoint(0), roadPoint(2000)]
const lineM = distanceM(here, there)

/** Two fixes 2 km apart, so many milliseconds, with what an odometer showed at each. */
const straight = (ms: number, before: number | null, now: number | null, reseeded = false): boolean =>
  isStraight(
    { atMs: startMs, ...here, odometerM: before },
    sampleAt(startMs + ms, { odometerM: now, reseeded }),
    there,
    settings,
  )

describe('whether a vehicle drove straight between two fixes', () => {
  it.each([
    [1000, true],
    [60_000, true],
    [60_001, false],
    [60_050, false],
  ])('%d ms apart, without an odometer: %s', (ms, believed) => {
    expect(straight(ms, null, null)).toBe(believed)
  })

  it.each([
    ['as long as the line', 500_000, 500_000 + lineM, true],
    ['4.9 % longer', 500_000, 500_000 + lineM * 1.049, true],
    ['5.1 % longer', 500_000, 500_000 + lineM * 1.051, false],
    ['4.9 % shorter', 500_000, 500_000 + lineM * 0.951, true],
    ['5.1 % shorter', 500_000, 500_000 + lineM * 0.949, false],
    ['known only now, by chance as long as the line', null, lineM, false],
    ['known only before, by chance as long as the line', -lineM, null, false],
  ])('ten minutes apart, by an odometer %s: %s', (_title, before, now, believed) => {
    expect(straight(600_000, before, now)).toBe(believed)
  })

  it('never over a position that was seeded anew', () => {
    expect(straight(1000, 0, lineM, true)).toBe(false)
  })
})

describe('where a border was passed', () => {
  const last = { atMs: startMs, ...here, odometerM: null }

  it.each([0, 1, 333.3, 1000, 1999])('%d m after the fix before, to the millimetre', (borderM) => {
    const now = { atMs: startMs + 100_000, fix: there }
    const { atMs, place, afterMs } = crossingBetween(last, now, (at) => roadMetres(at).alongM > borderM)
    expect(roadMetres(place).alongM).toBeCloseTo(borderM, 3)
    expect(atMs - startMs).toBeCloseTo(borderM * 50, 3)
    expect(afterMs).toBeNull()
  })
})
