/**
 * What is kept of a day's rubbish, by vehicle and in all: a sender without end fills no disk, and one of them hides no
 * conflict of another's. What is beyond is counted and not kept.
 */
const quarantinedMax = 10_000
const perVehicleMax = 200

export type Cap = 'vehicle' | 'day'
/** How many were not kept since the start, by the cap that was reached. */
export type Unkept = { readonly [cap in Cap]: number }
export const allKept: Unkept = { vehicle: 0, day: 0 }

export type Sender = { readonly fleet: string; readonly vehicle: string }

/** Mutable: follows what was put into quarantine. */
export class QuarantineRoom {
  readonly #kept = new Map<string, number>()
  #total = 0

  add(sender: Sender, count = 1): void {
    this.#kept.set(nameOf(sender), this.#keptOf(sender) + count)
    this.#total += count
  }

  /** What is in the way of one more; null: nothing. */
  capOn(sender: Sender): Cap | null {
    if (this.#keptOf(sender) >= perVehicleMax) return 'vehicle'
    return this.#total >= quarantinedMax ? 'day' : null
  }

  #keptOf(sender: Sender): number {
    return this.#kept.get(nameOf(sender)) ?? 0
  }
}

const nameOf = ({ fleet, vehicle }: Sender): string => `${fleet}/${vehicle}`

export function withUnkept(before: Unkept, caps: readonly Cap[]): Unkept {
  const more = (cap: Cap): number => caps.filter((one) => one === cap).length
  return { vehicle: before.vehicle + more('vehicle'), day: before.day + more('day') }
}
