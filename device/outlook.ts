import type { States } from '../proto/detector.ts'
import type { DrivingInterval, Json, Left, Outlook, SafeStop, Sample } from '../proto/model.ts'
import { roundM } from '../proto/round.ts'
import { safeStopsAhead } from '../proto/safe-stops.ts'
import type { Settings } from '../proto/settings.ts'
import { type DrivingTime, drivingNow, fatigue, remaining } from './detectors/fatigue.ts'
import { type OffRouteState, offRoute, routeProgress } from './detectors/off-route.ts'
import { type SpeedingState, speeding, unknownLimitShare } from './detectors/speeding.ts'

/**
 * How things stand for the driver after a Sample, for `state/v1`: the ledgers of driving time and the place on the
 * route live on the terminal and nowhere else. Null before the first time that can be trusted.
 */
export function outlookOf(states: States, sample: Sample, settings: Settings): Outlook | null {
  const driving = (states[fatigue.name] ?? fatigue.initial) as DrivingTime
  if (driving.atMs === null) return null
  const atMs = Math.max(driving.atMs, sample.trusted ? sample.atMs : driving.atMs)
  const { driver, confirmed, ...left } = remaining(driving, atMs, settings)
  return {
    atMs: Math.round(atMs),
    driver,
    confirmed,
    left: {
      continuousDay: wholeLeft(left.continuousDay),
      continuousNight: wholeLeft(left.continuousNight),
      rolling24h: wholeLeft(left.rolling24h),
      rolling7d: wholeLeft(left.rolling7d),
    },
    driving: drivingNow(driving).map(wholeRun),
    unknownLimitShare: unknownLimitShare((states[speeding.name] ?? speeding.initial) as SpeedingState),
    route: routeOf((states[offRoute.name] ?? offRoute.initial) as OffRouteState, settings),
    safeStops: safeStopsAhead(sample, null, settings).map(stopOf),
  }
}

/** Never more than there is. */
const wholeLeft = (left: Left | null): Left | null =>
  left === null ? null : { provenS: Math.floor(left.provenS), cautiousS: Math.floor(left.cautiousS) }

const wholeRun = (run: DrivingInterval): DrivingInterval => ({
  ...run,
  fromMs: Math.round(run.fromMs),
  toMs: Math.round(run.toMs),
})

function routeOf(state: OffRouteState, settings: Settings): Outlook['route'] {
  const progress = routeProgress(state, settings)
  if (progress === null || settings.route === null) return null
  const { alongM, remainingM } = progress
  return { routeId: settings.route.id, alongM: roundM(alongM), remainingM: roundM(remainingM) }
}

/** Back from the evidence that findings carry. */
function stopOf(stop: Json): SafeStop {
  const { eta, ...rest } = stop as Omit<SafeStop, 'etaMs'> & { readonly eta: string | null }
  return { ...rest, etaMs: eta === null ? null : Date.parse(eta) }
}
