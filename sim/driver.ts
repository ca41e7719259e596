/** Who has put a card into which slot, and when. Pure. */
export type CardChange = {
  /** Seconds after the beginning; the first one is usually at or before 0. */
  readonly atS: number
  readonly driver: string | null
  readonly coDriver: string | null
}

export type Cards = { readonly driver: string | null; readonly coDriver: string | null }
const empty: Cards = { driver: null, coDriver: null }

/** Cards in the slots at a moment: the last change counts, and before the first one both slots are empty. */
export function cardsAt(changes: readonly CardChange[], atS: number): Cards {
  let cards = empty
  for (const change of changes) if (change.atS <= atS) cards = change
  return { driver: cards.driver, coDriver: cards.coDriver }
}
