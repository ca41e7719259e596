import { describe, expect, it } from 'vitest'
import type { Alert } from '../../proto/model.ts'
import { type Drive, drivesOf, startMs } from '../../sim/fleet/drives.ts'
import { type Expected, expectedOf, judge } from '../../sim/fleet/witness.ts'

const driveOf = (stretches: Drive['stretches'], lat = 40): Drive => {
  const kmh = stretches.flatMap((one) => Array.from({ length: one.seconds }, () => one.kmh))
  const alongM = [0]
  for (const [second, speed] of kmh.entries()) alongM.push(alongM[second]! + speed / 3.6)
  return { vehicle: 'v0', driver: 'd0', lat, stretches, alongM, kmh }
}
const brief = ({ kind, phase, atMs, decidedS }: Expected) => [kind, phase, (atMs - startMs) / 1000, decidedS]
const slow = { seconds: 30, kmh: 80 }

describe('the witness of the fleet', () => {
  it('ten seconds between the first and the last above the limit, and slow for five', () => {
    expect(expectedOf(driveOf([slow, { seconds: 11, kmh: 110 }, slow])).map(brief)).toEqual([
      ['speeding', 'started', 30, 40],
      ['speeding', 'ended', 40, 46],
    ])
    expect(expectedOf(driveOf([slow, { seconds: 10, kmh: 110 }, slow]))).toEqual([])
  })

  it('an episode that nobody saw the end of has none', () => {
    const drives = [
      driveOf([slow, { seconds: 30, kmh: 110 }]),
      driveOf([slow, { seconds: 30, kmh: 110 }, { seconds: 5, kmh: 80 }]),
    ]
    for (const one of drives) expect(expectedOf(one).map(({ phase }) => phase)).toEqual(['started'])
  })

  it('the zone is entered at its border and left at the other, known 30 m behind it', () => {
    const drive = driveOf([{ seconds: 120, kmh: 72 }], 30)
    const [entered, left] = expectedOf(drive)
    const [toM, fromM] = [0.02, 0.01].map((degrees) => degrees * 111_320 * Math.cos((30 * Math.PI) / 180))
    expect((entered!.atMs - startMs) / 1000).toBeCloseTo(fromM! / 20, 0)
    expect((left!.atMs - startMs) / 1000).toBeCloseTo(toM! / 20, 0)
    expect(left!.decidedS).toBe(Math.ceil((left!.atMs - startMs) / 1000 + 30 / 20))
    expect(expectedOf(driveOf([{ seconds: 120, kmh: 72 }], 40))).toEqual([])
  })

  it('says what did not come, what came twice, and what nobody caused', () => {
    const expected = expectedOf(driveOf([slow, { seconds: 30, kmh: 110 }, slow]))
    const alertOf = ({ vehicle, kind, phase, atMs }: Expected) => ({
      alert: {
        vehicle,
        kind,
        phase,
        at: new Date(atMs).toISOString(),
        late: false,
        supersedes: null,
      } as Alert,
      hostMs: 0,
    })
    const [started, ended] = expected.map(alertOf)
    expect(judge(expected, [started!, ended!])).toMatchObject({ missing: [], unexpected: [] })
    expect(judge(expected, [started!]).missing).toEqual([expected[1]])
    expect(judge(expected, [started!, ended!, ended!]).unexpected).toHaveLength(1)
    const late = { ...ended!, alert: { ...ended!.alert, late: true } }
    expect(judge(expected, [started!, late]).unexpected).toHaveLength(1)
    const early = alertOf({ ...expected[0]!, atMs: expected[0]!.atMs - 11 })
    expect(judge(expected, [early, ended!])).toMatchObject({ missing: [expected[0]], unexpected: [{}] })
  })

  it('its drives repeat by seed and differ by seed, and cause something of each kind', () => {
    expect(drivesOf(20, 7, 2)).toEqual(drivesOf(20, 7, 2))
    expect(drivesOf(20, 7, 2)).not.toEqual(drivesOf(20, 8, 2))
    const kinds = drivesOf(20, 7, 3)
      .flatMap(expectedOf)
      .map(({ kind, phase }) => `${kind} ${phase}`)
    expect(new Set(kinds)).toEqual(
      new Set(['speeding started', 'speeding ended', 'area started', 'area ended']),
    )
  })
})
