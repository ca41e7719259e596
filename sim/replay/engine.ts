import type { CanMessage, NmeaMessage } from '../../device/decoders/messages.ts'
import {
  initialSignals,
  type Row,
  type SignalConfig,
  type SignalInput,
  type SignalState,
  stepSignals,
} from '../../device/signals/index.ts'
import { catalog, ownerOf } from '../../proto/catalog.ts'
import { type Described, describe } from '../../proto/describe.ts'
import { type AnyDetector, compareFindings, type States, stepAll } from '../../proto/detector.ts'
import { type Documents, settingsAt } from '../../proto/in-force.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import { quantise, showing, type ThinState, thin } from '../../proto/telemetry.ts'
import { createTally, type Tally } from './tally.ts'

/**
 * A recorded trip through the very code of terminal and gateway: signals and detectors see every Sample, the
 * gateway's rules see telemetry (thinned, quantised). Each finding is printed by the side that owns its kind.
 */

export type Line = Described
export type Summary = {
  readonly kind: 'summary'
  readonly samples: number
  readonly rejected: number
  readonly drivenSeconds: number
  readonly distanceM: number
  readonly findings: { readonly [kind: string]: number }
}

export type Engine = {
  readonly gnss: (messages: readonly NmeaMessage[], atMs: number) => void
  readonly row: (row: Row) => void
  readonly can: (message: CanMessage, atMs: number) => void
  /** A moment at which nothing else may have been said. */
  readonly tick: (atMs: number, counts: boolean) => void
  /** Something off a tape, with what the terminal then allowed for late arrival. */
  readonly input: (input: SignalInput, slackMs: number) => void
  readonly rejected: () => void
  /** Other documents are in force from here on. */
  readonly inForce: (documents: Documents) => void
  /** The states as they are now. Steps never alter them, so keeping them costs nothing. */
  readonly states: () => EngineStates
  /** Goes on from other states, such as a terminal's after it was started again. */
  readonly resume: (states: Partial<EngineStates>) => void
  readonly end: () => Summary
}

export type EngineStates = {
  readonly signals: SignalState
  readonly states: States
  readonly rules: States
  readonly thin: ThinState
  /** The last Sample that the rules were shown. */
  readonly ruledLast: Sample | null
}

/** What a watcher sees at each Sample. */
export type Seen = { readonly sample: Sample; readonly settings: Settings; readonly states: States }

export type EngineDeps = {
  readonly documents: Documents
  readonly detectors: readonly AnyDetector[]
  readonly rules: readonly AnyDetector[]
  readonly expects: { readonly gnss: boolean; readonly can: boolean }
  /** Peripherals that must speak, by name. */
  readonly peripherals?: readonly string[]
  readonly notBeforeMs: number
  /** True when no receiver speaks: the recorder's own times are then all there is. */
  readonly trustRecorder: boolean
  readonly print: (line: Line) => void
  readonly seen?: (seen: Seen) => void
}

/** Findings of later Samples cannot be decided earlier than this before them: quantising moves a time by half a millisecond. */
const settleMs = 1000

export function createEngine(deps: EngineDeps): Engine {
  let { documents } = deps
  const configWith = (slackMs: number): SignalConfig => ({
    policy: documents.policy.signals,
    expects: deps.expects,
    peripherals: deps.peripherals ?? [],
    notBeforeMs: deps.notBeforeMs,
    slackMs,
  })
  let config = configWith(0)
  let signals: SignalState = deps.trustRecorder
    ? { ...initialSignals, time: { ...initialSignals.time, offsetMs: 0 } }
    : initialSignals
  let terminal: States = {}
  let gateway: States = {}
  let thinned: ThinState = null
  let ruledLast: Sample | null = null
  let waiting: { finding: Finding; settings: Settings }[] = []
  const started: Record<string, number> = {}
  const tally: Tally = createTally(documents.policy.fatigue)

  const flush = (untilMs: number): void => {
    if (waiting.length === 0) return
    const ready = waiting.filter(({ finding }) => finding.decidedAtMs < untilMs)
    if (ready.length === 0) return
    waiting = waiting.filter(({ finding }) => finding.decidedAtMs >= untilMs)
    ready.sort((a, b) => compareFindings(a.finding, b.finding))
    for (const { finding, settings } of ready) {
      if (finding.phase === 'started') started[finding.kind] = (started[finding.kind] ?? 0) + 1
      deps.print(describe(finding, describing(settings)))
    }
  }

  const keep = (findings: readonly Finding[], owner: 'terminal' | 'gateway', settings: Settings): void => {
    for (const finding of findings) {
      const entry = catalog[finding.kind]
      if (ownerOf(finding) === owner && !entry?.driverOnly) waiting.push({ finding, settings })
    }
  }

  const rule = (sample: Sample, settings: Settings): void => {
    const how = showing(ruledLast, sample)
    if (how === 'passed') return
    ruledLast = sample
    if (how === 'noted') return
    const ruled = stepAll(deps.rules, gateway, sample, settings)
    gateway = ruled.state
    keep(ruled.findings, 'gateway', settings)
  }

  const take = (sample: Sample): void => {
    const settings = settingsAt(documents, sample.atMs)
    tally.sample(sample)
    const detected = stepAll(deps.detectors, terminal, sample, settings)
    terminal = detected.state
    keep(detected.findings, 'terminal', settings)
    deps.seen?.({ sample, settings, states: terminal })
    const { state, taken } = thin(thinned, sample)
    thinned = state
    if (taken) rule(quantise(sample), settings)
    flush(sample.atMs - settleMs)
  }

  const feed = (input: SignalInput): number => {
    const result = stepSignals(signals, input, config)
    signals = result.state
    for (const sample of result.samples) take(sample)
    return result.samples.length
  }

  return {
    gnss: (messages, atMs) => {
      let made = 0
      for (const message of messages) made += feed({ is: 'gnss', message, arrivedMs: atMs })
      if (made > 0) tally.accepted(signalsRefused(signals))
    },
    row: (row) => {
      if (feed({ is: 'row', row, arrivedMs: row.atMs }) > 0) tally.accepted(signalsRefused(signals))
    },
    can: (message, atMs) => {
      feed({ is: 'can', message, arrivedMs: atMs })
    },
    tick: (atMs, counts) => {
      if (feed({ is: 'tick', arrivedMs: atMs }) > 0 && counts) tally.accepted(false)
    },
    input: (input, slackMs) => {
      if (slackMs !== config.slackMs) config = configWith(slackMs)
      const made = feed(input)
      const counts = input.is === 'gnss' || (input.is === 'tick' && !deps.expects.gnss)
      if (made > 0 && counts) tally.accepted(signalsRefused(signals))
    },
    rejected: () => tally.rejected(),
    inForce: (changed) => {
      documents = changed
      config = configWith(config.slackMs)
    },
    states: () => ({ signals, states: terminal, rules: gateway, thin: thinned, ruledLast }),
    resume: (from) => {
      signals = from.signals === undefined ? signals : { ...initialSignals, ...from.signals }
      terminal = from.states ?? terminal
      gateway = from.rules ?? gateway
      thinned = from.thin === undefined ? thinned : from.thin
      ruledLast = from.ruledLast === undefined ? ruledLast : from.ruledLast
    },
    end: () => {
      flush(Number.POSITIVE_INFINITY)
      return { kind: 'summary', ...tally.totals(), findings: sortedKeys(started) }
    },
  }
}

/** Whether the last row's position was refused: it then counts as rejected, though its other values are in use. */
const signalsRefused = (signals: SignalState): boolean => signals.lastRefused

function describing(settings: Settings) {
  return {
    vehicle: settings.vehicle,
    zone: settings.policy.zone,
    policyDigest: settings.policyDigest,
    serviceClass: settings.trip === null ? settings.vehicle.serviceClass : settings.trip.serviceClass,
  }
}

const sortedKeys = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)))
