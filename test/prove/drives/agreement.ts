import type { Sample } from '../../../proto/model.ts'
import { createOrder } from '../../../sim/trips/order.ts'

/** What came of a comparison over so many random drives. */
export type Agreed = { readonly drives: number; readonly told: number; readonly wrong: string | null }
export type Agreement = {
  readonly name: string
  /** Compares so many drives; `wrong` is the first that differs, with what its dice showed. */
  readonly agree: (drives: number, seed: number) => Agreed
}

/** One seed, one drive: mulberry32. */
export function dice(seed: number) {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    whole: (min: number, max: number): number => min + Math.floor(next() * (max - min + 1)),
    pick: <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!,
    chance: (p: number): boolean => next() < p,
  }
}
export type Dice = ReturnType<typeof dice>

/** Later than its elders by no more than this, a row is sorted in (semantics, "Files"). */
const lateMaxMs = 59_000

/**
 * The rows of a drive as a bad line brings them: some late, some twice, put in order again by the very code that
 * replay uses. What comes out must be the drive.
 */
export function delivered(samples: readonly Sample[], roll: Dice): Sample[] {
  const arrivals = samples.flatMap((sample) => {
    const late = (): number => (roll.chance(0.08) ? roll.whole(1, lateMaxMs) : 0)
    const first = { sample, atMs: sample.atMs, arrivesMs: sample.atMs + late() }
    // The same row again: whichever comes second says nothing new.
    return roll.chance(0.08) ? [first, { ...first, arrivesMs: sample.atMs + late() }] : [first]
  })
  const accepted: Sample[] = []
  let refused = 0
  const order = createOrder<(typeof arrivals)[number]>(
    ({ sample }) => accepted.push(sample),
    () => refused++,
  )
  for (const row of arrivals.toSorted((a, b) => a.arrivesMs - b.arrivesMs)) order.push(row)
  order.end()
  if (refused > 0 || accepted.length !== samples.length)
    throw new Error(`${accepted.length} of ${samples.length} rows came out, ${refused} refused`)
  return accepted
}

/** Runs drives one by one; the first that throws or differs ends it. */
export function overDrives(drives: number, seed: number, one: (roll: Dice) => number): Agreed {
  let told = 0
  for (let n = 0; n < drives; n++) {
    // Odd, so that neighbouring seeds share no drive.
    const own = (Math.imul(seed, 0x9e3779b1) + n) >>> 0
    try {
      told += one(dice(own))
    } catch (error) {
      return { drives: n, told, wrong: `drive ${n} (${own}): ${(error as Error).message}` }
    }
  }
  return { drives, told, wrong: null }
}

/** Two accounts of one drive, line by line. */
export function mustEqual(mine: readonly string[], naive: readonly string[]): void {
  for (let i = 0; i < Math.max(mine.length, naive.length); i++)
    if (mine[i] !== naive[i]) throw new Error(`said ${mine[i] ?? 'nothing'}, naive ${naive[i] ?? 'nothing'}`)
}
