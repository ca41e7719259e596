import { detectors } from '../../device/detectors/index.ts'
import { rules } from '../../gateway/rules/index.ts'
import { createEngine, type Line, type Summary } from './engine.ts'
import { headBytes, type InForce, openTrip, type Recording, type Trip } from './open-trip.ts'

export { headBytes, type Recording }

/** The one way from a file to findings: the tool, what-if and the golden corpus share it. */
export async function replayRecording(
  recording: Recording,
  inForce: InForce,
  print: (line: Line) => void,
): Promise<Summary> {
  return replayOpened(await openTrip(recording, inForce), print)
}

export async function replayOpened(
  { documents, deps, fold }: Trip,
  print: (line: Line) => void,
): Promise<Summary> {
  const engine = createEngine({ documents, detectors, rules, ...deps, print })
  await fold(engine)
  return engine.end()
}
