import type { Detector, Step } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Place, Sample } from '../../proto/model.ts'
import { roundKmh, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { accidentId } from './accident-id.ts'

/**
 * Crash suspected 疑似碰撞: slower faster than brakes can, then still. The receiver's Doppler is asked, not the wheels: locked
 * wheels say 0 while the vehicle slides. Two epochs a second apart cannot tell a crash from a stop, so a receiver of
 * 1 Hz never raises it.
 */
export type CrashState = {
  readonly last: { readonly atMs: number; readonly kmh: number } | null
  /** The hard deceleration that goes on. */
  readonly hard: Hard | null
  /** One that lost enough speed, and since when it stands. */
  readonly suspect: (Hard & { readonly stillMs: number | null }) | null
  readonly open: Hard | null
}
type Hard = {
  readonly atMs: number
  readonly fromKmh: number
  readonly toKmh: number
  readonly peakMps2: number
  readonly place: Place | null
}

export const crash: Detector<CrashState> = {
  name: 'crash',
  initial: { last: null, hard: null, suspect: null, open: null },
  step: (before, sample, settings) => {
    const state = moved(before, sample.clockStepMs)
    if (sample.lines === null) return { state, findings: [] }
    const kmh = sample.sources?.gnssKmh ?? null
    const hard = hardOf(state, kmh, sample, settings)
    const last = kmh === null ? null : { atMs: sample.atMs, kmh }
    if (state.open !== null) return onOpen({ ...state, hard, last }, state.open, sample, settings)
    const { crashDropKmh } = settings.policy.conduct
    if (hard !== null && hard.fromKmh - hard.toKmh >= crashDropKmh)
      return { state: { ...state, hard, last, suspect: { ...hard, stillMs: null } }, findings: [] }
    return onSuspect({ ...state, hard, last }, sample, settings)
  },
}

function hardOf(
  { last, hard }: CrashState,
  kmh: number | null,
  { atMs, fix }: Sample,
  { policy }: Settings,
): Hard | null {
  if (kmh === null || last === null || atMs - last.atMs > policy.conduct.crashPairS * 1000) return null
  const mps2 = (last.kmh - kmh) / 3.6 / ((atMs - last.atMs) / 1000)
  if (mps2 < policy.conduct.crashMps2) return null
  const place = fix === null ? null : { lat: fix.lat, lon: fix.lon }
  const first = { atMs: last.atMs, fromKmh: last.kmh, place, peakMps2: mps2 }
  const from = hard ?? first
  return { ...from, toKmh: kmh, peakMps2: Math.max(from.peakMps2, mps2) }
}

/** Whatever moves again was no crash. A vehicle that says nothing at all may have lost what says it. */
function onSuspect(state: CrashState, sample: Sample, settings: Settings): Step<CrashState> {
  const { suspect } = state
  if (suspect === null) return { state, findings: [] }
  const { crashStillS } = settings.policy.conduct
  const still = sample.speedKmh === null || sample.speedKmh < settings.policy.fatigue.noiseKmh
  const tooLate = sample.atMs - suspect.atMs > crashStillS * 1000
  if (!still && (suspect.stillMs !== null || tooLate))
    return { state: { ...state, suspect: null }, findings: [] }
  if (!still) return { state, findings: [] }
  const stillMs = suspect.stillMs ?? sample.atMs
  if (sample.atMs - stillMs < crashStillS * 1000)
    return { state: { ...state, suspect: { ...suspect, stillMs } }, findings: [] }
  const { stillMs: _seen, ...open } = suspect
  return {
    state: { ...state, suspect: null, open },
    findings: [told('started', open, sample.atMs - stillMs, sample, settings)],
  }
}

function onOpen(state: CrashState, open: Hard, sample: Sample, settings: Settings): Step<CrashState> {
  const moves = sample.speedKmh !== null && sample.speedKmh >= settings.policy.fatigue.noiseKmh
  if (!moves) return { state, findings: [] }
  return {
    state: { ...state, open: null },
    findings: [told('ended', open, sample.atMs - open.atMs, sample, settings)],
  }
}

function told(
  phase: Finding['phase'],
  open: Hard,
  stillMs: number,
  sample: Sample,
  settings: Settings,
): Finding {
  return makeFinding(
    {
      kind: 'crash-suspected',
      phase,
      severity: 'critical',
      grade: 'to-verify',
      atMs: phase === 'ended' ? sample.atMs : open.atMs,
      place: open.place,
      evidence: {
        fromKmh: roundKmh(open.fromKmh),
        toKmh: roundKmh(open.toKmh),
        peakMps2: roundKmh(open.peakMps2),
        stillS: roundS(stillMs / 1000),
        record: accidentId('crash', open.atMs),
        gradeReason: 'deceleration and stillness; nobody has looked',
      },
    },
    sample,
    settings,
  )
}

function moved(state: CrashState, byMs: number): CrashState {
  if (byMs === 0) return state
  const shift = <T extends { readonly atMs: number }>(one: T | null): T | null =>
    one === null ? null : { ...one, atMs: one.atMs + byMs }
  const suspect = shift(state.suspect)
  const stillMs = suspect === null || suspect.stillMs === null ? null : suspect.stillMs + byMs
  return {
    last: shift(state.last),
    hard: shift(state.hard),
    suspect: suspect === null ? null : { ...suspect, stillMs },
    open: shift(state.open),
  }
}
