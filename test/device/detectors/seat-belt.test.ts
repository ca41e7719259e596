import { describe, expect, it } from 'vitest'
import { seatBelt } from '../../../device/detectors/seat-belt.ts'
import { catalog } from '../../../proto/catalog.ts'
import { brief, seconds, told } from '../../help/seconds.ts'

const ride = (kmh: (s: number) => number | null, count = 200): unknown[] =>
  told(
    seatBelt,
    seconds(count, (s) => ({ speedKmh: kmh(s) })),
  ).map(brief)
const departure = (s: number) => [
  ['started', 'info', s, s],
  ['ended', 'info', s, s],
]

describe('the word about seat belts', () => {
  it('is said at a departure after a minute, not after 59 s', () => {
    expect(ride((s) => (s < 60 ? 0 : 30))).toEqual(departure(60))
    expect(ride((s) => (s < 59 ? 0 : 30))).toEqual([])
  })

  it('is said once for each departure', () => {
    expect(ride((s) => (s < 70 || (s >= 100 && s < 170) ? 0 : 30))).toEqual([
      ...departure(70),
      ...departure(170),
    ])
  })

  it('a drifting receiver is no departure, an unknown speed is nothing', () => {
    expect(ride((s) => (s < 100 ? 2.9 : s < 110 ? null : 3))).toEqual(departure(110))
    expect(ride(() => 80)).toEqual([])
  })

  it('is for the cab only', () => {
    expect(catalog['seat-belt']?.driverOnly).toBe(true)
  })

  it('knows how long the vehicle stood', () => {
    const [started] = told(
      seatBelt,
      seconds(200, (s) => ({ speedKmh: s < 75 ? 0 : 30 })),
    )
    expect(started?.evidence).toEqual({ stoodS: 75 })
  })
})
