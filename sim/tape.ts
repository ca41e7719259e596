import { type Emission, emissionsOfSecond, isUnplugged } from './emissions.ts'
import type { Plan } from './scenario.ts'

/**
 * A tape: the raw bytes of the lines with the world time at which they came, as NDJSON. First line
 * `{"kind":"tape","version":1,"scenario":..,"origin":..,"zone":..,"startMs":..,"endMs":..}`, then one line per
 * write, `{"atMs":..,"line":"gnss"|"can","text":".."}`: each character of `text` is one byte (latin-1).
 */
export function* tapeLines(plan: Plan): Generator<string> {
  const { name, origin, zone } = plan.scenario
  const { startMs, endMs } = plan
  yield `${JSON.stringify({ kind: 'tape', version: 1, scenario: name, origin, zone, startMs, endMs })}\n`
  for (let secondMs = startMs; secondMs < endMs; secondMs += 1000) {
    for (const { atMs, line, text } of joined(emissionsOfSecond(plan, secondMs)))
      if (!isUnplugged(plan, line, secondMs)) yield `${JSON.stringify({ atMs, line, text })}\n`
  }
}

/** Neighbours of the same line become one write at the time of the last of them. */
function joined(emissions: readonly Emission[]): readonly Emission[] {
  const writes: Emission[] = []
  for (const emission of emissions) {
    const last = writes.at(-1)
    const isNext = last?.line === emission.line && emission.atMs - last.atMs <= joinMs
    if (isNext) writes[writes.length - 1] = { ...emission, text: last.text + emission.text }
    else writes.push(emission)
  }
  return writes
}

const joinMs = 30
