import { bareDocuments } from '../../device/documents.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { Alert } from '../../proto/model.ts'
import type { VehicleClass } from '../../proto/shapes/vehicle.ts'
import { rmc } from '../hardware/nmea.ts'
import { checkInvariants, complaints } from '../invariants.ts'
import { Dice } from './dice.ts'
import type { DiskFaults } from './disk.ts'
import { journalLine, recomputedIds } from './evidence.ts'
import { SimGateway } from './gateway.ts'
import { Network } from './network.ts'
import { SimOfficer } from './officer.ts'
import { Scheduler } from './scheduler.ts'
import { SimTerminal } from './terminal.ts'
import { troubles } from './troubles.ts'
import { createWitness } from './witness.ts'

/**
 * One simulated world: first everything breaks, then everything is mended and what was durable must arrive. The
 * same seed makes the same world.
 */
export type WorldOptions = {
  readonly seed: number
  /** An empty folder. */
  readonly folder: string
  /** Faults of the simulated disk that no program can survive: planted to see that the checker finds them. */
  /** Of every outbox; absent: by the seed. Below the alarms of the world those are evicted too, which counts as lost. */
  readonly bytesMax?: number
  readonly planted?: 'lying journal disk' | 'lying outbox disk'
}

export type WorldReport = {
  readonly seed: number
  readonly complaints: readonly string[]
  readonly faults: number
  readonly durable: number
  readonly journaled: number
  readonly alerts: number
  readonly evicted: number
  readonly worstRecoveryMs: number
}

/** 01:57 in Beijing: the coach is on the road when the curfew begins. */
const startMs = Date.parse('2026-11-21T17:57:00.000Z')
const troubleMs = 270_000
const healMaxMs = 3_600_000
const speeds = [0, 42, 63, 78, 96, 108, 114, 118]

export class SimWorld {
  readonly dice: Dice
  readonly scheduler = new Scheduler()
  readonly network: Network
  readonly vehicles: readonly SimTerminal[]
  readonly gateway: SimGateway
  readonly officers: readonly SimOfficer[]
  readonly outboxFaults: DiskFaults
  readonly journalFaults: DiskFaults
  readonly #witness = createWitness()
  /** Until when the receivers print nothing. */
  skyBlindUntilMs = 0
  troubled = 0

  constructor({ seed, folder, planted, bytesMax }: WorldOptions) {
    this.dice = new Dice(seed)
    this.network = new Network(this.scheduler, this.dice)
    const dies = this.dice.happens('world/dies', 0.6) ? 0.002 : 0
    this.outboxFaults = { refuses: 0, dies, lies: planted === 'lying outbox disk' }
    this.journalFaults = { refuses: 0, dies: dies * 4, lies: planted === 'lying journal disk' }
    const known = new Map<string, Documents>()
    const count = this.dice.whole('world/vehicles', 1, 2)
    this.vehicles = Array.from({ length: count }, (_, index) => {
      const documents = documentsOf(index)
      known.set(`${documents.vehicle.fleet}/${documents.vehicle.id}`, documents)
      return new SimTerminal({
        documents,
        epoch: this.dice.whole('world/epoch', 1, 2 ** 47),
        // Room for the alarms of a world: those are evicted by policy only above the cap.
        bytesMax: bytesMax ?? this.dice.pick('world/cap', [12_288, 32_768, 2 ** 24]),
        network: this.network,
        faults: this.outboxFaults,
        startMs,
        folder,
      })
    })
    this.officers = ['north', 'south'].map((fleet) => new SimOfficer(`officer of ${fleet}`, fleet))
    this.gateway = new SimGateway({
      network: this.network,
      documents: (fleet, vehicle) => known.get(`${fleet}/${vehicle}`) ?? null,
      officers: this.officers,
      faults: this.journalFaults,
      startMs,
      witness: this.#witness.rule,
    })
  }

  documentsOf(fleet: string, vehicle: string): Documents | null {
    const known = this.vehicles.map(({ documents }) => documents)
    return known.find((one) => one.vehicle.fleet === fleet && one.vehicle.id === vehicle) ?? null
  }

  async run(): Promise<WorldReport> {
    const restore = this.scheduler.install()
    try {
      this.gateway.start()
      for (const vehicle of this.vehicles) vehicle.start()
      this.#drive()
      this.#trouble()
      await this.scheduler.runUntil(troubleMs)
      this.#heal()
      const stuck = await this.#arrive()
      return await this.#report(stuck)
    } finally {
      restore()
    }
  }

  /** One sentence a second from each receiver, for as long as the trouble lasts. */
  #drive(): void {
    const places = this.vehicles.map((_, index) => ({ lat: 30 + index, lon: 114, speedKmh: 63 }))
    const drive = this.scheduler.every(
      1000,
      () => {
        if (this.scheduler.nowMs >= troubleMs) drive.cancelled = true
        for (const [index, vehicle] of this.vehicles.entries()) {
          const place = places[index]!
          if (this.dice.happens('road/change', 1 / 25)) place.speedKmh = this.dice.pick('road/speed', speeds)
          place.lon += place.speedKmh / 3600 / 96
          if (this.scheduler.nowMs < this.skyBlindUntilMs) continue
          const atMs = startMs + Math.round(this.scheduler.nowMs / 1000) * 1000
          vehicle.hear(Buffer.from(rmc('GN', atMs, { ...place, courseDeg: 90 })))
        }
      },
      null,
    )
  }

  #trouble(): void {
    const count = this.dice.whole('world/troubles', 2, 24)
    for (let n = 0; n < count; n++) {
      const trouble = this.dice.pick('world/trouble', troubles)
      const atMs = this.dice.between('world/when', 5000, troubleMs)
      this.scheduler.at(
        atMs,
        () => {
          this.troubled++
          trouble(this)
        },
        null,
      )
    }
  }

  #heal(): void {
    Object.assign(this.outboxFaults, { refuses: 0, dies: 0 })
    Object.assign(this.journalFaults, { refuses: 0, dies: 0 })
    Object.assign(this.network.weather, { minDelayMs: 1, maxDelayMs: 40, cutUntilMs: 0 })
    this.gateway.clockOffMs = 0
    for (const vehicle of this.vehicles) vehicle.clockOffMs = 0
    for (const officer of this.officers) officer.comeBack(this.gateway.journal)
  }

  /** What is durable arrives. Answers with what did not, and with how long it took. */
  async #arrive(): Promise<string[]> {
    const { scheduler, gateway } = this
    // Whoever is starting at this moment gets up; then everybody stops in order.
    await scheduler.runUntil(scheduler.nowMs + 20_000)
    for (const vehicle of this.vehicles) vehicle.close(healMaxMs)
    const drained = (): boolean => this.vehicles.every(({ outbox }) => isEmpty(outbox))
    if (!(await scheduler.runUntil(scheduler.nowMs + healMaxMs, drained)))
      return this.vehicles.flatMap(({ outbox, documents }) =>
        isEmpty(outbox) ? [] : [`stuck: ${documents.vehicle.id} has ${JSON.stringify(outbox?.stats())}`],
      )
    this.recoveredMs = scheduler.nowMs - troubleMs - 20_000
    let idle = false
    gateway.whenIdle(() => {
      idle = true
    })
    if (!(await scheduler.runUntil(scheduler.nowMs + 60_000, () => idle)))
      return ['stuck: the gateway never came to rest']
    for (const officer of this.officers) officer.catchUp(gateway.journal!)
    await scheduler.runUntil(scheduler.nowMs + 1000)
    return []
  }

  recoveredMs = 0

  async #report(stuck: readonly string[]): Promise<WorldReport> {
    const rows = this.gateway.file.records().flatMap(({ group }) => group.envelopes)
    const alerts: readonly Alert[] = (await this.gateway.journal?.alertsAfter(0, 1e9, null)) ?? []
    const oracle = this.vehicles.flatMap((vehicle) => vehicle.oracle)
    const documents = (fleet: string, vehicle: string) => this.documentsOf(fleet, vehicle)
    const stats = this.vehicles.flatMap(({ outbox }) => outbox?.stats() ?? [])
    const verdict = checkInvariants({
      oracle,
      journal: rows.map(journalLine),
      alerts,
      recomputed: recomputedIds(rows, alerts, documents),
      receipts: this.officers.flatMap(({ receipts }) => receipts),
      folded: this.#witness.folded(rows),
      bounds: [{ name: 'dead letters', value: sum(stats.map(({ deadLetters }) => deadLetters)), cap: 0 }],
    })
    const deaths = this.gateway.deaths + sum(this.vehicles.map((vehicle) => vehicle.deaths))
    return {
      seed: this.dice.seed,
      complaints: [...stuck, ...complaints(verdict)],
      faults: this.troubled + deaths + this.network.faults.resets,
      durable: new Set(oracle.filter(({ is }) => is === 'durable').map(({ hash }) => hash)).size,
      journaled: rows.length,
      alerts: alerts.length,
      evicted: sum(stats.map(({ evicted }) => evicted)),
      worstRecoveryMs: this.recoveredMs,
    }
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function isEmpty(outbox: SimTerminal['outbox']): boolean {
  if (outbox === null) return false
  const { waiting, pendingSamples } = outbox.stats()
  return waiting.alarm + waiting.telemetry + pendingSamples === 0
}

const fleets = ['north', 'south']
const classes: readonly VehicleClass[] = ['coach', 'hazmat']

function documentsOf(index: number): Documents {
  return bareDocuments({
    id: `v-${index + 1}`,
    fleet: fleets[index % 2]!,
    plate: `吉A1234${index}`,
    class: classes[index % 2]!,
    serviceClass: index % 2 === 0 ? 'scheduled' : null,
    oneWayKm: index % 2 === 0 ? 1150 : null,
    relay: null,
  })
}

export function runWorld(options: WorldOptions): Promise<WorldReport> {
  return new SimWorld(options).run()
}
