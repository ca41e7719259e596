import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Alert } from '../../proto/model.ts'
import { alertLine, countKinds, kindTable } from '../../sim/alert-line.ts'

function alertOf(known: Partial<Alert>): Alert {
  return {
    id: '0'.repeat(32),
    revision: 1,
    cursor: 1,
    kind: 'curfew',
    reason: 'noCertificate',
    phase: 'started',
    subject: 'coach-1150',
    severity: 'critical',
    grade: 'sufficient',
    fleet: 'demo',
    vehicle: 'coach-1150',
    plate: '湘A0T650',
    driver: null,
    trip: null,
    at: '2026-11-22T18:00:00.000Z',
    decidedAt: '2026-11-22T18:00:30.000Z',
    receivedAt: '2026-11-22T18:00:31.000Z',
    late: false,
    supersedes: null,
    place: null,
    rule: { id: 'curfew', version: 1 },
    policyDigest: '0'.repeat(64),
    article: null,
    evidence: {},
    explain: { zh: '凌晨2时后仍在行驶。', en: 'Still moving after 02:00.' },
    ...known,
  }
}

describe("an officer's line", () => {
  it('begins with time, severity and kind, then says it twice', () => {
    expect(alertLine(alertOf({}), false)).toBe(
      '2026-11-22T18:00:00.000Z critical curfew           凌晨2时后仍在行驶。 / Still moving after 02:00.',
    )
  })

  it('stays one line whatever an area is called', () => {
    const line = alertLine(alertOf({ explain: { zh: '驶入“甲\n乙”', en: 'entered "a\r\nb\u2028c"' } }), false)
    expect(line.split(/[\r\n\u2028\u2029]/)).toHaveLength(1)
  })

  it('is coloured only on request, and the colours change no word', () => {
    const plain = alertLine(alertOf({}), false)
    const coloured = alertLine(alertOf({}), true)
    expect(coloured).not.toBe(plain)
    expect(stripVTControlCharacters(coloured)).toBe(plain)
  })
})

describe('the closing table', () => {
  it('counts alerts, not revisions, in the order of first sight', () => {
    const alerts = [
      alertOf({ id: 'a', kind: 'speeding', at: '2026-11-22T15:45:04.000Z' }),
      alertOf({ id: 'a', kind: 'speeding', phase: 'ended', at: '2026-11-22T15:47:00.000Z' }),
      alertOf({ id: 'b', kind: 'area' }),
      alertOf({ id: 'c', kind: 'speeding' }),
    ]
    expect(countKinds(alerts)).toEqual([
      { kind: 'speeding', count: 2, firstAt: '2026-11-22T15:45:04.000Z' },
      { kind: 'area', count: 1, firstAt: '2026-11-22T18:00:00.000Z' },
    ])
    expect(kindTable(countKinds(alerts))).toEqual([
      '  kind               count  first at',
      '  speeding               2  2026-11-22T15:45:04.000Z',
      '  area                   1  2026-11-22T18:00:00.000Z',
    ])
  })
})
