import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import { distanceM, type LatLon } from '../../proto/geo/earth.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { roundKmh, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'

/**
 * Position frozen while moving 定位数据停滞: the wheels turn and the position stays (GB/T 19056 accident trigger). Always
 * to be verified: a receiver that hangs looks like one that is held.
 */
export type GnssFrozenState = {
  /** The position that does not change, and since when the wheels turned with it. */
  readonly held: { readonly at: LatLon; readonly sinceMs: number; readonly lastMs: number } | null
  readonly open: boolean
}

export const gnssFrozen: Detector<GnssFrozenState> = {
  name: 'gnss-frozen',
  initial: { held: null, open: false },
  step: (before, sample, settings) => {
    const state = moved(before, sample.clockStepMs)
    const { frozenS } = settings.policy.integrity
    const held = heldOf(state, sample, settings)
    if (state.open && state.held !== null && held?.sinceMs !== state.held.sinceMs)
      return { state: { held, open: false }, findings: [told('ended', state.held, sample, settings)] }
    if (state.open || held === null || held.lastMs - held.sinceMs < frozenS * 1000)
      return { state: { held, open: state.open }, findings: [] }
    return { state: { held, open: true }, findings: [told('started', held, sample, settings)] }
  },
}

type Held = NonNullable<GnssFrozenState['held']>

/** Without a fix the position is lost, not frozen; standing, it may well stay. */
function heldOf(
  { held }: GnssFrozenState,
  { fix, sources, atMs }: Sample,
  { policy }: Settings,
): Held | null {
  const kmh = sources?.wheelKmh ?? sources?.tachographKmh ?? null
  if (fix === null || kmh === null || kmh < policy.integrity.frozenKmh) return null
  const at = { lat: fix.lat, lon: fix.lon }
  const same = held !== null && distanceM(held.at, at) <= policy.integrity.frozenM
  return same ? { ...held, lastMs: atMs } : { at, sinceMs: atMs, lastMs: atMs }
}

function told(phase: Finding['phase'], held: Held, sample: Sample, settings: Settings): Finding {
  const kmh = sample.sources?.wheelKmh ?? sample.sources?.tachographKmh ?? null
  return makeFinding(
    {
      kind: 'gnss-frozen',
      phase,
      severity: 'major',
      grade: 'to-verify',
      atMs: phase === 'ended' ? held.lastMs : held.sinceMs,
      place: held.at,
      evidence: {
        frozenS: roundS((held.lastMs - held.sinceMs) / 1000),
        speedKmh: kmh === null ? null : roundKmh(kmh),
        gradeReason: 'interference is not proven by a position that stays',
      },
    },
    sample,
    settings,
  )
}

function moved(state: GnssFrozenState, byMs: number): GnssFrozenState {
  if (byMs === 0 || state.held === null) return state
  const { at, sinceMs, lastMs } = state.held
  return { ...state, held: { at, sinceMs: sinceMs + byMs, lastMs: lastMs + byMs } }
}
