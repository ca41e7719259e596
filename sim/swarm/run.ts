import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runWorld, type WorldReport } from './world.ts'

/** `npm run sim -- swarm --seed N [--seeds COUNT]`: worlds one after the other; the first line is the seed. */

const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

export async function runSwarm(seed: number, seeds: number): Promise<number> {
  say({ kind: 'swarm', seed, seeds })
  const folder = mkdtempSync(join(tmpdir(), 'roadwarden-swarm-'))
  const total = { worlds: 0, faults: 0, durable: 0, journaled: 0, alerts: 0, evicted: 0, failed: 0 }
  let worstRecoveryMs = 0
  try {
    for (let one = seed; one < seed + seeds; one++) {
      const report = await runWorld({ seed: one, folder })
      total.worlds++
      for (const name of ['faults', 'durable', 'journaled', 'alerts', 'evicted'] as const)
        total[name] += report[name]
      worstRecoveryMs = Math.max(worstRecoveryMs, Math.round(report.worstRecoveryMs))
      if (report.complaints.length > 0) total.failed++
      if (report.complaints.length > 0) tellFailure(report)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const worstRssMb = Math.round(process.resourceUsage().maxRSS / 1024)
  say({ kind: 'summary', ...total, worstRecoveryMs, worstRssMb })
  return total.failed === 0 ? 0 : 1
}

function tellFailure({ seed, complaints }: WorldReport): void {
  say({ kind: 'world', seed, complaints, repeat: `npm run sim -- swarm --seed ${seed}` })
}
