import { describe, expect, it } from 'vitest'
import { calibrated } from '../../../device/detectors/calibrated.ts'
import { speedMismatch } from '../../../device/detectors/speed-mismatch.ts'
import { speeding } from '../../../device/detectors/speeding.ts'
import type { Sample } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { deepFreeze } from '../../help/road.ts'
import { fixAt, healthy, seconds, settings, told, wheel } from '../../help/seconds.ts'

const certified = (validTo: string): Settings =>
  deepFreeze({
    ...settings,
    vehicle: { ...settings.vehicle, calibration: { certificate: 'JL-2025-118', validTo } },
  })

/** 90 km/h by wheel, and so much more by GNSS; 120 from 320 s to 350 s. */
const drive = (share: number, count = 400): Sample[] =>
  seconds(count, (s) => {
    const kmh = s >= 320 && s < 350 ? 120 : 90
    return { fix: fixAt(s * 25), speedKmh: kmh, sources: wheel(kmh, kmh * (1 + share)), lines: healthy }
  })

describe('speeding while the speed sources disagree', () => {
  it('is marked and has to be verified; alike otherwise', () => {
    const [plain] = told(speeding, drive(0.2))
    const [marked] = told(calibrated(speeding), drive(0.2))
    expect(plain?.evidence['calibrateFirst']).toBeUndefined()
    expect(marked?.grade).toBe('to-verify')
    expect(marked?.evidence).toEqual({
      ...plain!.evidence,
      calibrateFirst: true,
      gradeReason: 'the speed sources disagree; calibrate first',
    })
    expect({ ...marked, grade: null, evidence: null }).toEqual({ ...plain, grade: null, evidence: null })
  })

  it('is what it always was while they agree', () => {
    expect(told(calibrated(speeding), drive(0.05))).toEqual(told(speeding, drive(0.05)))
  })

  it('carries number and expiry of the last calibration', () => {
    const [marked] = told(calibrated(speeding), drive(0.2), certified('2026-11-22'))
    expect(marked?.evidence).toMatchObject({
      calibrationCertificate: 'JL-2025-118',
      calibrationValidTo: '2026-11-22',
      calibrationExpired: true,
    })
  })

  it('forgets it once they agreed for 5 min', () => {
    const samples = seconds(1100, (s) => {
      const kmh = s >= 1000 && s < 1040 ? 120 : 90
      const share = s < 330 ? 0.2 : 0
      return { fix: fixAt(s * 25), speedKmh: kmh, sources: wheel(kmh, kmh * (1 + share)), lines: healthy }
    })
    const [late] = told(calibrated(speeding), samples)
    expect(late?.grade).toBe('sufficient')
    expect(late?.evidence['calibrateFirst']).toBeUndefined()
  })
})

describe('speed-mismatch', () => {
  it.each([
    ['2026-11-22', true],
    ['2026-11-23', false],
    ['2026-11-23T02:05:00Z', true],
  ])('a certificate valid to %s', (validTo, expired) => {
    const [finding] = told(speedMismatch, drive(0.2, 310), certified(validTo))
    expect(finding?.evidence).toMatchObject({
      calibrationCertificate: 'JL-2025-118',
      calibrationValidTo: validTo,
      calibrationExpired: expired,
    })
  })
})
