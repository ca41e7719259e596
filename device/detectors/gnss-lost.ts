import type { Detector, Step } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import { distanceM, type LatLon } from '../../proto/geo/earth.ts'
import type { Evidence, Finding, LineHealth, Sample, Severity } from '../../proto/model.ts'
import { roundKm, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'

/**
 * Position lost 卫星定位信号丢失. Tunnels, basements and canyons look alike, so it tells what is known (which line, what
 * place, how far the wheels went) and accuses nobody. Hosts without lines cannot know.
 */
export type GnssLostState = {
  /** Since when Samples come without a longer pause: a boot is not a silence. */
  readonly awakeMs: number | null
  readonly lastMs: number | null
  readonly lastOdometerM: number | null
  /** Where the last fix was. */
  readonly place: LatLon | null
  /** Since the last fix. */
  readonly wheelM: number
  readonly movingMs: number
  readonly open: Lost | null
}

type Lost = { readonly atMs: number; readonly why: Why; readonly severity: Severity }
type Cause = 'tunnel' | 'station' | 'antenna' | 'line' | 'noFix'
type Why = { readonly cause: Cause; readonly areaId: string | null }

export const gnssLost: Detector<GnssLostState> = {
  name: 'gnss-lost',
  initial: {
    awakeMs: null,
    lastMs: null,
    lastOdometerM: null,
    place: null,
    wheelM: 0,
    movingMs: 0,
    open: null,
  },
  step: (before, sample, settings) => {
    const { lines } = sample
    const right = moved(before, sample.clockStepMs)
    if (lines === null || !lines.expects.gnss) return { state: right, findings: [] }
    const state = advanced(right, sample, settings)
    const ageMs = lines.gnssFixAgeMs ?? sample.atMs - state.awakeMs
    const lost = ageMs >= settings.policy.integrity.gnssLostS * 1000
    if (state.open !== null) return onOpen(state, state.open, lost, ageMs, sample, settings)
    if (!lost || sample.ignition === false)
      return { state: sample.fix === null ? state : found(state, sample), findings: [] }
    const why = whyOf(state, lines, settings)
    const open: Lost = { atMs: sample.atMs - ageMs, why, severity: severityOf(why, state, settings) }
    return { state: { ...state, open }, findings: [told('started', open, state, ageMs, sample, settings)] }
  },
}

function onOpen(
  state: GnssLostState,
  open: Lost,
  lost: boolean,
  ageMs: number,
  sample: Sample,
  settings: Settings,
): Step<GnssLostState> {
  if (!lost) {
    const finding = told('ended', open, state, ageMs, sample, settings)
    return { state: found({ ...state, open: null }, sample), findings: [finding] }
  }
  const severity = severityOf(open.why, state, settings)
  if (severity !== 'major' || open.severity === 'major') return { state, findings: [] }
  const worse = { ...open, severity }
  return {
    state: { ...state, open: worse },
    findings: [told('updated', worse, state, ageMs, sample, settings)],
  }
}

/** The way the wheels made since the Sample before: by odometer, else by wheel speed. */
function advanced(
  state: GnssLostState,
  sample: Sample,
  { policy }: Settings,
): GnssLostState & { readonly awakeMs: number } {
  const ms = sample.atMs - (state.lastMs ?? sample.atMs)
  const kmh = sample.sources?.wheelKmh ?? sample.sources?.tachographKmh ?? null
  // A longer pause is a switched-off terminal, not a second of driving.
  const seen = ms <= policy.speeding.gapS * 1000
  const byOdometerM =
    sample.odometerM !== null && state.lastOdometerM !== null ? sample.odometerM - state.lastOdometerM : null
  const byWheelM = seen && kmh !== null ? ((kmh / 3.6) * ms) / 1000 : 0
  // What the wheels told while the odometer was silent it must not tell again.
  const carriedM = state.lastOdometerM === null ? null : state.lastOdometerM + byWheelM
  return {
    ...state,
    awakeMs: seen ? (state.awakeMs ?? sample.atMs) : sample.atMs,
    lastMs: sample.atMs,
    lastOdometerM: sample.odometerM ?? carriedM,
    wheelM: state.wheelM + Math.max(0, byOdometerM ?? byWheelM),
    movingMs: state.movingMs + (seen && kmh !== null && kmh >= policy.fatigue.noiseKmh ? ms : 0),
  }
}

function found(state: GnssLostState, { fix }: Sample): GnssLostState {
  const place = fix === null ? state.place : { lat: fix.lat, lon: fix.lon }
  return { ...state, place, wheelM: 0, movingMs: 0 }
}

function whyOf({ place }: GnssLostState, lines: LineHealth, settings: Settings): Why {
  const { explainM, gnssLostS } = settings.policy.integrity
  const near = place === null ? [] : settings.areas.near(place, explainM)
  for (const [role, cause] of [
    ['tunnelPortal', 'tunnel'],
    ['station', 'station'],
    ['hub', 'station'],
  ] as const) {
    const area = near.find(
      (one) => one.role === role && place !== null && one.signedDistanceM(place) <= explainM,
    )
    if (area !== undefined) return { cause, areaId: area.id }
  }
  if (lines.antenna === 'open' || lines.antenna === 'short') return { cause: 'antenna', areaId: null }
  const silent = lines.gnssLineAgeMs === null || lines.gnssLineAgeMs >= gnssLostS * 1000
  return { cause: silent ? 'line' : 'noFix', areaId: null }
}

function severityOf({ cause }: Why, { movingMs }: GnssLostState, { policy }: Settings): Severity {
  if (movingMs >= policy.integrity.movingMajorS * 1000) return 'major'
  return cause === 'tunnel' || cause === 'station' ? 'info' : 'minor'
}

function told(
  phase: Finding['phase'],
  open: Lost,
  state: GnssLostState,
  ageMs: number,
  sample: Sample,
  settings: Settings,
): Finding {
  const atMs = phase === 'ended' ? sample.atMs - ageMs : open.atMs
  const untilMs = phase === 'ended' ? atMs : sample.atMs
  const evidence: Evidence = {
    silentS: roundS((untilMs - open.atMs) / 1000),
    wheelKm: roundKm(state.wheelM / 1000),
    movingS: roundS(state.movingMs / 1000),
    cause: open.why.cause,
    areaId: open.why.areaId,
    // The wheels and the straight line between the fixes, side by side: who left a tunnel elsewhere shows here.
    straightKm:
      phase === 'ended' && state.place !== null && sample.fix !== null
        ? roundKm(distanceM(state.place, sample.fix) / 1000)
        : null,
  }
  const place = phase === 'ended' && sample.fix !== null ? sample.fix : state.place
  return makeFinding(
    { kind: 'gnss-lost', phase, severity: open.severity, atMs, place, evidence },
    sample,
    settings,
  )
}

function moved(state: GnssLostState, byMs: number): GnssLostState {
  if (byMs === 0) return state
  const shift = (ms: number | null): number | null => (ms === null ? null : ms + byMs)
  const open = state.open === null ? null : { ...state.open, atMs: state.open.atMs + byMs }
  return { ...state, awakeMs: shift(state.awakeMs), lastMs: shift(state.lastMs), open }
}
