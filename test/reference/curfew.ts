import type { Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'

/**
 * The 02:00-05:00 rule a second time: naive, over the whole history of one night at once, every question answered
 * by looking at all Samples again. It shares no code with the rule and knows one night, Beijing time, one trip and
 * an odometer wherever there are gaps.
 */
export type Night = {
  readonly samples: readonly Sample[]
  readonly settings: Settings
  /** 02:00 and 05:00 of that night. */
  readonly fromMs: number
  readonly toMs: number
}

export type Line = {
  readonly kind: string
  readonly phase: 'started' | 'updated' | 'ended'
  readonly atMs: number
  readonly knownMs: number
  readonly severity: string
  readonly reason: string | null
}

const gapMs = 300_000
const safe = new Set(['serviceArea', 'station', 'hub', 'relayPoint'])

export function curfewOfNight(night: Night): Line[] {
  const trusted = night.samples.filter((sample) => sample.trusted)
  const whole = { ...night, samples: trusted }
  const lines = [...warnings(whole), ...episode(whole)]
  const phases = ['started', 'updated', 'ended']
  return lines.sort(
    (a, b) =>
      a.knownMs - b.knownMs ||
      (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : phases.indexOf(a.phase) - phases.indexOf(b.phase)),
  )
}

const moves = (sample: Sample): boolean => sample.speedKmh !== null && sample.speedKmh >= 5
const stands = (sample: Sample): boolean => sample.speedKmh !== null && sample.speedKmh < 5

function warnings(night: Night): Line[] {
  const { samples, fromMs } = night
  const dues = [fromMs - 1_800_000, fromMs - 600_000]
  const lines: Line[] = []
  let given = 0
  samples.forEach((sample, i) => {
    const due = dues.filter((each) => each <= sample.atMs).at(-1)
    if (!moves(sample) || due === undefined || due <= given || sample.atMs >= fromMs) return
    if (reasons(night, i, fromMs, sample.atMs).length === 0) return
    given = due
    const before = samples[i - 1]
    const moved = samples.slice(0, i).findLast(({ speedKmh }) => speedKmh !== null)
    const through =
      before !== undefined &&
      moved !== undefined &&
      moves(moved) &&
      before.atMs < due &&
      sample.atMs - before.atMs <= gapMs
    lines.push({
      kind: 'curfew-warning',
      phase: 'started',
      atMs: through ? due : sample.atMs,
      knownMs: sample.atMs,
      severity: 'info',
      reason: null,
    })
  })
  return lines
}

/** The Samples of one unbroken run inside the window under a verdict, from its first instant on. */
type Stretch = { atMs: number; indices: number[]; decidedBy: number | null }

function stretches(night: Night): Stretch[] {
  const { samples, fromMs, toMs } = night
  const found: Stretch[] = []
  let open: Stretch | null = null
  let previous: Sample | null = null
  samples.forEach((sample, i) => {
    if (sample.speedKmh === null) return
    const broken = previous !== null && (!moves(previous) || sample.atMs - previous.atMs > gapMs)
    const inside = sample.atMs >= fromMs && sample.atMs < toMs
    const forbidden = moves(sample) && inside && reasons(night, i, sample.atMs, sample.atMs).length > 0
    if (!forbidden) open = null
    else if (open === null || broken) {
      const through = previous !== null && !broken && previous.atMs < fromMs
      open = { atMs: through ? fromMs : sample.atMs, indices: [i], decidedBy: null }
      found.push(open)
    } else open.indices.push(i)
    previous = sample
  })
  for (const stretch of found) {
    const first = samples[stretch.indices[0]!]!.atMs
    stretch.decidedBy = stretch.indices.find((i) => samples[i]!.atMs - first >= 30_000) ?? null
  }
  return found
}

function episode(night: Night): Line[] {
  const { samples, toMs } = night
  const all = stretches(night)
  const proven = all.find(({ decidedBy }) => decidedBy !== null)
  const inferred = inference(night)
  const begins = Math.min(proven?.decidedBy ?? Infinity, inferred?.index ?? Infinity)
  if (begins === Infinity) return []
  const byBounds = inferred !== null && inferred.index === begins
  const atMs = byBounds ? inferred.atMs : proven!.atMs
  const lines: Line[] = []
  const told = new Set<Stretch>()
  let reason = byBounds ? inferred.reason : ''
  let main = reason
  let onlyInferred = byBounds
  let lastEndMs = byBounds ? Math.min(inferred.toMs, toMs) : 0
  const say = (phase: Line['phase'], at: number, knownMs: number) =>
    lines.push({
      kind: 'curfew',
      phase,
      atMs: at,
      knownMs,
      severity: reason === 'intoSafeStop' ? 'minor' : 'critical',
      reason,
    })
  if (byBounds) say('started', atMs, samples[begins]!.atMs)
  for (let i = begins; i < samples.length && samples[i]!.atMs < toMs; i++) {
    const sample = samples[i]!
    const stretch = all.find(({ indices }) => indices.includes(i))
    if (stretch !== undefined) {
      lastEndMs = Math.min(until(samples, i), toMs)
      if (stretch.decidedBy === i) {
        told.add(stretch)
        onlyInferred = false
        main = reasons(night, i, sample.atMs, sample.atMs)[0]!
        reason = sample.atMs - atMs <= 600_000 && inSafeStop(night, i) ? 'intoSafeStop' : main
        say(lines.length === 0 ? 'started' : 'updated', atMs, sample.atMs)
      } else if (told.has(stretch) && reason === 'intoSafeStop') {
        const left = sample.fix !== null && !inSafeStop(night, i)
        if (left || sample.atMs - atMs > 600_000) {
          reason = main
          say('updated', atMs, sample.atMs)
        }
      }
    } else if (stands(sample) && !onlyInferred && reason !== 'intoSafeStop') {
      if (lastEndMs - atMs <= 600_000 && inSafeStop(night, i)) {
        reason = 'intoSafeStop'
        say('updated', atMs, sample.atMs)
      }
    }
  }
  const closing = samples.find((sample) => sample.atMs >= toMs)
  if (closing !== undefined) say('ended', lastEndMs, closing.atMs)
  return lines
}

/** A Sample stands until the next one, unless that is too late to bridge. */
function until(samples: readonly Sample[], i: number): number {
  const next = samples[i + 1]
  const { atMs } = samples[i]!
  return next !== undefined && next.atMs - atMs <= gapMs ? next.atMs : atMs
}

function inSafeStop({ samples, settings }: Night, i: number): boolean {
  const { fix } = samples[i]!
  return fix !== null && settings.areas.all.some((area) => safe.has(area.role) && area.contains(fix))
}

type Inferred = { index: number; atMs: number; toMs: number; reason: string }

/** The first gap whose displacement cannot have happened outside the window at 100 km/h. */
function inference(night: Night): Inferred | null {
  const { samples, fromMs, toMs } = night
  const heard = samples.flatMap((sample, i) =>
    sample.speedKmh === null && sample.fix === null && sample.odometerM === null ? [] : [i],
  )
  for (let n = 1; n < heard.length; n++) {
    const [a, b] = [samples[heard[n - 1]!]!, samples[heard[n]!]!]
    if (b.atMs - a.atMs <= gapMs || a.odometerM === null || b.odometerM === null) continue
    const insideMs = Math.min(b.atMs, toMs) - Math.max(a.atMs, fromMs)
    if (insideMs <= 0) continue
    const drivenMs = ((b.odometerM - a.odometerM) / 1000 / 100) * 3_600_000
    const outsideMs = b.atMs - a.atMs - insideMs
    if (Math.round(drivenMs - outsideMs) <= 0) continue
    const against = reasons(night, heard[n]! - 1, Math.max(a.atMs, fromMs), b.atMs)
    if (against.length === 0) continue
    return { index: heard[n]!, atMs: Math.max(a.atMs, fromMs), toMs: b.atMs, reason: against[0]! }
  }
  return null
}

/** What stands against running, as Sample i and all before it tell. */
function reasons(night: Night, i: number, runMs: number, nowMs: number): string[] {
  const { settings } = night
  const { serviceClass, oneWayKm } = settings.trip ?? settings.vehicle
  const { feederKm, kmLimitApplies, minOneWayKm } = settings.policy.curfew
  if (serviceClass !== null && oneWayKm !== null && !(oneWayKm >= minOneWayKm)) return []
  const near = oneWayKm !== null && oneWayKm <= feederKm
  switch (serviceClass) {
    case 'airportRailExpress':
    case 'commuterCharter':
    case 'customised':
      if (kmLimitApplies === 'feeder' || near) return []
      return oneWayKm === null ? ['oneWayKmUnknown', 'noCertificate'] : ['noCertificate']
    case 'shortFeeder':
      if (near) return []
      return oneWayKm === null ? ['oneWayKmUnknown', 'noCertificate'] : ['noCertificate']
    case 'charterTour':
      return ['noCertificate']
    case null:
      return ['serviceClassUnknown', ...relayFaults(night, i, runMs, nowMs)]
    default:
      return relayFaults(night, i, runMs, nowMs)
  }
}

function relayFaults(night: Night, i: number, runMs: number, nowMs: number): string[] {
  const { settings } = night
  const relay = settings.trip?.relay === undefined ? settings.vehicle.relay : settings.trip.relay
  if (relay === null || relay.certificate === null) return ['noCertificate']
  const validToMs = Date.parse(`${relay.validTo}T24:00:00+08:00`)
  const expired = runMs >= validToMs ? ['certificateExpired'] : []
  let best: Swap | null = null
  for (const swap of swapsUpTo(night, i)) {
    if (best === null || swap.faults.length <= best.faults.length) best = swap
  }
  if (best !== null) best = { ...best, faults: withVoid(night, i, best) }
  for (const record of recordsUpTo(night, i, nowMs)) {
    const faults = withVoid(night, i, record)
    if (best === null || faults.length <= best.faults.length) best = { ...record, faults }
  }
  return [...expired, ...(best === null ? ['relayOutsideWindow'] : best.faults)]
}

type Swap = { atMs: number; driver: string; relieved: string | null; faults: string[]; sinceMs: number }

function swapsUpTo(night: Night, i: number): Swap[] {
  const { samples } = night
  const swaps: Swap[] = []
  for (let j = 0; j <= i; j++) {
    const { driver } = samples[j]!
    if (driver === null) continue
    const before = samples.slice(0, j)
    const relieved = before.findLast((sample) => sample.driver !== null)?.driver ?? null
    const anonymous = before.some(
      (sample) => moves(sample) && sample.driver === null && sample.coDriver === null,
    )
    if (driver === relieved || (relieved === null && !anonymous)) continue
    swaps.push({
      atMs: samples[j]!.atMs,
      driver,
      relieved,
      faults: swapFaults(night, j, driver),
      sinceMs: sinceMs(night, j),
    })
  }
  return swaps
}

function swapFaults(night: Night, j: number, driver: string): string[] {
  const { samples, settings, fromMs } = night
  const sample = samples[j]!
  const relay = (settings.trip?.relay === undefined ? settings.vehicle.relay : settings.trip.relay)!
  const faults: string[] = []
  // The filed window of these nights is 22:00-02:00.
  if (sample.atMs < fromMs - 4 * 3_600_000 || sample.atMs >= fromMs) faults.push('relayOutsideWindow')
  const k = samples.slice(0, j + 1).findLastIndex(({ fix }) => fix !== null)
  const hidden = k >= 0 && samples.slice(k + 1, j + 1).some(moves)
  const fix = k < 0 || hidden ? null : samples[k]!.fix
  const there = fix !== null && relay.points.some((id) => settings.areas.byId.get(id)?.contains(fix) === true)
  if (!there || !stands(sample)) faults.push('relayNotFiledPoint')
  const aboard = samples
    .slice(0, j)
    .some((other) => other.atMs >= sinceMs(night, j) && [other.driver, other.coDriver].includes(driver))
  if (settings.policy.curfew.requireFreshDriver && aboard) faults.push('reliefNotFresh')
  return faults
}

function recordsUpTo(night: Night, i: number, nowMs: number): Swap[] {
  const { samples, settings, fromMs } = night
  return (settings.trip?.relayRecords ?? [])
    .filter(({ at }) => Date.parse(at) <= nowMs)
    .map(({ at, areaId, driver }) => {
      const atMs = Date.parse(at)
      const relay = (settings.trip?.relay === undefined ? settings.vehicle.relay : settings.trip.relay)!
      const faults: string[] = []
      if (atMs < fromMs - 4 * 3_600_000 || atMs >= fromMs) faults.push('relayOutsideWindow')
      if (!relay.points.includes(areaId)) faults.push('relayNotFiledPoint')
      const rode = samples
        .slice(0, i + 1)
        .some((s) => moves(s) && s.atMs < atMs && [s.driver, s.coDriver].includes(driver))
      if (settings.policy.curfew.requireFreshDriver && rode) faults.push('reliefNotFresh')
      return { atMs, driver, relieved: null, faults, sinceMs: sinceMs(night, i) }
    })
}

/** A driver of before who is back: logged in again, or aboard with the card in while it moves on. */
function withVoid(night: Night, i: number, swap: Swap): string[] {
  if (swap.faults.includes('reliefNotFresh')) return swap.faults
  const { samples, settings } = night
  const history = samples.slice(0, i + 1)
  const names = new Set(history.flatMap(({ driver, coDriver }) => [driver, coDriver]))
  const back = [...names].some((name) => {
    if (name === null || name === swap.driver) return false
    const aboard = (s: Sample) => s.driver === name || s.coDriver === name
    const before = history.some((s) => aboard(s) && s.atMs < swap.atMs && s.atMs >= swap.sinceMs)
    const strict = settings.policy.curfew.requireFreshDriver || swap.relieved === null
    if (name !== swap.relieved && !(strict && before)) return false
    return history.some((s, k) => {
      if (s.atMs <= swap.atMs) return false
      if (moves(s) && aboard(s)) return true
      const last = history.slice(0, k).findLast(({ driver }) => driver !== null)?.driver
      return s.driver === name && last !== name
    })
  })
  return back ? [...swap.faults, 'reliefNotFresh'] : swap.faults
}

/** Since when drivers are remembered at Sample j: the trip's beginning, else the last standstill of `longRestS`. */
function sinceMs({ samples, settings }: Night, j: number): number {
  if (settings.trip !== null) return Date.parse(settings.trip.from)
  const restMs = settings.policy.curfew.longRestS * 1000
  let since = Number.NEGATIVE_INFINITY
  let stoodFrom: Sample | null = null
  for (let k = 0; k <= j; k++) {
    const sample = samples[k]!
    const last = samples[k - 1]
    const carried =
      last !== undefined &&
      sample.atMs - last.atMs > gapMs &&
      (sample.odometerM ?? 0) - (last.odometerM ?? 0) > 1000
    if (carried) stoodFrom = null
    if (stoodFrom === null && stands(sample)) stoodFrom = sample
    if (stoodFrom !== null && sample.atMs - stoodFrom.atMs >= restMs)
      since = Math.max(since, stoodFrom.atMs + restMs)
    if (moves(sample)) stoodFrom = null
  }
  return since
}
