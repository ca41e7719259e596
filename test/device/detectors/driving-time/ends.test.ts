import { describe, expect, test } from 'vitest'
import { fatigue } from '../../../../device/detectors/fatigue.ts'
import { drive } from '../../../../proto/detector.ts'
import type { Finding, Sample } from '../../../../proto/model.ts'
import { sampleAt } from '../../../help/drive.ts'
import { instant, samplesOf } from '../../../help/driving-day.ts'
import { coachSettings } from '../../../help/driving-settings.ts'
import { fixAt } from '../../../help/seconds.ts'

const settings = coachSettings()
const told = (samples: readonly Sample[], reason: string): Finding[] =>
  drive(fatigue, samples, settings).findings.filter(
    (finding) => finding.kind === 'fatigue' && finding.reason === reason,
  )
const phases = (lines: readonly string[], reason: string): unknown[] =>
  told(samplesOf(lines, 10), reason).map(({ phase, severity }) => `${phase} ${severity}`)

describe('what the last seconds made worse is told at the end', () => {
  test('an hour over four hours', () => {
    expect(phases(['08:00 drives, driver A', '13:00 stands', '13:30 end'], 'continuousDay')).toEqual([
      'started major',
      'ended critical',
    ])
    expect(phases(['08:00 drives, driver A', '12:59:50 stands', '13:30 end'], 'continuousDay')).toEqual([
      'started major',
      'ended major',
    ])
    expect(phases(['08:00 drives, driver A', '13:00:20 stands', '13:30 end'], 'continuousDay')).toEqual([
      'started major',
      'updated critical',
      'ended critical',
    ])
  })

  test('half an hour over eight in a day', () => {
    const until = (at: string): unknown[] =>
      phases(
        [
          '08:00 drives, driver A',
          '11:30 stands',
          '12:00 drives',
          '15:30 stands',
          '16:00 drives',
          `${at} stands`,
          '18:30 end',
        ],
        'rolling24h',
      )
    expect(until('17:30:00')).toEqual(['started minor', 'ended major'])
    expect(until('17:29:50')).toEqual(['started minor', 'ended minor'])
  })
})

describe('whose the finding is', () => {
  const who = (findings: readonly Finding[]): unknown[] =>
    findings.map(({ phase, driver, evidence }) => [
      phase,
      driver,
      evidence['driver'],
      evidence['driverConfirmed'],
    ])

  test('his who drove, whoever logs in before the rest is over', () => {
    expect(
      who(
        told(
          samplesOf(['08:00 drives, driver A', '12:10 stands', '12:15 driver B', '12:40 end'], 10),
          'continuousDay',
        ),
      ),
    ).toEqual([
      ['started', 'A', 'A', undefined],
      ['ended', 'A', 'A', undefined],
    ])
  })

  test('nobody’s for sure where no card was in', () => {
    expect(
      who(
        told(
          samplesOf(['08:00 drives, driver A', '10:00 no driver', '12:10 stands', '12:40 end'], 10),
          'continuousDay',
        ),
      ),
    ).toEqual([
      ['started', null, 'A', false],
      ['ended', null, 'A', false],
    ])
  })
})

describe('a silence without an odometer', () => {
  /** Driven from 08:00 to 11:00, silent for 40 min, driven on until 13:00. */
  const drives = (metres: number | null, from: number | null = 0): Sample[] =>
    samplesOf(['08:00 drives, driver A', '11:00 silent', '11:40 back', '13:00 end'], 10).map((sample) => {
      const m = sample.atMs < instant('11:30') ? from : metres
      return { ...sample, odometerM: null, fix: m === null ? null : fixAt(m) }
    })

  test('is measured by the straight line between its fixes', () => {
    // 33 km cannot be driven in less than 20 min; the rest of the 40 min may have been a rest.
    expect(told(drives(66_000), 'continuousDay')[0]).toMatchObject({
      phase: 'started',
      atMs: instant('12:00'),
    })
    expect(told(drives(500), 'continuousDay')).toEqual([])
  })

  test('is measured by nothing where a fix is missing', () => {
    for (const [metres, from] of [
      [66_000, null],
      [null, 0],
    ] as const)
      expect(told(drives(metres, from), 'continuousDay')).toEqual([])
  })
})

test('driving that began within the last ten seconds before a silence began then', () => {
  const moving = { speedKmh: 80, speedSource: 'wheel' as const, driver: 'A' }
  const begun = (km: number): number[] =>
    told(
      [
        sampleAt(instant('08:00'), { ...moving, speedKmh: 0, odometerM: 0 }),
        sampleAt(instant('09:00'), { ...moving, speedKmh: 0, odometerM: 0 }),
        ...[0, 5].map((s) => sampleAt(instant('09:00') + 1000 + s * 1000, { ...moving, odometerM: 0 })),
        ...samplesOf(['09:06 drives, driver A', '13:10 end'], 10).map((sample) => ({
          ...sample,
          odometerM: km * 1000,
        })),
      ],
      'continuousDay',
    ).map(({ atMs }) => atMs)
  expect(begun(5)).toEqual([instant('13:00:01')])
  expect(begun(0)).toEqual([instant('13:06')])
})
