import type { ByClass, RecordClass } from './evict.ts'

/** How much waits, by what it is worth. */
export type Amount = { readonly count: number; readonly bytes: number }
export type Amounts = ByClass<Amount>

export const noAmounts: Amounts = {
  positions: { count: 0, bytes: 0 },
  low: { count: 0, bytes: 0 },
  alarm: { count: 0, bytes: 0 },
}

const combined = (a: Amounts, b: Amounts, sign: 1 | -1): Amounts => {
  const of = (name: RecordClass): Amount => ({
    count: a[name].count + sign * b[name].count,
    bytes: a[name].bytes + sign * b[name].bytes,
  })
  return { positions: of('positions'), low: of('low'), alarm: of('alarm') }
}
export const plus = (a: Amounts, b: Amounts): Amounts => combined(a, b, 1)
export const minus = (a: Amounts, b: Amounts): Amounts => combined(a, b, -1)
export const countOf = ({ positions, low, alarm }: Amounts): number =>
  positions.count + low.count + alarm.count
export const bytesOf = ({ positions, low, alarm }: Amounts): number =>
  positions.bytes + low.bytes + alarm.bytes
