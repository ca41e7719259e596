import { readFileSync } from 'node:fs'
import type { Weighed } from './collect.ts'
import { slopeOf } from './slope.ts'

/** What a process that is watched grows by, from what it said of itself after each collection (`collect.ts`). */
export type Growth = {
  /** Told and not judged: how much of what it has swept the collector gives back, and when, is a matter of the machine. */
  readonly residentMbPerMin: number
  /** On the heap, and of the heap's objects outside. */
  readonly heldMbPerMin: number
  /** Resident, of no file and not of the heap: what native code holds, SQLite and sockets among it. */
  readonly nativeMbPerMin: number
}

const heldMaxMbPerMin = 0.5
/**
 * What is held is counted by the byte; this is pages, which the allocator keeps or not: a right gateway was seen with 0.26, and with
 * 0.57 of all that is resident. A hundred bytes left behind by each envelope are 1.2.
 */
const nativeMaxMbPerMin = 1

/** The lowest of so many looks: the collector runs beside, and a moment of it may be caught in the middle. */
const looksEach = 6

export function growthOf(weighed: readonly Weighed[]): Growth {
  const of = (bytes: (one: Weighed) => number): number => {
    const points = weighed.map((one) => ({ x: one.atMs / 60_000, y: bytes(one) / 2 ** 20 }))
    return Number(slopeOf(lows(points)).toFixed(3))
  }
  return {
    residentMbPerMin: of(({ rss }) => rss),
    heldMbPerMin: of(({ heapUsed, external }) => heapUsed + external),
    // Not by the room that the heap has taken: what it only now touches of that would be counted as somebody else's.
    nativeMbPerMin: of(({ anonymousBytes, heapResidentBytes }) => anonymousBytes - heapResidentBytes),
  }
}

export function growthComplaints({ heldMbPerMin, nativeMbPerMin }: Growth): string[] {
  return [
    ...(heldMbPerMin > heldMaxMbPerMin ? [`the gateway holds ${heldMbPerMin} MB more a minute`] : []),
    ...(nativeMbPerMin > nativeMaxMbPerMin
      ? [`the gateway grows by ${nativeMbPerMin} MB a minute beside its heap`]
      : []),
  ]
}

/** Null before the first word. */
export function weighedIn(file: string): Weighed | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Weighed
  } catch {
    return null
  }
}

type Point = { readonly x: number; readonly y: number }

function lows(points: readonly Point[]): Point[] {
  const kept: Point[] = []
  for (let at = 0; at < points.length; at += looksEach)
    kept.push(points.slice(at, at + looksEach).reduce((low, point) => (point.y < low.y ? point : low)))
  return kept
}
