import { countedSince } from '../../device/detectors/driving-time/clock.ts'
import { type Rules, rulesOf, windowMs } from '../../device/detectors/driving-time/rules.ts'
import { settingsAt } from '../../proto/in-force.ts'
import type { Envelope, EnvelopeKey, Outlook } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import type { StreamKey } from '../journal.ts'
import type { Attribution } from './attributed.ts'
import type {
  AttributedTime,
  DriverLedger,
  GivenTime,
  Hours,
  LedgerDeps,
  OnVehicle,
  StoredHours,
} from './contract.ts'
import { judge } from './judge.ts'
import { type Kept, KeptHours, lateMs } from './kept.ts'
import { type Runs, union, within } from './runs.ts'
import { compare } from './told.ts'

const readMax = 200
/** So many of the newest telemetry envelopes are looked at for how things stand. */
const lookedMax = 32

export function createDriverLedger(deps: LedgerDeps): DriverLedger {
  return new KeptLedger(deps)
}

class KeptLedger implements DriverLedger {
  readonly #deps: LedgerDeps
  readonly #kept: KeptHours

  constructor(deps: LedgerDeps) {
    this.#deps = deps
    this.#kept = new KeptHours((fleet, vehicle, atMs) => this.#rules(fleet, vehicle, atMs))
  }

  take(envelope: Envelope, receivedAtMs: number): readonly OnVehicle[] {
    const one = this.#kept.of(envelope.fleet, envelope.vehicle)
    if (envelope.stream === 'alarm' && !one.epochs.has(envelope.epoch)) one.epochs.set(envelope.epoch, 0)
    return this.#tell(one, this.#kept.note(one, envelope), { envelope, receivedAtMs })
  }

  outlook(fleet: string, vehicle: string): Outlook | null {
    return this.#kept.find(fleet, vehicle)?.outlook ?? null
  }

  hours(fleet: string, vehicle: string, driver: string, atMs: number): Hours {
    const one = this.#kept.find(fleet, vehicle)
    const { byVehicle } = this.#kept.drivingOf(fleet, driver, this.#kept.aboard(fleet, driver, one))
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
    const one = this.#kept.of(fleet, vehicle)
    one.attributions.set(alert, attribution)
    const deciding = { envelope: keyOf(one), receivedAtMs: nowMs, because: `${alert}/${atMs}` }
    return this.#tell(one, this.#kept.give(one), deciding)
  }

  readonly givenBy = (attribution: Attribution): GivenTime | null => {
    const one = this.#kept.find(attribution.fleet, attribution.vehicle)
    if (one === undefined) return null
    const all = [...one.attributions.values()].filter(({ alert }) => alert !== attribution.alert)
    return timeOf(this.#kept.givenOn(one, [...all, attribution]).byAlert.get(attribution.alert))
  }

  attributedTo(fleet: string, driver: string): readonly AttributedTime[] {
    return [...this.#kept.vehiclesOf(fleet, driver)]
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
    for (const one of this.#kept.all()) {
      if (one.fleet !== fleet) continue
      for (const driver of new Set([...one.runs.keys(), ...one.given.byDriver.keys()])) {
        const atMs = this.#kept.runsOf(one, driver).at(-1) ?? 0
        if (atMs > (last.get(driver)?.atMs ?? 0)) last.set(driver, { vehicle: one.vehicle, atMs })
      }
    }
    return new Map([...last].map(([driver, { vehicle }]) => [driver, vehicle]))
  }

  toStore(fleet: string, vehicle: string): StoredHours | null {
    const one = this.#kept.find(fleet, vehicle)
    if (one === undefined) return null
    const { journal } = this.#deps
    return this.#kept.toStore(one, (epoch) => journal.state({ fleet, vehicle, epoch, stream: 'alarm' }).upto)
  }

  load(fleet: string, vehicle: string, stored: StoredHours): void {
    this.#kept.load(fleet, vehicle, stored)
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
    for (const one of vehicles) this.#kept.give(one)
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
      for (const row of rows) if (this.#kept.note(one, row.envelope).length > 0) last = row
      from = rows.at(-1)!.envelope.seq + 1
    }
    return last
  }

  /** A vehicle of which no telemetry is journaled has no folds: its snapshot is looked for here. */
  #recalled(fleet: string, vehicle: string): Kept {
    const known = this.#kept.find(fleet, vehicle)
    if (known !== undefined) return known
    const snapshot = this.#deps.journal.snapshot(fleet, vehicle) as {
      beside?: { hours?: StoredHours | null } | null
    } | null
    const stored = snapshot?.beside?.hours
    if (stored) this.load(fleet, vehicle, stored)
    return this.#kept.of(fleet, vehicle)
  }

  #tell(one: Kept, drivers: readonly string[], { envelope, receivedAtMs, because }: Deciding): OnVehicle[] {
    const found: OnVehicle[] = []
    for (const driver of drivers) {
      const aboard = this.#kept.aboard(one.fleet, driver, one)
      // His own terminal speaks of the hours that his card proves on one vehicle alone.
      const concerns = ({ given, told }: Kept): boolean =>
        given.byDriver.has(driver) || told.some((told) => told.driver === driver)
      if (aboard.length < 2 && !aboard.some(concerns)) continue
      const driving = this.#kept.drivingOf(one.fleet, driver, aboard)
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

  #rules(fleet: string, vehicle: string, atMs: number): Rules | null {
    const settings = this.#settings(fleet, vehicle, atMs)
    return settings === null ? null : rulesOf(settings)
  }

  #settings(fleet: string, vehicle: string, atMs: number): Settings | null {
    const documents = this.#deps.documents(fleet, vehicle)
    return documents === null ? null : settingsAt(documents, atMs)
  }
}

type Deciding = {
  readonly envelope: EnvelopeKey
  readonly receivedAtMs: number
  /** What else than an envelope it was; absent: nothing. */
  readonly because?: string | undefined
}

/** A decision is of no envelope: it is named after the outbox it speaks of. */
const keyOf = ({ fleet, vehicle, epochs }: Kept): EnvelopeKey => ({
  ...{ fleet, vehicle, epoch: Math.max(0, ...epochs.keys()), stream: 'alarm', seq: 0 },
})

function timeOf(runs: Runs | undefined): GivenTime | null {
  const [fromMs, toMs] = [runs?.[0], runs?.at(-1)]
  if (runs === undefined || fromMs === undefined || toMs === undefined) return null
  return { fromMs, toMs, drivenMs: within(runs, fromMs, toMs) }
}
