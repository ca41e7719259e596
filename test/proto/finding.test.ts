import { expect, test } from 'vitest'
import { type FindingParts, makeFinding } from '../../proto/finding.ts'
import type { Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import { sampleAt } from '../help/drive.ts'
import { coachSettings } from '../help/driving-settings.ts'

const settings = coachSettings()
const fix = { lat: 30.000_000_4, lon: 114, accuracyM: null, satellites: 9 }

const made = (
  parts: Partial<FindingParts> = {},
  sample: Partial<Sample> = {},
  inForce: Settings = settings,
) =>
  makeFinding(
    { kind: 'fatigue', phase: 'started', severity: 'major', atMs: 999.6, evidence: { leftS: 5 }, ...parts },
    sampleAt(2000.4, { driver: 'A', fix, ...sample }),
    inForce,
  )

test('what is not said is the deciding Sample’s, the vehicle’s, and sufficient', () => {
  expect(made()).toEqual({
    kind: 'fatigue',
    reason: null,
    phase: 'started',
    subject: settings.vehicle.id,
    severity: 'major',
    grade: 'sufficient',
    atMs: 1000,
    decidedAtMs: 2000,
    place: { lat: 30, lon: 114 },
    driver: 'A',
    trip: null,
    rule: { id: 'fatigue', version: expect.any(Number) },
    evidence: { leftS: 5 },
  })
})

test('what is said holds', () => {
  const place = { lat: 31.000_000_6, lon: 115 }
  const parts = { reason: 'rolling7d', subject: 'B', grade: 'to-verify', driver: null, place } as const
  expect(made(parts)).toMatchObject({
    ...parts,
    place: { lat: 31.000_001, lon: 115 },
    evidence: { leftS: 5 },
  })
  expect(made({ place: null }).place).toBeNull()
  expect(made({ driver: 'C' }).driver).toBe('C')
})

test('the trip in force is named', () => {
  const trip = { id: 'T1' } as NonNullable<Settings['trip']>
  expect(made({}, {}, { ...settings, trip }).trip).toBe('T1')
})

test('an undisciplined clock proves nothing, and says so unless something else is to be verified already', () => {
  expect(made({}, { trusted: false })).toMatchObject({
    grade: 'to-verify',
    evidence: { leftS: 5, gradeReason: 'clock not disciplined' },
  })
  expect(made({ grade: 'sufficient' }, { trusted: false }).grade).toBe('to-verify')
  const told = made({ grade: 'to-verify', evidence: { gradeReason: 'why' } }, { trusted: false })
  expect(told).toMatchObject({ grade: 'to-verify', evidence: { gradeReason: 'why' } })
})

test('a kind that is in no catalogue is a mistake of the program', () => {
  expect(() => made({ kind: 'no-such-kind' })).toThrow('no catalogue entry for kind no-such-kind')
})
