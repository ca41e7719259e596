import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { BadInput } from '../../proto/problem.ts'
import type { Outcome, Task } from './task.ts'
import { stampOf } from './trips.ts'

/** What was compared already, one line each, so that an interrupted run goes on where it was. */
export type State = {
  readonly known: (task: Task) => Outcome | null
  readonly keep: (task: Task, outcome: Outcome) => void
}

export const noState: State = { known: () => null, keep: () => {} }

/** `name` is the file as the person wrote it. */
export function openState(file: string, name: string): State {
  const outcomes = new Map<string, Outcome>()
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  // Also what was torn in its first line begins so; anything else is a file of the person's that must not grow lines.
  if (text !== '' && !text.startsWith(lineStart.slice(0, text.length)))
    throw new BadInput(`${name}: holds something else than the progress of a comparison; name another file`)
  for (const line of text.split('\n')) {
    const entry = entryOf(line)
    if (entry !== null) outcomes.set(entry.key, entry.outcome)
  }
  return {
    known: (task) => outcomes.get(keyOf(task)) ?? null,
    keep: (task, outcome) => appendFileSync(file, `${JSON.stringify({ key: keyOf(task), outcome })}\n`),
  }
}

const lineStart = '{"key":"'

/** A line that was torn by the interruption is not known. */
function entryOf(line: string): { key: string; outcome: Outcome } | null {
  try {
    return JSON.parse(line) as { key: string; outcome: Outcome }
  } catch {
    return null
  }
}

/** What is kept by another way of comparing is not known. */
const wayOfComparing = 2

/** Another when the trip, a document, a policy or the way of reading is another. */
function keyOf({ trip, before, after, reading }: Task): string {
  const { vehicle, trip: plan, route, areas } = trip.documents
  const files = [trip.path, trip.can, vehicle, plan, route, areas, before, after].map(stampOf)
  return createHash('sha256')
    .update(JSON.stringify([wayOfComparing, files, reading]))
    .digest('hex')
    .slice(0, 32)
}
