import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openLines } from './cables.ts'
import { emissionsOfSecond } from './emissions.ts'
import { closeLines, paceDrive } from './pacer.ts'
import { planOf } from './scenario.ts'
import type { Show } from './show.ts'
import { createWorld } from './world.ts'

/** Only the hardware of a drive: its lines and its world, for a terminal that somebody else starts. */
export async function serveLines({ scenario, factor, dataDir }: Show): Promise<number> {
  mkdirSync(dataDir, { recursive: true })
  const plan = planOf(scenario)
  const world = createWorld(join(dataDir, 'world.json'), plan.startMs, factor)
  const lines = await openLines(dataDir, plan)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  const { gnss, can, peripheral } = lines
  const third = peripheral === undefined ? {} : { peripheral: peripheral.path }
  const ready = { kind: 'ready', gnss: gnss.path, can: can.path, ...third, world: world.path }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
  world.resume()
  const emissions = (secondMs: number) => emissionsOfSecond(plan, secondMs)
  await paceDrive(plan, lines, world, emissions, async () => {}, stop.signal)
  await closeLines(lines)
  return 0
}
