import { describe, expect, it } from 'vitest'
import type { CurfewEpisode } from '../../../gateway/rules/curfew-episode.ts'
import { asTail, goneFromSafeStop, parkedSafely } from '../../../gateway/rules/curfew-tail.ts'
import type { Sample } from '../../../proto/model.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { type BoxShape, boxAreas, roadPoint, settingsFor } from '../../help/road.ts'

/** 进站收尾: ten minutes from the beginning of the episode, in one of the boxes of a road. */
const boxes: readonly BoxShape[] = [
  { id: 'hub', fromM: 30_000, toM: 31_000, role: 'hub' },
  { id: 'relay', fromM: 40_000, toM: 41_000, role: 'relayPoint' },
  { id: 'service', fromM: 10_000, toM: 11_000, role: 'serviceArea' },
  { id: 'station', fromM: 20_000, toM: 21_000, role: 'station' },
  { id: 'toll', fromM: 10_000, toM: 60_000, role: 'speedZone' },
]
const settings = settingsFor('coach', null, { areas: boxAreas(boxes) })
const beganMs = beijing('2026-11-23 02:00:00')

/** So many seconds after the beginning, at so many metres of the road (null: nobody knows where). */
const seen = (afterS: number, alongM: number | null, accuracyM: number | null = null): Sample =>
  sampleAt(beganMs + afterS * 1000, {
    speedKmh: 20,
    fix: alongM === null ? null : { ...roadPoint(alongM), accuracyM, satellites: null },
  })

const running: CurfewEpisode = {
  atMs: beganMs,
  toMs: beganMs + 3 * 3_600_000,
  severity: 'critical',
  grade: 'sufficient',
  inferred: false,
  reason: 'relayNotFiledPoint',
  main: 'relayNotFiledPoint',
  evidence: { otherReasons: ['reliefNotFresh'], serviceClass: 'scheduled' },
  lastMoving: { atMs: beganMs + 60_000, untilMs: beganMs + 61_000 },
  driver: 'A',
  trip: null,
  place: null,
}
const tail = (id = 'service', name = id): CurfewEpisode => ({
  ...running,
  severity: 'minor',
  reason: 'intoSafeStop',
  evidence: {
    otherReasons: ['relayNotFiledPoint', 'reliefNotFresh'],
    serviceClass: 'scheduled',
    safeStop: id,
    safeStopName: name,
  },
})

describe('an episode that is decided in a safe stop', () => {
  it.each<[string, number, string | null]>([
    ['a service area', 10_500, 'service'],
    ['a station', 20_500, 'station'],
    ['a hub', 30_500, 'hub'],
    ['a relay point', 40_500, 'relay'],
    ['a speed zone is none', 50_500, null],
    ['the road is none', 5000, null],
  ])('is a tail: %s', (_, alongM, stop) => {
    expect(asTail(running, seen(30, alongM), settings)).toEqual(stop === null ? running : tail(stop))
  })

  it.each<[string, Sample, boolean]>([
    ['ten minutes after it began', seen(600, 10_500), true],
    ['a millisecond later', seen(600.001, 10_500), false],
    ['where nobody knows', seen(30, null), false],
    ['by a fix that claims 100 m', seen(30, 10_500, 100), true],
    ['by a fix that claims more', seen(30, 10_500, 100.1), false],
  ])('%s', (_, sample, short) => {
    expect(asTail(running, sample, settings)).toEqual(short ? tail() : running)
  })

  it('whose reasons were never listed has its main one among the others', () => {
    const { otherReasons: _, ...evidence } = running.evidence
    expect(asTail({ ...running, evidence }, seen(30, 10_500), settings).evidence['otherReasons']).toEqual([
      'relayNotFiledPoint',
    ])
  })
})

describe('parked in a safe stop', () => {
  const last = (afterS: number, untilS: number | null = null): CurfewEpisode['lastMoving'] => ({
    atMs: beganMs + afterS * 1000,
    untilMs: untilS === null ? null : beganMs + untilS * 1000,
  })
  it.each<[string, Partial<CurfewEpisode>, Sample, boolean]>([
    ['after a short run', {}, seen(90, 10_500), true],
    ['hours after a short run', {}, seen(7200, 10_500), true],
    ['after a run of ten minutes', { lastMoving: last(599, 600) }, seen(601, 10_500), true],
    ['after a longer one', { lastMoving: last(599, 600.001) }, seen(601, 10_500), false],
    ['after a run whose last row is its end', { lastMoving: last(600) }, seen(601, 10_500), true],
    [
      'after one that went on beyond the window, which was short',
      { lastMoving: last(650), toMs: beganMs + 600_000 },
      seen(660, 10_500),
      true,
    ],
    ['beside it', {}, seen(90, 5000), false],
    ['where nobody knows', {}, seen(90, null), false],
    ['in what was inferred', { inferred: true }, seen(90, 10_500), false],
  ])('%s: told %#', (_, more, sample, told) => {
    const expected = { ...tail(), ...more }
    expect(parkedSafely({ ...running, ...more }, sample, settings)).toEqual(told ? expected : null)
  })

  it('is told once', () => {
    expect(parkedSafely(tail(), seen(90, 10_500), settings)).toBeNull()
  })
})

describe('out of the safe stop again', () => {
  it.each<[string, CurfewEpisode, Sample, boolean]>([
    ['on the road', tail(), seen(300, 5000), true],
    ['still inside', tail(), seen(300, 10_500), false],
    ['where nobody knows', tail(), seen(300, null), false],
    ['on the road by a fix that claims 100 m', tail(), seen(300, 5000, 100), true],
    ['on the road by a fix that claims more', tail(), seen(300, 5000, 100.1), false],
    ['inside for ten minutes', tail(), seen(600, 10_500), false],
    ['inside for longer', tail(), seen(600.001, 10_500), true],
    ['for longer, and nobody knows where', tail(), seen(600.001, null), true],
    ['what never was in one', running, seen(900, 5000), false],
  ])('%s', (_, episode, sample, gone) => {
    expect(goneFromSafeStop(episode, sample, settings)).toEqual(gone ? running : null)
  })
})
