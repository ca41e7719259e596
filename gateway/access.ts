import type { DocumentName } from '../proto/topics.ts'
import { parseDownTopic } from '../proto/topics.ts'

/** Who may hear what. Pure; the brokers ask it for live, retained, stored and restored messages alike. */

/** A terminal is one vehicle of one fleet. */
export type Terminal = { readonly fleet: string; readonly vehicle: string }

/** An officer sees the fleets named; null on loopback, where nobody was asked for a name: all of this gateway. */
export type Officer = { readonly fleets: ReadonlySet<string> | null }

const officerRoots: readonly string[] = ['alerts', 'alerts-json', 'state']

/** A terminal may subscribe to its own documents, by their exact names. */
export function terminalMayHear(terminal: Terminal, filter: string): DocumentName | null {
  return parseDownTopic(filter, terminal.fleet, terminal.vehicle)
}

/** True when whatever the filter matches belongs to the officer. Also right for topics, which are filters without wildcards. */
export function officerMayHear(officer: Officer, filter: string): boolean {
  const [root, version, fleet] = filter.split('/')
  if (root === undefined || !officerRoots.includes(root) || version !== 'v1' || fleet === undefined)
    return false
  return officer.fleets === null || officer.fleets.has(fleet)
}

/** On loopback a user name, when one is given, narrows to the fleets it lists: `fleet-a` or `fleet-a,fleet-b`. */
export function loopbackOfficer(username: string | undefined): Officer {
  if (username === undefined || username === '') return { fleets: null }
  return { fleets: new Set(username.split(',')) }
}
