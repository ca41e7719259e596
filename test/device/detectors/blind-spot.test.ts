import { describe, expect, it } from 'vitest'
import { blindSpot } from '../../../device/detectors/blind-spot.ts'
import { detectors } from '../../../device/detectors/index.ts'
import { explain } from '../../../proto/catalog.ts'
import type { CameraEvent, Sample } from '../../../proto/model.ts'
import { brief, seconds, settings, startMs, told } from '../../help/seconds.ts'

const event = (s: number, what: string, known: Partial<CameraEvent> = {}): CameraEvent => ({
  ...{ what, device: 'bsd', alarmId: 1, flag: 'event', level: null, fatigueDegree: null },
  ...{ frontSpeedKmh: null, distanceS: null, side: null, speedKmh: null, sentAt: null, attachments: 0 },
  atMs: startMs + s * 1000,
  ...known,
})
const drive = (
  count: number,
  speedKmh: number | null,
  at: { [s: number]: string },
  known?: Partial<CameraEvent>,
): Sample[] =>
  seconds(count, (s) => ({
    speedKmh,
    camera: {
      events: at[s] === undefined ? [] : [event(s, at[s], known)],
      devices: [{ name: 'bsd', ageMs: 0, faults: [] }],
    },
  }))
const words = { plate: '吉A12345', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }

describe('somebody in the blind spot', () => {
  it.each([
    ['rear-approach', 'rear'],
    ['left-rear-approach', 'leftRear'],
    ['right-rear-approach', 'rightRear'],
  ])('%s is a finding of its side', (what, reason) => {
    const [finding] = told(blindSpot, drive(3, 20, { 1: what }))
    expect(finding).toMatchObject({
      ...{ kind: 'blind-spot', reason, severity: 'info', grade: 'to-verify', phase: 'started' },
    })
    expect(brief(finding!)).toEqual(['started', 'info', 1, 1])
    expect(explain(finding!, words).zh).toContain('盲区有接近目标（车速20km/h）')
  })

  it('counts from walking pace on and not while the vehicle stands', () => {
    const { noiseKmh } = settings.policy.fatigue
    const found = (kmh: number | null) => told(blindSpot, drive(3, kmh, { 1: 'rear-approach' })).length
    expect([0, noiseKmh - 0.1, noiseKmh, 90, null].map(found)).toEqual([0, 0, 1, 1, 0])
    expect(told(blindSpot, drive(3, null, { 1: 'rear-approach' }, { speedKmh: 30 }))).toHaveLength(1)
  })

  it('again and again is one episode; another side is another one', () => {
    const findings = told(
      blindSpot,
      drive(120, 40, { 0: 'rear-approach', 5: 'left-rear-approach', 40: 'rear-approach' }),
    )
    expect(findings.map(({ reason, ...rest }) => [reason, ...brief({ reason, ...rest })])).toEqual([
      ['rear', 'started', 'info', 0, 0],
      ['leftRear', 'started', 'info', 5, 5],
      ['leftRear', 'ended', 'info', 5, 66],
      ['rear', 'ended', 'info', 40, 101],
    ])
    expect(findings.at(-1)!.evidence).toMatchObject({ device: 'bsd', count: 2, durationS: 40, speedKmh: 40 })
  })

  it('is nothing that other devices report, and runs on the terminal', () => {
    for (const what of ['phone', 'fatigue', 'headway', 'capture'])
      expect(told(blindSpot, drive(3, 60, { 1: what }))).toEqual([])
    expect(detectors).toContain(blindSpot)
  })
})
