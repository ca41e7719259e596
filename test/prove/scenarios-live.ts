import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownerOf } from '../../proto/catalog.ts'
import type { Alert } from '../../proto/model.ts'
import { runDrive } from '../../sim/fleet-of-one.ts'
import { planOf, type Scenario } from '../../sim/scenario.ts'
import { scenarioOfSeed } from '../../sim/scenarios/by-seed.ts'
import { matterOf, replayedLines, standingOf, type Told } from './scenarios.ts'

/**
 * Scenarios over real ttys and MQTT: terminal, gateway and officer as processes, the terminal recording. What the officer heard
 * against what replay says of the tape that was recorded meanwhile: equal by kind, phase and subject within two seconds.
 */
export type LiveReport = {
  readonly scenarios: number
  readonly hours: number
  readonly factor: number
  readonly found: number
  readonly complaints: readonly string[]
}

/** What the ttys hold beside whatever else this machine does. */
const factor = 60
const withinMs = 2000
/** Found ahead of a hole, an alert stands for what is found later within a minute (see `scenarios.ts`). */
const aheadOfHoleMs = 60_000

export async function proveScenariosLive(count: number, seed: number): Promise<LiveReport> {
  const report = { scenarios: 0, hours: 0, factor, found: 0, complaints: [] as string[] }
  for (let one = seed; one < seed + count; one++) {
    const scenario = scenarioOfSeed(one)
    const { found, complaints } = await compareLive(scenario)
    report.scenarios++
    report.hours += (Date.parse(scenario.end) - Date.parse(scenario.start)) / 3_600_000
    report.found += found
    report.complaints.push(...complaints.map((line) => `seed ${one}: ${line}`))
  }
  return { ...report, hours: Math.round(report.hours * 10) / 10 }
}

async function compareLive(scenario: Scenario): Promise<{ found: number; complaints: string[] }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'roadwarden-live-'))
  try {
    const blackBox = { dir: join(dataDir, 'tapes'), capMiB: 256 }
    const { alerts, ledger, complete } = await runDrive({
      scenario,
      factor,
      dataDir,
      terminalConfig: { blackBox },
    })
    const tape = Buffer.concat(
      readdirSync(blackBox.dir)
        .sort()
        .map((file) => readFileSync(join(blackBox.dir, file))),
    )
    const lines = await replayedLines(tape)
    const complaints = differences(alerts, lines, planOf(scenario).faults.cell.length > 0)
    if (!complete) complaints.push('the drive came to no end')
    if (ledger === null || ledger.lost + ledger.waiting > 0)
      complaints.push(`envelopes lost or waiting: ${JSON.stringify(ledger)}`)
    return { found: lines.length, complaints }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function differences(alerts: readonly Alert[], lines: readonly Told[], outage: boolean): string[] {
  const left = new Set(lines)
  const complaints: string[] = []
  for (const alert of standingOf(alerts)) {
    const farthestMs = outage && ownerOf(alert) === 'gateway' ? aheadOfHoleMs : withinMs
    const apart = (line: Told): number => Math.abs(Date.parse(line.at) - Date.parse(alert.at))
    const [nearest] = [...left]
      .filter((line) => matterOf(line) === matterOf(alert))
      .toSorted((a, b) => apart(a) - apart(b))
    if (nearest === undefined || apart(nearest) > farthestMs)
      complaints.push(`only the officer: ${matterOf(alert)} ${alert.at}`)
    else left.delete(nearest)
  }
  for (const line of left) complaints.push(`only replay: ${matterOf(line)} ${line.at}`)
  return complaints
}
