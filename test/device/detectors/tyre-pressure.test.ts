import { describe, expect, it } from 'vitest'
import { detectors } from '../../../device/detectors/index.ts'
import { tyrePressure } from '../../../device/detectors/tyre-pressure.ts'
import { catalog, explain } from '../../../proto/catalog.ts'
import type { Finding, Sample, TyreEvent } from '../../../proto/model.ts'
import { brief, seconds, settings, startMs, told } from '../../help/seconds.ts'

const said = (s: number, known: Partial<TyreEvent> = {}): TyreEvent => ({
  ...{ tyre: 0, alarms: [], tells: 'some', pressureKpa: 610, temperatureC: 41, batteryPct: 90 },
  atMs: startMs + s * 1000,
  ...known,
})
const drive = (
  count: number,
  at: { [s: number]: Partial<TyreEvent>[] },
  known: Partial<Sample> = {},
): Sample[] =>
  seconds(count, (s) => ({
    ...known,
    camera: {
      events: [],
      devices: [{ name: 'tpms', ageMs: 0, faults: [] }],
      ...(at[s] === undefined ? {} : { tyres: at[s].map((one) => said(s, one)) }),
    },
  }))
const found = (...given: Parameters<typeof drive>) => told(tyrePressure, drive(...given))
const lines = (findings: readonly Finding[]) =>
  findings.map((finding) => [finding.subject, finding.reason, ...brief(finding)])
const words = { plate: '吉A12345', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }

describe('a tyre', () => {
  it.each([
    ['low', 'major'],
    ['slow-leak', 'major'],
    ['hot', 'major'],
    ['high', 'minor'],
    ['imbalance', 'minor'],
    ['sensor', 'info'],
    ['battery', 'info'],
  ])('that is %s is %s, and told by a sentence of its own', (alarm, severity) => {
    const [finding, ...more] = found(3, { 1: [{ tyre: 2, alarms: [alarm] }] }, { speedKmh: 0 })
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      ...{ kind: 'tyre-pressure', reason: alarm, severity, subject: 'bus-1/tyre-2', grade: 'to-verify' },
    })
    const { zh, en } = explain(finding!, words)
    expect(zh).toMatch(/第3号轮胎.+（610kPa，41℃）。【疑似，待核实】$/)
    expect(en).toContain('tyre 3 of 吉A12345: ')
    expect(catalog['tyre-pressure']!.severities).toContain(severity)
    expect(catalog['tyre-pressure']!.name(alarm).zh).not.toBe('胎压异常')
  })

  it('goes on until a regular report no longer names it', () => {
    const findings = found(20, {
      1: [{ alarms: ['low'] }],
      4: [{ alarms: ['low'], tells: 'all', pressureKpa: 600 }],
      // Some event of its own says nothing of the pressure.
      7: [{ alarms: ['battery'], tells: 'some' }],
      9: [{ tells: 'all', pressureKpa: 800, alarms: ['battery'] }],
    })
    expect(lines(findings)).toEqual([
      ['bus-1/tyre-0', 'low', 'started', 'major', 1, 1],
      ['bus-1/tyre-0', 'battery', 'started', 'info', 7, 7],
      ['bus-1/tyre-0', 'low', 'ended', 'major', 9, 9],
    ])
    expect(findings[2]!.evidence).toMatchObject({ tyre: 0, pressureKpa: 800, durationS: 8 })
    expect(explain(findings[2]!, words).zh).toContain('不再气压过低，历时8秒（800kPa，41℃）')
  })

  it('is told well again by a report of the end, of what it names alone', () => {
    const findings = found(20, {
      1: [{ alarms: ['low', 'hot'] }],
      5: [{ alarms: ['low'], tells: 'end' }],
      6: [{ alarms: ['imbalance'], tells: 'end' }],
    })
    expect(lines(findings).map(([, ...rest]) => rest)).toEqual([
      ['low', 'started', 'major', 1, 1],
      ['hot', 'started', 'major', 1, 1],
      ['low', 'ended', 'major', 5, 5],
    ])
  })

  it('of which nothing more is said has ended after 600 s', () => {
    const findings = found(620, { 10: [{ alarms: ['low'] }] })
    expect(lines(findings).map(([, ...rest]) => rest)).toEqual([
      ['low', 'started', 'major', 10, 10],
      ['low', 'ended', 'major', 10, 611],
    ])
    expect(settings.policy.camera.heldMaxS).toBe(600)
  })

  it('is one of several', () => {
    const findings = found(5, {
      1: [{ alarms: ['low'] }, { tyre: 5, alarms: ['low'] }],
      3: [{ tyre: 5, tells: 'all' }],
    })
    expect(lines(findings).map(([subject, , phase]) => [subject, phase])).toEqual([
      ['bus-1/tyre-0', 'started'],
      ['bus-1/tyre-5', 'started'],
      ['bus-1/tyre-5', 'ended'],
    ])
  })

  it('keeps its durations when the clock is corrected, and leaves out values that nobody told', () => {
    const step = 3_600_000
    const unknown = { pressureKpa: null, temperatureC: null, batteryPct: null }
    const samples = drive(40, { 1: [{ alarms: ['low'] }], 31: [{ tells: 'all', ...unknown }] }).map(
      (sample, s) =>
        s < 30
          ? sample
          : {
              ...sample,
              atMs: sample.atMs + step,
              clockStepMs: s === 30 ? step : 0,
              camera: {
                ...sample.camera!,
                ...(s === 31
                  ? { tyres: [{ ...sample.camera!.tyres![0]!, atMs: startMs + 31_000 + step }] }
                  : {}),
              },
            },
    )
    const [, ended] = told(tyrePressure, samples)
    expect(ended!.evidence).toEqual({ tyre: 0, durationS: 30, gradeReason: 'told by the tyre monitor alone' })
    expect(explain(ended!, words).zh).not.toContain('（k')
  })

  it('that is well makes no finding and costs no state; the detector runs on the terminal', () => {
    const samples = drive(5, { 1: [{ tells: 'all' }], 2: [{ tyre: 1, tells: 'all' }] })
    expect(told(tyrePressure, samples)).toEqual([])
    expect(tyrePressure.step(tyrePressure.initial, samples[0]!, settings).state).toBe(tyrePressure.initial)
    expect(detectors).toContain(tyrePressure)
  })

  it('of which nothing more is said has ended after 600.3 s as well', () => {
    const samples = drive(620, { 10: [{ alarms: ['low'] }] }).map((sample, s) =>
      s >= 610 ? { ...sample, atMs: sample.atMs + 300 } : sample,
    )
    expect(told(tyrePressure, samples).map(brief)).toEqual([
      ['started', 'major', 10, 10],
      ['ended', 'major', 10, 610.3],
    ])
  })
})
