import { describe, expect, it } from 'vitest'
import { catalog, explain, ownerOf } from '../../../proto/catalog.ts'
import type { Finding } from '../../../proto/model.ts'
import { caseFile, runCase } from '../../help/road-cases.ts'

/** What officer and driver read of routes, sections, timetables, tunnels and areas, word for word. */
const wordsOf = (vehicleClass: string) => ({
  plate: '湘A12345',
  zone: 'Asia/Shanghai',
  vehicleClass,
  serviceClass: 'scheduled',
})

function findingsOf(file: string, title: string): { findings: Finding[]; vehicleClass: string } {
  const { cases, about: _, ...common } = caseFile(file)
  const one = cases.find((each) => each.title.startsWith(title))
  if (one === undefined) throw new Error(`no case ${title} in ${file}`)
  const whole = { ...common, ...one }
  return { findings: runCase(whole), vehicleClass: whole.class ?? 'coach' }
}

const bare = (text: string): string => text.replace(/(?:【疑似| \[suspected).*$/, '')

function told(file: string, title: string, nth = 0): { zh: string; en: string; article: string | null } {
  const { findings, vehicleClass } = findingsOf(file, title)
  const finding = findings[nth]!
  const { zh, en } = explain(finding, wordsOf(vehicleClass))
  const article = catalog[finding.kind]?.article(finding, wordsOf(vehicleClass)) ?? null
  return { zh: bare(zh), en: bare(en), article }
}

describe('sentences along the road', () => {
  it.each<[string, string, number, string, string, string | null]>([
    [
      'sections.json',
      '90 all the way',
      0,
      '湘A12345于10:01:20至10:08:00通过“测试线”2-12公里区间（10.0公里），平均90km/h，限速80km/h（线路“R”）。',
      '湘A12345 averaged 90 km/h over 10.0 km (km 2-12 of "测试线") from 10:01:20 to 10:08:00; limit 80 km/h (set by route "R").',
      '限速标志',
    ],
    [
      'sections.json',
      'and above the milder',
      0,
      '湘A12345于10:01:18至10:07:49通过“桥隧段”（10.0公里），平均92km/h，限速90km/h（线路“R”）。',
      '湘A12345 averaged 92 km/h over 10.0 km ("桥隧段") from 10:01:18 to 10:07:49; limit 90 km/h (set by route "R").',
      '限速标志',
    ],
    [
      'sections.json',
      'a segment passed in less',
      0,
      '湘A12345通过“测试线”2—12公里路段用时6分40秒，少于规定的7分。',
      '湘A12345 took 6 min 40 s for km 2-12 of "测试线", less than the 7 min planned.',
      '道路运输车辆动态监督管理办法（核定运营线路）',
    ],
    [
      'route-ways.json',
      'on again for 100 m',
      1,
      '2026-11-23 10:01:40，湘A12345在30.00000,114.00829逆线路“测试线”方向行驶1.2公里。',
      '湘A12345 drove 1.2 km against the direction of "测试线" near 30.00000,114.00829.',
      '道路运输车辆动态监督管理办法（核定运营线路）',
    ],
    [
      'schedule.json',
      'late at B',
      0,
      '湘A12345应10:00:00到岳阳，尚未到达。',
      '湘A12345 was due to arrive at 岳阳 at 10:00:00, is not there yet.',
      '道路运输车辆动态监督管理办法（核定运营线路）',
    ],
    [
      'schedule.json',
      'late at B',
      1,
      '湘A12345应10:00:00到岳阳，实际10:05:10。',
      '湘A12345 was due to arrive at 岳阳 at 10:00:00, actually came at 10:05:10.',
      '道路运输车辆动态监督管理办法（核定运营线路）',
    ],
    [
      'schedule.json',
      'leaves the first stop',
      0,
      '湘A12345应10:01:11从长沙发车，实际10:00:10。',
      '湘A12345 was due to depart from 长沙 at 10:01:11, actually left at 10:00:10.',
      '道路运输车辆动态监督管理办法（核定运营线路）',
    ],
    [
      'approach.json',
      'told once',
      0,
      '前方480米“长下坡”，请减速慢行。',
      '"长下坡" in 480 m: slow down.',
      null,
    ],
    [
      'approach.json',
      'inside at the first',
      0,
      '已进入“长下坡”，请减速慢行。',
      'Now in "长下坡": slow down.',
      null,
    ],
    [
      'area-dates.json',
      'moving inside 10 min',
      0,
      '湘A12345在“Z”内行驶，该区域22:00起禁行，剩余10分。',
      '湘A12345 is moving in "Z", which is closed to it from 22:00, 10 min left.',
      null,
    ],
    [
      'area-doors.json',
      'opened twice',
      1,
      '湘A12345在“隧道口”内开门2次。',
      '湘A12345 opened a door in "隧道口" 2 times.',
      null,
    ],
    [
      'safe-stops.json',
      'the next three',
      0,
      '湘A12345须于凌晨2时前停车，前方“岳阳服务区”8.8公里，预计01:37到达。',
      '湘A12345 must stop by 02:00; "岳阳服务区" in 8.8 km, ETA 01:37.',
      null,
    ],
    [
      'safe-stops.json',
      'past the last one',
      0,
      '湘A12345须于凌晨2时前在安全地点停车，剩余30分。',
      '湘A12345 must be parked at a safe place by 02:00, 30 min left.',
      null,
    ],
    [
      'safe-stops.json',
      'the driving-time warning',
      0,
      '湘A12345驾驶员（驾驶员未确认）连续驾驶已3小时30分，29分50秒后须停车休息20分，前方“咸宁站”11.1公里。',
      '(driver unconfirmed) on 湘A12345 has driven 3 h 30 min; a stop of 20 min is due within 29 min 50 s; "咸宁站" in 11.1 km.',
      null,
    ],
  ])('%s, %s, %s', (file, title, nth, zh, en, article) => {
    expect(told(file, title, nth)).toEqual({ zh, en, article })
  })

  it('a limit made of a visibility cites the article, not a sign', () => {
    const { zh, article } = told('temporary-limits.json', 'visibility 99 m')
    expect(zh).toContain('限速40km/h（临时限速“fog-1”：雾，能见度99米）')
    expect(article).toBe('道路交通安全法实施条例第81条')
  })

  it('road works are a sign', () => {
    const { zh, article } = told('temporary-limits.json', 'road works')
    expect(zh).toContain('（临时限速“works-7”：施工）')
    expect(article).toBe('限速标志')
  })

  it('bounds say at least', () => {
    expect(told('sections.json', 'the same at 110').zh).toContain('平均至少')
    expect(told('sections.json', 'the same at 110').en).toContain('averaged at least ')
  })

  it('an exit is named to a tanker, and the desk has the next three stops of a coach', () => {
    expect(told('safe-stops.json', 'a tanker').zh).toContain('前方“临湘出口”11.8公里，预计23:39到达')
    const { findings } = findingsOf('safe-stops.json', 'the desk')
    const curfew = findings.find(({ kind }) => kind === 'curfew')
    expect(curfew?.evidence['safeStops']).toHaveLength(3)
  })

  it('the other side owns what only it can see', () => {
    expect(ownerOf({ kind: 'speeding', reason: null })).toBe('terminal')
    expect(ownerOf({ kind: 'speeding', reason: 'night' })).toBe('terminal')
    expect(ownerOf({ kind: 'speeding', reason: 'section' })).toBe('gateway')
    expect(ownerOf({ kind: 'off-schedule', reason: 'lateArrival' })).toBe('terminal')
    expect(ownerOf({ kind: 'off-schedule', reason: 'segmentTooFast' })).toBe('gateway')
    expect(ownerOf({ kind: 'nobody-knows', reason: null })).toBeNull()
  })
})
