import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { canonicalJson } from '../../proto/canonical.ts'
import { ownerOf } from '../../proto/catalog.ts'
import type { Alert } from '../../proto/model.ts'
import type { Line } from '../../sim/replay/engine.ts'
import { headBytes, replayRecording } from '../../sim/replay/recording.ts'
import { planOf, type Scenario } from '../../sim/scenario.ts'
import { scenarioOfSeed } from '../../sim/scenarios/by-seed.ts'
import { driveInProcess } from '../../sim/swarm/drive.ts'

/**
 * Replay is the truth: a scenario is driven through the real terminal and gateway, and the tape that was recorded of it through
 * replay. Both must come to the same findings, in every word that an officer reads.
 */
export type Compared = {
  readonly seed: number
  readonly seconds: number
  readonly found: number
  readonly kinds: readonly string[]
  readonly complaints: readonly string[]
}

export async function compareScenario(scenario: Scenario): Promise<Compared> {
  const folder = mkdtempSync(join(tmpdir(), 'roadwarden-scenario-'))
  try {
    const { alerts, tape, waiting, refused } = await driveInProcess(scenario, folder)
    const lines = await replayedLines(tape)
    const outage = planOf(scenario).faults.cell.length > 0
    const complaints = differences(alerts, lines, (told) => outage && ownerOf(told) === 'gateway')
    if (waiting > 0) complaints.push(`${waiting} envelopes never came`)
    if (refused) complaints.push('the gateway never came to rest')
    const seconds = (Date.parse(scenario.end) - Date.parse(scenario.start)) / 1000
    const kinds = [...new Set(lines.map(({ kind }) => kind))]
    return { seed: scenario.seed, seconds, found: lines.length, kinds, complaints }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What replay says of a tape. */
export async function replayedLines(tape: Buffer): Promise<Line[]> {
  const lines: Line[] = []
  async function* chunks() {
    yield tape
  }
  const recording = { name: 'tape', head: tape.subarray(0, headBytes), chunks: chunks() }
  const reader = { read: async () => '', tell: () => {} }
  await replayRecording(recording, { files: {}, reader }, (line) => lines.push(line))
  return laterWords(lines)
}

/** What only a gateway knows: that it has heard nothing. */
const gatewayOnly = new Set(['silence'])

/**
 * While a hole is open in its telemetry a gateway finds ahead of it. What it finds again when the hole is closed is the same
 * alert when kind and subject are and the beginning is not farther off than this: then the officer is not told twice.
 */
const aheadOfHoleMs = 60_000

/** Each alert that stands against a line of replay, word for word; `lenient` says which may differ by being found ahead of a hole. */
function differences(
  alerts: readonly Alert[],
  lines: readonly Line[],
  lenient: (told: Told) => boolean,
): string[] {
  const complaints: string[] = []
  const left = new Set(lines)
  const take = (alert: Alert, fits: (line: Line) => boolean): Line | undefined => {
    const line = [...left].find((one) => matterOf(one) === matterOf(alert) && fits(one))
    if (line !== undefined) left.delete(line)
    return line
  }
  const open = standingOf(alerts).filter(
    (alert) => take(alert, (line) => wordsOf(line) === wordsOf(alert)) === undefined,
  )
  for (const alert of open) {
    const withinMs = lenient(alert) ? aheadOfHoleMs : 0
    const line = take(alert, ({ at }) => Math.abs(Date.parse(at) - Date.parse(alert.at)) <= withinMs)
    if (line === undefined) complaints.push(`only the gateway: ${matterOf(alert)} ${wordsOf(alert)}`)
    else if (withinMs === 0)
      complaints.push(`${matterOf(alert)}: replay ${wordsOf(line)} but gateway ${wordsOf(alert)}`)
  }
  for (const line of left) complaints.push(`only replay: ${matterOf(line)} ${wordsOf(line)}`)
  return complaints
}

const rank = { started: 0, updated: 1, ended: 2 } as const

/** What stands at the end: what late data took back, or said anew in another alert, was never true. */
export function standingOf(alerts: readonly Alert[]): Alert[] {
  const withdrawn = new Set(alerts.flatMap((alert) => (alert.withdrawn === true ? [alert.id] : [])))
  const anew = new Map(
    alerts.flatMap(({ supersedes, phase }) =>
      supersedes === null ? [] : [[supersedes, rank[phase]] as const],
    ),
  )
  return alerts.filter(
    ({ id, phase, kind }) =>
      !withdrawn.has(id) && rank[phase] < (anew.get(id) ?? Infinity) && !gatewayOnly.has(kind),
  )
}

/** An update dated before its own beginning, by a clock that was set back between them, is no later word about it. */
function laterWords(lines: readonly Line[]): Line[] {
  const open = new Map<string, string>()
  return lines.filter((line) => {
    const episode = `${line.kind} ${line.reason ?? '-'} ${line.subject}`
    if (line.phase === 'updated') return line.decidedAt >= (open.get(episode) ?? line.decidedAt)
    if (line.phase === 'started') open.set(episode, line.decidedAt)
    else open.delete(episode)
    return true
  })
}

export type Told = Line | Alert
export const matterOf = ({ kind, reason, phase, subject }: Told): string =>
  `${kind} ${reason ?? '-'} ${phase} ${subject}`
/** Everything an officer reads; which key of the evidence comes first says nothing. */
const wordsOf = (told: Told): string => {
  const { at, decidedAt, severity, grade, driver, trip, place, evidence, explain, rule } = told
  return canonicalJson({ at, decidedAt, severity, grade, driver, trip, place, evidence, explain, rule })
}

export type ScenariosReport = {
  readonly scenarios: number
  readonly hours: number
  readonly found: number
  readonly kinds: readonly string[]
  readonly complaints: readonly string[]
}

const processes = 2
const self = resolve(import.meta.dirname, 'scenarios.ts')

/** So many scenarios from a seed on, in two processes. */
export async function proveScenarios(count: number, seed: number): Promise<ScenariosReport> {
  const each = Math.ceil(count / processes)
  const from = Array.from({ length: processes }, (_, n) => n * each).filter((first) => first < count)
  const all = (
    await Promise.all(from.map((first) => some(seed + first, Math.min(each, count - first))))
  ).flat()
  return {
    scenarios: all.length,
    hours: Math.round(all.reduce((sum, { seconds }) => sum + seconds, 0) / 3600),
    found: all.reduce((sum, { found }) => sum + found, 0),
    kinds: [...new Set(all.flatMap(({ kinds }) => kinds))].sort(),
    complaints: all.flatMap(({ seed: own, complaints }) => complaints.map((line) => `seed ${own}: ${line}`)),
  }
}

async function some(seed: number, count: number): Promise<Compared[]> {
  const child = spawn(process.execPath, [self, String(seed), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const all: Compared[] = []
  for await (const line of createInterface({ input: child.stdout })) all.push(JSON.parse(line) as Compared)
  if (all.length !== count) throw new Error(`the scenarios from seed ${seed} on came to no end`)
  return all
}

if (process.argv[1] === self) {
  const [seed, count] = process.argv.slice(2).map(Number)
  for (let one = seed!; one < seed! + count!; one++)
    process.stdout.write(`${JSON.stringify(await compareScenario(scenarioOfSeed(one)))}\n`)
}
