import { type DrivesReport, proveDrive } from './kills.ts'

/** Killed at named points of the program (`fail-point.ts` of each), again and again: after a random number of passes. */

export const gatewayPoints = [
  'decoded',
  'before-commit',
  'after-commit',
  'after-puback',
  'before-publish',
  'after-publish',
] as const

export const terminalPoints = [
  'epoch-made',
  'before-commit',
  'after-commit',
  'sent',
  'after-puback',
  'before-trim',
  'after-trim',
] as const

/** Points that a process passes once in its life. */
const once = new Set<string>(['epoch-made'])

export type PointsReport = DrivesReport & { readonly passed: number }

export async function provePoints(timesEach: number, seed: number): Promise<PointsReport> {
  let passed = 0
  const report = await proveDrive(seed, async (victims) => {
    const missed: string[] = []
    const all = async (whose: 'gateway' | 'terminal', points: readonly string[]): Promise<void> => {
      for (const point of points) {
        let met = 0
        for (let n = 0; n < timesEach; n++) {
          const times = once.has(point) ? 1 : victims.dice.whole(`${whose}/${point}`, 1, 5)
          if (await victims.killAt(whose, point, times)) met++
        }
        if (met === 0) missed.push(`never passed: ${whose} ${point}`)
        passed += met
      }
    }
    await all('terminal', terminalPoints)
    await all('gateway', gatewayPoints)
    return missed
  })
  return { ...report, passed }
}
