import type { Runs } from '../../gateway/drivers/runs.ts'
import type { Dice } from '../prove/drives/agreement.ts'
import { type SlotEpisode, type Slots, slotS } from '../reference/driver-hours.ts'
import { beijing } from './drive.ts'

/** A driver's days on several vehicles, on a grid of two minutes from a midnight on. */
export const midnightMs = beijing('2026-11-16 00:00:00')
export const slotMs = slotS * 1000

/** Driving and resting in turn, now here, now there; sometimes the card drives in two vehicles at once. */
export function daysOf(roll: Dice, days: number): Slots {
  const names = roll.chance(0.7) ? ['v1', 'v2'] : ['v1', 'v2', 'v3']
  const length = Math.round((days * 86_400) / slotS)
  const byVehicle = Object.fromEntries(names.map((name) => [name, new Array<boolean>(length).fill(false)]))
  const busy = roll.pick([0.3, 0.6, 0.9])
  for (let slot = roll.whole(0, 400); slot < length; ) {
    const vehicle = roll.pick(names)
    const forSlots = roll.pick([1, 5, 29, 30, 31, 60, 119, 120, 121, roll.whole(1, 160)])
    byVehicle[vehicle]!.fill(true, slot, Math.min(length, slot + forSlots))
    if (roll.chance(0.06))
      byVehicle[roll.pick(names)]!.fill(true, slot + (forSlots >> 1), Math.min(length, slot + forSlots))
    slot += forSlots
    slot += roll.chance(busy) ? roll.pick([0, 1, 5, 9, 10, 11]) : roll.pick([10, 60, 240, 300, 720])
  }
  return byVehicle
}

export function runsOf(slots: readonly boolean[]): Runs {
  const runs: number[] = []
  for (const [slot, drove] of slots.entries()) {
    if (!drove) continue
    const fromMs = midnightMs + slot * slotMs
    if (runs.at(-1) === fromMs) runs[runs.length - 1] = fromMs + slotMs
    else runs.push(fromMs, fromMs + slotMs)
  }
  return runs
}

export const slotOf = (ms: number): number => (ms - midnightMs) / slotMs

export const lineOf = ({ vehicle, what, from, to }: SlotEpisode): string =>
  `${vehicle} ${what} ${from}..${to}`
