import { noPosition, stepJumpFilter } from '../../../device/signals/jump-filter.ts'
import { areas } from '../../../gateway/rules/areas.ts'
import { drive } from '../../../proto/detector.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import { defaultPolicy } from '../../../proto/policy.ts'
import { placeAt, roadAreas, settingsWith } from '../../help/area-road.ts'
import { sampleAt } from '../../help/drive.ts'
import { type Episode, episodesOf, type PlanePoint } from '../../reference/areas.ts'
import { type Agreement, type Dice, delivered, overDrives } from './agreement.ts'

/** Random drives about the border of one area: pauses, accuracies, and positions that no vehicle can have reached. */

const startMs = Date.parse('2026-11-20T02:00:00Z')
const area = { x1: 1000, x2: 1300, y1: -150, y2: 150 }
const settings = settingsWith(
  roadAreas([
    { id: 'A', from: area.x1, to: area.x2, low: area.y1, high: area.y2 },
    { id: 'far', from: 50_000, to: 51_000 },
  ]),
)
/** Well below what the jump filter believes. */
const believedMps = 60

function pointsOf(roll: Dice): PlanePoint[] {
  const points: PlanePoint[] = []
  const claims = roll.chance(0.5)
  let atMs = startMs
  for (let count = roll.whole(2, 40); count > 0; count--) {
    // Near the border half of the time: there the rules differ. Off by fractions that have nothing in common:
    // nobody stops exactly on it, and no way between two positions passes exactly through a corner.
    const x = (roll.chance(0.5) ? roll.whole(900, 1400) : roll.whole(985, 1015)) + 1 / 3
    const y = (roll.chance(0.5) ? roll.whole(-250, 250) : 0) + Math.SQRT1_2 / 2
    const last = points.at(-1)
    const leastS = last === undefined ? 1 : Math.ceil(Math.hypot(x - last.x, y - last.y) / believedMps)
    const afterS = roll.chance(0.9) ? roll.whole(1, 60) : roll.whole(61, 900)
    atMs += Math.max(leastS, afterS) * 1000
    points.push({ atMs, x, y, accuracyM: claims && roll.chance(0.7) ? roll.whole(1, 100) : null })
  }
  return points
}

const sampleOf = ({ atMs, x, y, accuracyM }: PlanePoint): Sample =>
  sampleAt(atMs, {
    fix: { ...placeAt(x, y), accuracyM, satellites: null },
    speedKmh: 50,
    speedSource: 'gnss',
  })

/** Here and there a position far away, half a second after a true one: inside the far area or anywhere. */
function withJumps(points: readonly PlanePoint[], roll: Dice): Sample[] {
  const rows = points.flatMap((point) => {
    if (!roll.chance(0.06)) return [sampleOf(point)]
    const jump = { ...point, atMs: point.atMs + 500, x: roll.pick([50_500, -20_000]), accuracyM: null }
    return [sampleOf(point), sampleOf(jump)]
  })
  return filtered(delivered(rows, roll))
}

/** As signals hand positions on: what the jump filter refuses is no fix. */
export function filtered(samples: readonly Sample[]): Sample[] {
  const policy = defaultPolicy('coach').signals
  let state = noPosition
  return samples.map((sample) => {
    if (sample.fix === null) return sample
    const step = stepJumpFilter(state, { atMs: sample.atMs, ...sample.fix }, policy)
    state = step.state
    if (step.verdict === 'refused') return { ...sample, fix: null, positionRefused: true }
    return { ...sample, reseeded: step.verdict === 'reseeded' }
  })
}

function told(findings: readonly Finding[]): Episode[] {
  const episodes: { fromMs: number; toMs: number | null }[] = []
  for (const { phase, atMs } of findings) {
    if (phase === 'started') episodes.push({ fromMs: atMs, toMs: null })
    else episodes.at(-1)!.toMs = atMs
  }
  return episodes
}

const close = (a: number | null, b: number | null): boolean =>
  a === null || b === null ? a === b : Math.abs(a - b) <= 5

export const areasAgree: Agreement = {
  name: 'areas',
  agree: (drives, seed) =>
    overDrives(drives, seed, (roll) => {
      const points = pointsOf(roll)
      const got = told(drive(areas, withJumps(points, roll), settings).findings)
      const naive = episodesOf(area, points)
      const same =
        got.length === naive.length &&
        got.every(({ fromMs, toMs }, i) => close(fromMs, naive[i]!.fromMs) && close(toMs, naive[i]!.toMs))
      if (!same) throw new Error(`said ${JSON.stringify(got)}, naive ${JSON.stringify(naive)}`)
      return naive.length
    }),
}
