import { type Rules, windowMs } from '../../device/detectors/driving-time/rules.ts'
import type { DrivingInterval, Envelope, Outlook } from '../../proto/model.ts'
import { type Attribution, type Given, given, nothingGiven } from './attributed.ts'
import type { StoredHours } from './contract.ts'
import type { Driving } from './judge.ts'
import { bounded, type Runs, union, withRun } from './runs.ts'
import type { Told } from './told.ts'

/** What is known of one vehicle: who drove it and when, and what was said of it. */
export type Kept = {
  readonly fleet: string
  readonly vehicle: string
  readonly runs: Map<string, Runs>
  readonly epochs: Map<number, number>
  /** Decisions of officers by alert, and what they come to. */
  readonly attributions: Map<string, Attribution>
  given: Given
  unidentified: Runs
  heardMs: number
  outlook: Outlook | null
  told: readonly Told[]
}

/** As long as a hole in the telemetry is waited for: what is older is not judged again. */
export const lateMs = 72 * 3_600_000
/** What the longest window reaches of that. */
export const keptMs = windowMs.rolling7d + lateMs
/** A stop every three minutes for all that time: exact for whoever drives; beyond, the oldest half is one stretch. */
const stretchesMax = 4096
/** No driver takes turns on more in ten days. */
const vehiclesMax = 8
const noRuns: Runs = []
const nowhere: ReadonlySet<Kept> = new Set()

/** The driving of all vehicles, vehicle by vehicle, and where to find a driver in it. It judges nothing. */
export class KeptHours {
  readonly #rules: (fleet: string, vehicle: string, atMs: number) => Rules | null
  readonly #kept = new Map<string, Kept>()
  /** Vehicles a driver is known on, by fleet and driver. */
  readonly #vehicles = new Map<string, Set<Kept>>()

  constructor(rules: (fleet: string, vehicle: string, atMs: number) => Rules | null) {
    this.#rules = rules
  }

  find(fleet: string, vehicle: string): Kept | undefined {
    return this.#kept.get(`${fleet}/${vehicle}`)
  }

  all(): Iterable<Kept> {
    return this.#kept.values()
  }

  of(fleet: string, vehicle: string): Kept {
    const key = `${fleet}/${vehicle}`
    let one = this.#kept.get(key)
    if (one === undefined) {
      const empty = { heardMs: 0, outlook: null, told: [], unidentified: noRuns, given: nothingGiven }
      one = { fleet, vehicle, runs: new Map(), epochs: new Map(), attributions: new Map(), ...empty }
      this.#kept.set(key, one)
    }
    return one
  }

  vehiclesOf(fleet: string, driver: string): ReadonlySet<Kept> {
    return this.#vehicles.get(`${fleet}/${driver}`) ?? nowhere
  }

  #isKnownOn(one: Kept, driver: string): void {
    const key = `${one.fleet}/${driver}`
    const known = this.#vehicles.get(key)
    if (known === undefined) this.#vehicles.set(key, new Set([one]))
    else known.add(one)
  }

  #isForgottenOn(one: Kept, driver: string): void {
    const key = `${one.fleet}/${driver}`
    const known = this.#vehicles.get(key)
    known?.delete(one)
    if (known?.size === 0) this.#vehicles.delete(key)
  }

  /** Of whom something new is known. */
  note(one: Kept, { body }: Envelope): readonly string[] {
    if (body.is === 'driving') return this.#add(one, [body.interval], body.interval.toMs)
    if (body.is !== 'telemetry' || body.outlook === undefined) return []
    const { outlook } = body
    if (one.outlook === null || outlook.atMs > one.outlook.atMs) one.outlook = outlook
    const drivers = this.#add(one, outlook.driving, outlook.atMs)
    const { driver } = outlook
    // A rest is told by nothing but the time that passed.
    return drivers.length > 0 || driver === null || !one.runs.has(driver) ? drivers : [driver]
  }

  #add(one: Kept, intervals: readonly DrivingInterval[], heardMs: number): readonly string[] {
    one.heardMs = Math.max(one.heardMs, heardMs)
    const drivers: string[] = []
    const before = one.unidentified
    for (const { driver, fromMs, toMs, proven } of intervals) {
      // What is not proven of somebody is told of nobody as well: it is counted once.
      if (driver === null && !proven) one.unidentified = withRun(one.unidentified, fromMs, toMs)
      if (driver === null || !proven) continue
      const before = one.runs.get(driver) ?? noRuns
      const after = withRun(before, fromMs, toMs)
      if (after === before) continue
      one.runs.set(driver, bounded(after, after.at(-1)! - keptMs, stretchesMax))
      this.#isKnownOn(one, driver)
      drivers.push(driver)
    }
    if (one.unidentified !== before)
      one.unidentified = bounded(one.unidentified, one.unidentified.at(-1)! - keptMs, stretchesMax)
    this.#forget(one)
    const isNews = drivers.length > 0 || one.unidentified !== before
    return isNews && one.attributions.size > 0 ? [...new Set([...drivers, ...this.give(one)])] : drivers
  }

  /** What decisions come to now; the drivers whose hours it may have changed. */
  give(one: Kept): readonly string[] {
    const before = one.given
    one.given = this.givenOn(one, [...one.attributions.values()])
    for (const driver of one.given.byDriver.keys()) this.#isKnownOn(one, driver)
    for (const { driver } of one.attributions.values()) if (driver !== null) this.#isKnownOn(one, driver)
    return [...new Set([...before.byDriver.keys(), ...one.given.byDriver.keys()])]
  }

  givenOn({ fleet, vehicle, unidentified, runs }: Kept, attributions: readonly Attribution[]): Given {
    const lastMs = unidentified.at(-1)
    const rules = lastMs === undefined ? null : this.#rules(fleet, vehicle, lastMs)
    return rules === null ? nothingGiven : given(attributions, unidentified, [...runs.values()], rules.restMs)
  }

  /** Drivers who have not been on the vehicle for longer than any window reaches. */
  #forget(one: Kept): void {
    const oldestMs = one.heardMs - keptMs
    for (const [driver, runs] of one.runs) {
      if (runs.at(-1)! > oldestMs) continue
      one.runs.delete(driver)
      if (!one.given.byDriver.has(driver)) this.#isForgottenOn(one, driver)
    }
    for (const [alert, { toMs, driver }] of one.attributions) {
      if (toMs > oldestMs) continue
      one.attributions.delete(alert)
      if (driver !== null && !one.runs.has(driver)) this.#isForgottenOn(one, driver)
    }
    if (one.told.some(({ atMs }) => atMs < oldestMs))
      one.told = one.told.filter(({ atMs }) => atMs >= oldestMs)
  }

  /** The vehicles he drove last: a card that is in every vehicle of a fleet is no driver, and must not cost like one. */
  aboard(fleet: string, driver: string, one?: Kept): readonly Kept[] {
    const all = [...this.vehiclesOf(fleet, driver)]
    if (all.length <= vehiclesMax) return all
    const lastMs = (kept: Kept): number => (kept === one ? Infinity : (this.runsOf(kept, driver).at(-1) ?? 0))
    return all.toSorted((a, b) => lastMs(b) - lastMs(a)).slice(0, vehiclesMax)
  }

  drivingOf(fleet: string, driver: string, aboard: readonly Kept[]): Driving {
    return {
      byVehicle: new Map(aboard.map((one) => [one.vehicle, this.runsOf(one, driver)])),
      proven: new Map(aboard.map((one) => [one.vehicle, one.runs.get(driver) ?? noRuns])),
      heardMs: (vehicle) => this.find(fleet, vehicle)?.heardMs ?? 0,
      rules: (vehicle, atMs) => this.#rules(fleet, vehicle, atMs),
    }
  }

  /** What his card proves and what he was given. */
  runsOf({ runs, given }: Kept, driver: string): Runs {
    const proven = runs.get(driver) ?? noRuns
    const more = given.byDriver.get(driver)
    return more === undefined ? proven : union([proven, more])
  }

  /** `uptoOf`: how far the alarm stream of an epoch is journaled. */
  toStore(one: Kept, uptoOf: (epoch: number) => number): StoredHours {
    const { runs, unidentified, heardMs, outlook, told, epochs } = one
    const upto = [...epochs.keys()].map((epoch) => [epoch, uptoOf(epoch)] as const)
    return { runs: Object.fromEntries(runs), unidentified, heardMs, outlook, told, upto }
  }

  load(fleet: string, vehicle: string, stored: StoredHours): void {
    const { runs, unidentified = noRuns, heardMs, outlook, told, upto } = stored
    const one = this.of(fleet, vehicle)
    one.unidentified = unidentified
    for (const [driver, known] of Object.entries(runs)) {
      one.runs.set(driver, known)
      this.#isKnownOn(one, driver)
    }
    // Of what was told of hours that an officer gave, nothing but this is kept in the snapshot.
    for (const { driver } of told) this.#isKnownOn(one, driver)
    for (const [epoch, seq] of upto) one.epochs.set(epoch, seq)
    one.heardMs = heardMs
    one.outlook = outlook
    one.told = told
  }
}
