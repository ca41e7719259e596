import type { CameraEvent, Evidence, Sample, Severity } from '../../proto/model.ts'
import { roundKmh, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'

/**
 * What the cameras saw, as episodes. The standard's two speeds decide (T/JSATL 12: 报警判断速度阈值, 报警分级速度阈值): up to
 * `judgeKmh` nothing is said, up to `splitKmh` only the driver hears it, above it is an alarm. A camera that goes on
 * shouting makes one episode: it ends when nothing came for `repeatS`, or at its own end report.
 */
export type CameraEpisode = {
  readonly sinceMs: number
  readonly lastMs: number
  readonly count: number
  readonly severity: Severity
  /** Began with a start report: it lasts until its end is reported. */
  readonly held: boolean
  readonly last: CameraEvent
  readonly speedKmh: number | null
}
/** By what was seen. Plain JSON. */
export type CameraEpisodes = { readonly [what: string]: CameraEpisode }
export const noEpisodes: CameraEpisodes = {}

export type CameraNews = {
  readonly what: string
  readonly phase: 'started' | 'updated' | 'ended'
  readonly episode: CameraEpisode
}
export type CameraStep = { readonly open: CameraEpisodes; readonly news: readonly CameraNews[] }

/** Where the speed of the moment puts an event. A speed that nobody knows can prove no alarm. */
type Zone = 'silent' | 'warning' | 'alarm'

export const isIn =
  (zone: Zone): Wanted['counts'] =>
  (event, sample, settings) =>
    zoneOf(event, sample, settings) === zone

function zoneOf(event: CameraEvent, sample: Sample, { policy }: Settings): Zone {
  const kmh = speedOf(event, sample)
  if (kmh === null) return 'warning'
  if (kmh > policy.camera.splitKmh) return 'alarm'
  return kmh > policy.camera.judgeKmh ? 'warning' : 'silent'
}

export const speedOf = (event: CameraEvent, sample: Sample): number | null =>
  sample.speedKmh ?? event.speedKmh

/** Severities at level 1 and 2; a camera that names no level leaves it to the speed, which is above the split. */
export type Levels = readonly [first: Severity, second: Severity]

export type Wanted = {
  /** Whether an event at this moment begins or goes on with an episode. */
  readonly counts: (event: CameraEvent, sample: Sample, settings: Settings) => boolean
  readonly levels: (what: string) => Levels | null
}

export function stepEpisodes(
  before: CameraEpisodes,
  sample: Sample,
  settings: Settings,
  wanted: Wanted,
): CameraStep {
  const events = sample.camera?.events ?? []
  if (events.length === 0 && Object.keys(before).length === 0) return { open: before, news: [] }
  const news: CameraNews[] = []
  let open = shifted(before, sample.clockStepMs)
  for (const event of events) {
    const levels = wanted.levels(event.what)
    if (levels === null) continue
    open = endOverdue(open, news, event.atMs, settings, event.what)
    const step = takeEvent(open, event, levels, wanted.counts(event, sample, settings), sample)
    open = step.open
    if (step.news !== null) news.push(step.news)
  }
  return { open: endOverdue(open, news, sample.atMs, settings), news }
}

function takeEvent(
  open: CameraEpisodes,
  event: CameraEvent,
  levels: Levels,
  counts: boolean,
  sample: Sample,
): { readonly open: CameraEpisodes; readonly news: CameraNews | null } {
  const { what } = event
  const episode = open[what]
  if (event.flag === 'end') {
    if (episode === undefined) return { open, news: null }
    return { open: { ...open, [what]: { ...episode, held: false, lastMs: event.atMs } }, news: null }
  }
  if (!counts) return { open, news: null }
  const severity = levels[event.level === 1 ? 0 : 1]
  const next: CameraEpisode = {
    sinceMs: episode?.sinceMs ?? event.atMs,
    lastMs: event.atMs,
    count: (episode?.count ?? 0) + 1,
    severity: episode === undefined ? severity : worse(episode.severity, severity),
    held: event.flag === 'start' || episode?.held === true,
    last: event,
    speedKmh: speedOf(event, sample),
  }
  const phase = episode === undefined ? 'started' : 'updated'
  const isNews = episode === undefined || next.severity !== episode.severity
  return { open: { ...open, [what]: next }, news: isNews ? { what, phase, episode: next } : null }
}

const order: readonly Severity[] = ['info', 'minor', 'major', 'critical']
const worse = (a: Severity, b: Severity): Severity => (order.indexOf(a) >= order.indexOf(b) ? a : b)

/** What was not heard of for too long has ended; `only` of one kind, before its next report begins another episode. */
function endOverdue(
  open: CameraEpisodes,
  news: CameraNews[],
  nowMs: number,
  settings: Settings,
  only: string | null = null,
): CameraEpisodes {
  const { repeatS, heldMaxS } = settings.policy.camera
  let left = open
  for (const [what, episode] of Object.entries(open)) {
    const patienceMs = (episode.held ? heldMaxS : repeatS) * 1000
    if ((only !== null && what !== only) || nowMs - episode.lastMs <= patienceMs) continue
    const { [what]: _over, ...others } = left
    left = others
    news.push({ what, phase: 'ended', episode })
  }
  return left
}

function shifted(open: CameraEpisodes, byMs: number): CameraEpisodes {
  if (byMs === 0) return open
  return Object.fromEntries(
    Object.entries(open).map(([what, episode]) => [
      what,
      { ...episode, sinceMs: episode.sinceMs + byMs, lastMs: episode.lastMs + byMs },
    ]),
  )
}

/** What the camera said, and how often; what it left out is left out. */
export function cameraEvidence({ last, count, speedKmh, sinceMs, lastMs }: CameraEpisode): Evidence {
  const { device, alarmId, level, fatigueDegree, frontSpeedKmh, distanceS, side, sentAt, attachments } = last
  const said = { level, fatigueDegree, frontSpeedKmh, distanceS, side, cameraTime: sentAt }
  return {
    device,
    alarmId,
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null)),
    attachments,
    count,
    durationS: roundS((lastMs - sinceMs) / 1000),
    speedKmh: speedKmh === null ? null : roundKmh(speedKmh),
  }
}
