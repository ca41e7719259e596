import type { Documents } from '../../proto/in-force.ts'
import type { Envelope, Outlook } from '../../proto/model.ts'
import type { Emission } from '../fold/vehicle.ts'
import type { Journal } from '../journal.ts'
import type { Attribution } from './attributed.ts'
import type { Runs } from './runs.ts'
import type { Told } from './told.ts'

/**
 * Drivers' hours over all vehicles of a fleet: the set of the driving that terminals have proven, closed or under way.
 * It is kept vehicle by vehicle, stored with the vehicle's folds, and completed from the journal after a start.
 */
export type DriverLedger = {
  /** Takes what an envelope tells of driving; what has to be said of it, by vehicle. */
  readonly take: (envelope: Envelope, receivedAtMs: number) => readonly OnVehicle[]
  /** What the terminal told last of how things stand. */
  readonly outlook: (fleet: string, vehicle: string) => Outlook | null
  /** Hours of a driver by an instant. */
  readonly hours: (fleet: string, vehicle: string, driver: string, atMs: number) => Hours
  /** An officer decided who drove without a card, or took it back; what has to be said of it, by vehicle. */
  readonly attribute: (attribution: Attribution, nowMs: number) => readonly OnVehicle[]
  /** What a decision gives, as far as the terminal has told of driving; null: nothing yet. */
  readonly givenBy: (attribution: Attribution) => GivenTime | null
  /** What a driver was given on all vehicles, the newest first. */
  readonly attributedTo: (fleet: string, driver: string) => readonly AttributedTime[]
  /** Drivers of a fleet whose hours are known, with the vehicle each drove last. */
  readonly driversOf: (fleet: string) => ReadonlyMap<string, string>
  /** For the snapshot of a vehicle. Plain JSON. */
  readonly toStore: (fleet: string, vehicle: string) => StoredHours | null
  readonly load: (fleet: string, vehicle: string, stored: StoredHours) => void
  /** After a start: what was journaled since the snapshots, and what has to be said of it. */
  readonly recover: () => Promise<readonly OnVehicle[]>
}

export type OnVehicle = {
  readonly fleet: string
  readonly vehicle: string
  readonly emissions: readonly Emission[]
}

export type Hours = {
  readonly driver: string
  readonly rolling24hS: number
  readonly rolling7dS: number
  /** Of these on other vehicles. */
  readonly elsewhere24hS: number
  readonly elsewhere7dS: number
  /** Null where the limit does not bind this class of vehicle. */
  readonly left24hS: number | null
  readonly left7dS: number | null
  readonly otherVehicles: readonly string[]
}

export type GivenTime = { readonly fromMs: number; readonly toMs: number; readonly drivenMs: number }
export type AttributedTime = Attribution & { readonly given: GivenTime | null }

export type StoredHours = {
  readonly runs: { readonly [driver: string]: Runs }
  /** Driving of nobody identified; absent in snapshots of before it was kept. */
  readonly unidentified?: Runs
  readonly heardMs: number
  readonly outlook: Outlook | null
  readonly told: readonly Told[]
  /** Up to where the alarm stream of each epoch is in here, at least. */
  readonly upto: readonly (readonly [epoch: number, seq: number])[]
}

export type LedgerDeps = {
  readonly journal: Pick<Journal, 'read' | 'state' | 'watermarks' | 'snapshot'>
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  readonly isLate: (decidedAtMs: number, receivedAtMs: number) => boolean
  /** What is kept of a vehicle changed in a way that must not be lost. */
  readonly remember: (fleet: string, vehicle: string) => void
  /** What officers have decided, asked for once, at the start: the register keeps it. Absent: nothing. */
  readonly attributions?: () => readonly Attribution[]
  readonly nowMs?: () => number
}
