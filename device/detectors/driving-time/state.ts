import type { DrivingInterval, Fix, Grade, Phase, Severity } from '../../../proto/model.ts'

/**
 * What is remembered of driving time: plain JSON, bounded, never changed in place. One ledger per driver, and in it
 * two clocks: the proven one (the least driving the data allow, on which findings rest) and the cautious one (the
 * most, on which the driver's warnings and remaining times rest). They differ only after gaps.
 */

export type Reason = 'continuousDay' | 'continuousNight' | 'rolling24h' | 'rolling7d'
export type Bound = 'proven' | 'cautious'
/** The cautious clock is looked at first: what it tells depends on where the proven one still stands. */
export const bounds: readonly Bound[] = ['cautious', 'proven']

export type Clock = {
  /** First driving start after the last rest (GB/T 19056 3.6); null when rested. */
  readonly stintMs: number | null
  /** Start of the driving under way; null when not driving. */
  readonly runMs: number | null
  /** The last driving end (3.7). */
  readonly endMs: number | null
  /** Closed driving of the last seven days: from, to, from, to ... ascending. */
  readonly runs: readonly number[]
}

/** An instant of the driving under way at which something will have to be said, if it goes on. */
export type Mark = {
  readonly is: 'limit' | 'worse' | 'warn' | 'suspect'
  readonly reason: Reason
  readonly atMs: number
}

export type Episode = {
  readonly kind: 'fatigue' | 'fatigue-warning'
  readonly reason: Reason
  readonly atMs: number
  readonly severity: Severity
  readonly grade: Grade
}

/** What a change of a ledger has to tell; made into findings at the end of the step. */
export type News =
  | {
      readonly do: 'tell'
      readonly phase: Phase
      readonly episode: Episode
      readonly atMs: number
      readonly figures: Figures
    }
  | { readonly do: 'interval'; readonly interval: DrivingInterval }

/** The numbers behind a fatigue finding. */
export type Figures = {
  readonly limitS: number
  readonly drivenS: number
  readonly drivenAtS: number
  readonly fromMs: number
  readonly calendarDayS: number
  readonly unsure: boolean
  readonly suspected: boolean
}

export type Ledger = {
  /** The driver's id; empty for driving that nobody has owned up to. */
  readonly driver: string
  readonly proven: Clock
  readonly cautious: Clock
  /** End of the last driving counted here without proof of who drove; null when there was none. */
  readonly unsureMs: number | null
  /** Since when this driver answers for an inherited stint: nothing of his is dated before it. */
  readonly heldMs: number | null
  readonly marks: readonly Mark[]
  readonly open: readonly Episode[]
  /** Empty between two steps. */
  readonly news: readonly News[]
}

/** Standing and driving with their hysteresis (GB/T 19056 3.3, 3.4). */
export type Motion =
  | { readonly is: 'standing' }
  | { readonly is: 'starting'; readonly movedMs: number }
  | { readonly is: 'driving' }
  | { readonly is: 'stopping'; readonly stoodMs: number }

/** Driving without an identified driver, once somebody had been identified. */
export type NoDriver = { readonly fromMs: number; readonly told: Severity | null }

/** A card changed at speed: the driver before still answers until the vehicle stops. */
export type Doubt = {
  readonly driver: string
  readonly to: string
  readonly atMs: number
  readonly speedKmh: number
}

export type DrivingTime = {
  /** The last Sample with a trusted time and a known speed; null before the first. */
  readonly atMs: number | null
  /** Whether the Sample before this one had a trusted time: only then is a clock step a correction of ours. */
  readonly synced: boolean
  readonly moving: boolean
  readonly fix: Fix | null
  readonly odometerM: number | null
  readonly driver: string | null
  /** The last driver who was identified. */
  readonly lastKnown: string | null
  /** When the last known driver's card went out on the move; null when somebody is identified or it was standing. */
  readonly cardOutMs: number | null
  readonly motion: Motion
  readonly ledgers: readonly Ledger[]
  readonly noDriver: NoDriver | null
  readonly doubt: Doubt | null
  /** Nothing can happen before this instant while moving goes on as it is: the hot path. */
  readonly dueMs: number
  readonly policyDigest: string
  /** Driving that ended with the last Sample, for the gateway's ledgers. */
  readonly closed: readonly DrivingInterval[]
}

export const never = Number.MAX_SAFE_INTEGER
export const noneClosed: readonly DrivingInterval[] = []
export const idleClock: Clock = { stintMs: null, runMs: null, endMs: null, runs: [] }

export const initial: DrivingTime = {
  atMs: null,
  synced: false,
  moving: false,
  fix: null,
  odometerM: null,
  driver: null,
  lastKnown: null,
  cardOutMs: null,
  motion: { is: 'standing' },
  ledgers: [],
  noDriver: null,
  doubt: null,
  dueMs: 0,
  policyDigest: '',
  closed: noneClosed,
}

export function newLedger(driver: string): Ledger {
  return {
    driver,
    proven: idleClock,
    cautious: idleClock,
    unsureMs: null,
    heldMs: null,
    marks: [],
    open: [],
    news: [],
  }
}
