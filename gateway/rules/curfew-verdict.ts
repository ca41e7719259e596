import type { Settings } from '../../proto/settings.ts'
import type { ServiceClass } from '../../proto/shapes/vehicle.ts'
import { validUntilMs } from '../../proto/time.ts'
import { type RelayFault, type RelayState, relayOf, relayOfNight, type Swap } from './relay.ts'

/**
 * The decision table of the 02:00-05:00 rule. Exempt are airport and rail expresses, commuter charters and
 * customised services, and short feeders up to `feederKm` (2023 Measures art. 32, which reads the kilometres both
 * ways: `kmLimitApplies`); a scheduled coach with a valid certificate and a relay that counts; nobody else.
 */
export type CurfewReason =
  | 'serviceClassUnknown'
  | 'oneWayKmUnknown'
  | 'noCertificate'
  | 'certificateExpired'
  | RelayFault
  | 'intoSafeStop'

export type Verdict = {
  /** Why it may run; null when it may not. */
  readonly exempt: 'service' | 'feeder' | 'shortLine' | 'relay' | null
  /** What stands against it, the main reason first; empty when exempt. */
  readonly reasons: readonly CurfewReason[]
  readonly relay: Swap | null
}

const exemptServices: ReadonlySet<ServiceClass> = new Set([
  'airportRailExpress',
  'commuterCharter',
  'customised',
])

/** What holds now: a trip's, else the vehicle's. Unknown stays unknown: null never exempts. */
export function serviceOf({ trip, vehicle }: Settings): {
  serviceClass: ServiceClass | null
  oneWayKm: number | null
} {
  const { serviceClass, oneWayKm } = trip ?? vehicle
  return { serviceClass, oneWayKm }
}

export type Question = {
  /** Beginning of the curfew window. */
  readonly nightMs: number
  /** The moment of running, at which certificates are tested. */
  readonly atMs: number
  /** Records of later than this are plans, not facts. */
  readonly nowMs: number
}

/** May the vehicle run in this curfew window? */
export function judge(relay: RelayState, { nightMs, atMs, nowMs }: Question, settings: Settings): Verdict {
  const { serviceClass, oneWayKm } = serviceOf(settings)
  const { feederKm, kmLimitApplies, minOneWayKm } = settings.policy.curfew
  // Below what the policy calls long-distance; an unknown length or service proves nothing.
  if (serviceClass !== null && oneWayKm !== null && oneWayKm < minOneWayKm)
    return { exempt: 'shortLine', reasons: [], relay: null }
  const feeder = serviceClass === 'shortFeeder'
  const listed = feeder || (serviceClass !== null && exemptServices.has(serviceClass))
  const limited = feeder || kmLimitApplies === 'all'
  if (listed && (!limited || (oneWayKm !== null && oneWayKm <= feederKm)))
    return { exempt: feeder ? 'feeder' : 'service', reasons: [], relay: null }
  const swap = relayOfNight(relay, nightMs, nowMs, settings)
  const against: CurfewReason[] = []
  if (serviceClass === null) against.push('serviceClassUnknown')
  if (listed && oneWayKm === null) against.push('oneWayKmUnknown')
  against.push(...relayReasons(serviceClass, swap, atMs, settings))
  if (against.length === 0) return { exempt: 'relay', reasons: [], relay: swap }
  return { exempt: null, reasons: against, relay: swap }
}

/** Certificate first, then window, place, fresh driver: the order in which an officer checks. */
function relayReasons(
  serviceClass: ServiceClass | null,
  swap: Swap | null,
  atMs: number,
  settings: Settings,
): CurfewReason[] {
  const relay = relayOf(settings)
  // Only scheduled coaches (客运班车) are relay vehicles; a certificate does not cover another service.
  const covered = serviceClass === 'scheduled' || serviceClass === null
  if (!covered || relay === null || relay.certificate === null) return ['noCertificate']
  const expired = !certificateHolds(settings, atMs)
  const faults: readonly CurfewReason[] = swap === null ? ['relayOutsideWindow'] : swap.faults
  return expired ? ['certificateExpired', ...faults] : [...faults]
}

/** Tested at the moment of running; a date is valid to the end of that local day. */
export function certificateHolds(settings: Settings, atMs: number): boolean {
  const relay = relayOf(settings)
  if (relay === null || relay.certificate === null) return false
  const untilMs = validUntilMs(relay.validTo, settings.policy.zone)
  return untilMs !== null && atMs < untilMs
}

/** While a relay can still be made before the window begins, the notice is 接驳未完成, not "must stop". */
export function relayReachable(nightMs: number, atMs: number, settings: Settings): boolean {
  const relay = relayOf(settings)
  const scheduled = serviceOf(settings).serviceClass === 'scheduled'
  return (
    scheduled &&
    relay !== null &&
    relay.points.length > 0 &&
    certificateHolds(settings, nightMs) &&
    atMs < nightMs
  )
}
