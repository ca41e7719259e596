import { type DrivingTime, fatigue } from '../../device/detectors/fatigue.ts'
import { detectors } from '../../device/detectors/index.ts'
import { rules } from '../../gateway/rules/index.ts'
import type { Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import { createEngine, type Line, type Summary } from '../replay/engine.ts'
import type { Trip } from '../replay/open-trip.ts'
import { createOutlook } from '../replay/outlook.ts'

/** A trip folded for an exporter: every Sample as the detectors saw it, and what was found. */
export type Gathered = {
  readonly rows: readonly Row[]
  readonly lines: readonly Line[]
  /** Driving of the last seven days by each driver. */
  readonly driving: readonly Driving[]
  /** What was in force at the last Sample; null when there was none. */
  readonly settings: Settings | null
  readonly summary: Summary
}

export type Row = { readonly sample: Sample; readonly limitKmh: number }
export type Driving = {
  /** Empty for driving that nobody has owned up to. */
  readonly driver: string
  readonly runs: readonly { readonly fromMs: number; readonly toMs: number }[]
}

export async function gather({ documents, deps, fold }: Trip): Promise<Gathered> {
  const rows: Row[] = []
  const lines: Line[] = []
  const outlook = createOutlook()
  let settings: Settings | null = null
  let state: DrivingTime = fatigue.initial
  const engine = createEngine({
    documents,
    detectors,
    rules,
    ...deps,
    print: (line) => {
      lines.push(line)
    },
    seen: (seen) => {
      rows.push({ sample: seen.sample, limitKmh: outlook(seen).limit.limitKmh })
      settings = seen.settings
      state = (seen.states[fatigue.name] ?? fatigue.initial) as DrivingTime
    },
  })
  await fold(engine)
  const summary = engine.end()
  return { rows, lines, driving: drivingOf(state), settings, summary }
}

function drivingOf({ ledgers, atMs }: DrivingTime): Driving[] {
  return ledgers.map(({ driver, proven }) => {
    const runs: { fromMs: number; toMs: number }[] = []
    for (let at = 0; at + 1 < proven.runs.length; at += 2)
      runs.push({ fromMs: proven.runs[at]!, toMs: proven.runs[at + 1]! })
    if (proven.runMs !== null && atMs !== null) runs.push({ fromMs: proven.runMs, toMs: atMs })
    return { driver, runs }
  })
}
