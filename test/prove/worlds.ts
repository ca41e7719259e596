import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** Simulated worlds in two processes, each by the command a person would repeat it with. */
export type WorldsReport = {
  readonly worlds: number
  readonly faults: number
  readonly durable: number
  readonly failed: number
  readonly worstRecoveryMs: number
  readonly worstRssMb: number
  readonly complaints: readonly string[]
}

const root = resolve(import.meta.dirname, '../..')
const processes = 2

export async function proveWorlds(worlds: number, seed: number): Promise<WorldsReport> {
  const each = Math.ceil(worlds / processes)
  const parts = await Promise.all(
    Array.from({ length: processes }, (_, n) => swarm(seed + n * each, Math.min(each, worlds - n * each))),
  )
  const sum = (name: 'worlds' | 'faults' | 'durable' | 'failed'): number =>
    parts.reduce((total, part) => total + part[name], 0)
  const worst = (name: 'worstRecoveryMs' | 'worstRssMb'): number =>
    Math.max(...parts.map((part) => part[name]))
  return {
    worlds: sum('worlds'),
    faults: sum('faults'),
    durable: sum('durable'),
    failed: sum('failed'),
    worstRecoveryMs: worst('worstRecoveryMs'),
    worstRssMb: worst('worstRssMb'),
    complaints: parts.flatMap(({ complaints }) => complaints),
  }
}

async function swarm(seed: number, seeds: number): Promise<WorldsReport> {
  const args = [join(root, 'sim/main.ts'), 'swarm', '--seed', String(seed), '--seeds', String(seeds)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const complaints: string[] = []
  let summary: Omit<WorldsReport, 'complaints'> | null = null
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as { kind: string }
    if (told.kind === 'world') complaints.push(line.slice(0, 1000))
    if (told.kind === 'summary') summary = told as unknown as Omit<WorldsReport, 'complaints'>
  }
  if (summary === null) throw new Error(`the worlds from seed ${seed} on came to no end`)
  return { ...summary, complaints }
}
