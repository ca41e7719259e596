import type { Finding, Sample } from './model.ts'
import type { Settings } from './settings.ts'

/**
 * A detector (terminal) or a rule (gateway): a pure fold over Samples. `state` is plain JSON, so that it can be
 * stored in the transaction that stores the findings it produced. A step never mutates what it is given.
 */
export type Detector<State> = {
  readonly name: string
  /** State before the first Sample. */
  readonly initial: State
  readonly step: (state: State, sample: Sample, settings: Settings) => Step<State>
}

export type Step<State> = { readonly state: State; readonly findings: readonly Finding[] }

/** States of a list of detectors, by name. */
export type States = { readonly [detector: string]: unknown }

/** What a list of detectors needs to be run together, whatever the type of each one's state. */
export type AnyDetector = {
  readonly name: string
  readonly initial: unknown
  readonly step: (state: never, sample: Sample, settings: Settings) => Step<unknown>
}

/** Nothing happened. */
export function stay<State>(state: State): Step<State> {
  return { state, findings: none }
}

const none: readonly Finding[] = []

/**
 * Runs a list of detectors over one Sample. Findings come in the order of the list. A state that is missing
 * (a new detector, an old checkpoint) starts from `initial`.
 */
export function stepAll(
  detectors: readonly AnyDetector[],
  states: States,
  sample: Sample,
  settings: Settings,
): Step<States> {
  let next: Record<string, unknown> | null = null
  let findings: Finding[] | null = null
  for (const detector of detectors) {
    const before = states[detector.name]
    const result = detector.step((before ?? detector.initial) as never, sample, settings)
    // Most steps change few states: those that stay need not be laid down anew.
    if (result.state !== before) {
      next ??= { ...states }
      next[detector.name] = result.state
    }
    if (result.findings.length > 0) findings = [...(findings ?? []), ...result.findings]
  }
  return { state: next ?? states, findings: findings ?? none }
}

/** Folds one detector over samples: the test runner and the heart of replay. */
export function drive<State>(
  detector: Detector<State>,
  samples: Iterable<Sample>,
  settings: Settings | ((sample: Sample) => Settings),
): { state: State; findings: Finding[] } {
  let state = detector.initial
  const findings: Finding[] = []
  for (const sample of samples) {
    const inForce = typeof settings === 'function' ? settings(sample) : settings
    const result = detector.step(state, sample, inForce)
    state = result.state
    findings.push(...result.findings)
  }
  return { state, findings }
}

const phaseOrder = { started: 0, updated: 1, ended: 2 } as const

/** Output order (semantics, "Lines"): decidedAt, then kind, then started, updated, ended. */
export function compareFindings(a: Finding, b: Finding): number {
  if (a.decidedAtMs !== b.decidedAtMs) return a.decidedAtMs - b.decidedAtMs
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1
  return phaseOrder[a.phase] - phaseOrder[b.phase]
}
