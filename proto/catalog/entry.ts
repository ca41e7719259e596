import type { Evidence, Finding, Severity } from '../model.ts'
import { localClock } from '../time.ts'

/** What the catalogue knows of one kind of finding. */
export type CatalogEntry = {
  /** Who raises it; replay runs both sides and prints each kind once. */
  readonly owner: 'terminal' | 'gateway'
  /** Reasons that the other side raises. */
  readonly otherOwner?: ReadonlySet<string>
  /** A word to the driver in the cab only: never an alert, never printed by replay. */
  readonly driverOnly?: boolean
  /** Version of the rule: part of the alert's id, raised when its meaning changes. */
  readonly version: number
  /** Names on a screen. */
  readonly name: (reason: string | null) => Sentence
  /** Severities it can have. */
  readonly severities: readonly Severity[]
  /** The article to cite, or null where none is certain (words.md: doubtful ones are not printed). */
  readonly article: (finding: Finding, words: Words) => string | null
  /** One sentence from the deciding inputs; the evidence grade is added by `explain`. */
  readonly sentence: (finding: Finding, words: Words) => Sentence
}

export type Sentence = { readonly zh: string; readonly en: string }

/** What a sentence may say besides the finding. */
export type Words = {
  readonly plate: string
  readonly zone: string
  readonly vehicleClass: string
  readonly serviceClass: string | null
}

/** `2:05` h:min of a duration in English, `2小时5分` in Chinese; seconds only below one hour. */
export function duration(seconds: number): Sentence {
  const total = Math.max(0, Math.floor(seconds))
  const h = Math.floor(total / 3600)
  const min = Math.floor((total % 3600) / 60)
  const s = total % 60
  if (h > 0)
    return { zh: `${h}小时${min > 0 ? `${min}分` : ''}`, en: `${h} h${min > 0 ? ` ${min} min` : ''}` }
  if (min > 0) return { zh: `${min}分${s > 0 ? `${s}秒` : ''}`, en: `${min} min${s > 0 ? ` ${s} s` : ''}` }
  return { zh: `${s}秒`, en: `${s} s` }
}

/** Public form of a driver: an id as it is, a Chinese name as surname and stars (personal information). */
export function maskDriver(driver: string | null): Sentence {
  if (driver === null || driver === '') return { zh: '（驾驶员未确认）', en: '(driver unconfirmed)' }
  const masked = /^\p{Script=Han}/u.test(driver) ? `${[...driver][0]}**` : driver
  return { zh: masked, en: masked }
}

/** `{pl}`: where it was, as words without a map can say it. */
export function placeText(place: { lat: number; lon: number } | null): Sentence {
  if (place === null) return { zh: '位置未知处', en: 'an unknown place' }
  const text = `${place.lat.toFixed(5)},${place.lon.toFixed(5)}`
  return { zh: text, en: text }
}

/** A number of the evidence, for a sentence; `?` when it is not there. */
export function num(value: unknown): string {
  return typeof value === 'number' ? String(value) : '?'
}

/** The next safe stop or exit of the evidence, and its time of arrival; null where none was known. */
export function stopAhead({ safeStops }: Evidence, zone: string): { ahead: Sentence; eta: Sentence } | null {
  const [stop] = Array.isArray(safeStops) ? (safeStops as readonly Evidence[]) : []
  if (stop === undefined || typeof stop['area'] !== 'string' || typeof stop['km'] !== 'number') return null
  const km = stop['km'].toFixed(1)
  const etaMs = typeof stop['eta'] === 'string' ? Date.parse(stop['eta']) : Number.NaN
  const eta = Number.isNaN(etaMs) ? null : localClock(etaMs, zone).slice(0, 5)
  return {
    ahead: { zh: `前方“${stop['area']}”${km}公里`, en: `"${stop['area']}" in ${km} km` },
    eta: eta === null ? { zh: '', en: '' } : { zh: `，预计${eta}到达`, en: `, ETA ${eta}` },
  }
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '?'
}

/** When the episode of a finding began: `at` of an ended one is its end, `seconds` says how long it lasted. */
export function beganMs({ atMs, phase }: Finding, seconds: unknown): number {
  return phase === 'ended' && typeof seconds === 'number' ? atMs - seconds * 1000 : atMs
}
