import { describe, expect, it } from 'vitest'
import { speeding, unknownLimitShare } from '../../../device/detectors/speeding.ts'
import { drive } from '../../../proto/detector.ts'
import { settingsAt } from '../../../proto/in-force.ts'
import type { Sample } from '../../../proto/model.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { type Common, documentsOf, type Step, samplesOf } from '../../help/road-cases.ts'

const start = '2026-11-23 10:00:00'

function shareOf(common: Common, steps: readonly Step[]): number | null {
  const one = { start, ...common, title: '', expect: [], drive: steps }
  const documents = documentsOf(one)
  const { state } = drive(speeding, samplesOf(one), ({ atMs }) => settingsAt(documents, atMs))
  return unknownLimitShare(JSON.parse(JSON.stringify(state)) as typeof state)
}

describe('the share of metres whose limit nobody knew', () => {
  it.each<[string, Common, Step[], number | null]>([
    ['nothing driven', {}, [{ for: 10 }], null],
    ['no route: all of it', {}, [{ for: 100, kmh: 72 }], 1],
    [
      'a route that knows its class: nothing of it',
      { route: { limits: [{ fromM: 0, toM: 90_000, roadClass: 'motorway' }] } },
      [{ for: 100, kmh: 72 }],
      0,
    ],
    [
      'a sign is a limit whatever the class',
      { route: { limits: [{ fromM: 0, toM: 90_000, dayKmh: 60 }] } },
      [{ for: 100, kmh: 50 }],
      0,
    ],
    [
      'standing adds nothing',
      { route: { limits: [{ fromM: 0, toM: 1500, dayKmh: 60 }] } },
      [{ for: 50, kmh: 72 }, { for: 500 }],
      0,
    ],
    [
      'a pause longer than 10 s adds nothing',
      {},
      [
        { for: 10, kmh: 72 },
        { for: 60, kmh: 72, silent: true },
        { for: 10, kmh: 72 },
      ],
      1,
    ],
  ])('%s', (_, common, steps, share) => {
    expect(shareOf(common, steps)).toBe(share)
  })

  it('half known, half not', () => {
    const route = { limits: [{ fromM: 0, toM: 1000, dayKmh: 80 }] }
    expect(shareOf({ route }, [{ for: 101, kmh: 72 }])).toBeCloseTo(0.5, 1)
  })

  it('begins anew with each trip', () => {
    const route = { limits: [{ fromM: 0, toM: 1000, dayKmh: 80 }] }
    const trip = { from: '2026-11-23T02:00:50.000Z' }
    expect(shareOf({ route, trip }, [{ for: 101, kmh: 72 }])).toBeGreaterThan(0.95)
  })

  it('counts metres: at the mean of two speeds, a single one as well, and nothing while standing', () => {
    const at = (s: number, speedKmh: number) => sampleAt(beijing(start) + s * 1000, { speedKmh })
    const one = { start, title: '', expect: [], drive: [] }
    const documents = documentsOf(one)
    const run = (samples: Sample[]) =>
      drive(speeding, samples, ({ atMs }) => settingsAt(documents, atMs)).state
    expect(run([at(0, 36), at(5, 108)]).driven).toEqual({ trip: null, knownM: 0, unknownM: 100 })
    expect(run([at(0, 3.6), at(1, 3.6)]).driven).toEqual({ trip: null, knownM: 0, unknownM: 1 })
    const stood = run([at(0, 36), at(5, 108), at(6, 0), at(7, 0)])
    const settings = settingsAt(documents, beijing(start))
    expect(speeding.step(stood, at(8, 0), settings).state.driven).toBe(stood.driven)
  })
})
