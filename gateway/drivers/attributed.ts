import { type Runs, stintsOf, union, without } from './runs.ts'

/**
 * Driving that no card proves, and that an officer found to be somebody's. What he names is an alert; what becomes the
 * driver's is the unidentified driving around it: on both sides as far as no rest, and no card, lies between. Pure, and
 * of sets alone, so that late records and a decision that was made before they came end in the same hours.
 */
export type Attribution = {
  readonly fleet: string
  readonly vehicle: string
  /** Id of the alert: a later decision about the same one takes its place. */
  readonly alert: string
  /** Null: it was taken back. */
  readonly driver: string | null
  /** When the alert began and ended, as far as is known. */
  readonly fromMs: number
  readonly toMs: number
  /** When it was decided, and by whom. */
  readonly atMs: number
  readonly by: string
}

export type Given = {
  readonly byDriver: ReadonlyMap<string, Runs>
  readonly byAlert: ReadonlyMap<string, Runs>
}
export const nothingGiven: Given = { byDriver: new Map(), byAlert: new Map() }

/** Who is given what on one vehicle. Of two decisions about the same stretch the later one holds. */
export function given(
  attributions: readonly Attribution[],
  unidentified: Runs,
  /** Of every driver whose card was in this vehicle. */
  proven: readonly Runs[],
  restMs: number,
): Given {
  const cards = union(proven)
  const free = without(unidentified, cards)
  const byAlert = new Map<string, Runs>()
  const byDriver = new Map<string, Runs>()
  let taken: Runs = []
  for (const one of attributions.toSorted((a, b) => b.atMs - a.atMs || (a.alert < b.alert ? 1 : -1))) {
    if (one.driver === null) continue
    const runs = without(around(one, free, cards, restMs), taken)
    if (runs.length === 0) continue
    taken = union([taken, runs])
    byAlert.set(one.alert, runs)
    byDriver.set(one.driver, union([byDriver.get(one.driver) ?? [], runs]))
  }
  return { byDriver, byAlert }
}

/** The stretches of the group in which the alert lies; a card between two of them parts the group. */
function around({ fromMs, toMs }: Attribution, free: Runs, cards: Runs, restMs: number): Runs {
  const found: number[] = []
  for (const stint of stintsOf(free, restMs))
    for (const group of partedBy(free.slice(free.indexOf(stint.fromMs), free.indexOf(stint.toMs) + 1), cards))
      if (group[0]! <= toMs && group.at(-1)! >= fromMs) found.push(...group)
  return found
}

function partedBy(runs: Runs, cards: Runs): readonly Runs[] {
  const groups: number[][] = []
  for (let i = 0; i < runs.length; i += 2) {
    const last = groups.at(-1)
    const parted = last !== undefined && isBetween(cards, last.at(-1)!, runs[i]!)
    if (last === undefined || parted) groups.push([runs[i]!, runs[i + 1]!])
    else last.push(runs[i]!, runs[i + 1]!)
  }
  return groups
}

function isBetween(cards: Runs, fromMs: number, toMs: number): boolean {
  for (let i = 0; i < cards.length; i += 2) if (cards[i]! < toMs && cards[i + 1]! > fromMs) return true
  return false
}
