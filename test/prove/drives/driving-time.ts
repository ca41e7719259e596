import { fatigue } from '../../../device/detectors/fatigue.ts'
import { drive } from '../../../proto/detector.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { coachSettings } from '../../help/driving-settings.ts'
import { drivingTime, type Said } from '../../reference/driving-time.ts'
import { type Agreement, type Dice, delivered, mustEqual, overDrives } from './agreement.ts'

/** Driving time on random drives: stops about 20 min, gaps with and without displacement, changing drivers. */

const lengths = {
  drives: [9, 10, 11, 60, 1190, 5400, 7200, 7201, 12_600, 14_399, 14_400, 14_401, 18_000],
  stands: [9, 10, 11, 60, 1189, 1199, 1200, 1201, 5400],
  silent: [299, 300, 301, 1200, 1201, 2400],
} as const
const longest = { drives: 9000, stands: 4000, silent: 9000 } as const
const starts = ['00:30:00', '03:59:50', '08:00:00', '17:30:00', '19:59:49', '21:20:00']
const rows = 260

function samplesOf(roll: Dice): Sample[] {
  const samples: Sample[] = []
  let atMs = beijing(`2026-11-21 ${roll.pick(starts)}`)
  let driver: string | null = 'A'
  let odometerM: number | null = 0
  for (let legs = roll.whole(3, 14); legs > 0; legs--) {
    const does = roll.pick(['drives', 'drives', 'stands', 'stands', 'silent'] as const)
    const forS = roll.chance(0.5) ? roll.pick(lengths[does]) : roll.whole(1, longest[does])
    if (roll.chance(0.33)) driver = roll.pick(['A', 'A', 'B', 'B', 'C', null])
    if (does === 'silent') odometerM = jumpOf(roll, odometerM)
    const endMs = atMs + forS * 1000
    // A long leg is shown coarsely, so that the naive program can lay it out again and again.
    const everyS = roll.pick([7, 10, 11, 60, 127, 300])
    const everyMs = Math.max(everyS, Math.min(300, Math.ceil(forS / 40))) * 1000
    const shown = { speedKmh: does === 'drives' ? 60 : 0, speedSource: 'wheel', driver, odometerM } as const
    for (; atMs < endMs && does !== 'silent'; atMs += everyMs) samples.push(sampleAt(atMs, shown))
    atMs = endMs
  }
  return samples.slice(0, rows)
}

/** Where the vehicle is found after a silence; null: the odometer cannot tell. */
function jumpOf(roll: Dice, odometerM: number | null): number | null {
  const km = roll.chance(0.5) ? roll.pick([0, 0.1, 0.3, 1, 1.001, 32, 36, null]) : roll.next() * 80
  return km === null ? null : Math.round((odometerM ?? 0) + km * 1000)
}

const said = (one: Said): string => {
  const severity = one.phase === 'ended' ? '' : one.severity
  return [one.decided, one.phase, one.kind, one.reason, one.subject, one.at, severity].join(' ')
}

function found(finding: Finding): string {
  const { phase, kind, reason, subject, atMs, decidedAtMs, severity } = finding
  return said({ phase, kind, reason, subject, at: atMs, decided: decidedAtMs, severity })
}

const isFatigue = ({ kind, phase }: { kind: string; phase: string }): boolean =>
  kind === 'fatigue' || (kind === 'fatigue-warning' && phase !== 'updated')

/** Limits an hour or two away, so that all of them are passed often. */
const near = {
  continuousS: 5400,
  nightContinuousS: 3600,
  warnBeforeS: 900,
  rolling24hS: 9000,
  rolling7dS: 14_000,
}

export const drivingTimeAgrees: Agreement = {
  name: 'driving time',
  agree: (drives, seed) => {
    const policies = [coachSettings(null), coachSettings({ fatigue: near })]
    return overDrives(drives, seed, (roll) => {
      const settings = roll.pick(policies)
      const samples = samplesOf(roll)
      if (samples.length === 0) return 0
      const mine = drive(fatigue, delivered(samples, roll), settings).findings
      const naive = drivingTime(samples, settings.policy, settings.vehicle.id)
      mustEqual(mine.filter(isFatigue).map(found).toSorted(), naive.map(said).toSorted())
      return naive.length
    })
  },
}
