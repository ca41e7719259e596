import { isDeepStrictEqual } from 'node:util'
import type { Line } from '../replay/engine.ts'

/** What became of the findings of a trip when something was changed: code, or a policy. */
export type Difference = {
  readonly change: 'added' | 'removed' | 'moved' | 'changed'
  readonly before: Line | null
  readonly after: Line | null
  /** `severity major -> critical`; of an added or removed finding none. */
  readonly fields: readonly string[]
}

/** Two findings of one kind, phase and subject this near each other are one finding that moved. */
const movedMaxMs = 30 * 60_000

/** Follows from the rest, or is another with every policy. */
const derived: ReadonlySet<string> = new Set(['policyDigest', 'explain'])

const about = ({ kind, phase, subject }: Line): string => JSON.stringify([kind, phase, subject])

/** The differences in the order of time. Equal findings are paired first, then those that moved least. */
export function compareLines(before: readonly Line[], after: readonly Line[]): Difference[] {
  const differences: Difference[] = []
  const groups = groupsOf(before, after)
  for (const { old, now } of groups.values()) differences.push(...compareGroup(old, now))
  const timeOf = ({ before: b, after: a }: Difference): string => (a ?? b)?.at ?? ''
  return differences.toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0))
}

type Group = { readonly old: Line[]; readonly now: Line[] }

function groupsOf(before: readonly Line[], after: readonly Line[]): Map<string, Group> {
  const groups = new Map<string, Group>()
  const groupOf = (line: Line): Group => {
    const key = about(line)
    const group = groups.get(key) ?? { old: [], now: [] }
    groups.set(key, group)
    return group
  }
  for (const line of before) groupOf(line).old.push(line)
  for (const line of after) groupOf(line).now.push(line)
  return groups
}

function compareGroup(old: readonly Line[], now: readonly Line[]): Difference[] {
  const pairs: { before: Line; after: Line }[] = []
  const left = new Set(now)
  const alone: Line[] = []
  for (const before of old) {
    const same = [...left].find((after) => after.at === before.at)
    if (same === undefined) alone.push(before)
    else {
      left.delete(same)
      pairs.push({ before, after: same })
    }
  }
  const removed = alone.filter((before) => {
    const after = nearest(before, left)
    if (after === null) return true
    left.delete(after)
    pairs.push({ before, after })
    return false
  })
  return [
    ...pairs.flatMap(({ before, after }) => paired(before, after)),
    ...removed.map((before): Difference => ({ change: 'removed', before, after: null, fields: [] })),
    ...[...left].map((after): Difference => ({ change: 'added', before: null, after, fields: [] })),
  ]
}

function nearest(before: Line, candidates: ReadonlySet<Line>): Line | null {
  let found: Line | null = null
  let leastMs = movedMaxMs
  for (const after of candidates) {
    const ms = Math.abs(Date.parse(after.at) - Date.parse(before.at))
    if (ms > leastMs) continue
    found = after
    leastMs = ms
  }
  return found
}

function paired(before: Line, after: Line): Difference[] {
  const fields = changedFields('', before, after)
  if (fields.length === 0) return []
  return [{ change: before.at === after.at ? 'changed' : 'moved', before, after, fields }]
}

type Known = { readonly [key: string]: unknown }

function changedFields(prefix: string, before: Known, after: Known): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => {
    const [old, now] = [before[name], after[name]]
    if ((prefix === '' && derived.has(name)) || isDeepStrictEqual(old, now)) return []
    if (isKnown(old) && isKnown(now)) return changedFields(`${prefix}${name}.`, old, now)
    return [`${prefix}${name} ${JSON.stringify(old) ?? 'absent'} -> ${JSON.stringify(now) ?? 'absent'}`]
  })
}

const isKnown = (value: unknown): value is Known =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const signs = { added: '+', removed: '-', moved: '~', changed: '~' } as const

/** One line for a person: `+ started curfew coach-1 2026-11-22T18:00:00.000Z (noCertificate, critical)`. */
export function tellDifference({ change, before, after, fields }: Difference): string {
  const line = after ?? before
  if (line === null) throw new Error('a difference without a finding')
  const { phase, kind, subject, at, reason, severity } = line
  const head = `${signs[change]} ${phase} ${kind} ${subject} ${at}`
  if (fields.length > 0) return `${head}: ${fields.join('; ')}`
  return `${head} (${reason === null ? '' : `${reason}, `}${severity})`
}
