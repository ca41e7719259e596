import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { roundKmh, roundMs, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { isoUtc } from '../../proto/time.ts'

/**
 * 点火未上线: a vehicle that was running when it was heard last, and is not heard any more. The one rule that no
 * Sample decides, so it has an input of its own: what was heard, and what time it is. Arrival times only.
 */
export type UnheardState = {
  /** When anything came last; null before the first. */
  readonly heardMs: number | null
  /** The newest Sample, and the last word about the ignition. */
  readonly last: Sample | null
  readonly ignition: { readonly on: boolean; readonly atMs: number } | null
  /** What began the episode that goes on. */
  readonly open: Finding | null
}

export type UnheardInput =
  | { readonly is: 'heard'; readonly atMs: number; readonly samples: readonly Sample[] }
  /** `sinceMs`: from when on we listened at all. `slackMs`: how much later than sent things may come. */
  | { readonly is: 'tick'; readonly nowMs: number; readonly sinceMs: number; readonly slackMs: number }

export const unheardBefore: UnheardState = { heardMs: null, last: null, ignition: null, open: null }

type Result = { readonly state: UnheardState; readonly finding: Finding | null }

export function stepUnheard(state: UnheardState, input: UnheardInput, settings: Settings): Result {
  if (input.is === 'tick') return tick(state, input, settings)
  const heardMs = Math.max(state.heardMs ?? input.atMs, input.atMs)
  const noted = input.samples.reduce(note, state)
  if (state.open === null) return { state: { ...noted, heardMs }, finding: null }
  const finding = ended(state.open, state.heardMs!, input.atMs)
  return { state: { ...noted, heardMs, open: null }, finding }
}

/** What is older than the newest Sample came late and says nothing about now. */
function note(state: UnheardState, sample: Sample): UnheardState {
  if (state.last !== null && sample.atMs <= state.last.atMs) return state
  const ignition = sample.ignition === null ? state.ignition : { on: sample.ignition, atMs: sample.atMs }
  return { ...state, last: sample, ignition }
}

function tick(
  state: UnheardState,
  { nowMs, sinceMs, slackMs }: Extract<UnheardInput, { is: 'tick' }>,
  settings: Settings,
): Result {
  const { heardMs, last, open } = state
  if (open !== null || heardMs === null || last === null || !wasRunning(state, last, settings))
    return { state, finding: null }
  const dueMs = Math.max(heardMs, sinceMs) + settings.policy.silence.afterS * 1000
  if (nowMs < dueMs + slackMs) return { state, finding: null }
  const finding = began(state, last, heardMs, dueMs, settings)
  return { state: { ...state, open: finding }, finding }
}

/** The ignition was on, or the wheels turned. What was said of the ignition too long ago says nothing any more. */
function wasRunning({ ignition }: UnheardState, last: Sample, { policy }: Settings): boolean {
  const known = ignition !== null && last.atMs - ignition.atMs <= policy.silence.afterS * 1000
  const { speedKmh } = last
  return (known && ignition.on) || (speedKmh !== null && speedKmh > 0 && speedKmh >= policy.fatigue.noiseKmh)
}

/** Whatever is in force by now: this is the end of what was begun, in the same words. */
function ended(open: Finding, heardMs: number, atMs: number): Finding {
  const silentS = roundS((atMs - heardMs) / 1000)
  const evidence = { ...open.evidence, silentS }
  return { ...open, phase: 'ended', atMs: roundMs(atMs), decidedAtMs: roundMs(atMs), evidence }
}

function began(
  state: UnheardState,
  last: Sample,
  heardMs: number,
  dueMs: number,
  settings: Settings,
): Finding {
  const { ignition } = state
  return makeFinding(
    {
      kind: 'silence',
      phase: 'started',
      severity: 'minor',
      atMs: heardMs,
      evidence: {
        lastHeard: isoUtc(roundMs(heardMs)),
        lastSample: isoUtc(last.atMs),
        silentS: roundS((dueMs - heardMs) / 1000),
        ignition: ignition?.on ?? null,
        speedKmh: last.speedKmh === null ? null : roundKmh(last.speedKmh),
      },
    },
    { ...last, atMs: dueMs },
    settings,
  )
}
