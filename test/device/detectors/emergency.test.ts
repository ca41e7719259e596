import { describe, expect, it } from 'vitest'
import { emergency } from '../../../device/detectors/emergency.ts'
import type { EmergencyReason } from '../../../proto/model.ts'
import { conduct } from '../../help/conduct.ts'
import { brief, fixAt, seconds, told } from '../../help/seconds.ts'

const ride = (pressed: (s: number) => EmergencyReason | null | 'silent', count = 60) =>
  told(
    emergency,
    seconds(count, (s) => {
      const now = pressed(s)
      return { fix: fixAt(s), conduct: now === 'silent' ? null : conduct({ emergency: now }) }
    }),
  )

describe('emergency button', () => {
  it.each(['accident', 'attack', 'illness', 'button'] as const)('%s is told at once', (reason) => {
    const [started, ended, ...more] = ride((s) => (s === 5 ? reason : null))
    expect(started).toMatchObject({
      kind: 'emergency',
      reason,
      severity: 'critical',
      grade: 'sufficient',
      evidence: { button: reason },
    })
    expect(brief(started!)).toEqual(['started', 'critical', 5, 5])
    expect(brief(ended!)).toEqual(['ended', 'critical', 5, 15])
    expect(more).toEqual([])
  })

  it('a button that bounces is one emergency', () => {
    expect(ride((s) => (s < 30 && s % 9 === 0 ? 'attack' : null)).map(brief)).toEqual([
      ['started', 'critical', 0, 0],
      ['ended', 'critical', 27, 37],
    ])
  })

  it('pressed again after 10 s is another', () => {
    expect(ride((s) => (s === 0 || s === 11 ? 'attack' : null)).map(({ phase }) => phase)).toEqual([
      'started',
      'ended',
      'started',
      'ended',
    ])
  })

  it('another button is another emergency', () => {
    const findings = ride((s) => (s < 5 ? 'illness' : s < 8 ? 'accident' : null))
    expect(findings.map(({ reason, phase }) => [reason, phase])).toEqual([
      ['illness', 'started'],
      ['illness', 'ended'],
      ['accident', 'started'],
      ['accident', 'ended'],
    ])
  })

  it('does not end because nobody tells any more', () => {
    expect(ride((s) => (s < 3 ? 'attack' : 'silent')).map(({ phase }) => phase)).toEqual(['started'])
  })

  it('a corrected clock releases nothing', () => {
    const samples = seconds(14, (s) => ({ conduct: conduct({ emergency: s === 3 ? 'attack' : null }) })).map(
      (sample, s) => ({
        ...sample,
        atMs: sample.atMs + (s >= 5 ? 60_000 : 0),
        clockStepMs: s === 5 ? 60_000 : 0,
      }),
    )
    expect(told(emergency, samples).map(brief)).toEqual([
      ['started', 'critical', 3, 3],
      ['ended', 'critical', 63, 73],
    ])
  })
})
