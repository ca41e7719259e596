import { describe, expect, it } from 'vitest'
import type { Words } from '../../../proto/catalog/entry.ts'
import { catalog, explain } from '../../../proto/catalog.ts'
import type { Finding } from '../../../proto/model.ts'
import { type Case, runCase } from '../../help/area-road.ts'

/** What an officer reads, word for word. */
const words: Words = {
  plate: '豫A·12345',
  zone: 'Asia/Shanghai',
  vehicleClass: 'coach',
  serviceClass: 'scheduled',
}
const told = (one: Omit<Case, 'name' | 'expect'>): Finding[] => runCase({ name: '', expect: [], ...one })
const lines = (findings: readonly Finding[]): string[] =>
  findings.flatMap((finding) => [explain(finding, words).zh, explain(finding, words).en])
const article = (finding: Finding | undefined): string | null | undefined =>
  finding && catalog[finding.kind]?.article(finding, words)

describe('sentences of areas', () => {
  const crossing = {
    areas: [{ id: 'A', name: '老城区', from: 1000, to: 1100 }],
    rows: [
      { at: '10:00:00', x: 900 },
      { at: '10:00:15', x: 1200 },
    ],
  }

  it('tells of entering and leaving', () => {
    expect(lines(told(crossing))).toEqual([
      '2026-11-20 10:00:05，豫A·12345驶入“老城区”（禁行区域）。【疑似，证据充分】',
      '2026-11-20 10:00:05: 豫A·12345 entered "老城区". [suspected, evidence sufficient]',
      '2026-11-20 10:00:10，豫A·12345驶离“老城区”，区域内5秒。【疑似，证据充分】',
      '2026-11-20 10:00:10: 豫A·12345 left "老城区" after 5 s. [suspected, evidence sufficient]',
    ])
  })

  it('says why a finding begins without a crossing', () => {
    const [finding] = told({
      areas: [{ id: 'A', name: '老城区', from: 1000, to: 9000, windows: [{ from: '22:00', to: '06:00' }] }],
      rows: [
        { at: '21:59:50', x: 2000 },
        { at: '22:00:10', x: 2400 },
      ],
    })
    expect(lines([finding!])).toEqual([
      '2026-11-20 22:00:00，豫A·12345驶入“老城区”（时段生效）。【疑似，证据充分】',
      '2026-11-20 22:00:00: 豫A·12345 entered "老城区" (its hours began). [suspected, evidence sufficient]',
    ])
  })

  it('does not say left when only the hours or the trip are over', () => {
    const hours = told({
      areas: [{ id: 'A', name: '老城区', from: 1000, to: 9000, windows: [{ from: '09:00', to: '10:00' }] }],
      rows: [
        { at: '09:59:50', x: 2000 },
        { at: '10:00:10', x: 2400 },
      ],
    })
    expect(lines(hours.slice(1))).toEqual([
      '2026-11-20 10:00:00，“老城区”对豫A·12345不再生效，区域内10秒。【疑似，证据充分】',
      '2026-11-20 10:00:00: "老城区" no longer in force for 豫A·12345, which was inside for 10 s. [suspected, evidence sufficient]',
    ])
    const trip = told({
      areas: [{ id: 'county', name: '嵩县', from: 0, to: 1000, role: 'hub' }],
      charter: { areas: ['county'], from: '10:00:00', to: '12:00:00' },
      rows: [
        { at: '11:59:30', x: 900, kmh: 72 },
        { at: '11:59:40', x: 1100, kmh: 72 },
        { at: '12:00:10', x: 1500, kmh: 72 },
      ],
    })
    expect(lines(trip.slice(1))[0]).toBe(
      '2026-11-20 12:00:00，包车牌BC-1约定范围对豫A·12345不再生效，在外25秒，最远0.1公里。【疑似，证据充分】',
    )
  })

  it('is worse for hazmat, and cites no law that is not in the file', () => {
    const [coach] = told(crossing)
    const [hazmat] = told({ ...crossing, class: 'hazmat' })
    expect([coach?.severity, hazmat?.severity]).toEqual(['major', 'critical'])
    expect(article(coach)).toBe('企业设定')
    expect(catalog['area']?.name('noEntry')).toEqual({ zh: '驶入禁行区域', en: 'Entered a no-entry area' })
  })

  it('tells of a charter that was left and returned to', () => {
    const findings = told({
      areas: [{ id: 'county', name: '嵩县', from: 0, to: 1000, role: 'hub' }],
      charter: { areas: ['county'], from: '10:00:00', to: '12:00:00' },
      rows: [
        { at: '11:00:00', x: 900, kmh: 72 },
        { at: '11:00:10', x: 1100, kmh: 72 },
        { at: '11:01:00', x: 3500, kmh: 72 },
        { at: '11:02:00', x: 1100, kmh: 72 },
        { at: '11:02:10', x: 900, kmh: 72 },
      ],
    })
    expect(lines(findings)).toEqual([
      '2026-11-20 11:00:05，豫A·12345驶出包车牌BC-1约定范围0.1公里。【疑似，证据充分】',
      '2026-11-20 11:00:05: 豫A·12345 is 0.1 km outside the area agreed on charter plate BC-1. [suspected, evidence sufficient]',
      '2026-11-20 11:02:05，豫A·12345回到包车牌BC-1约定范围，在外2分，最远2.5公里。【疑似，证据充分】',
      '2026-11-20 11:02:05: 豫A·12345 returned to the area agreed on charter plate BC-1 after 2 min outside, 2.5 km at the farthest. [suspected, evidence sufficient]',
    ])
    expect(article(findings[0])).toBe('《道路旅客运输及客运站管理规定》第五十七条第一款')
    expect(findings[0]?.severity).toBe('minor')
    expect(catalog['area']?.name('stayWithin').zh).toBe('超出包车约定范围')
  })

  it('tells of a stay that is too long', () => {
    const [finding] = told({
      areas: [{ id: 'A', name: '东站', from: 0, to: 1000, role: 'station', dwellS: 600 }],
      rows: [{ at: '10:00:00', x: 500, kmh: 0, until: '10:10:05' }],
    })
    expect(lines([finding!])).toEqual([
      '2026-11-20 10:10:00，豫A·12345在“东站”停留10分1秒，超过10分。【疑似，证据充分】',
      '2026-11-20 10:10:00: 豫A·12345 stayed in "东站" for 10 min 1 s, more than 10 min. [suspected, evidence sufficient]',
    ])
    expect([finding?.severity, article(finding)]).toEqual(['minor', '企业设定'])
  })

  it('tells of a forbidden stop', () => {
    const [finding] = told({
      areas: [{ id: 'A', name: '隧道口', from: 0, to: 1000, role: 'noStopping' }],
      rows: [{ at: '10:00:00', x: 500, kmh: 0, door: true, until: '10:02:01' }],
    })
    expect(lines([finding!])).toEqual([
      '2026-11-20 10:00:00，豫A·12345在“隧道口”停车2分，车门曾打开；禁停区域。【疑似，证据充分】',
      '2026-11-20 10:00:00: 豫A·12345 stood for 2 min in the no-stopping area "隧道口", door opened. [suspected, evidence sufficient]',
    ])
    expect([finding?.severity, article(finding)]).toEqual(['critical', null])
  })

  it('never calls a fence a finding, nor a suspicion an offence', () => {
    for (const reason of [null, 'noEntry', 'stayWithin', 'dwell', 'door']) {
      const name = catalog['area']?.name(reason).zh ?? ''
      expect(name).not.toMatch(/围栏|违法|违反|非法/)
      expect(name).not.toBe('')
    }
  })

  it('has only severities its catalogue entry names', () => {
    for (const finding of [...told(crossing), ...told({ ...crossing, class: 'hazmat' })])
      expect(catalog[finding.kind]?.severities).toContain(finding.severity)
  })
})
