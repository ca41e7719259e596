import { describe, expect, it } from 'vitest'
import { powerCut } from '../../../device/detectors/power-cut.ts'
import type { Conduct, Sample } from '../../../proto/model.ts'
import { conduct } from '../../help/conduct.ts'
import { brief, fixAt, seconds, told } from '../../help/seconds.ts'

const ride = (at: (s: number) => Partial<Sample> | null, count = 60) =>
  told(
    powerCut,
    seconds(count, (s) => {
      const known = at(s)
      return known === null ? null : { fix: fixAt(s * 20), speedKmh: 60, conduct: conduct(), ...known }
    }),
  )
const power = (known: Partial<Conduct>) => ({ conduct: conduct(known) })
const during = (from: number, to: number, known: Partial<Conduct>) => (s: number) =>
  s >= from && s < to ? power(known) : {}

describe('power-cut, seen', () => {
  it('by the supply line: at once', () => {
    const [started, ended] = ride((s) => power({ mainPower: s !== 10 }))
    expect(brief(started!)).toEqual(['started', 'major', 10, 10])
    expect(brief(ended!)).toEqual(['ended', 'major', 11, 11])
    expect(started!.evidence).toEqual({
      by: 'line',
      moving: true,
      speedKmh: 60,
      batteryV: 27,
      record: '20261123T020010000Z-power-cut',
    })
    expect(ended!.evidence['darkS']).toBe(1)
  })

  it.each([
    ['8 V is there', 8, 10, []],
    ['7.95 V for 1 s is a start of the engine', 7.95, 2, []],
    ['7.95 V for 2 s', 7.95, 3, ['started', 'ended']],
  ])('by the battery: %s', (_name, batteryV, lasting, phases) => {
    const findings = ride(during(10, 10 + lasting, { batteryV }))
    expect(findings.map(({ phase }) => phase)).toEqual(phases)
    if (phases.length > 0) expect(brief(findings[0]!)).toEqual(['started', 'major', 10, 12])
  })

  it('parked it is information', () => {
    const [started] = ride((s) => ({ ...during(10, 20, { batteryV: 0 })(s), speedKmh: 2.9 }))
    expect(started).toMatchObject({ severity: 'info', evidence: { moving: false, by: 'battery' } })
  })

  it('the key switch counts only on the move and without a battery voltage', () => {
    const key = (speedKmh: number, batteryV: number | null) =>
      ride((s) => ({
        speedKmh,
        conduct: conduct({ batteryV, keySwitchV: s >= 10 && s < 20 ? 0 : 27 }),
      })).length
    expect(key(60, null)).toBe(2)
    expect(key(0, null)).toBe(0)
    expect(key(60, 27)).toBe(0)
  })

  it('the supply line knows better than the battery of the vehicle', () => {
    expect(ride(during(10, 20, { mainPower: true, batteryV: 0 }))).toEqual([])
  })

  it('nobody tells: nothing begins, nothing ends', () => {
    expect(ride(() => ({ conduct: null }))).toEqual([])
    const silent = ride((s) => (s < 10 ? {} : s < 15 ? power({ batteryV: 0 }) : { conduct: null }))
    expect(silent.map(({ phase }) => phase)).toEqual(['started'])
  })
})

describe('power-cut, inferred at the next boot', () => {
  const boot = power({ afterPowerLoss: true })
  /** On the move until 20 s, dark until 50 s. */
  const dark = (before: Partial<Sample>, after: Partial<Sample> = boot) =>
    ride((s) => (s < 20 ? before : s < 50 ? null : s === 50 ? after : {}))

  it('begins with the last Sample before, at its place', () => {
    const findings = dark({})
    expect(findings.map(brief)).toEqual([
      ['started', 'major', 19, 50],
      ['ended', 'major', 50, 50],
    ])
    const { lat, lon } = fixAt(19 * 20)!
    expect(findings[0]!.place?.lat).toBeCloseTo(lat, 5)
    expect(findings[0]!.place?.lon).toBeCloseTo(lon, 5)
    expect(findings[0]!.evidence).toMatchObject({
      by: 'boot',
      speedKmh: 60,
      record: '20261123T020019000Z-power-cut',
    })
    expect(findings[1]!.evidence['darkS']).toBe(31)
  })

  it('is none for a parked vehicle, an unknown speed, or an orderly stop', () => {
    expect(dark({ speedKmh: 0 })).toEqual([])
    expect(dark({ speedKmh: null })).toEqual([])
    expect(dark({}, {})).toEqual([])
  })

  it('waits for a disciplined clock', () => {
    const findings = ride((s) =>
      s < 20 ? {} : s < 50 ? null : s < 55 ? { ...(s === 50 ? boot : {}), trusted: false } : {},
    )
    expect(findings.map(brief)[0]).toEqual(['started', 'major', 19, 55])
  })

  it('what was told at the last gasp only ends', () => {
    const findings = ride((s) =>
      s < 19 ? {} : s === 19 ? power({ mainPower: false }) : s < 50 ? null : s === 50 ? boot : {},
    )
    expect(findings.map(brief)).toEqual([
      ['started', 'major', 19, 19],
      ['ended', 'major', 50, 50],
    ])
  })

  it('the very first start of a terminal has nothing before it', () => {
    expect(ride((s) => (s === 0 ? boot : {}))).toEqual([])
  })

  it('at the very first Sample, of which neither speed nor place is known, says so to the end', () => {
    const findings = ride((s) => ({
      ...power({ mainPower: s >= 5, batteryV: null, keySwitchV: null }),
      ...(s < 5 ? { fix: null, speedKmh: null } : {}),
    }))
    const known = {
      by: 'line',
      moving: false,
      speedKmh: null,
      batteryV: null,
      record: '20261123T020000000Z-power-cut',
    }
    expect(findings.map(({ severity, place, evidence }) => ({ severity, place, evidence }))).toEqual([
      { severity: 'info', place: null, evidence: known },
      { severity: 'info', place: null, evidence: { ...known, darkS: 5 } },
    ])
  })

  it('takes the last known speed where nobody tells one at the cut', () => {
    const [cut] = ride((s) => ({
      ...power({ mainPower: s !== 10 }),
      ...(s === 10 ? { speedKmh: null } : {}),
    }))
    expect(cut).toMatchObject({ severity: 'major', evidence: { moving: true, speedKmh: 60 } })
  })

  it('of a vehicle whose place was never known is nowhere, also when the boot finds one', () => {
    const findings = ride((s) => (s < 20 ? { fix: null } : s < 50 ? null : s === 50 ? boot : {}))
    expect(findings.map(({ phase, place }) => [phase, place])).toEqual([
      ['started', null],
      ['ended', null],
    ])
  })

  it('is told at once before the first discipline of the clock, to be verified', () => {
    const findings = ride((s) => ({ ...power({ mainPower: s !== 10 }), trusted: s > 30 }))
    expect(findings.map((one) => [one.grade, ...brief(one)])).toEqual([
      ['to-verify', 'started', 'major', 10, 10],
      ['to-verify', 'ended', 'major', 11, 11],
    ])
  })

  it.each([
    [8, 60, 0],
    [7.9, 60, 2],
    [7.9, 3, 2],
    [7.9, 2.9, 0],
  ])('a key switch of %d V at %d km/h makes %d findings', (keySwitchV, speedKmh, count) => {
    const findings = ride((s) => ({
      speedKmh,
      conduct: conduct({ batteryV: null, keySwitchV: s >= 10 && s < 20 ? keySwitchV : 27 }),
    }))
    expect(findings).toHaveLength(count)
  })

  it('says the voltage of the key switch where there is no other, and the last place that was known', () => {
    const findings = ride((s) => ({
      conduct: conduct({ batteryV: null, keySwitchV: s >= 10 && s < 20 ? 4.2 : 27 }),
      ...(s >= 9 ? { fix: null } : {}),
    }))
    expect(findings[0]).toMatchObject({ evidence: { by: 'battery', batteryV: 4.2 } })
    expect(findings[0]!.place?.lon).toBeCloseTo(fixAt(8 * 20)!.lon, 6)
    const nowhere = ride((s) => ({ fix: null, ...during(10, 20, { batteryV: 0 })(s) }))
    expect(nowhere[0]?.place).toBeNull()
  })
})
