/**
 * One driver on several vehicles, told from the whole history on a grid of two minutes: for each slot and vehicle whether
 * he drove, and everything else counted from that, slot by slot. Shares nothing with the ledger.
 */
export const slotS = 120

export type Slots = { readonly [vehicle: string]: readonly boolean[] }
export type Limits = {
  readonly restS: number
  readonly continuousS: number
  readonly nightS: number
  readonly rolling24hS: number
  readonly rolling7dS: number
  readonly nightRule: 'nightPortion' | 'stintAtNight'
  readonly dayRule: 'rolling' | 'calendarDay'
}
/** Slots, not milliseconds; `from` is in, `to` is out. */
export type SlotEpisode = {
  readonly vehicle: string
  readonly what: string
  readonly from: number
  readonly to: number
}

const slotsOf = (seconds: number): number => seconds / slotS
const hour = slotsOf(3600)
const day = 24 * hour

/** Slots [from, to) of stretches of driving with pauses shorter than a rest. */
function stints(drives: readonly boolean[], rest: number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (let i = 0; i < drives.length; i++) {
    if (!drives[i]) continue
    const last = found.at(-1)
    if (last !== undefined && i - last.to < rest) last.to = i + 1
    else found.push({ from: i, to: i + 1 })
  }
  return found
}

/** Slot 0 is midnight; night is 22:00 to 06:00. */
const isNight = (slot: number): boolean => slot % day < 6 * hour || slot % day >= 22 * hour

function tooLong(
  sums: readonly number[],
  stintFrom: number,
  slot: number,
  reason: string,
  limits: Limits,
): boolean {
  const rolled = (window: number, limit: number): boolean => {
    const sum = (until: number): number => sums[until]! - sums[Math.max(0, until - window)]!
    return sum(slot) > limit || (sum(slot) === limit && sum(slot + 1) > limit)
  }
  const driven = slot - stintFrom
  switch (reason) {
    case 'continuousDay':
      return driven >= slotsOf(limits.continuousS)
    case 'rolling24h':
      // Slot 0 is a midnight; the slot itself is driven.
      if (limits.dayRule === 'calendarDay')
        return sums[slot]! - sums[slot - (slot % day)]! >= slotsOf(limits.rolling24hS)
      return rolled(day, slotsOf(limits.rolling24hS))
    case 'rolling7d':
      return rolled(7 * day, slotsOf(limits.rolling7dS))
    default: {
      const limit = slotsOf(limits.nightS)
      if (limits.nightRule === 'stintAtNight') return isNight(slot) && driven >= limit
      // Slots of the stint, driving or not, that lie in one night, counted from its first one in the stint.
      for (let from = stintFrom; from <= slot; from++) {
        if (!isNight(from) || (from > stintFrom && isNight(from - 1))) continue
        let dawn = from
        while (isNight(dawn)) dawn++
        if (from + limit < dawn && slot >= from + limit) return true
      }
      return false
    }
  }
}

function sumsOf(drives: readonly boolean[]): number[] {
  const sums = [0]
  for (const drove of drives) sums.push(sums.at(-1)! + (drove ? 1 : 0))
  sums.push(sums.at(-1)!)
  return sums
}

export function driverHours(byVehicle: Slots, limits: Limits): SlotEpisode[] {
  const names = Object.keys(byVehicle)
  const length = Math.max(...names.map((name) => byVehicle[name]!.length))
  const drove = (name: string, slot: number): boolean => byVehicle[name]![slot] === true
  const all = Array.from({ length }, (_, slot) => names.some((name) => drove(name, slot)))
  const rest = slotsOf(limits.restS)
  const found: SlotEpisode[] = []
  for (const vehicle of names) {
    const own = Array.from({ length }, (_, slot) => drove(vehicle, slot))
    for (const reason of ['continuousDay', 'continuousNight', 'rolling24h', 'rolling7d']) {
      const ofOwn = slotsToldBy(own, reason, limits, rest)
      for (const stint of stints(all, rest)) {
        const sums = sumsOf(all)
        let passed = stint.from
        while (passed < stint.to && !(all[passed] && tooLong(sums, stint.from, passed, reason, limits)))
          passed++
        let from = passed
        while (from < stint.to && (!own[from] || ofOwn[from])) from++
        if (from >= stint.to) continue
        let to = stint.to
        while (!own[to - 1]) to--
        for (let slot = from; slot < to; slot++) if (ofOwn[slot] && !ofOwn[slot - 1]) to = slot
        found.push({ vehicle, what: reason, from, to })
      }
    }
  }
  for (const [i, a] of names.entries())
    for (const b of names.slice(i + 1)) {
      const both = Array.from({ length }, (_, slot) => drove(a, slot) && drove(b, slot))
      for (const { from, to } of stints(both, rest)) {
        const begun = (name: string): number => {
          let slot = from
          while (drove(name, slot - 1)) slot--
          return slot
        }
        const vehicle = begun(a) > begun(b) ? a : b
        found.push({ vehicle, what: `overlap ${vehicle === a ? b : a}`, from, to })
      }
    }
  return found
}

/** Slots of which the vehicle's own terminal says so itself. */
function slotsToldBy(own: readonly boolean[], reason: string, limits: Limits, rest: number): boolean[] {
  const told = own.map(() => false)
  const sums = sumsOf(own)
  for (const { from, to } of stints(own, rest)) {
    let passed = from
    while (passed < to && !(own[passed] && tooLong(sums, from, passed, reason, limits))) passed++
    for (let slot = passed; slot < to; slot++) told[slot] = true
  }
  return told
}
