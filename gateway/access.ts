import type { DocumentName } from '../proto/topics.ts'
import { parseDownTopic } from '../proto/topics.ts'
import type { Role } from './identity/identity.ts'

/** Who may hear what. Pure; the brokers ask it for live, retained, stored and restored messages alike. */

/** A terminal is one vehicle of one fleet. */
export type Terminal = { readonly fleet: string; readonly vehicle: string }

/** What an officer is in each fleet; null on loopback, where nobody was asked for a name: all of this gateway. */
export type Granted = { readonly grants: ReadonlyMap<string, Role> | null }

const officerRoots: readonly string[] = ['alerts', 'alerts-json', 'state', 'cases']
/** What shows where people drove and what was said about them. */
const personalRoots: readonly string[] = ['state', 'cases']

/** Faults of devices: what whoever maintains them sees, and nothing of where people drove. */
export const deviceKinds: readonly string[] = [
  'gnss-lost',
  'gnss-frozen',
  'antenna-open',
  'antenna-short',
  'can-silent',
  'speed-mismatch',
  'power-cut',
  'epoch-reset',
  'clock-conflict',
]

/** A terminal may subscribe to its own documents, by their exact names. */
export function terminalMayHear(terminal: Terminal, filter: string): DocumentName | null {
  return parseDownTopic(filter, terminal.fleet, terminal.vehicle)
}

/** True when whatever the filter matches belongs to the officer. Also right for topics, which are filters without wildcards. */
export function officerMayHear(officer: Granted, filter: string): boolean {
  const [root, version, fleet, , kind] = filter.split('/')
  if (root === undefined || !officerRoots.includes(root) || version !== 'v1' || fleet === undefined)
    return false
  if (officer.grants === null) return true
  const role = officer.grants.get(fleet)
  if (role === undefined) return false
  return role !== 'provider' || (!personalRoots.includes(root) && mayReadKind(role, kind ?? ''))
}

/** Whether whatever the filter matches is to be heard without the names of drivers: by those who do not speak with them. */
export function hearsMasked({ grants }: Granted, filter: string): boolean {
  const role = grants?.get(filter.split('/')[2] ?? '')
  return role !== undefined && !speaking.includes(role)
}
const speaking: readonly Role[] = ['officer', 'supervisor', 'admin']

export function mayReadKind(role: Role, kind: string): boolean {
  return role !== 'provider' || deviceKinds.includes(kind)
}

/** Whether an alert or a case of this kind and fleet is this officer's to read. */
export function mayRead({ grants }: Granted, fleet: string, kind: string): boolean {
  if (grants === null) return true
  const role = grants.get(fleet)
  return role !== undefined && mayReadKind(role, kind)
}

/** On loopback a user name, when one is given, narrows to the fleets it lists: `fleet-a` or `fleet-a,fleet-b`. */
export function loopbackOfficer(username: string | undefined): Granted {
  if (username === undefined || username === '') return { grants: null }
  return { grants: new Map(username.split(',').map((fleet) => [fleet, 'officer'])) }
}
