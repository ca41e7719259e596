import type { roadwarden } from './generated/roadwarden.js'
import type { DrivingInterval, Left, Outlook, SafeStop } from './model.ts'

/** An Outlook on the wire. Whole seconds, metres and milliseconds; what is read is foreign data and is checked. */

type Wire = roadwarden.v1.Outlook.$Properties

const textMax = 128
const listMax = 16
const dayS = 86_400

export function encodeOutlook(outlook: Outlook): Wire {
  const { left, route, unknownLimitShare } = outlook
  return {
    atMs: outlook.atMs,
    driver: outlook.driver ?? '',
    confirmed: outlook.confirmed,
    ...(left.continuousDay === null ? {} : { continuousDay: left.continuousDay }),
    ...(left.continuousNight === null ? {} : { continuousNight: left.continuousNight }),
    ...(left.rolling24h === null ? {} : { rolling_24h: left.rolling24h }),
    ...(left.rolling7d === null ? {} : { rolling_7d: left.rolling7d }),
    driving: outlook.driving.map((run) => ({ ...run, driver: run.driver ?? '' })),
    ...(unknownLimitShare === null ? {} : { unknownLimitShare }),
    ...(route === null ? {} : { route }),
    safeStops: outlook.safeStops.map(({ etaMs, ...stop }) => (etaMs === null ? stop : { ...stop, etaMs })),
  }
}

export function decodeOutlook(wire: Wire): Outlook {
  const { route } = wire
  return {
    atMs: whole(wire.atMs),
    driver: text(wire.driver) || null,
    confirmed: wire.confirmed ?? false,
    left: {
      continuousDay: leftOf(wire.continuousDay),
      continuousNight: leftOf(wire.continuousNight),
      rolling24h: leftOf(wire.rolling_24h),
      rolling7d: leftOf(wire.rolling_7d),
    },
    driving: few(wire.driving).map(runOf),
    unknownLimitShare:
      wire.unknownLimitShare === null || wire.unknownLimitShare === undefined
        ? null
        : inside(wire.unknownLimitShare, 0, 1),
    route: route
      ? { routeId: text(route.routeId), alongM: whole(route.alongM), remainingM: whole(route.remainingM) }
      : null,
    safeStops: few(wire.safeStops).map(stopOf),
  }
}

function leftOf(left: roadwarden.v1.Left.$Properties | null | undefined): Left | null {
  if (!left) return null
  const seconds = (value: number | null | undefined): number => inside(value ?? 0, 0, 8 * dayS)
  return { provenS: seconds(left.provenS), cautiousS: seconds(left.cautiousS) }
}

function runOf(run: roadwarden.v1.DrivingInterval.$Properties): DrivingInterval {
  const [fromMs, toMs] = [whole(run.fromMs), whole(run.toMs)]
  if (toMs < fromMs) throw new RangeError('driving under way ends before it begins')
  return { driver: text(run.driver) || null, fromMs, toMs, proven: run.proven ?? false }
}

function stopOf(stop: roadwarden.v1.SafeStop.$Properties): SafeStop {
  return {
    areaId: text(stop.areaId),
    area: text(stop.area),
    role: text(stop.role),
    km: inside(stop.km ?? 0, 0, 100_000),
    etaMs: stop.etaMs === null || stop.etaMs === undefined ? null : whole(stop.etaMs),
  }
}

function few<T>(list: readonly T[] | null | undefined): readonly T[] {
  const known = list ?? []
  if (known.length > listMax) throw new RangeError(`an outlook lists ${known.length} of a sort`)
  return known
}

function text(value: string | null | undefined): string {
  const known = value ?? ''
  if (known.length > textMax) throw new RangeError(`an outlook holds a text of ${known.length}`)
  return known
}

function whole(value: { toString(): string } | number | null | undefined): number {
  return inside(Number(value ?? 0), 0, Number.MAX_SAFE_INTEGER)
}

function inside(value: number, low: number, high: number): number {
  if (!(value >= low && value <= high)) throw new RangeError(`an outlook holds ${value}`)
  return value
}
