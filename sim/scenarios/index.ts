import { parseScenario, type Scenario } from '../scenario.ts'
import { faultyLines } from './faulty-lines.ts'
import { legalRelay } from './legal-relay.ts'
import { nightCoach } from './night-coach.ts'

/** Every scenario that ships, by name. A new one is a file of plain data and a line here. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  [nightCoach, legalRelay, faultyLines].map((file) => [
    file.name,
    parseScenario(file, `scenario ${file.name}`),
  ]),
)
