import { describe, expect, it } from 'vitest'
import { overload } from '../../../device/detectors/overload.ts'
import type { Sample } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { conduct } from '../../help/conduct.ts'
import { deepFreeze } from '../../help/road.ts'
import { brief, seconds, settings, told } from '../../help/seconds.ts'

const approved: Settings = deepFreeze({
  ...settings,
  vehicle: { ...settings.vehicle, approvedMassKg: 18_000 },
})
const load = (massKg: number | null, speedKmh: number | null = 60): Partial<Sample> => ({
  speedKmh,
  conduct: conduct({ massKg }),
})
const drive = (count: number, at: (s: number) => Partial<Sample> | null, inForce = approved) =>
  told(overload, seconds(count, at), inForce)

describe('overload', () => {
  it.each([
    ['5 % over is the sensor', 18_900, 60, 0],
    ['one kilogram more for 29 s', 18_901, 30, 0],
    ['one kilogram more for 30 s', 18_901, 31, 1],
  ])('%s', (_name, massKg, count, findings) => {
    expect(drive(count, () => load(massKg))).toHaveLength(findings)
  })

  it('says how much, as information that has to be weighed', () => {
    const [started, ended] = drive(50, (s) => load(s < 40 ? 19_800 + (s === 20 ? 200 : 0) : 17_000))
    expect(brief(started!)).toEqual(['started', 'info', 0, 30])
    expect(brief(ended!)).toEqual(['ended', 'info', 39, 40])
    expect(started).toMatchObject({
      grade: 'to-verify',
      evidence: { massKg: 20_000, approvedMassKg: 18_000, percent: 11.1 },
    })
  })

  it('needs the approved mass of the vehicle file', () => {
    expect(drive(60, () => load(40_000), settings)).toEqual([])
  })

  it('is not judged standing, nor while nobody tells', () => {
    expect(drive(60, () => load(40_000, 2.9))).toEqual([])
    expect(drive(60, () => load(40_000, null))).toEqual([])
    expect(drive(60, () => load(null))).toEqual([])
    expect(drive(60, () => ({ speedKmh: 60 }))).toEqual([])
    expect(drive(60, () => load(40_000, 3)).map(brief)).toEqual([['started', 'info', 0, 30]])
  })

  it('goes on after a stop of less than 20 min, and begins anew after a longer one', () => {
    const stopped = (stopS: number) =>
      drive(stopS + 120, (s) => load(20_000, s < 60 || s >= 60 + stopS ? 60 : 0)).map(brief)
    expect(stopped(1199)).toEqual([['started', 'info', 0, 30]])
    expect(stopped(1205)).toEqual([
      ['started', 'info', 0, 30],
      ['ended', 'info', 59, 1260],
      ['started', 'info', 1265, 1295],
    ])
  })

  it('does not end because the vehicle says nothing for a while', () => {
    const findings = drive(80, (s) => (s < 40 || s >= 50 ? load(20_000) : { speedKmh: 60, conduct: null }))
    expect(findings.map(brief)).toEqual([['started', 'info', 0, 30]])
  })
})
