import { catalog } from '../../proto/catalog.ts'
import { gatewayFindingId } from '../../proto/ids.ts'
import type { EnvelopeKey, Phase, Severity } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Emission } from '../fold/vehicle.ts'
import { findingOf } from './findings.ts'
import type { Driving, Episode } from './judge.ts'

/** What officers have been told of a driver on several vehicles, and what has to be told when more is known. Pure. */

export type Told = {
  readonly driver: string
  readonly kind: Episode['kind']
  readonly reason: string | null
  readonly other: string | null
  readonly findingId: string
  readonly atMs: number
  /** Null while it goes on. */
  readonly endMs: number | null
  readonly severity: Severity
}

export type Telling = {
  readonly driver: string
  readonly driving: Driving
  /** What began before is not judged again. */
  readonly sinceMs: number
  readonly settings: (vehicle: string, atMs: number) => Settings | null
  /** The envelope by which it is known now, and the event time it reaches to. */
  readonly deciding: EnvelopeKey
  /** What else than an envelope decided: part of the names of what is found. */
  readonly because?: string | undefined
  readonly decidedAtMs: number
  readonly isLate: (decidedAtMs: number) => boolean
}

/** As with late data of one vehicle: what began within a minute of what was said is the same. */
const sameMs = 60_000

/** What one vehicle was told of this driver, against what is found now. */
export function compare(
  told: readonly Told[],
  found: readonly Episode[],
  telling: Telling,
): { readonly told: readonly Told[]; readonly emissions: readonly Emission[] } {
  const left = new Set(told.filter((one) => one.driver === telling.driver && one.atMs >= telling.sinceMs))
  const kept = told.filter((one) => !left.has(one))
  const emissions: Emission[] = []
  for (const episode of found) {
    const before = nearest(left, episode)
    if (before === undefined && episode.atMs < telling.sinceMs) continue
    if (before !== undefined) left.delete(before)
    const next = tell(before ?? null, episode, telling)
    emissions.push(...next.emissions)
    if (next.told !== null) kept.push(next.told)
  }
  for (const { findingId, kind } of left)
    emissions.push({ do: 'withdraw', findingId, rule: { id: kind, version: catalog[kind]?.version ?? 1 } })
  return { told: kept, emissions }
}

function nearest(told: ReadonlySet<Told>, episode: Episode): Told | undefined {
  const apart = ({ atMs }: Told): number => Math.abs(atMs - episode.atMs)
  return [...told]
    .filter(
      (one) =>
        one.kind === episode.kind &&
        one.reason === episode.reason &&
        one.other === episode.other &&
        (apart(one) <= sameMs || (one.atMs <= episode.endMs && (one.endMs ?? Infinity) >= episode.atMs)),
    )
    .toSorted((a, b) => apart(a) - apart(b))[0]
}

type Next = { readonly told: Told | null; readonly emissions: readonly Emission[] }

/** No emission: nothing that was not said. */
function tell(before: Told | null, episode: Episode, telling: Telling): Next {
  const same = before !== null && Math.abs(before.atMs - episode.atMs) <= sameMs
  const found: Emission[] = []
  const say = (phase: Phase, findingId: string, supersedes: Told | null): void => {
    const settings = telling.settings(episode.vehicle, episode.atMs)
    if (settings === null) return
    const { driver, driving, decidedAtMs } = telling
    const finding = findingOf(phase, episode, driver, driving, decidedAtMs, settings)
    found.push({
      ...{ do: 'find', finding, findingId, policyDigest: settings.policyDigest },
      late: telling.isLate(finding.decidedAtMs),
      supersedes: supersedes === null ? null : { findingId: supersedes.findingId, rule: finding.rule },
    })
  }
  const findingId = same ? before.findingId : nameOf(episode, telling)
  if (!same) say('started', findingId, before)
  else if (before.severity !== episode.severity && !episode.over) say('updated', findingId, null)
  const ended = same && before.endMs !== null && Math.abs(before.endMs - episode.endMs) <= sameMs
  if (episode.over && !ended) say('ended', findingId, null)
  if (found.length === 0) return { told: before, emissions: [] }
  const told: Told = {
    driver: telling.driver,
    kind: episode.kind,
    reason: episode.reason,
    other: episode.other,
    findingId,
    atMs: same ? before.atMs : episode.atMs,
    endMs: episode.over ? episode.endMs : null,
    severity: episode.severity,
  }
  return { told, emissions: found }
}

/** One envelope may decide about several vehicles, and about several nights of one. */
function nameOf({ kind, reason, vehicle, atMs }: Episode, { deciding, because, driver }: Telling): string {
  const name = `${gatewayFindingId(deciding, { kind, reason, subject: driver })}/${vehicle}/${atMs}`
  return because === undefined ? name : `${name}/${because}`
}
