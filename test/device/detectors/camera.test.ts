import { describe, expect, it } from 'vitest'
import { camera, cameraKinds, cameraWarning } from '../../../device/detectors/camera.ts'
import { cameraFault } from '../../../device/detectors/camera-fault.ts'
import { detectors, driverDetectors } from '../../../device/detectors/index.ts'
import { catalog, explain } from '../../../proto/catalog.ts'
import type { CameraEvent, CameraView, Finding, Sample } from '../../../proto/model.ts'
import { settingsFor } from '../../help/road.ts'
import { brief, seconds, startMs, told } from '../../help/seconds.ts'

const event = (s: number, known: Partial<CameraEvent> = {}): CameraEvent => ({
  ...{ what: 'phone', device: 'dsm', alarmId: 1, flag: 'event', level: null, fatigueDegree: null },
  ...{ frontSpeedKmh: null, distanceS: null, side: null, speedKmh: null, sentAt: null, attachments: 1 },
  atMs: startMs + s * 1000,
  ...known,
})
const view = (...events: CameraEvent[]): CameraView => ({
  events,
  devices: [{ name: 'dsm', ageMs: 0, faults: [] }],
})
/** Events by second at a steady speed. */
const drive = (count: number, speedKmh: number | null, at: { [s: number]: Partial<CameraEvent> }): Sample[] =>
  seconds(count, (s) => ({ speedKmh, camera: at[s] === undefined ? view() : view(event(s, at[s])) }))
const alarms = (...given: Parameters<typeof drive>) => told(camera, drive(...given))
const warnings = (...given: Parameters<typeof drive>) => told(cameraWarning, drive(...given))
const kinds = (findings: readonly Finding[]) => findings.map(({ kind, phase }) => `${kind} ${phase}`)

describe('what a camera sees', () => {
  it.each([
    [29, 0, 0],
    [30, 0, 0],
    [30.1, 1, 0],
    [50, 1, 0],
    [50.1, 0, 1],
    [80, 0, 1],
  ])('at %f km/h is %i word to the driver and %i alarm', (kmh, heard, raised) => {
    expect(warnings(3, kmh, { 1: {} })).toHaveLength(heard)
    expect(alarms(3, kmh, { 1: {} })).toHaveLength(raised)
  })

  it('is judged by the camera’s own speed where nobody else knows one, and warned of where it knows none', () => {
    expect(alarms(3, null, { 1: { speedKmh: 51 } })).toHaveLength(1)
    expect(alarms(3, null, { 1: { speedKmh: 50 } })).toHaveLength(0)
    expect(alarms(3, 40, { 1: { speedKmh: 90 } })).toHaveLength(0)
    expect(warnings(3, null, { 1: {} })).toHaveLength(1)
    expect(alarms(3, null, { 1: {} })).toHaveLength(0)
  })

  it.each(cameraKinds)('%s is a kind of its own, to be verified, with both levels', (what) => {
    const severities = catalog[what]!.severities
    const one = (level: 1 | 2 | null) => alarms(3, 60, { 1: { what, level } })[0]!
    expect(one(null)).toMatchObject({ kind: what, reason: null, grade: 'to-verify', subject: 'bus-1' })
    expect([one(1).severity, one(2).severity, one(null).severity]).toEqual([
      severities[0],
      severities[1],
      severities[1],
    ])
  })

  it('that no kind is made of stays unsaid', () => {
    for (const what of ['capture', 'driver-change', 'lane-changes', 'fatigue', 'rear-approach'])
      expect(alarms(3, 80, { 1: { what } })).toEqual([])
    expect(warnings(3, 40, { 1: { what: 'capture' } })).toEqual([])
    expect(warnings(3, 40, { 1: { what: 'fatigue' } })[0]).toMatchObject({
      ...{ kind: 'camera-warning', reason: 'fatigue', severity: 'info' },
    })
  })

  it('again and again is one episode, which ends when nothing came for more than 60 s', () => {
    const findings = alarms(150, 60, { 0: {}, 30: {}, 85: {} })
    expect(findings.map(brief)).toEqual([
      ['started', 'major', 0, 0],
      ['ended', 'major', 85, 146],
    ])
    expect(findings[1]!.evidence).toMatchObject({ count: 3, durationS: 85 })
    expect(kinds(alarms(200, 60, { 0: {}, 60: {}, 121: {} }))).toEqual([
      ...['phone started', 'phone ended', 'phone started', 'phone ended'],
    ])
  })

  it('60 s after the last report it goes on, 60.03 s after it is another one', () => {
    const again = (atS: number) =>
      kinds(
        told(
          camera,
          seconds(62, (s) => ({
            speedKmh: 60,
            camera: s === 0 ? view(event(0)) : s === 61 ? view(event(atS)) : view(),
          })).filter((_, s) => s !== 60),
        ),
      )
    expect(again(60)).toEqual(['phone started'])
    expect(again(60.03)).toEqual(['phone started', 'phone ended', 'phone started'])
  })

  it('is dated when it was heard, not when the next fix came', () => {
    const samples = seconds(2, (s) => ({ speedKmh: 60, camera: s === 1 ? view(event(0.3)) : view() }))
    expect(told(camera, samples).map(brief)).toEqual([['started', 'major', 0.3, 1]])
  })

  it('with a start lasts to its end, 600 s at most', () => {
    const call = alarms(200, 60, { 0: { flag: 'start' }, 100: { flag: 'end' } })
    expect(call.map(brief)).toEqual([
      ['started', 'major', 0, 0],
      ['ended', 'major', 100, 161],
    ])
    const lost = alarms(700, 60, { 0: { flag: 'start' } })
    expect(lost.map(brief)).toEqual([
      ['started', 'major', 0, 0],
      ['ended', 'major', 0, 601],
    ])
    expect(alarms(100, 60, { 0: { flag: 'end' } })).toEqual([])
  })

  it('whose end comes at walking pace has ended all the same', () => {
    const samples = seconds(100, (s) => ({
      speedKmh: s < 10 ? 60 : 5,
      camera:
        s === 0 ? view(event(0, { flag: 'start' })) : s === 20 ? view(event(20, { flag: 'end' })) : view(),
    }))
    expect(told(camera, samples).map(brief).at(-1)).toEqual(['ended', 'major', 20, 81])
  })

  it('tells when it gets worse, once, and never when it gets better', () => {
    const findings = alarms(20, 60, { 0: { level: 1 }, 5: { level: 1 }, 9: { level: 2 }, 12: { level: 1 } })
    expect(findings.map(brief)).toEqual([
      ['started', 'minor', 0, 0],
      ['updated', 'major', 9, 9],
    ])
  })

  it('below the alarm speed goes on neither as alarm nor as silence of the other', () => {
    const samples = seconds(20, (s) => ({ speedKmh: s < 10 ? 60 : 40, camera: view(event(s)) }))
    expect(kinds(told(camera, samples))).toEqual(['phone started'])
    expect(kinds(told(cameraWarning, samples))).toEqual(['camera-warning started'])
    expect(told(cameraWarning, samples)[0]!.atMs).toBe(startMs + 10_000)
  })

  it('several things at once are several episodes', () => {
    const samples = seconds(1, () => ({
      speedKmh: 60,
      camera: view(event(0), event(0, { what: 'smoking' })),
    }))
    expect(kinds(told(camera, samples))).toEqual(['phone started', 'smoking started'])
  })

  it('keeps its durations when the clock is corrected', () => {
    const step = 3_600_000
    const samples = drive(70, 60, { 0: {} }).map((sample, s) =>
      s < 30 ? sample : { ...sample, atMs: sample.atMs + step, clockStepMs: s === 30 ? step : 0 },
    )
    const [, ended] = told(camera, samples)
    expect([(ended!.atMs - step - startMs) / 1000, (ended!.decidedAtMs - step - startMs) / 1000]).toEqual([
      0, 61,
    ])
  })

  it('says in its evidence what the camera said and leaves out what it did not', () => {
    const said = { distanceS: 1.2, frontSpeedKmh: 70, sentAt: '2026-11-23T10:00:01+08:00', attachments: 3 }
    const [finding] = alarms(3, 60.04, { 1: { what: 'headway', device: 'adas', ...said } })
    expect(finding!.evidence).toEqual({
      ...{ device: 'adas', alarmId: 1, frontSpeedKmh: 70, distanceS: 1.2 },
      ...{ cameraTime: said.sentAt, attachments: 3, count: 1, durationS: 0, speedKmh: 60 },
      gradeReason: 'seen by a camera alone',
    })
    expect(explain(finding!, words)).toEqual({
      zh: '10:00:01，摄像头监测到吉A12345与前车距离过近（1.2秒）（车速60km/h）。【疑似，待核实】',
      en: '10:00:01: the camera of 吉A12345 saw it too close to the vehicle ahead (1.2 s) (60 km/h). [suspected, to be verified]',
    })
  })

  it('on a drive without cameras costs nothing and says nothing', () => {
    const samples = seconds(5, () => ({ speedKmh: 60 }))
    expect(told(camera, samples)).toEqual([])
    expect(camera.step(camera.initial, samples[0]!, settingsFor('coach')).state).toBe(camera.initial)
  })

  it('runs on the terminal', () => {
    expect(detectors).toEqual(expect.arrayContaining([camera, cameraFault]))
    expect(driverDetectors).toContain(cameraWarning)
  })
})

const words = { plate: '吉A12345', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }

describe('sentences of cameras', () => {
  it('name the driver masked, and how long it lasted', () => {
    const findings = told(
      camera,
      drive(150, 60, { 0: {}, 30: {} }).map((sample) => ({ ...sample, driver: '张三' })),
    )
    expect(explain(findings[1]!, words).zh).toBe(
      '10:00:30，摄像头监测到吉A12345驾驶员张**接打电话，持续30秒（车速60km/h）。【疑似，待核实】',
    )
  })

  it('to the driver are short', () => {
    for (const what of [...cameraKinds, 'fatigue']) {
      const [finding] = warnings(2, 40, { 0: { what } })
      const { zh, en } = catalog['camera-warning']!.sentence(finding!, words)
      expect(zh.length).toBeLessThan(25)
      expect(en).not.toBe('Drive with care.')
    }
  })
})

describe('a camera that fails', () => {
  const device = (ageMs: number | null, ...faults: string[]): Partial<Sample> => ({
    camera: { events: [], devices: [{ name: 'adas', ageMs, faults }] },
  })
  const fault = (samples: Sample[]) => told(cameraFault, samples)
  const lines = (findings: Finding[]) => findings.map((finding) => [finding.reason, ...brief(finding)])

  it('is silent from 60 s on, since it was last heard, until it is heard again', () => {
    const samples = seconds(90, (s) => device(s < 80 ? s * 1000 + 500 : 0))
    expect(lines(fault(samples))).toEqual([
      ['silent', 'started', 'minor', -0.5, 60],
      ['silent', 'ended', 'minor', 80, 80],
    ])
    expect(fault(seconds(60, (s) => device(s * 1000)))).toEqual([])
    expect(fault(samples)[0]).toMatchObject({ subject: 'bus-1/adas', grade: 'sufficient' })
  })

  it('that never spoke is silent since the terminal watches', () => {
    expect(lines(fault(seconds(62, () => device(null))))).toEqual([['silent', 'started', 'minor', 0, 60]])
  })

  it('may sleep while the ignition is off, and its silence goes on through a stop', () => {
    expect(fault(seconds(100, (s) => ({ ...device(s * 1000), ignition: false })))).toEqual([])
    const samples = seconds(100, (s) => ({ ...device(s * 1000), ignition: s < 70 || s > 80 }))
    expect(lines(fault(samples))).toEqual([['silent', 'started', 'minor', 0, 60]])
  })

  it('counts its silence anew after a pause of the terminal', () => {
    const samples = seconds(120, (s) => (s > 50 && s < 70 ? null : device(null)))
    expect(lines(fault(samples))).toEqual([])
    expect(lines(fault([...samples, ...seconds(132, (s) => (s < 120 ? null : device(null)))]))).toEqual([
      ['silent', 'started', 'minor', 70, 130],
    ])
  })

  it('says so itself, at once, beside its silence', () => {
    const samples = seconds(6, (s) => (s === 2 || s === 3 ? device(0, 'camera', 'speaker') : device(0)))
    const findings = fault(samples)
    expect(lines(findings)).toEqual([
      ['fault', 'started', 'minor', 2, 2],
      ['fault', 'ended', 'minor', 4, 4],
    ])
    expect(findings[0]!.evidence).toEqual({ device: 'adas', faults: ['camera', 'speaker'], lastedS: 0 })
    expect(findings[1]!.evidence).toMatchObject({ lastedS: 2 })
  })

  it('is one of several, each told apart', () => {
    const samples = seconds(2, () => ({
      camera: {
        events: [],
        devices: [
          { name: 'adas', ageMs: 0, faults: ['camera'] },
          { name: 'dsm', ageMs: 70_000, faults: [] },
        ],
      },
    }))
    expect(fault(samples).map(({ subject, reason }) => [subject, reason])).toEqual([
      ['bus-1/adas', 'fault'],
      ['bus-1/dsm', 'silent'],
    ])
  })

  it('keeps its silence when the clock is corrected', () => {
    const step = 600_000
    const samples = seconds(90, (s) => device(s < 80 ? s * 1000 : 0)).map((sample, s) =>
      s < 70 ? sample : { ...sample, atMs: sample.atMs + step, clockStepMs: s === 70 ? step : 0 },
    )
    expect(fault(samples).map(({ evidence }) => evidence['lastedS'])).toEqual([60, 80])
  })

  it('has its sentences', () => {
    const [started, ended] = fault(seconds(90, (s) => device(s < 80 ? s * 1000 : 0)))
    expect(explain(started!, words).zh).toBe('吉A12345前向摄像头已1分无响应。【疑似，证据充分】')
    expect(explain(ended!, words).en).toBe(
      '吉A12345: forward camera works again. [suspected, evidence sufficient]',
    )
    const [broken] = fault(seconds(2, () => device(0, 'camera')))
    expect(explain(broken!, words).zh).toContain('前向摄像头报告故障')
  })

  it('that is not there at all is not silent', () => {
    expect(fault(seconds(90, () => ({ speedKmh: 60 })))).toEqual([])
  })

  it.each([
    [10, 0, [['silent', 'started', 'minor', 0, 60]]],
    [10, 5, [['silent', 'started', 'minor', 50.005, 110.005]]],
  ])('counts its silence anew after a pause of %d s and %d ms', (pauseS, moreMs, expected) => {
    const samples = seconds(120, (s) => (s > 40 && s < 40 + pauseS ? null : device(null))).map((sample, i) =>
      i > 40 ? { ...sample, atMs: sample.atMs + moreMs } : sample,
    )
    expect(lines(fault(samples))).toEqual(expected)
  })
})
