import { setTimeout as sleep } from 'node:timers/promises'
import { type Emission, isUnplugged, type LineName } from './emissions.ts'
import type { Line } from './line.ts'
import type { Plan } from './scenario.ts'
import type { WorldHand } from './world.ts'

/**
 * Writes a drive onto its lines in step with the world: every byte at its own host time, in order, never early.
 * The world waits when a reader stops reading, because bytes that arrive late would look like a silent vehicle.
 */
export type Lines = {
  readonly gnss: Line
  readonly can: Line
  /** Of a vehicle with cameras. */
  readonly peripheral?: Line
}

export const closeLines = (lines: Lines): Promise<unknown> =>
  Promise.all([lines.gnss.close(), lines.can.close(), lines.peripheral?.close()])

/** How far the world may run ahead of what the readers took, host ms: what comparisons with arrival time allow. */
const behindMs = 250

export async function paceDrive(
  plan: Plan,
  lines: Lines,
  world: WorldHand,
  emissions: (secondMs: number) => readonly Emission[],
  eachSecond: (worldMs: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let secondMs = plan.startMs; secondMs < plan.endMs && !signal.aborted; secondMs += 1000) {
    await waitUntil(world, secondMs, signal)
    await eachSecond(secondMs)
    await setPlugs(plan, lines, secondMs)
    await writeSecond(emissions(secondMs), lines, world, signal)
  }
}

async function setPlugs(plan: Plan, lines: Lines, secondMs: number): Promise<void> {
  for (const [name, line] of named(lines)) {
    const now = isUnplugged(plan, name, secondMs)
    if (now === isUnplugged(plan, name, secondMs - 1000)) continue
    await (now ? line.unplug() : line.plug())
  }
}

async function writeSecond(
  emissions: readonly Emission[],
  lines: Lines,
  world: WorldHand,
  signal: AbortSignal,
): Promise<void> {
  let next = 0
  while (next < emissions.length && !signal.aborted) {
    await waitUntil(world, emissions[next]!.atMs, signal)
    const nowMs = world.nowMs()
    const due: Record<LineName, string> = { gnss: '', can: '', peripheral: '' }
    for (; next < emissions.length && emissions[next]!.atMs <= nowMs; next++)
      due[emissions[next]!.line] += emissions[next]!.text
    for (const [name, line] of named(lines))
      if (due[name] !== '' && !line.write(due[name])) await untilTaken(line, world)
  }
}

const named = (lines: Lines): readonly (readonly [LineName, Line])[] =>
  Object.entries(lines) as [LineName, Line][]

async function untilTaken(line: Line, world: WorldHand): Promise<void> {
  const drained = line.drained()
  const soon = await Promise.race([drained.then(() => true), sleep(behindMs, false, { ref: false })])
  if (soon) return
  const wasRunning = !world.isPaused()
  world.pause()
  await drained
  if (wasRunning) world.resume()
}

/** The longest sleep between two looks at the world: a pause or an end is noticed within it. */
const lookMs = 200
/** The shortest: in fast motion several moments share one wake-up, or the writer would cost more than the reader. */
const leastMs = 2

export async function waitUntil(world: WorldHand, worldMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (world.isPaused()) {
      await Promise.race([world.running(), sleep(lookMs)])
      continue
    }
    const hostMs = (worldMs - world.nowMs()) / world.factor()
    if (hostMs <= 0) return
    await sleep(Math.min(lookMs, Math.max(leastMs, hostMs)))
  }
}
