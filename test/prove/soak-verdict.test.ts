import { describe, expect, it } from 'vitest'
import { judgeSoak, type SoakEvidence } from './soak-verdict.ts'

const alert = { fleet: 'f1', id: 'a', revision: 1 }
const good: SoakEvidence = {
  sent: new Set(['f1/v0/alarm/1', 'f1/v0/telemetry/1']),
  acknowledged: ['f1/v0/alarm/1'],
  journaled: ['f1/v0/alarm/1', 'f1/v0/telemetry/1'],
  alerts: [alert],
  officers: [
    { name: 'officer-0', fleet: 'f1', heard: [alert, alert] },
    { name: 'officer-1', fleet: 'f2', heard: [] },
  ],
}
const counts = (change: Partial<SoakEvidence>): number[] =>
  Object.values(judgeSoak({ ...good, ...change })).map((lines) => lines.length)
const officers = (heard: readonly (typeof alert)[], fleet = 'f1') => [{ name: 'officer-0', fleet, heard }]

describe('the verdict over a soak', () => {
  it('finds nothing where everything came once, to whom it belongs', () => {
    expect(counts({})).toEqual([0, 0, 0])
  })

  it.each<[string, Partial<SoakEvidence>, readonly number[]]>([
    ['what was acknowledged and is not there', { journaled: ['f1/v0/telemetry/1'] }, [1, 0, 0]],
    ['an alert that an officer of the fleet never heard', { officers: officers([]) }, [1, 0, 0]],
    ['what is there twice', { journaled: [...good.journaled, 'f1/v0/alarm/1'] }, [0, 1, 0]],
    ['an alert revision that is there twice', { alerts: [alert, alert] }, [0, 1, 0]],
    ['what nobody sent', { journaled: [...good.journaled, 'f1/v1/alarm/1'] }, [0, 0, 1]],
    ['what an officer of another fleet heard', { officers: officers([alert], 'f2') }, [0, 0, 1]],
  ])('counts %s', (_, change, expected) => {
    expect(counts(change)).toEqual(expected)
  })
})
