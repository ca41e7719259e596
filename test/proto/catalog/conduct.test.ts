import { describe, expect, it } from 'vitest'
import { catalog, explain } from '../../../proto/catalog.ts'
import type { Finding } from '../../../proto/model.ts'
import { startMs } from '../../help/seconds.ts'

const words = { plate: 'P', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }
const finding = (kind: string, more: Partial<Finding> = {}): Finding => ({
  kind,
  reason: null,
  phase: 'started',
  subject: 'bus-1',
  severity: 'info',
  grade: 'sufficient',
  atMs: startMs,
  decidedAtMs: startMs,
  place: { lat: 28, lon: 113 },
  driver: null,
  trip: null,
  rule: { id: kind, version: 1 },
  evidence: {},
  ...more,
})
const zh = (kind: string, more: Partial<Finding> = {}): string =>
  explain(finding(kind, more), words).zh.replace(/【.*/, '')

describe('the words of conduct', () => {
  it.each([
    ['accident', '10:00:00，P在28.00000,113.00000触发紧急报警：交通事故。'],
    ['attack', '10:00:00，P在28.00000,113.00000触发紧急报警：侵害驾驶员。'],
    ['illness', '10:00:00，P在28.00000,113.00000触发紧急报警：突发疾病。'],
    ['button', '10:00:00，P在28.00000,113.00000触发紧急报警：未说明原因。'],
  ])('emergency by %s', (reason, sentence) => {
    expect(zh('emergency', { reason })).toBe(sentence)
    expect(zh('emergency', { reason, phase: 'ended' })).toMatch(/松开/)
  })

  it.each([
    [
      'crash-suspected',
      { fromKmh: 80, toKmh: 0, peakMps2: 60, stillS: 20 },
      '10:00:00，P在28.00000,113.00000由80km/h骤降至0km/h（60m/s²），其后静止20秒。',
    ],
    [
      'overload',
      { massKg: 20000, approvedMassKg: 18000, percent: 11.1 },
      'P轴荷传感器总质量20000kg，核定18000kg，超11.1%，须过磅核实。',
    ],
    ['seat-belt', {}, '请全体乘客系好安全带。'],
    [
      'speed-mismatch',
      {
        percent: 12.5,
        calibrationCertificate: 'JL-1',
        calibrationValidTo: '2026-06-30',
        calibrationExpired: true,
      },
      '行驶记录速度与卫星速度相差12.5%，持续5分钟以上，速度证据须校准后使用（检定证书JL-1，有效期至2026-06-30，已过期）。',
    ],
  ])('%s', (kind, evidence, sentence) => {
    expect(zh(kind, { evidence })).toBe(sentence)
  })

  it('power comes back', () => {
    const evidence = { moving: true, speedKmh: 60, darkS: 31 }
    expect(zh('power-cut', { phase: 'ended', evidence })).toBe('P主电源恢复，断电31秒。')
  })

  it('names, and nobody is told of a button in the cab', () => {
    expect(catalog['emergency']?.name('attack').zh).toBe('紧急报警（侵害驾驶员）')
    expect(catalog['emergency']?.name(null).zh).toBe('紧急报警')
    expect(catalog['crash-suspected']?.name(null).zh).toBe('疑似碰撞')
  })
})
