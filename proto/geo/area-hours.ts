import { nextWindow, validFromMs, validUntilMs, windowAt } from '../time.ts'
import type { Area } from './areas.ts'

/** When an area is in force: its windows, and the dates of a closure. */

type Hours = Pick<Area, 'windows' | 'more'>

export function isInForce(area: Hours, atMs: number, zone: string): boolean {
  const { windows, more } = area
  if (more !== undefined && !isValid(more, atMs, zone)) return false
  return windows === null || windows.some((window) => windowAt(atMs, window, zone) !== null)
}

function isValid(more: NonNullable<Area['more']>, atMs: number, zone: string): boolean {
  if (more.validFrom !== null && atMs < (validFromMs(more.validFrom, zone) ?? atMs)) return false
  return more.validTo === null || atMs < (validUntilMs(more.validTo, zone) ?? Infinity)
}

/** The first instant after this one at which any of the areas comes into force or goes out of it; Infinity: never. */
export function nextTurn(areas: readonly Hours[], atMs: number, zone: string): number {
  let first = Infinity
  const candidate = (turnMs: number | null | undefined): void => {
    if (turnMs !== null && turnMs !== undefined && turnMs > atMs && turnMs < first) first = turnMs
  }
  for (const { windows, more } of areas) {
    if (more?.validFrom != null) candidate(validFromMs(more.validFrom, zone))
    if (more?.validTo != null) candidate(validUntilMs(more.validTo, zone))
    for (const window of windows ?? []) {
      candidate(windowAt(atMs, window, zone)?.toMs)
      candidate(nextWindow(atMs, window, zone)?.fromMs)
    }
  }
  return first
}

/** Whether the area is always in force: then nobody need ask. */
export function hasHours({ windows, more }: Hours): boolean {
  return windows !== null || (more !== undefined && (more.validFrom !== null || more.validTo !== null))
}
