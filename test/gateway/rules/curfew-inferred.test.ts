import { describe, expect, it } from 'vitest'
import { type CurfewEpisode, curfewEvidence } from '../../../gateway/rules/curfew-episode.ts'
import { inferEpisode } from '../../../gateway/rules/curfew-inferred.ts'
import { judge } from '../../../gateway/rules/curfew-verdict.ts'
import { noRelay } from '../../../gateway/rules/relay.ts'
import type { Silence } from '../../../gateway/rules/silence.ts'
import type { PolicyFile } from '../../../proto/policy.ts'
import type { Settings } from '../../../proto/settings.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { roadPoint, settingsFor } from '../../help/road.ts'

/** A silence from one Beijing time to another, of so many kilometres; at 100 km/h a kilometre takes 36 s. */
const settings = settingsFor('coach')
const at = (text: string): number => beijing(`2026-11-${text}`)
const silent = (from: string, to: string, km: number, measured: Partial<Silence> = {}): Silence => ({
  fromMs: at(from),
  toMs: at(to),
  measuredFromMs: at(from),
  measuredToMs: at(to),
  distanceM: km * 1000,
  by: 'odometer',
  ...measured,
})
const heardAgain = (silence: Silence) =>
  sampleAt(silence.measuredToMs, {
    speedKmh: 0,
    driver: 'A',
    fix: { ...roadPoint(700), accuracyM: null, satellites: null },
  })
const infer = (silence: Silence, inForce: Settings = settings) =>
  inferEpisode(silence, noRelay, heardAgain(silence), inForce)

describe('what a silent night proves', () => {
  it('is an episode with its bounds', () => {
    const silence = silent('23 01:50:00', '23 05:10:00', 180)
    const sample = heardAgain(silence)
    const window = { fromMs: at('23 02:00:00'), toMs: at('23 05:00:00') }
    const question = { nightMs: window.fromMs, atMs: window.fromMs, nowMs: sample.atMs }
    const episode: CurfewEpisode = {
      atMs: window.fromMs,
      toMs: window.toMs,
      severity: 'critical',
      grade: 'to-verify',
      inferred: true,
      reason: 'noCertificate',
      main: 'noCertificate',
      evidence: {
        ...curfewEvidence(judge(noRelay, question, settings), window, sample, settings),
        inferred: true,
        from: '2026-11-22T18:00:00.000Z',
        to: '2026-11-22T21:00:00.000Z',
        atLeastS: 5280,
        silentFrom: '2026-11-22T17:50:00.000Z',
        silentTo: '2026-11-22T21:10:00.000Z',
        distanceM: 180_000,
        by: 'odometer',
        gradeReason: 'inferred from the displacement while silent',
      },
      lastMoving: { atMs: window.toMs, untilMs: window.toMs },
      driver: 'A',
      trip: null,
      place: sample.fix,
    }
    expect(infer(silence)).toEqual({ episode, nightMs: window.fromMs })
  })

  const bounds = (silence: Silence): unknown => {
    const inferred = infer(silence)
    if (inferred === null) return null
    const { atMs, toMs, lastMoving, evidence } = inferred.episode
    return [atMs, lastMoving.atMs, toMs, evidence['atLeastS']].map((value, n) =>
      n < 3 ? new Date((value as number) + 8 * 3_600_000).toISOString().slice(8, 19) : value,
    )
  }
  it.each<[string, Silence, unknown]>([
    ['33.3 km fit into the 20 minutes around it', silent('23 01:50:00', '23 05:10:00', 33.3), null],
    // 33 1/3 km are 1,200 s: exactly what there is outside.
    ['what fits to the second proves nothing', silent('23 01:40:00', '23 05:00:00', 100 / 3), null],
    [
      'a second more is one',
      silent('23 01:40:00', '23 05:00:00', 1201 / 36),
      ['23T02:00:00', '23T05:00:00', '23T05:00:00', 1],
    ],
    [
      'all of it inside',
      silent('23 02:40:00', '23 03:40:00', 2),
      ['23T02:40:00', '23T03:40:00', '23T05:00:00', 72],
    ],
    [
      'begun before, ended inside',
      silent('23 01:50:00', '23 03:00:00', 50),
      ['23T02:00:00', '23T03:00:00', '23T05:00:00', 1200],
    ],
    [
      'begun inside, ended after',
      silent('23 04:00:00', '23 05:10:00', 50),
      ['23T04:00:00', '23T05:00:00', '23T05:00:00', 1200],
    ],
    [
      'never more than there was time for',
      silent('23 03:00:00', '23 03:10:00', 180),
      ['23T03:00:00', '23T03:10:00', '23T05:00:00', 600],
    ],
    ['no movement, no proof', silent('23 02:40:00', '23 03:40:00', 0), null],
    ['by day', silent('23 12:00:00', '23 13:00:00', 90), null],
    ['ended as the window begins', silent('23 01:00:00', '23 02:00:00', 90), null],
    [
      'ended a second after that',
      silent('23 01:00:00', '23 02:00:01', 101),
      ['23T02:00:00', '23T02:00:01', '23T05:00:00', 1],
    ],
    ['begun as the window ends', silent('23 05:00:00', '23 06:00:00', 101), null],
    [
      'begun as it begins',
      silent('23 02:00:00', '23 03:00:00', 1),
      ['23T02:00:00', '23T03:00:00', '23T05:00:00', 36],
    ],
    [
      'two nights: the first',
      silent('23 01:00:00', '24 06:00:00', 2500),
      ['23T02:00:00', '23T05:00:00', '23T05:00:00', 7200],
    ],
    [
      'two nights: of the first, no more than it has',
      silent('23 01:00:00', '24 06:00:00', 2700),
      ['23T02:00:00', '23T05:00:00', '23T05:00:00', 10_800],
    ],
    [
      'measured longer than silent: the window of the measuring, the bounds of the silence',
      silent('23 02:30:00', '23 03:30:00', 150, {
        measuredFromMs: at('23 01:50:00'),
        measuredToMs: at('23 03:40:00'),
      }),
      ['23T02:30:00', '23T03:30:00', '23T05:00:00', 3600],
    ],
    [
      'silent to the second at which the window begins that it was measured into',
      silent('23 01:20:00', '23 02:00:00', 70, { measuredToMs: at('23 02:30:00') }),
      null,
    ],
    ['by day, faster than anybody drives', silent('23 12:00:00', '23 13:00:00', 150), null],
    [
      'silent outside the window that it was measured into',
      silent('23 01:20:00', '23 01:50:00', 60, { measuredToMs: at('23 02:30:00') }),
      null,
    ],
  ])('%s', (_, silence, expected) => {
    expect(bounds(silence)).toEqual(expected)
  })

  it('is nothing where the coach may run', () => {
    const silence = silent('23 02:40:00', '23 03:40:00', 2)
    const free = { ...settings, vehicle: { ...settings.vehicle, serviceClass: 'customised' } } as const
    expect(infer(silence, free)).toBeNull()
  })

  it('follows the policy: another window, another speed', () => {
    const by = (policy: PolicyFile) =>
      infer(silent('23 02:40:00', '23 03:40:00', 2), settingsFor('coach', policy))
    expect(by({ curfew: { from: '04:00' } })).toBeNull()
    expect(by({ fatigue: { gapKmh: 50 } })?.episode.evidence['atLeastS']).toBe(144)
  })
})
