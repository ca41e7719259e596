import { isoUtc } from '../../proto/time.ts'
import type { DeadLetter } from './store.ts'

/** What is known of a receiver since this start: how it goes with it, and what it was told. */

export type Standing = {
  readonly deliveredAt: string | null
  readonly failedAt: string | null
  readonly why: string | null
  readonly tries: number
  readonly nextTryAt: string | null
}

export type Running = {
  busy: boolean
  down: boolean
  tries: number
  notBeforeMs: number
  again: DeadLetter[]
  deliveredMs: number | null
  failed: { readonly atMs: number; readonly why: string } | null
  /** Nothing up to here is left to tell: what lies between what was told and this is of other fleets. */
  readonly passed: { cursor: number; line: number }
}

export const fresh = (): Running => ({
  ...{ busy: false, down: false, tries: 0, notBeforeMs: 0 },
  ...{ again: [], deliveredMs: null, failed: null },
  passed: { cursor: 0, line: 0 },
})

export function standingOf({ deliveredMs, failed, tries, notBeforeMs }: Running): Standing {
  const iso = (ms: number | null): string | null => (ms === null ? null : isoUtc(Math.round(ms)))
  const isFailing = failed !== null && (deliveredMs === null || failed.atMs > deliveredMs)
  return {
    deliveredAt: iso(deliveredMs),
    failedAt: isFailing ? iso(failed.atMs) : null,
    why: isFailing ? failed.why : null,
    tries,
    nextTryAt: tries > 0 ? iso(notBeforeMs) : null,
  }
}

export function noteOutcome(own: Running, nowMs: number, why: string | null): void {
  if (why === null) own.deliveredMs = nowMs
  else own.failed = { atMs: nowMs, why }
}
