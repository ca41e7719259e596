/**
 * Time, as law and officers count it: named zones, days and windows. Pure: nobody here asks what time it is.
 * Offsets come from Intl, cached by the hour, because formatting each instant costs 3 us and a cached offset
 * 0.2 us (measured).
 */

const hourMs = 3_600_000
export const dayMs = 86_400_000

/**
 * Zones whose clocks have been set once and for all: asking Intl for them would give the same answer and cost the terminal the
 * 8 MB of time zones and calendars of all the world (a test compares both). China has had one time since September 1991.
 */
const settled: { readonly [name: string]: { readonly sinceMs: number; readonly offsetMs: number } } = {
  UTC: { sinceMs: Number.NEGATIVE_INFINITY, offsetMs: 0 },
  'Asia/Shanghai': { sinceMs: Date.UTC(1992, 0, 1), offsetMs: 8 * hourMs },
}

type Zone = { readonly offsets: Map<number, number>; readonly format: Intl.DateTimeFormat }
const zones = new Map<string, Zone>()
const cachedHoursMax = 20_000

function zoneOf(name: string): Zone {
  let zone = zones.get(name)
  if (zone === undefined) {
    zone = { offsets: new Map(), format: formatOf(name) }
    zones.set(name, zone)
  }
  return zone
}

function formatOf(name: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
}

/** True when the name is a zone this runtime knows, such as `Asia/Shanghai`. */
export function isZone(name: string): boolean {
  try {
    return Object.hasOwn(settled, name) || zoneOf(name) !== undefined
  } catch {
    return false
  }
}

/** Local time minus UTC at that instant, in ms. */
export function offsetMs(atMs: number, zone: string): number {
  const once = settled[zone]
  if (once !== undefined && atMs >= once.sinceMs) return once.offsetMs
  const { offsets, format } = zoneOf(zone)
  const quarter = Math.floor(atMs / (hourMs / 4))
  const known = offsets.get(quarter)
  if (known !== undefined) return known
  // All offsets in use since 1972 change on a quarter of an hour of UTC, so one quarter has one offset.
  const secondMs = Math.floor(atMs / 1000) * 1000
  const parts: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(secondMs)) parts[type] = value
  const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year'])
  const local = Date.UTC(
    year,
    Number(parts['month']) - 1,
    Number(parts['day']),
    Number(parts['hour']),
    Number(parts['minute']),
    Number(parts['second']),
  )
  const offset = local - secondMs
  if (offsets.size >= cachedHoursMax) offsets.clear()
  offsets.set(quarter, offset)
  return offset
}

/** Instant expressed as "local milliseconds": UTC fields of the result read as local fields. */
export function localMs(atMs: number, zone: string): number {
  return atMs + offsetMs(atMs, zone)
}

/** The instant of a local wall time given as "local milliseconds". Of a doubled hour, the first; a skipped one moves on. */
export function fromLocalMs(local: number, zone: string): number {
  const guess = local - offsetMs(local, zone)
  const first = local - offsetMs(guess - hourMs, zone)
  if (first + offsetMs(first, zone) === local) return first
  const second = local - offsetMs(guess, zone)
  return second + offsetMs(second, zone) === local ? second : first
}

/** Local midnight that begins the local day of the instant. */
export function dayStartMs(atMs: number, zone: string): number {
  const local = localMs(atMs, zone)
  return fromLocalMs(Math.floor(local / dayMs) * dayMs, zone)
}

/** ISO weekday of the local day: 1 = Monday ... 7 = Sunday. */
export function weekday(atMs: number, zone: string): number {
  const day = Math.floor(localMs(atMs, zone) / dayMs)
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** `HH:MM` or `HH:MM:SS` (24:00 allowed) as milliseconds after local midnight; null when it is not one. */
export function clockMs(text: string): number | null {
  const match = /^([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?$/.exec(text)
  if (match === null) return null
  const ms = Number(match[1]) * hourMs + Number(match[2]) * 60_000 + Number(match[3] ?? 0) * 1000
  return ms > dayMs ? null : ms
}

export type Window = {
  readonly from: string
  readonly to: string
  readonly days?: readonly number[] | undefined
}
export type Interval = { readonly fromMs: number; readonly toMs: number }

/**
 * Answers that hold for a while: a Sample asks the same question as the one before it, and working a window out
 * costs thirty times as much as looking here (measured). Only time is saved: an answer is the same with or without.
 */
type Answer = {
  readonly window: Window
  /** The answer holds for instants in [sinceMs, untilMs). */
  readonly sinceMs: number
  readonly untilMs: number
  readonly interval: Interval | null
}
type Answers = { readonly at: Answer[]; readonly next: Answer[] }
const answers = new Map<string, Answers>()
const answersMax = 64

function answersOf(zone: string): Answers {
  let known = answers.get(zone)
  if (known === undefined) answers.set(zone, (known = { at: [], next: [] }))
  return known
}

function recall(known: readonly Answer[], atMs: number, { from, to, days }: Window): Answer | undefined {
  for (const answer of known) {
    if (atMs < answer.sinceMs || atMs >= answer.untilMs) continue
    const { window } = answer
    if (window.from === from && window.to === to && window.days === days) return answer
  }
  return undefined
}

function remember(known: Answer[], { from, to, days }: Window, answer: Omit<Answer, 'window'>): void {
  if (known.length >= answersMax) known.length = 0
  known.unshift({ ...answer, window: { from, to, days } })
}

/**
 * The occurrence of a daily window [from, to) that contains the instant, or null. A window that passes midnight
 * belongs to the day on which it began: `days` (1 = Monday) is tested on that day. from = to means the whole day.
 */
export function windowAt(atMs: number, window: Window, zone: string): Interval | null {
  const { at } = answersOf(zone)
  const known = recall(at, atMs, window)
  if (known !== undefined) return known.interval
  const today = Math.floor(localMs(atMs, zone) / dayMs) * dayMs
  for (const day of [today, today - dayMs]) {
    const interval = windowOfDay(day, window, zone)
    if (interval === null || atMs < interval.fromMs || atMs >= interval.toMs) continue
    remember(at, window, { sinceMs: atMs, untilMs: interval.toMs, interval })
    return interval
  }
  remember(at, window, { sinceMs: atMs, untilMs: freeUntilMs(atMs, today, window, zone), interval: null })
  return null
}

/** Outside a window: until when that is certain, at most to the end of the local day. */
function freeUntilMs(atMs: number, today: number, window: Window, zone: string): number {
  const opensMs = windowOfDay(today, window, zone)?.fromMs
  const endMs = fromLocalMs(today + dayMs, zone)
  return opensMs !== undefined && opensMs > atMs ? Math.min(opensMs, endMs) : endMs
}

/** The first occurrence of a window that begins after the instant, looking at most 8 days ahead; null when there is none. */
export function nextWindow(atMs: number, window: Window, zone: string): Interval | null {
  const { next } = answersOf(zone)
  const known = recall(next, atMs, window)
  if (known !== undefined) return known.interval
  const today = Math.floor(localMs(atMs, zone) / dayMs) * dayMs
  for (let ahead = -1; ahead <= 8; ahead++) {
    const interval = windowOfDay(today + ahead * dayMs, window, zone)
    if (interval === null || interval.fromMs <= atMs) continue
    remember(next, window, { sinceMs: atMs, untilMs: interval.fromMs, interval })
    return interval
  }
  return null
}

function windowOfDay(localDayMs: number, window: Window, zone: string): Interval | null {
  const from = clockMs(window.from)
  const to = clockMs(window.to)
  if (from === null || to === null) return null
  if (window.days !== undefined) {
    const day = (((localDayMs / dayMs + 3) % 7) + 7) % 7
    if (!window.days.includes(day + 1)) return null
  }
  const fromMs = fromLocalMs(localDayMs + from, zone)
  const toMs = fromLocalMs(localDayMs + (to <= from ? to + dayMs : to), zone)
  return { fromMs, toMs }
}

/** Total time of [fromMs, toMs) that lies inside the daily window. */
export function overlapMs(fromMs: number, toMs: number, window: Window, zone: string): number {
  if (toMs <= fromMs) return 0
  let total = 0
  const lastDay = Math.floor(localMs(toMs, zone) / dayMs) * dayMs
  for (let day = Math.floor(localMs(fromMs, zone) / dayMs) * dayMs - dayMs; day <= lastDay; day += dayMs) {
    const interval = windowOfDay(day, window, zone)
    if (interval === null) continue
    total += Math.max(0, Math.min(toMs, interval.toMs) - Math.max(fromMs, interval.fromMs))
  }
  return total
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

/** `2026-11-22T18:00:00.000Z`. */
export function isoUtc(atMs: number): string {
  return new Date(atMs).toISOString()
}

/** Local `2026-11-23 02:00:00`. */
export function localText(atMs: number, zone: string): string {
  const local = new Date(localMs(Math.floor(atMs / 1000) * 1000, zone))
  return `${local.getUTCFullYear()}-${pad(local.getUTCMonth() + 1)}-${pad(local.getUTCDate())} ${localClock(atMs, zone)}`
}

/** Local `02:00:00`. */
export function localClock(atMs: number, zone: string): string {
  const local = new Date(localMs(Math.floor(atMs / 1000) * 1000, zone))
  return `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}:${pad(local.getUTCSeconds())}`
}

/** The end (exclusive) of a validity given as an ISO date (to the end of that local day) or an ISO instant; null if neither. */
export function validUntilMs(text: string, zone: string): number | null {
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (date !== null) {
    const localDay = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]))
    return Number.isNaN(localDay) ? null : fromLocalMs(localDay + dayMs, zone)
  }
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? null : instant
}

/** The beginning of a validity: local midnight of an ISO date, or an ISO instant; null if neither. */
export function validFromMs(text: string, zone: string): number | null {
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (date !== null) {
    const localDay = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]))
    return Number.isNaN(localDay) ? null : fromLocalMs(localDay, zone)
  }
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? null : instant
}
