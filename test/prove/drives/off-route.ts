import { offRoute } from '../../../device/detectors/off-route.ts'
import { drive } from '../../../proto/detector.ts'
import { sampleAt } from '../../help/drive.ts'
import { deepFreeze, roadPoint, roadRoute, settingsFor } from '../../help/road.ts'
import { type RoadFix, referenceOffRoute } from '../../reference/off-route.ts'
import { type Agreement, type Dice, delivered, overDrives } from './agreement.ts'
import { filtered } from './areas.ts'

/** Random drives along a straight line of 200 m: beside it, back on it, silences, jumps. */

const startMs = Date.parse('2026-11-23T02:00:00Z')
const settings = deepFreeze(settingsFor('coach', null, { route: roadRoute({ lengthM: 500_000 }) }))
const beside = [0, 100, -159, 161, 199, -199, 201, -201, 230, -260]
/** Sideways from one leg to the next: at most so fast, or the jump filter would not believe it. */
const sidewaysMps = 40
/** A crossing is computed on an ellipsoid here and on a plane there. */
const crossingMs = 60

function fixesOf(roll: Dice): RoadFix[] {
  const fixes: RoadFix[] = []
  let [atMs, alongM, besideM] = [startMs, 0, 0]
  for (let legs = roll.whole(0, 25); legs > 0; legs--) {
    const afterS = roll.chance(0.03) ? roll.pick([59, 60, 61, 300]) : roll.whole(1, 4)
    const toM = roll.pick(beside)
    // Odd speeds: nobody drives exactly the 100 m at which two roundings could disagree.
    const mps = roll.pick([0, 2.03, 4.07, 25.1])
    for (let dwell = roll.whole(1, 14); dwell > 0; dwell--) {
      const takesS = Math.max(afterS, Math.ceil(Math.abs(toM - besideM) / sidewaysMps))
      atMs += takesS * 1000
      alongM += mps * Math.min(afterS, 10)
      besideM = toM
      fixes.push({ atMs, alongM, besideM })
    }
  }
  return fixes
}

export const offRouteAgrees: Agreement = {
  name: 'off-route',
  agree: (drives, seed) =>
    overDrives(drives, seed, (roll) => {
      const fixes = fixesOf(roll)
      const rows = fixes.flatMap(({ atMs, alongM, besideM }) => {
        const at = (ms: number, x: number, y: number) =>
          sampleAt(ms, { fix: { ...roadPoint(x, y), accuracyM: null, satellites: null } })
        const fix = at(atMs, alongM, besideM)
        return roll.chance(0.04) ? [fix, at(atMs + 500, alongM, roll.pick([-9000, 20_000]))] : [fix]
      })
      const own = drive(offRoute, filtered(delivered(rows, roll)), settings).findings.filter(
        ({ phase }) => phase !== 'updated',
      )
      const naive = referenceOffRoute(fixes)
      const same =
        own.length === naive.length &&
        own.every(({ phase, atMs, decidedAtMs }, i) => {
          const other = naive[i]!
          const near = Math.abs(atMs - other.atMs) < crossingMs
          return phase === other.phase && decidedAtMs === other.decidedAtMs && near
        })
      if (!same)
        throw new Error(
          `said ${JSON.stringify(own.map(({ phase, atMs, decidedAtMs }) => ({ phase, atMs, decidedAtMs })))}, naive ${JSON.stringify(naive)}`,
        )
      return naive.length
    }),
}
