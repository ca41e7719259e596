import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diedRow, type Row } from './parts.ts'
import type { Told } from './table.ts'

/**
 * Runs the parts of a proof, three side by side, each in a process group and a temporary folder of its own: whatever
 * becomes of it, nothing of it is left behind. Ends by itself when the time is over: a slow machine has proved less
 * then, and says which parts, instead of being cut off by whoever waits.
 */
export type Plan = {
  readonly names: readonly string[]
  readonly seed: number
  /** How a part is started: the program and what it is told, without the part's name. */
  readonly command: readonly string[]
  /** Null: as long as it takes. */
  readonly withinMs: number | null
  /** Whoever is cut off after so long has not been slow, it hangs. */
  readonly hangsMs: number
  /** Resolves when a person has seen enough. */
  readonly enough: Promise<unknown>
  readonly began: (name: string) => void
  readonly ended: (told: Told) => void
}

/** Two cores, and parts that mostly wait: three keep both busy. */
const workers = 3
const graceMs = 6000

export async function runParts(plan: Plan): Promise<Told[]> {
  const limit = new AbortController()
  const timer = plan.withinMs === null ? null : setTimeout(() => limit.abort(), plan.withinMs)
  void plan.enough.then(() => limit.abort())
  const waiting = [...plan.names]
  const all: Told[] = []
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      if (!limit.signal.aborted) plan.began(name)
      const told = limit.signal.aborted ? notReached(name, plan.seed) : await work(plan, name, limit.signal)
      all.push(told)
      plan.ended(told)
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  if (timer !== null) clearTimeout(timer)
  return all.sort((a, b) => plan.names.indexOf(a.name) - plan.names.indexOf(b.name))
}

const notReached = (name: string, seed: number): Told => ({ name, seed, tookMs: 0, row: null })

async function work({ command, seed, hangsMs }: Plan, name: string, limit: AbortSignal): Promise<Told> {
  const fromMs = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'roadwarden-prove-'))
  const [program, ...args] = command
  const child = spawn(program!, [...args, '--part', name], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
    detached: true,
  })
  const cut = (): void => void endGroup(child)
  limit.addEventListener('abort', cut)
  const row = await rowOf(child)
  limit.removeEventListener('abort', cut)
  await endGroup(child)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  const tookMs = Math.round(performance.now() - fromMs)
  if (row === null && limit.aborted && tookMs < hangsMs) return { name, seed, tookMs, row }
  return { name, seed, tookMs, row: row ?? diedRow(name) }
}

/** The last line that a part says; null when it came to no end. */
async function rowOf(child: ChildProcess): Promise<Row | null> {
  let said = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await new Promise((resolve) => child.once('close', resolve))
  try {
    return JSON.parse(said.trim().split('\n').at(-1) ?? '') as Row
  } catch {
    return null
  }
}

/** Asks what is left of it to end, and after a while makes it. */
async function endGroup({ pid }: ChildProcess): Promise<void> {
  const untilMs = performance.now() + graceMs
  for (let signal: NodeJS.Signals | 0 = 'SIGTERM'; signalGroup(pid, signal); signal = 0) {
    if (performance.now() > untilMs) return void signalGroup(pid, 'SIGKILL')
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** False when there is nobody to hear it. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  try {
    return pid !== undefined && process.kill(-pid, signal)
  } catch {
    return false
  }
}
