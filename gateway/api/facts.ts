import { maskDriver } from '../../proto/catalog/entry.ts'
import type { WorldClock } from '../../proto/clocks.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { Alert, Outlook, Sample } from '../../proto/model.ts'
import { idPattern } from '../../proto/topics.ts'
import { type Granted, mayRead } from '../access.ts'
import type { CaseView } from '../desk/case-view.ts'
import type { AlertIndex } from '../journal/alert-index.ts'
import type { Journal } from '../journal.ts'
import { masked } from '../masking.ts'
import type { InForceState } from '../push/office.ts'
import { fleetsWith, may, type Right, seesNames, type Who } from './route.ts'

/** What the routes of the API look at. Everything is asked when it is needed, so that an answer is of this moment. */
export type Facts = {
  readonly journal: Pick<
    Journal,
    'read' | 'state' | 'watermarks' | 'alert' | 'revision' | 'gapsAfter' | 'alertsAfter'
  >
  readonly index: AlertIndex
  /** An alert that nobody has touched has a case too. */
  readonly caseOf: (alert: Alert) => CaseView | null
  /** As `state/v1` says it. */
  readonly state: (fleet: string, vehicle: string) => VehicleState
  readonly lastSample: (fleet: string, vehicle: string) => Sample | null
  readonly outlook: (fleet: string, vehicle: string) => Outlook | null
  /** Every vehicle that has papers here. */
  readonly vehicles: () => readonly Documents[]
  /** By which a vehicle is judged. */
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  readonly inForce: (fleet: string, vehicle: string) => InForceState | null
  readonly world: WorldClock
}

export type VehicleState = { readonly [key: string]: unknown }

/** The fleets whose things somebody is shown; `one` narrows to it, and is empty where it is not his. */
export function fleetsOf(facts: Facts, who: Who, right: Right, one: string | undefined): readonly string[] {
  if (one !== undefined) return may(who, one, right) ? [one] : []
  return fleetsWith(who, right) ?? allFleets(facts)
}

export function allFleets({ vehicles, index }: Facts): readonly string[] {
  return [...new Set([...vehicles().map(({ vehicle }) => vehicle.fleet), ...index.fleets()])].sort()
}

export const isId = (text: string): boolean => idPattern.test(text)

/** The documents of a vehicle of this officer; null: there is none that he may know of. */
export function vehicleOf(
  { documents }: Facts,
  who: Who,
  { fleet = '', vehicle = '' }: { readonly [name: string]: string },
  right: Right = 'look',
): Documents | null {
  return isId(fleet) && isId(vehicle) && may(who, fleet, right) ? documents(fleet, vehicle) : null
}

/** The alert when it is this officer's to read. */
export function alertOf({ journal, index }: Facts, who: Granted, id: string): Alert | null {
  if (!/^[0-9a-f]{32}$/.test(id)) return null
  const alert = journal.alert(id) ?? index.find(id)?.alert ?? null
  return alert !== null && mayRead(who, alert.fleet, alert.kind) ? alert : null
}

/** When and where it began, where an earlier revision said it: `at` and `place` of one that has ended are its end. */
export function begunOf({ journal }: Facts, alert: Alert): Pick<Alert, 'at' | 'place'> | null {
  const first = alert.phase === 'ended' ? journal.revision(alert.id, 1) : alert
  return first === null || first.phase === 'ended' ? null : { at: first.at, place: first.place }
}

/** A driver as this officer may read him: 张** without the need to speak with him. */
export function nameFor(who: Who, fleet: string, driver: string | null): string | null {
  if (driver === null) return null
  return seesNames(who, fleet) ? driver : maskDriver(driver).zh
}

/** An alert as this officer may read it. Its sentence is masked for everybody; what it was made of is not. */
export function alertFor(who: Who, alert: Alert): Alert {
  return seesNames(who, alert.fleet) ? alert : (masked(alert) as Alert)
}
