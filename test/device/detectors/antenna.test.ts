import { describe, expect, it } from 'vitest'
import { antenna } from '../../../device/detectors/antenna.ts'
import type { LineHealth } from '../../../proto/model.ts'
import { brief, healthy, seconds, told } from '../../help/seconds.ts'

describe('antenna', () => {
  const said = (
    states: readonly (LineHealth['antenna'] | undefined)[],
    speedKmh = 60,
  ): [string, ...unknown[]][] =>
    told(
      antenna,
      seconds(states.length, (s) => ({
        speedKmh,
        lines: states[s] === undefined ? null : { ...healthy, antenna: states[s] ?? null },
      })),
    ).map((finding) => [finding.kind, ...brief(finding)])

  it.each([
    [['ok', 'ok'], 60, []],
    [
      ['ok', 'open', 'open', 'ok'],
      60,
      [
        ['antenna-open', 'started', 'major', 1, 1],
        ['antenna-open', 'ended', 'major', 3, 3],
      ],
    ],
    [['ok', 'open'], 0, [['antenna-open', 'started', 'minor', 1, 1]]],
    [['open'], 60, [['antenna-open', 'started', 'minor', 0, 0]]],
    [
      ['ok', 'open', 'short', 'ok'],
      0,
      [
        ['antenna-open', 'started', 'minor', 1, 1],
        ['antenna-open', 'ended', 'minor', 2, 2],
        ['antenna-short', 'started', 'minor', 2, 2],
        ['antenna-short', 'ended', 'minor', 3, 3],
      ],
    ],
    [
      ['ok', null, 'open', undefined, null, 'ok'],
      60,
      [
        ['antenna-open', 'started', 'major', 2, 2],
        ['antenna-open', 'ended', 'major', 5, 5],
      ],
    ],
  ] as const)('%j at %d km/h', (states, speedKmh, expected) => {
    expect(said(states, speedKmh)).toEqual(expected)
  })

  it('says the speed, and that 3 km/h is under way', () => {
    const at = (speedKmh: number | null) =>
      told(
        antenna,
        seconds(2, (s) => ({ speedKmh, lines: { ...healthy, antenna: s === 0 ? 'ok' : 'open' } })),
      ).map(({ severity, evidence }) => [severity, evidence])
    expect(at(60.04)).toEqual([['major', { speedKmh: 60 }]])
    expect(at(3)).toEqual([['major', { speedKmh: 3 }]])
    expect(at(2.9)).toEqual([['minor', { speedKmh: 2.9 }]])
    expect(at(null)).toEqual([['minor', { speedKmh: null }]])
  })
})
