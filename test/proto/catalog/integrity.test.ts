import { describe, expect, it } from 'vitest'
import { catalog, explain } from '../../../proto/catalog.ts'
import type { Finding } from '../../../proto/model.ts'
import { startMs } from '../../help/seconds.ts'

describe('the words of this room', () => {
  it.each([
    ['speeding', '超速行驶'],
    ['speeding-warning', '超速预警'],
    ['off-route', '偏离核定线路'],
    ['off-schedule', '不按规定时间运行'],
    ['gnss-lost', '卫星定位信号丢失'],
    ['gnss-frozen', '定位数据停滞'],
    ['antenna-open', '天线未接或被剪断'],
    ['antenna-short', '天线短路'],
    ['can-silent', 'CAN总线无数据'],
    ['speed-mismatch', '速度状态异常'],
    ['power-cut', '主电源断电'],
    ['clock-conflict', '终端时钟异常'],
    ['epoch-reset', '终端存储重建'],
    ['door-open', '行驶中开门'],
    ['harsh-braking', '急减速'],
    ['harsh-acceleration', '急加速'],
    ['coasting', '下坡空挡滑行'],
  ])('%s is called %s', (kind, zh) => {
    expect(catalog[kind]?.name(null).zh).toBe(zh)
    expect(catalog[kind]?.owner).toBe('terminal')
  })

  const finding = (kind: string, evidence: Finding['evidence']): Finding => ({
    kind,
    reason: null,
    phase: 'started',
    subject: 'bus-1',
    severity: 'info',
    grade: 'sufficient',
    atMs: startMs,
    decidedAtMs: startMs,
    place: null,
    driver: null,
    trip: null,
    rule: { id: kind, version: 1 },
    evidence,
  })
  it.each([
    ['antenna-open', { speedKmh: 60 }, 'P天线由正常变为断开（10:00:00，车速60）。'],
    ['can-silent', { silentS: 12, gnssKmh: 61.2 }, 'PCAN无数据12秒，卫星速度61.2km/h。'],
    [
      'speed-mismatch',
      { percent: 12.5 },
      '行驶记录速度与卫星速度相差12.5%，持续5分钟以上，速度证据须校准后使用。',
    ],
    ['gnss-frozen', { frozenS: 10, speedKmh: 60 }, 'P定位10秒未变化而车速60km/h，疑似人为干扰定位信号。'],
    ['power-cut', { moving: true, speedKmh: 60 }, 'P行驶中主电源断电（车速60）。'],
    ['clock-conflict', { stepS: -4 }, '终端时间与卫星时间相差4秒，驾驶时长不受影响。'],
    ['door-open', { peakKmh: 20, durationS: 5 }, 'P车门未关以20km/h行驶5秒。'],
    ['harsh-braking', { fromKmh: 60, toKmh: 20, durationS: 2 }, 'P60→20km/h用时2秒。'],
    ['coasting', { areaId: '坡', durationS: 9 }, 'P在“坡”空挡滑行9秒。'],
    ['off-schedule', { planned: '10:00', stop: '岳阳', actual: '10:20' }, 'P应10:00到岳阳，实际10:20。'],
    ['speeding-warning', { speedKmh: 76, limitKmh: 80 }, 'P车速76km/h，接近限速80km/h。'],
  ])('%s says what happened', (kind, evidence, zh) => {
    const words = { plate: 'P', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }
    expect(explain(finding(kind, evidence), words).zh).toBe(`${zh}【疑似，证据充分】`)
  })
})
