import type { VehicleClass } from '../shapes/vehicle.ts'
import type { Window } from '../time.ts'
import type { LatLon } from './earth.ts'

/** Areas (电子围栏) made ready for looking up: what the rules, the detectors and the desk see of them. */

export const areaRoles = [
  'noEntry',
  'stayWithin',
  'speedZone',
  'noStopping',
  'riskSection',
  'tunnelPortal',
  'relayPoint',
  'serviceArea',
  'station',
  'hub',
  /** Where a motorway is left: what a hazmat truck is told of instead of a service area. */
  'exit',
  /** Context only: a province or county, for rules that ask in which one a place lies. */
  'region',
] as const
export type AreaRole = (typeof areaRoles)[number]

/** What few areas say: apart from them, so that the many that do not say it cost nothing. */
export type AreaMore = {
  /** The driver is told from so far before it. */
  readonly approachM: number | null
  /** In force from and to (to the end of a local day): ISO dates or instants. */
  readonly validFrom: string | null
  readonly validTo: string | null
  /** No door may be opened inside. */
  readonly doorForbidden: boolean
  readonly province: string | null
}

export type Area = {
  readonly id: string
  readonly name: string
  readonly role: AreaRole
  /** Vehicle classes it is for; null: all. */
  readonly classes: readonly VehicleClass[] | null
  /** When it is in force; null: always. */
  readonly windows: readonly Window[] | null
  readonly limitKmh: number | null
  readonly nightLimitKmh: number | null
  readonly dwellS: number | null
  readonly more?: AreaMore | undefined
  /** True on the border too. */
  readonly contains: (point: LatLon) => boolean
  /** Distance to the border in metres: negative inside, positive outside, 0 on it. */
  readonly signedDistanceM: (point: LatLon) => number
  /** Fractions (0..1, ascending) of the straight line a-b at which it passes the border. */
  readonly crossings: (a: LatLon, b: LatLon) => readonly number[]
}

export type AreaIndex = {
  readonly all: readonly Area[]
  readonly byId: ReadonlyMap<string, Area>
  /** The areas that contain the point, sorted by id. */
  readonly at: (point: LatLon) => readonly Area[]
  /** The areas that the point is in or within so many metres of, by bounding box: a superset, sorted by id. */
  readonly near: (point: LatLon, metres: number) => readonly Area[]
  /** The areas whose bounding box meets that of the line a-b: a superset, sorted by id. */
  readonly along: (a: LatLon, b: LatLon) => readonly Area[]
}

const none: readonly Area[] = []

export const noAreas: AreaIndex = {
  all: none,
  byId: new Map(),
  at: () => none,
  near: () => none,
  along: () => none,
}
