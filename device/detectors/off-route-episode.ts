import { type Corridor, type CorridorPosition, halfWidthAt } from '../../proto/geo/corridor.ts'
import type { Evidence, Place, Severity } from '../../proto/model.ts'
import { roundKm, roundM, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { isoUtc } from '../../proto/time.ts'

/** Where a border was passed; where no line between two fixes is believed, the first proof that it was. */
export type Crossing = {
  readonly atMs: number
  readonly place: Place
  /** The fix before, when `atMs` is only a first proof; null when the instant is known. */
  readonly afterMs: number | null
}

/** A time spent beside the line, from its crossing on. Plain JSON. */
export type Excursion = {
  readonly left: Crossing
  readonly route: { readonly id: string; readonly name: string; readonly halfWidthM: number }
  /** Where along which line it was left. */
  readonly line: number
  readonly alongM: number
  readonly driver: string | null
  readonly trip: string | null
  readonly goodsClass: string | null
  /** Proven time outside, between first and last fix. */
  readonly outMs: number
  /** Time since the crossing of which nobody knows. */
  readonly unknownMs: number
  readonly travelledM: number
  readonly farthestM: number
  /** The last fix outside. */
  readonly lastMs: number
  readonly severity: Severity
}

export function begin(
  left: Crossing,
  route: Corridor,
  near: CorridorPosition,
  atMs: number,
  driver: string | null,
  { vehicle, trip }: Settings,
): Excursion {
  const goodsClass = vehicle.class === 'hazmat' ? (trip?.waybill?.goodsClass ?? null) : null
  const halfWidthM = halfWidthAt(route, near)
  return {
    left,
    route: { id: route.id, name: route.name, halfWidthM },
    line: near.line,
    alongM: near.alongM,
    driver,
    trip: trip?.id ?? null,
    goodsClass,
    outMs: 0,
    unknownMs: 0,
    travelledM: 0,
    farthestM: near.distanceM,
    lastMs: atMs,
    severity: isGuarded(goodsClass) ? 'critical' : 'minor',
  }
}

/** Goods whose route the police approve (Hazmat Measures art. 48): explosives, toxic and radioactive ones. */
function isGuarded(goodsClass: string | null): boolean {
  return goodsClass !== null && /^(?:1(?:\.\d.*)?|6\.1|7)$/.test(goodsClass)
}

/** One more fix outside. `proven` says that the vehicle was outside all the time since the fix before. */
export function extend(
  before: Excursion,
  now: { readonly atMs: number; readonly distanceM: number },
  stretch: { readonly proven: boolean; readonly ms: number; readonly travelledM: number },
  { policy }: Settings,
): Excursion {
  const travelledM = before.travelledM + (stretch.proven ? stretch.travelledM : 0)
  const { majorM, majorS } = policy.offRoute
  const unknownMs = before.unknownMs + (stretch.proven ? 0 : stretch.ms)
  const grave = travelledM >= majorM || now.atMs - before.left.atMs - unknownMs >= majorS * 1000
  return {
    ...before,
    outMs: before.outMs + (stretch.proven ? stretch.ms : 0),
    unknownMs,
    travelledM,
    farthestM: Math.max(before.farthestM, now.distanceM),
    lastMs: now.atMs,
    severity: before.severity === 'minor' && grave ? 'major' : before.severity,
  }
}

export function movedBy(excursion: Excursion, byMs: number): Excursion {
  return { ...excursion, left: crossingMovedBy(excursion.left, byMs), lastMs: excursion.lastMs + byMs }
}

export function crossingMovedBy(crossing: Crossing, byMs: number): Crossing {
  const afterMs = crossing.afterMs === null ? null : crossing.afterMs + byMs
  return { ...crossing, atMs: crossing.atMs + byMs, afterMs }
}

/** `toMs`: until when it lasted; `back`: where it came back, when it did. */
export function evidenceOf(excursion: Excursion, toMs: number, back: Crossing | null): Evidence {
  const { left, route, goodsClass } = excursion
  return {
    routeId: route.id,
    routeName: route.name,
    distanceM: roundM(excursion.farthestM),
    halfWidthM: roundM(route.halfWidthM),
    line: excursion.line,
    alongKm: roundKm(excursion.alongM / 1000),
    travelledM: roundM(excursion.travelledM),
    durationS: roundS((toMs - left.atMs) / 1000),
    ...intervalOf('leftBetween', left),
    ...(back === null ? {} : intervalOf('backBetween', back)),
    ...(goodsClass === null ? {} : { goodsClass }),
    gradeReason:
      left.afterMs === null ? 'crossing between two fixes' : 'proven by fixes, crossing within a silence',
  }
}

/** The crossing lies after `from` and at the latest at `to`. */
function intervalOf(name: string, { atMs, afterMs }: Crossing): Evidence {
  return afterMs === null ? {} : { [name]: { from: isoUtc(afterMs), to: isoUtc(atMs) } }
}
