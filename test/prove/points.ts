import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killedRemover, threeDays, troubleAfterRemoval } from '../gateway/help/removal.ts'
import { type DrivesReport, proveDrive } from './kills.ts'
import type { Victims } from './victims.ts'

/** Killed at named points of the program (`fail-point.ts` of each), again and again: after a random number of passes. */

export const gatewayPoints = [
  'decoded',
  'before-commit',
  'after-commit',
  'after-puback',
  'before-publish',
  'after-publish',
  'day-made',
] as const

/** Points of the job that lets old days go: killed in a program that does nothing else. */
export const removalPoints = ['tombstone-written', 'day-unlinked'] as const

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
const once = new Set<string>(['epoch-made', 'day-made'])
const dayMs = 86_400_000
/** After three days a hole in the telemetry is given up. */
const daysMax = 2

export type PointsReport = DrivesReport & { readonly passed: number }

export async function provePoints(timesEach: number, seed: number): Promise<PointsReport> {
  const met = { count: 0 }
  const report = await proveDrive(
    seed,
    async (victims) => [
      ...(await killAtEach(victims, 'terminal', terminalPoints, timesEach, met)),
      ...(await killAtEach(victims, 'gateway', gatewayPoints, timesEach, met)),
      ...(await killRemovers(timesEach, met)),
    ],
    false,
  )
  return { ...report, passed: met.count }
}

type Met = { count: number }

/** Names the points that nothing passed. */
async function killAtEach(
  victims: Victims,
  whose: 'gateway' | 'terminal',
  points: readonly string[],
  timesEach: number,
  met: Met,
): Promise<string[]> {
  const missed: string[] = []
  for (const point of points) {
    const before = met.count
    const kills = point === 'day-made' ? Math.min(timesEach, daysMax) : timesEach
    for (let n = 1; n <= kills; n++) {
      const times = once.has(point) ? 1 : victims.dice.whole(`${whose}/${point}`, 1, 5)
      // Midnight comes once in a drive: the clock of the office is set to the next day, and the next.
      if (point === 'day-made') victims.setClock('gateway', n * dayMs)
      if (await victims.killAt(whose, point, times)) met.count++
    }
    if (met.count === before) missed.push(`never passed: ${whose} ${point}`)
  }
  return missed
}

async function killRemovers(timesEach: number, met: Met): Promise<string[]> {
  const trouble: string[] = []
  for (const point of removalPoints)
    for (let n = 0; n < timesEach; n++) {
      const dataDir = mkdtempSync(join(tmpdir(), 'roadwarden-removal-'))
      await threeDays(dataDir)
      if (killedRemover(dataDir, `${point}:${1 + (n % 2)}`)) met.count++
      else trouble.push(`never passed: ${point}`)
      trouble.push(...(await troubleAfterRemoval(dataDir)))
      rmSync(dataDir, { recursive: true, force: true })
    }
  return trouble
}
