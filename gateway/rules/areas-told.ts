import { makeFinding } from '../../proto/finding.ts'
import type { Area } from '../../proto/geo/areas.ts'
import type { LatLon } from '../../proto/geo/earth.ts'
import type { Evidence, Finding, Phase, Sample, Severity } from '../../proto/model.ts'
import { roundM, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { isoUtc } from '../../proto/time.ts'
import type { Moment, PresenceEvent } from './areas-presence.ts'
import type { Zone } from './areas-zones.ts'

/** What is told of being in a zone, and the words that must outlive the zone itself. Plain JSON. */
export type Told = {
  readonly subject: string
  readonly areaId: string
  readonly areaName: string
  readonly role: string
  readonly plate: string | null
  readonly untilMs: number | null
  /** `noEntry` and `stayWithin` are findings by themselves. */
  readonly speaks: boolean
  readonly dwellS: number | null
  /** Standing so long is a forbidden stop; null where stopping is allowed. */
  readonly stopS: number | null
  /** What has been started and not ended. */
  readonly open: { readonly area: boolean; readonly dwell: boolean }
  /** The stay as far as it is proven: unseen time is taken out by moving its beginning. */
  readonly stayFromMs: number | null
  readonly enteredMs: number | null
  /** Farthest outside a union so far. */
  readonly farthestM: number
  /** No door may be opened here. */
  readonly doorForbidden?: boolean
  /** Provinces of what must not be left; and another one the vehicle was seen in meanwhile. */
  readonly provinces?: readonly string[]
  readonly abroad?: string | null
}

export function tellingOf(zone: Zone, area: Area, settings: Settings): Told {
  const forbidsStops = zone.is === 'area' && area.role === 'noStopping'
  return {
    // A charter is one agreement, whichever of its areas is left; a fleet's area is told of by its own name.
    subject: zone.plate === null ? area.id : zone.key,
    areaId: area.id,
    areaName: area.name,
    role: zone.is === 'union' ? 'stayWithin' : area.role,
    plate: zone.plate,
    untilMs: zone.untilMs,
    speaks: zone.is === 'union' || area.role === 'noEntry',
    dwellS: zone.is === 'union' || forbidsStops ? null : area.dwellS,
    stopS: forbidsStops ? (area.dwellS ?? settings.policy.areas.stopS) : null,
    open: { area: false, dwell: false },
    stayFromMs: null,
    enteredMs: null,
    farthestM: 0,
    doorForbidden: zone.is === 'area' && area.more?.doorForbidden === true,
    provinces: zone.is === 'union' ? provincesOf(zone) : [],
    abroad: null,
  }
}

function provincesOf({ areas }: Zone): readonly string[] {
  return [...new Set(areas.flatMap(({ more }) => more?.province ?? []))]
}

/** The province of a place, when it is none of those of the union; null when it is, or when nobody drew them. */
function abroadAt({ provinces = [] }: Told, place: LatLon, { areas }: Settings): string | null {
  if (provinces.length === 0) return null
  const here = areas.at(place).flatMap(({ more }) => more?.province ?? [])
  // A border belongs to both sides: who stands on it is abroad nowhere.
  if (here.some((province) => provinces.includes(province))) return null
  return here[0] ?? null
}

export type Tell = { readonly told: Told; readonly findings: readonly Finding[] }

const whys: Readonly<Record<Moment['basis'], string | undefined>> = {
  window: '时段生效',
  push: '区域下发后行驶',
  first: '首个定位已在其中',
  crossing: undefined,
  fix: undefined,
}

/** Not left: its hours, its trip or the area itself came to an end. */
const ceased = '不再生效'

function finding(
  told: Told,
  parts: { phase: Phase; reason: string | null; severity: Severity; at: Moment; more: Evidence },
  sample: Sample,
  settings: Settings,
): Finding {
  const { at } = parts
  return makeFinding(
    {
      kind: 'area',
      reason: parts.reason,
      phase: parts.phase,
      subject: told.subject,
      severity: parts.severity,
      atMs: at.atMs,
      place: at.place,
      evidence: {
        areaId: told.areaId,
        role: told.role,
        areaName: told.areaName,
        basis: at.basis,
        why: parts.phase === 'started' ? whys[at.basis] : at.basis === 'window' ? ceased : undefined,
        // The open interval in which it happened, where only its end is proven.
        from: at.fromMs === null ? undefined : isoUtc(at.fromMs),
        to: at.fromMs === null ? undefined : isoUtc(at.atMs),
        charterPlate: told.plate ?? undefined,
        ...parts.more,
      },
    },
    sample,
    settings,
  )
}

/** `noEntry` is worse for hazmat: the reason such areas are drawn. */
function severityOf(told: Told, settings: Settings): Severity {
  if (told.role === 'stayWithin') return told.abroad == null ? 'minor' : 'major'
  return settings.vehicle.class === 'hazmat' ? 'critical' : 'major'
}

const reasonOf = (told: Told): string => (told.role === 'stayWithin' ? 'stayWithin' : 'noEntry')

/** Entering and leaving, as findings. */
export function tell(
  told: Told,
  event: PresenceEvent,
  depthM: number,
  sample: Sample,
  settings: Settings,
): Tell {
  const { at } = event
  if (event.is === 'entered') {
    const abroad = told.role === 'stayWithin' ? abroadAt(told, sample.fix!, settings) : null
    const stay = { stayFromMs: at.atMs, enteredMs: at.atMs, farthestM: Math.max(0, depthM) }
    const next: Told = { ...told, ...stay, abroad }
    if (!told.speaks) return { told: next, findings: [] }
    const more = told.role === 'stayWithin' ? { distanceM: roundM(next.farthestM), ...provinceOf(next) } : {}
    const started = {
      phase: 'started',
      reason: reasonOf(told),
      severity: severityOf(next, settings),
      at,
      more,
    } as const
    return {
      told: { ...next, open: { ...told.open, area: true } },
      findings: [finding(told, started, sample, settings)],
    }
  }
  const dwelt = tellDwell(told, at, sample, settings)
  const findings = [...dwelt.findings]
  if (dwelt.told.open.dwell) findings.push(dwellFinding(told, 'ended', at, at.atMs, sample, settings))
  if (told.open.area) {
    const inS = roundS((at.atMs - told.enteredMs!) / 1000)
    const more =
      told.role === 'stayWithin'
        ? { durationS: inS, distanceM: roundM(told.farthestM), ...provinceOf(told) }
        : { durationS: inS }
    const ended = {
      phase: 'ended',
      reason: reasonOf(told),
      severity: severityOf(told, settings),
      at,
      more,
    } as const
    findings.push(finding(told, ended, sample, settings))
  }
  const over = { ...told, open: { area: false, dwell: false }, stayFromMs: null, enteredMs: null }
  return { told: over, findings }
}

const provinceOf = ({ abroad }: Told): Evidence => (abroad == null ? {} : { province: abroad })

/** Outside a union and now in another province: worse than outside. */
export function tellAbroad(told: Told, sample: Sample, settings: Settings): Tell {
  const abroad = told.abroad == null ? abroadAt(told, sample.fix!, settings) : null
  if (abroad === null) return { told, findings: [] }
  const next: Told = { ...told, abroad }
  const at: Moment = { atMs: told.enteredMs!, fromMs: null, basis: 'fix', place: sample.fix! }
  const more = { distanceM: roundM(told.farthestM), ...provinceOf(next) }
  const severity = severityOf(next, settings)
  const updated = finding(
    next,
    { phase: 'updated', reason: 'stayWithin', severity, at, more },
    sample,
    settings,
  )
  return { told: next, findings: [updated] }
}

/** Staying longer than allowed: at the instant the time is used up. `until` is how long the stay is proven. */
export function tellDwell(told: Told, until: Moment, sample: Sample, settings: Settings): Tell {
  if (told.dwellS === null || told.stayFromMs === null || told.open.dwell) return { told, findings: [] }
  const limitMs = told.stayFromMs + told.dwellS * 1000
  if (until.atMs <= limitMs) return { told, findings: [] }
  const at: Moment = { ...until, atMs: limitMs, fromMs: null }
  return {
    told: { ...told, open: { ...told.open, dwell: true } },
    findings: [dwellFinding(told, 'started', at, until.atMs, sample, settings)],
  }
}

function dwellFinding(
  told: Told,
  phase: Phase,
  at: Moment,
  untilMs: number,
  sample: Sample,
  settings: Settings,
): Finding {
  const more = {
    dwellS: told.dwellS,
    durationS: roundS((untilMs - told.stayFromMs!) / 1000),
    why: undefined,
  }
  return finding(told, { phase, reason: 'dwell', severity: 'minor', at, more }, sample, settings)
}

/** The clock was corrected: durations stay, so instants move. */
export function shiftTold(told: Told, byMs: number): Told {
  const moved = (atMs: number | null): number | null => (atMs === null ? null : atMs + byMs)
  return { ...told, stayFromMs: moved(told.stayFromMs), enteredMs: moved(told.enteredMs) }
}
