import { countedSince } from '../../device/detectors/driving-time/clock.ts'
import { type Rules, rulesOf, windowMs } from '../../device/detectors/driving-time/rules.ts'
import { type Documents, settingsAt } from '../../proto/in-force.ts'
import type { DrivingInterval, Envelope, EnvelopeKey, Outlook } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Emission } from '../fold/vehicle.ts'
import type { Journal, StreamKey } from '../journal.ts'
import { type Attribution, type Given, given, nothingGiven } from './attributed.ts'
import { type Driving, judge } from './judge.ts'
import { bounded, type Runs, union, within, withRun } from './runs.ts'
import { compare, type Told } from './told.ts'

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

type Kept = {
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
const lateMs = 72 * 3_600_000
/** What the longest window reaches of that. */
export const keptMs = windowMs.rolling7d + lateMs
/** A stop every three minutes for all that time: exact for whoever drives; beyond, the oldest half is one stretch. */
const stretchesMax = 4096
/** No driver takes turns on more in ten days. */
const vehiclesMax = 8
const readMax = 200
/** So many of the newest telemetry envelopes are looked at for how things stand. */
const lookedMax = 32

export function createDriverLedger(deps: LedgerDeps): DriverLedger {
  return new KeptLedger(deps)
}

class KeptLedger implements DriverLedger {
  readonly #deps: LedgerDeps
  readonly #kept = new Map<string, Kept>()
  /** Vehicles a driver is known on, by fleet and driver. */
  readonly #vehicles = new Map<string, Set<Kept>>()

  constructor(deps: LedgerDeps) {
    this.#deps = deps
  }

  take(envelope: Envelope, receivedAtMs: number): readonly OnVehicle[] {
    const one = this.#of(envelope.fleet, envelope.vehicle)
    if (envelope.stream === 'alarm' && !one.epochs.has(envelope.epoch)) one.epochs.set(envelope.epoch, 0)
    return this.#tell(one, this.#note(one, envelope), { envelope, receivedAtMs })
  }

  outlook(fleet: string, vehicle: string): Outlook | null {
    return this.#kept.get(`${fleet}/${vehicle}`)?.outlook ?? null
  }

  hours(fleet: string, vehicle: string, driver: string, atMs: number): Hours {
    const one = this.#kept.get(`${fleet}/${vehicle}`)
    const { byVehicle } = this.#drivingOf(fleet, driver, this.#aboard(fleet, driver, one))
    const all = union([...byVehicle.values()])
    const own = byVehicle.get(vehicle) ?? []
    const seconds = (runs: Runs, spanMs: number): number =>
      Math.round(within(runs, atMs - spanMs, atMs) / 1000)
    const [dayS, weekS] = [seconds(all, windowMs.rolling24h), seconds(all, windowMs.rolling7d)]
    const rules = this.#rules(fleet, vehicle, atMs)
    const limits = rules?.limits ?? []
    const countedS =
      rules === null ? dayS : Math.round(within(all, countedSince('rolling24h', atMs, rules), atMs) / 1000)
    const left = (reason: string, drivenS: number): number | null => {
      const limit = limits.find((one) => one.reason === reason)
      return limit === undefined ? null : Math.max(0, limit.limitMs / 1000 - drivenS)
    }
    return {
      driver,
      rolling24hS: dayS,
      rolling7dS: weekS,
      elsewhere24hS: dayS - seconds(own, windowMs.rolling24h),
      elsewhere7dS: weekS - seconds(own, windowMs.rolling7d),
      left24hS: left('rolling24h', countedS),
      left7dS: left('rolling7d', weekS),
      otherVehicles: [...byVehicle.keys()].filter((name) => name !== vehicle).toSorted(),
    }
  }

  attribute(attribution: Attribution, nowMs: number): readonly OnVehicle[] {
    const { fleet, vehicle, alert, atMs } = attribution
    const one = this.#of(fleet, vehicle)
    one.attributions.set(alert, attribution)
    const deciding = { envelope: keyOf(one), receivedAtMs: nowMs, because: `${alert}/${atMs}` }
    return this.#tell(one, this.#give(one), deciding)
  }

  readonly givenBy = (attribution: Attribution): GivenTime | null => {
    const one = this.#of(attribution.fleet, attribution.vehicle)
    const all = [...one.attributions.values()].filter(({ alert }) => alert !== attribution.alert)
    return timeOf(this.#givenOn(one, [...all, attribution]).byAlert.get(attribution.alert))
  }

  attributedTo(fleet: string, driver: string): readonly AttributedTime[] {
    return [...this.#vehiclesOf(fleet, driver)]
      .flatMap((one) =>
        [...one.attributions.values()]
          .filter((attribution) => attribution.driver === driver)
          .map((attribution) => ({
            ...attribution,
            given: timeOf(one.given.byAlert.get(attribution.alert)),
          })),
      )
      .toSorted((a, b) => b.atMs - a.atMs)
  }

  driversOf(fleet: string): ReadonlyMap<string, string> {
    const last = new Map<string, { vehicle: string; atMs: number }>()
    for (const one of this.#kept.values()) {
      if (one.fleet !== fleet) continue
      for (const driver of new Set([...one.runs.keys(), ...one.given.byDriver.keys()])) {
        const atMs = this.#runsOf(one, driver).at(-1) ?? 0
        if (atMs > (last.get(driver)?.atMs ?? 0)) last.set(driver, { vehicle: one.vehicle, atMs })
      }
    }
    return new Map([...last].map(([driver, { vehicle }]) => [driver, vehicle]))
  }

  toStore(fleet: string, vehicle: string): StoredHours | null {
    const one = this.#kept.get(`${fleet}/${vehicle}`)
    if (one === undefined) return null
    const { runs, unidentified, heardMs, outlook, told, epochs } = one
    const upto = [...epochs.keys()].map(
      (epoch) => [epoch, this.#deps.journal.state({ fleet, vehicle, epoch, stream: 'alarm' }).upto] as const,
    )
    return { runs: Object.fromEntries(runs), unidentified, heardMs, outlook, told, upto }
  }

  load(fleet: string, vehicle: string, stored: StoredHours): void {
    const { runs, unidentified = noRuns, heardMs, outlook, told, upto } = stored
    const one = this.#of(fleet, vehicle)
    one.unidentified = unidentified
    for (const [driver, known] of Object.entries(runs)) {
      one.runs.set(driver, known)
      this.#vehiclesOf(fleet, driver).add(one)
    }
    // Of what was told of hours that an officer gave, nothing but this is kept in the snapshot.
    for (const { driver } of told) this.#vehiclesOf(fleet, driver).add(one)
    for (const [epoch, seq] of upto) one.epochs.set(epoch, seq)
    one.heardMs = heardMs
    one.outlook = outlook
    one.told = told
  }

  async recover(): Promise<readonly OnVehicle[]> {
    const last = new Map<Kept, Deciding>()
    for (const { state, ...stream } of this.#deps.journal.watermarks()) {
      const one = this.#recalled(stream.fleet, stream.vehicle)
      const highestSeq = Math.max(state.upto, ...state.ranges.map((range) => range.last))
      const known = stream.stream === 'alarm' ? (one.epochs.get(stream.epoch) ?? 0) : highestSeq - lookedMax
      if (stream.stream === 'alarm') one.epochs.set(stream.epoch, known)
      const deciding = await this.#readFrom(one, stream, Math.max(1, known + 1), highestSeq)
      if (deciding !== null) last.set(one, deciding)
    }
    const attributed = this.#recallAttributions()
    for (const one of attributed) if (!last.has(one)) last.set(one, this.#atStart(one))
    return [...last].flatMap(([one, deciding]) => {
      const drivers = new Set([...one.runs.keys(), ...one.given.byDriver.keys()])
      // One may have been told of what was taken back while we were away.
      if (attributed.has(one)) for (const { driver } of one.told) drivers.add(driver)
      return this.#tell(one, [...drivers], deciding)
    })
  }

  #recallAttributions(): ReadonlySet<Kept> {
    const vehicles = new Set<Kept>()
    for (const attribution of this.#deps.attributions?.() ?? []) {
      const one = this.#recalled(attribution.fleet, attribution.vehicle)
      one.attributions.set(attribution.alert, attribution)
      vehicles.add(one)
    }
    for (const one of vehicles) this.#give(one)
    return vehicles
  }

  #atStart(one: Kept): Deciding {
    const nowMs = this.#deps.nowMs?.() ?? one.heardMs
    return { envelope: keyOf(one), receivedAtMs: nowMs, because: `start/${nowMs}` }
  }

  /** The last envelope from which anything was learnt. */
  async #readFrom(one: Kept, stream: StreamKey, fromSeq: number, toSeq: number): Promise<Deciding | null> {
    let last: Deciding | null = null
    for (let from = fromSeq; from <= toSeq; ) {
      const rows = await this.#deps.journal.read(stream, from, readMax)
      if (rows.length === 0) break
      for (const row of rows) if (this.#note(one, row.envelope).length > 0) last = row
      from = rows.at(-1)!.envelope.seq + 1
    }
    return last
  }

  /** A vehicle of which no telemetry is journaled has no folds: its snapshot is looked for here. */
  #recalled(fleet: string, vehicle: string): Kept {
    const known = this.#kept.get(`${fleet}/${vehicle}`)
    if (known !== undefined) return known
    const snapshot = this.#deps.journal.snapshot(fleet, vehicle) as {
      beside?: { hours?: StoredHours | null } | null
    } | null
    const stored = snapshot?.beside?.hours
    if (stored) this.load(fleet, vehicle, stored)
    return this.#of(fleet, vehicle)
  }

  /** Of whom something new is known. */
  #note(one: Kept, { body }: Envelope): readonly string[] {
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
      this.#vehiclesOf(one.fleet, driver).add(one)
      drivers.push(driver)
    }
    if (one.unidentified !== before)
      one.unidentified = bounded(one.unidentified, one.unidentified.at(-1)! - keptMs, stretchesMax)
    this.#forget(one)
    const isNews = drivers.length > 0 || one.unidentified !== before
    return isNews && one.attributions.size > 0 ? [...new Set([...drivers, ...this.#give(one)])] : drivers
  }

  /** What decisions come to now; the drivers whose hours it may have changed. */
  #give(one: Kept): readonly string[] {
    const before = one.given
    one.given = this.#givenOn(one, [...one.attributions.values()])
    for (const driver of one.given.byDriver.keys()) this.#vehiclesOf(one.fleet, driver).add(one)
    for (const { driver } of one.attributions.values())
      if (driver !== null) this.#vehiclesOf(one.fleet, driver).add(one)
    return [...new Set([...before.byDriver.keys(), ...one.given.byDriver.keys()])]
  }

  #givenOn({ fleet, vehicle, unidentified, runs }: Kept, attributions: readonly Attribution[]): Given {
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
      if (!one.given.byDriver.has(driver)) this.#vehiclesOf(one.fleet, driver).delete(one)
    }
    for (const [alert, { toMs, driver }] of one.attributions) {
      if (toMs > oldestMs) continue
      one.attributions.delete(alert)
      if (driver !== null && !one.runs.has(driver)) this.#vehiclesOf(one.fleet, driver).delete(one)
    }
    if (one.told.some(({ atMs }) => atMs < oldestMs))
      one.told = one.told.filter(({ atMs }) => atMs >= oldestMs)
  }

  #tell(one: Kept, drivers: readonly string[], { envelope, receivedAtMs, because }: Deciding): OnVehicle[] {
    const found: OnVehicle[] = []
    for (const driver of drivers) {
      const aboard = this.#aboard(one.fleet, driver, one)
      // His own terminal speaks of the hours that his card proves on one vehicle alone.
      const concerns = ({ given, told }: Kept): boolean =>
        given.byDriver.has(driver) || told.some((told) => told.driver === driver)
      if (aboard.length < 2 && !aboard.some(concerns)) continue
      const driving = this.#drivingOf(one.fleet, driver, aboard)
      const newestMs = Math.max(...[...driving.byVehicle.values()].map((runs) => runs.at(-1) ?? 0))
      const sinceMs = newestMs - lateMs
      const episodes = judge(driving, sinceMs)
      const telling = {
        ...{ driver, driving, sinceMs, deciding: envelope, decidedAtMs: one.heardMs, because },
        settings: (name: string, atMs: number) => this.#settings(one.fleet, name, atMs),
        isLate: (decidedAtMs: number) => this.#deps.isLate(decidedAtMs, receivedAtMs),
      }
      for (const on of aboard) {
        const here = episodes.filter(({ vehicle }) => vehicle === on.vehicle)
        const { told, emissions } = compare(on.told, here, telling)
        if (emissions.length === 0) continue
        on.told = told
        this.#deps.remember(on.fleet, on.vehicle)
        found.push({ fleet: on.fleet, vehicle: on.vehicle, emissions })
      }
    }
    return found
  }

  /** The vehicles he drove last: a card that is in every vehicle of a fleet is no driver, and must not cost like one. */
  #aboard(fleet: string, driver: string, one?: Kept): readonly Kept[] {
    const all = [...this.#vehiclesOf(fleet, driver)]
    if (all.length <= vehiclesMax) return all
    const lastMs = (kept: Kept): number =>
      kept === one ? Infinity : (this.#runsOf(kept, driver).at(-1) ?? 0)
    return all.toSorted((a, b) => lastMs(b) - lastMs(a)).slice(0, vehiclesMax)
  }

  #drivingOf(fleet: string, driver: string, aboard: readonly Kept[]): Driving {
    return {
      byVehicle: new Map(aboard.map((one) => [one.vehicle, this.#runsOf(one, driver)])),
      proven: new Map(aboard.map((one) => [one.vehicle, one.runs.get(driver) ?? noRuns])),
      heardMs: (vehicle) => this.#kept.get(`${fleet}/${vehicle}`)?.heardMs ?? 0,
      rules: (vehicle, atMs) => this.#rules(fleet, vehicle, atMs),
    }
  }

  /** What his card proves and what he was given. */
  #runsOf({ runs, given }: Kept, driver: string): Runs {
    const proven = runs.get(driver) ?? noRuns
    const more = given.byDriver.get(driver)
    return more === undefined ? proven : union([proven, more])
  }

  #rules(fleet: string, vehicle: string, atMs: number): Rules | null {
    const settings = this.#settings(fleet, vehicle, atMs)
    return settings === null ? null : rulesOf(settings)
  }

  #settings(fleet: string, vehicle: string, atMs: number): Settings | null {
    const documents = this.#deps.documents(fleet, vehicle)
    return documents === null ? null : settingsAt(documents, atMs)
  }

  #of(fleet: string, vehicle: string): Kept {
    const key = `${fleet}/${vehicle}`
    let one = this.#kept.get(key)
    if (one === undefined) {
      const empty = { heardMs: 0, outlook: null, told: [], unidentified: noRuns, given: nothingGiven }
      one = { fleet, vehicle, runs: new Map(), epochs: new Map(), attributions: new Map(), ...empty }
      this.#kept.set(key, one)
    }
    return one
  }

  #vehiclesOf(fleet: string, driver: string): Set<Kept> {
    const key = `${fleet}/${driver}`
    let aboard = this.#vehicles.get(key)
    if (aboard === undefined) this.#vehicles.set(key, (aboard = new Set()))
    return aboard
  }
}

type Deciding = {
  readonly envelope: EnvelopeKey
  readonly receivedAtMs: number
  /** What else than an envelope it was; absent: nothing. */
  readonly because?: string | undefined
}
const noRuns: Runs = []

/** A decision is of no envelope: it is named after the outbox it speaks of. */
const keyOf = ({ fleet, vehicle, epochs }: Kept): EnvelopeKey => ({
  ...{ fleet, vehicle, epoch: Math.max(0, ...epochs.keys()), stream: 'alarm', seq: 0 },
})

function timeOf(runs: Runs | undefined): GivenTime | null {
  const [fromMs, toMs] = [runs?.[0], runs?.at(-1)]
  if (runs === undefined || fromMs === undefined || toMs === undefined) return null
  return { fromMs, toMs, drivenMs: within(runs, fromMs, toMs) }
}
