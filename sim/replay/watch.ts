import { offsetMs } from '../../proto/time.ts'
import type { Line, Seen } from './engine.ts'
import { createOutlook, type Outlook } from './outlook.ts'

/**
 * A replay to look at: speed against the limit, driving time left, progress on the route, findings as they come. On a
 * terminal it redraws its lines; elsewhere it prints one line a minute and each finding.
 */
export type Watch = {
  readonly seen: (seen: Seen) => void
  readonly printed: (line: Line) => void
  readonly end: () => void
}

export type WatchDeps = {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  /** Cells of a line of the terminal. */
  readonly columns: number
  /** World seconds per second of the person's; Infinity: as fast as it goes. */
  readonly speed: number
  readonly sleep: (ms: number) => void
  readonly nowMs: () => number
}

/** A screen shows no more than so many pictures a second. */
const pictureMs = 100
const plainEveryMs = 60_000
/** A pause of the recording is not waited for in full. */
const pauseMaxMs = 2000
const barCells = 40

export function createWatch({ write, isTerminal, columns, speed, sleep, nowMs }: WatchDeps): Watch {
  const outlook = createOutlook()
  let height = 0
  let shownMs = Number.NEGATIVE_INFINITY
  let lastAtMs: number | null = null
  let picture: readonly string[] = []

  /** What is given stays above the picture, which is drawn anew below it. */
  const draw = (above = ''): void => {
    if (!isTerminal) return
    const up = height === 0 ? '' : `\x1b[${height}A`
    write(`${up}\x1b[J${above}${picture.map((line) => `${cutTo(line, columns)}\n`).join('')}`)
    height = picture.length
  }

  const pace = (atMs: number): void => {
    const pauseMs = lastAtMs === null ? 0 : (atMs - lastAtMs) / speed
    lastAtMs = atMs
    if (pauseMs > 0) sleep(Math.min(pauseMs, pauseMaxMs))
  }

  return {
    seen: (seen) => {
      const { atMs } = seen.sample
      pace(atMs)
      const look = outlook(seen)
      const isDue = isTerminal ? nowMs() - shownMs >= pictureMs : atMs - shownMs >= plainEveryMs
      if (!isDue && picture.length > 0) return
      shownMs = isTerminal ? nowMs() : atMs
      picture = pictureOf(seen, look)
      if (isTerminal) draw()
      else write(`${plainOf(seen, look)}\n`)
    },
    printed: (line) => {
      const text = `${line.at} ${line.phase.padEnd(7)} ${line.severity.padEnd(8)} ${line.kind}  ${line.explain.zh}  ${line.explain.en}`
      if (isTerminal) draw(`${text}\n`)
      else write(`${text}\n`)
    },
    end: () => draw(),
  }
}

/** As much of a line as fits: a terminal that breaks one line into two would be drawn over wrongly. Han characters take two cells. */
function cutTo(line: string, columns: number): string {
  let cells = 0
  let fitting = ''
  for (const character of line) {
    cells += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(
      character,
    )
      ? 2
      : 1
    if (cells > columns) break
    fitting += character
  }
  return fitting
}

/** Wall time where the vehicle drives. */
export function localText(atMs: number, zone: string): string {
  return new Date(atMs + offsetMs(atMs, zone)).toISOString().slice(0, 19).replace('T', ' ')
}

const kmh = (value: number | null): string => (value === null ? '-' : value.toFixed(0))
const hours = (seconds: number): string => {
  const minutes = Math.floor(seconds / 60)
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * barCells)
  return '█'.repeat(full) + '░'.repeat(barCells - full)
}

function pictureOf({ sample, settings }: Seen, { limit, progress, ...look }: Outlook): string[] {
  const speedKmh = sample.speedKmh ?? 0
  const over = speedKmh > limit.limitKmh + settings.policy.speeding.toleranceKmh
  const lines = [
    `${localText(sample.atMs, settings.policy.zone)}  ${settings.vehicle.plate ?? settings.vehicle.id}  driver ${sample.driver ?? '-'}`,
    `speed  ${bar(speedKmh / Math.max(120, limit.limitKmh))} ${kmh(sample.speedKmh)} of ${limit.limitKmh} km/h (${limit.limitSetBy})${over ? '  OVER' : ''}`,
  ]
  for (const [name, limitS, left] of drivingTimes(settings, look.remaining))
    lines.push(`${name.padEnd(6)} ${bar(left / limitS)} ${hours(left)} of ${hours(limitS)} left`)
  if (progress !== null)
    lines.push(
      `route  ${bar(progress.alongM / progress.lengthM)} ${(progress.alongM / 1000).toFixed(1)} of ${(progress.lengthM / 1000).toFixed(1)} km`,
    )
  return lines
}

function drivingTimes(
  { policy: { fatigue } }: Seen['settings'],
  left: Outlook['remaining'],
): [string, number, number][] {
  const times = [
    ['drive', fatigue.continuousS, left.continuousDay],
    ['night', fatigue.nightContinuousS, left.continuousNight],
    ['24 h', fatigue.rolling24hS, left.rolling24h],
    ['7 d', fatigue.rolling7dS, left.rolling7d],
  ] as const
  return times.flatMap(([name, limitS, value]) =>
    value === null || limitS === null ? [] : [[name, limitS, value.cautiousS]],
  )
}

function plainOf({ sample, settings }: Seen, { limit, progress, remaining }: Outlook): string {
  const times = drivingTimes(settings, remaining).map(([name, , left]) => `${name} ${hours(left)}`)
  const along =
    progress === null
      ? ''
      : `  route ${(progress.alongM / 1000).toFixed(1)}/${(progress.lengthM / 1000).toFixed(1)} km`
  return `${localText(sample.atMs, settings.policy.zone)}  ${kmh(sample.speedKmh)}/${limit.limitKmh} km/h (${limit.limitSetBy})  left: ${times.join(', ')}${along}`
}
