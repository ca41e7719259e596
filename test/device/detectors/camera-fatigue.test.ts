import { describe, expect, it } from 'vitest'
import { fatigue } from '../../../device/detectors/fatigue.ts'
import { catalog, explain } from '../../../proto/catalog.ts'
import { drive } from '../../../proto/detector.ts'
import type { CameraEvent, Finding, Sample } from '../../../proto/model.ts'
import { beijing, cruise, sampleAt } from '../../help/drive.ts'
import { deepFreeze, settingsFor } from '../../help/road.ts'

const settings = deepFreeze(settingsFor('coach'))
const known = { speedKmh: 70, speedSource: 'wheel', driver: '张三', fix: null } as const
const words = { plate: '吉A12345', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }

const tired = (atMs: number, more: Partial<CameraEvent> = {}): Sample =>
  sampleAt(atMs, {
    ...known,
    camera: {
      devices: [{ name: 'dsm', ageMs: 0, faults: [] }],
      events: [
        {
          ...{ what: 'fatigue', device: 'dsm', alarmId: 9, flag: 'event', level: 2, fatigueDegree: 8 },
          ...{ frontSpeedKmh: null, distanceS: null, side: null, speedKmh: 70, sentAt: null, attachments: 3 },
          ...{ atMs, ...more },
        },
      ],
    },
  })

/** Drives from 08:00:00 on; the camera speaks at the given time. */
function seen(at: string, known2: Partial<Sample> = {}): Finding[] {
  const [from, to] = [beijing('2026-11-22 08:00:00'), beijing(`2026-11-22 ${at}`)]
  const samples = [...cruise(from, to, { ...known, ...known2 }), { ...tired(to), ...known2 }]
  return drive(fatigue, deepFreeze(samples), settings).findings.filter(({ reason }) => reason === 'camera')
}

describe('drowsiness that a camera saw', () => {
  it('carries how long the driver has driven, and proves nothing alone', () => {
    const [finding, ...more] = seen('10:30:00')
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      ...{ kind: 'fatigue', reason: 'camera', phase: 'started', severity: 'critical', grade: 'to-verify' },
      ...{ driver: '张三', atMs: beijing('2026-11-22 10:30:00') },
      evidence: { drivenS: 9000, drivenAtMostS: 9000, limitS: 14_400, fatigueDegree: 8, attachments: 3 },
    })
    expect(finding!.evidence['gradeReason']).toMatch(/camera alone/)
  })

  it('suffices together with a ledger that is over its limit, to the second', () => {
    expect(seen('12:00:00')[0]).toMatchObject({ grade: 'to-verify', evidence: { drivenS: 14_400 } })
    const [over] = seen('12:00:01')
    expect(over).toMatchObject({ grade: 'sufficient', evidence: { drivenS: 14_401 } })
    expect(over!.evidence).not.toHaveProperty('gradeReason')
  })

  it('starts from nothing after a rest', () => {
    const from = beijing('2026-11-22 08:00:00')
    const stopMs = beijing('2026-11-22 11:30:00')
    const onMs = stopMs + 1_200_000
    const samples = [
      ...cruise(from, stopMs, known),
      ...cruise(stopMs, onMs, { ...known, speedKmh: 0 }),
      ...cruise(onMs, onMs + 600_000, known),
      tired(onMs + 600_000),
    ]
    const { findings } = drive(fatigue, samples, settings)
    expect(findings.find(({ reason }) => reason === 'camera')?.evidence['drivenS']).toBe(600)
  })

  it('is for the driver alone between the two speeds', () => {
    expect(seen('10:30:00', { speedKmh: 50 })).toEqual([])
    expect(seen('10:30:00', { speedKmh: 50.1 })).toHaveLength(1)
  })

  it('is one episode, ended a minute after the last look', () => {
    const from = beijing('2026-11-22 08:00:00')
    const samples = Array.from({ length: 200 }, (_, s) =>
      s === 10 || s === 40 ? tired(from + s * 1000) : sampleAt(from + s * 1000, known),
    )
    const findings = drive(fatigue, samples, settings).findings.filter(({ reason }) => reason === 'camera')
    expect(
      findings.map(({ phase, atMs, decidedAtMs }) => [
        phase,
        (atMs - from) / 1000,
        (decidedAtMs - from) / 1000,
      ]),
    ).toEqual([
      ['started', 10, 10],
      ['ended', 40, 101],
    ])
    expect(findings[1]!.evidence).toMatchObject({ count: 2, durationS: 30 })
  })

  it('changes no finding of the driving-time clocks, and no state where nobody looks', () => {
    const from = beijing('2026-11-22 08:00:00')
    const plain = cruise(from, from + 15_000_000, known, 10)
    const watched = plain.map((sample, i) => (i % 50 === 7 ? tired(sample.atMs) : sample))
    const clocks = (samples: Sample[]) =>
      drive(fatigue, samples, settings).findings.filter(({ reason }) => reason !== 'camera')
    expect(clocks(watched)).toEqual(clocks(plain))
    expect(drive(fatigue, plain, settings).state).not.toHaveProperty('camera')
  })

  it('goes on over a restart: its state is plain', () => {
    const from = beijing('2026-11-22 08:00:00')
    const first = drive(fatigue, [...cruise(from, from + 10_000, known), tired(from + 10_000)], settings)
    const state = JSON.parse(JSON.stringify(first.state)) as typeof first.state
    const after = drive({ ...fatigue, initial: state }, cruise(from + 11_000, from + 80_000, known), settings)
    expect(after.findings.map(({ reason, phase }) => [reason, phase])).toEqual([['camera', 'ended']])
  })

  it('has its name and sentence, and no article: only an inquiry may weigh it', () => {
    const [finding] = seen('10:30:00')
    expect(catalog['fatigue']!.name('camera').zh).toBe('疲劳状态报警（视频）')
    expect(catalog['fatigue']!.article(finding!, words)).toBeNull()
    expect(explain(finding!, words).zh).toBe(
      '10:30:00，吉A12345摄像头监测到驾驶员张**疲劳状态（程度8），此时已连续驾驶2小时30分。【疑似，待核实】',
    )
  })
})
