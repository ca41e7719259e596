import type { Alert } from '../../proto/model.ts'

/**
 * Quiet rules: a tunnel, a garage, a planned standstill, a repair explain what an alert says. Such an alert is kept and
 * listed like all others; it only makes no sound and goes up no roster. Pure.
 */
export const quietReasons = ['tunnel', 'garage', 'plannedOffline', 'repair'] as const
export type QuietReason = (typeof quietReasons)[number]

export type QuietRule = {
  readonly id: string
  readonly fleet: string
  /** Null: every vehicle of the fleet. */
  readonly vehicles: readonly string[] | null
  readonly kinds: readonly string[]
  /** In force from, up to but not including. */
  readonly from: string
  readonly to: string
  readonly reason: QuietReason
  readonly words: string
  readonly by: string
  readonly at: string
  /** It was ended before its time. */
  readonly endedAt: string | null
  readonly endedBy: string | null
}

const unseen = ['gnss-lost', 'gnss-frozen', 'silence', 'displacement', 'antenna-open', 'clock-conflict']
const wired = ['can-silent', 'power-cut', 'antenna-short', 'camera-fault', 'speed-mismatch', 'epoch-reset']

/** What each reason can explain. How somebody drove is explained by none of them. */
export const quietKinds: { readonly [reason in QuietReason]: readonly string[] } = {
  tunnel: ['gnss-lost', 'gnss-frozen', 'silence'],
  garage: ['gnss-lost', 'gnss-frozen', 'silence', 'power-cut', 'can-silent'],
  plannedOffline: [...unseen, ...wired],
  repair: [...unseen, ...wired, 'door-open', 'no-driver', 'tyre-pressure'],
}

/** A rule that nobody looks at again for longer than this hides more than it explains. */
export const quietDaysMax = 92

/** The rule that explains an alert: by what happened when, not by when it came. */
export function quietOf(
  rules: readonly QuietRule[],
  alert: Pick<Alert, 'fleet' | 'vehicle' | 'kind' | 'at'>,
): QuietRule | null {
  const atMs = Date.parse(alert.at)
  const explains = ({ fleet, vehicles, kinds, from, to, endedAt }: QuietRule): boolean =>
    fleet === alert.fleet &&
    kinds.includes(alert.kind) &&
    (vehicles === null || vehicles.includes(alert.vehicle)) &&
    Date.parse(from) <= atMs &&
    atMs < Math.min(Date.parse(to), endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(endedAt))
  return rules.find(explains) ?? null
}
