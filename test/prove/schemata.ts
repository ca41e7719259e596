import { type Mutant, statementStarts } from './mutants.ts'

/** One fault of one file, by the number that switches it on; `place` is the first fault of the same text. */
export type Fault = Mutant & { readonly id: number; readonly place: number; readonly file: string }

/**
 * All faults of a file written into it at once, each behind `$h.on === id`, so that one warm process tries them one
 * after the other. `$h.reached` remembers which were come by. Nested places keep their own switches in the branch in
 * which the outer fault is off.
 */
export function withAllFaults(source: string, faults: readonly Fault[]): string {
  const places = Map.groupBy(faults, ({ start, end }) => `${start}-${end}`)
  const inOrder = [...places.values()].toSorted(
    ([a], [b]) => (a?.start ?? 0) - (b?.start ?? 0) || (b?.end ?? 0) - (a?.end ?? 0),
  )
  return between({ source, starts: statementStarts('a.ts', source) }, 0, source.length, inOrder)
}

type Text = { readonly source: string; readonly starts: ReadonlySet<number> }

type Place = readonly Fault[]

/** The text from one offset to another, with the switches of the places inside, which are sorted by their start. */
function between(whole: Text, from: number, to: number, places: readonly Place[]): string {
  const { source, starts } = whole
  let text = ''
  let at = from
  for (let n = 0; n < places.length; ) {
    const place = places[n] as Place
    const { start, end } = place[0] as Fault
    let next = n + 1
    while (next < places.length && (places[next]?.[0]?.start ?? end) < end) next++
    text +=
      source.slice(at, start) +
      (starts.has(start) ? '0, ' : '') +
      switches(whole, place, places.slice(n + 1, next))
    at = end
    n = next
  }
  return text + source.slice(at, to)
}

function switches(whole: Text, place: Place, inside: readonly Place[]): string {
  const { start, end, place: at, isKey } = place[0] as Fault
  const original = between(whole, start, end, inside)
  const branches = place.map((fault) => `$h.on === ${fault.id} ? (${bare(fault)}) : `).join('')
  const expression = `($h.reached[${at}] = 1, ${branches}(${original}))`
  return isKey === true ? `[${expression}]` : expression
}

const bare = ({ text, isKey }: Fault): string => (isKey === true ? text.slice(1, -1) : text)
