import type { Truth } from '../vehicle.ts'
import {
  buttons,
  ccvs1,
  dc1,
  dm1,
  driverIds,
  ebc1,
  eec1,
  etc2,
  type Frame,
  type Slot,
  tco1,
  vd,
  vdhr,
  vep1,
  vw,
} from './j1939.ts'
import { groupFrames } from './transport.ts'

/**
 * The vehicle bus of one world second. A real bus carries 1,850 frames a second; this one keeps to the rates a
 * fleet interface forwards (at most 20 a second), because in fast motion they share one serial line.
 */
export type TimedFrame = { readonly atMs: number; readonly frame: Frame }

/** When in the second each group is sent, ms. */
const speedAtMs = [0, 250, 500, 750] as const
const tachographAtMs = [20, 270, 520, 770] as const
const engineAtMs = [40, 540] as const
const once = { vdhr: 60, ebc1: 80, dc1: 110, etc2: 130, dm1: 310, vd: 330, di: 350 } as const
/** Gap between the packets of a broadcast: 50 to 200 ms are allowed (J1939-21). */
const packetGapMs = 50
/** Slow groups, every so many seconds, each in a second of its own so that none is crowded. */
const slowEveryS = 10
const slowSecond = { di: 0, vd: 3, dm1: 6 } as const

/** All frames of the second that begins at `secondMs`, in order. `truthAt` is asked at each frame's own instant. */
export function framesOfSecond(secondMs: number, truthAt: (atMs: number) => Truth): readonly TimedFrame[] {
  const timed: TimedFrame[] = []
  const at = (offsetMs: number, frame: (truth: Truth) => Frame) => {
    const truth = truthAt(secondMs + offsetMs)
    if (truth.ignition) timed.push({ atMs: secondMs + offsetMs, frame: frame(truth) })
  }
  for (const offsetMs of speedAtMs) at(offsetMs, ccvs1)
  for (const offsetMs of tachographAtMs) at(offsetMs, tachograph)
  for (const offsetMs of engineAtMs) at(offsetMs, eec1)
  at(once.vdhr, vdhr)
  at(once.ebc1, ebc1)
  at(once.dc1, dc1)
  at(once.etc2, etc2)
  timed.push(...told(secondMs, truthAt), ...slowGroups(secondMs, truthAt))
  return timed.sort((a, b) => a.atMs - b.atMs)
}

/** What only some vehicles tell: voltages, weights, buttons. The battery's controller speaks with the ignition off too. */
function told(secondMs: number, truthAt: (atMs: number) => Truth): TimedFrame[] {
  const truth = truthAt(secondMs)
  const second = Math.floor(secondMs / 1000) % slowEveryS
  const timed: TimedFrame[] = []
  if (truth.batteryV !== null) timed.push({ atMs: secondMs + extra.vep1, frame: vep1(truth) })
  for (const offsetMs of truth.emergency === undefined ? [] : extra.buttons)
    timed.push({ atMs: secondMs + offsetMs, frame: buttons(truthAt(secondMs + offsetMs).emergency ?? null) })
  if (truth.massKg !== null && second === extra.vwSecond)
    for (const [axle, share] of axleShares.entries())
      timed.push({ atMs: secondMs + extra.vw[axle]!, frame: vw(axle, truth.massKg * share) })
  return timed
}

const extra = { vep1: 150, buttons: [170, 670], vw: [190, 210], vwSecond: 1 } as const
/** How the load of a coach with two axles lies. */
const axleShares = [0.36, 0.64] as const

function slowGroups(secondMs: number, truthAt: (atMs: number) => Truth): TimedFrame[] {
  const truth = truthAt(secondMs + once.di)
  if (!truth.ignition) return []
  const second = Math.floor(secondMs / 1000) % slowEveryS
  const spaced = (offsetMs: number, frames: readonly Frame[]) =>
    frames.map((frame, index) => ({ atMs: secondMs + offsetMs + index * packetGapMs, frame }))
  // Cards that went in or out are told at once; otherwise every ten seconds.
  const before = truthAt(secondMs + once.di - 1000)
  const changed = before.driver !== truth.driver || before.coDriver !== truth.coDriver
  if (second === slowSecond.di || changed)
    return spaced(once.di, groupFrames(driverIds(truth.driver, truth.coDriver)))
  if (second === slowSecond.vd) return [{ atMs: secondMs + once.vd, frame: vd(truth) }]
  if (second === slowSecond.dm1) return spaced(once.dm1, groupFrames(dm1([], false)))
  return []
}

function tachograph(truth: Truth): Frame {
  const slot1: Slot = { state: truth.speedKmh > 0 ? 'driving' : 'work', card: truth.driver !== null }
  const slot2: Slot = { state: 'available', card: truth.coDriver !== null }
  return tco1({ speedKmh: truth.speedKmh, slot1, slot2 })
}
