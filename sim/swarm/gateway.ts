import { loopbackOfficer, officerMayHear } from '../../gateway/access.ts'
import { createIntake, type Intake } from '../../gateway/intake.ts'
import type { Journal } from '../../gateway/journal.ts'
import { silentLog } from '../../gateway/log.ts'
import { createMetrics, type Metrics } from '../../gateway/metrics.ts'
import { rules } from '../../gateway/rules/index.ts'
import type { AnyDetector } from '../../proto/detector.ts'
import type { Documents } from '../../proto/in-force.ts'
import { type DiskFaults, DiskFile } from './disk.ts'
import { type JournalRecord, openSimJournal } from './journal.ts'
import { laneOf, type Network } from './network.ts'
import type { SimOfficer } from './officer.ts'
import type { Owner } from './scheduler.ts'

/** The gateway in the simulated world: the real intake between a simulated network, disk and officers. */

export type SimGatewayOptions = {
  readonly network: Network
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  readonly officers: readonly SimOfficer[]
  readonly faults: DiskFaults
  readonly startMs: number
  /** Folded beside the rules of the product; absent: none. */
  readonly witness?: AnyDetector
}

export class SimGateway {
  readonly file: DiskFile<JournalRecord>
  /** How far this gateway's wall clock is off. */
  clockOffMs = 0
  deaths = 0
  metrics: Metrics = createMetrics()
  journal: Journal | null = null
  readonly #options: SimGatewayOptions
  #owner: Owner = { alive: false }
  #intake: Intake | null = null

  constructor(options: SimGatewayOptions) {
    this.#options = options
    this.file = new DiskFile('journal', options.network.dice, options.faults)
  }

  get alive(): boolean {
    return this.#intake !== null
  }

  start(): void {
    if (this.#owner.alive) return
    const owner: Owner = { alive: true }
    this.#owner = owner
    this.#options.network.scheduler.at(0, () => void this.#boot(owner), owner)
  }

  async #boot(owner: Owner): Promise<void> {
    const { network, documents, startMs, witness } = this.#options
    const { scheduler, dice } = network
    const die = (): void => this.die(dice.happens('gateway/power', 0.5))
    const commit = () => scheduler.wait(dice.between('journal/commit', 0, 20))
    const journal = await openSimJournal({ file: this.file, owner, die, commit })
    this.metrics = createMetrics()
    const deps = {
      journal,
      rules: witness === undefined ? rules : [...rules, witness],
      documents,
      world: { nowMs: () => startMs + scheduler.nowMs + this.clockOffMs, factor: () => 1 },
      host: { nowMs: () => startMs + scheduler.nowMs, monoMs: () => scheduler.nowMs },
      log: silentLog,
      auth: 'loopback' as const,
      // As the program does: it ends, and the next one finds what was promised in the journal.
      onFatal: () => this.die(false),
    }
    const intake = createIntake(deps, this.metrics, {
      publish: (topic, payload) => this.#offer(topic, payload),
    })
    await intake.recover()
    if (!owner.alive) return
    this.#intake = intake
    this.journal = journal
    network.door = {
      owner,
      greet: intake.greet,
      publish: (peer, topic, payload, done) => {
        const parsed = laneOf(peer, topic)
        if (parsed === null) done(new Error('not a topic of this terminal'))
        else intake.ingest(peer, parsed.lane, payload, done)
      },
    }
    for (const officer of this.#options.officers) officer.catchUp(journal)
  }

  /** Resolves when every officer's copy was handed over, as the broker's publish does. */
  #offer(topic: string, payload: Uint8Array): Promise<void> {
    for (const officer of this.#options.officers) if (hears(officer, topic)) officer.hear(payload)
    return Promise.resolve()
  }

  die(power: boolean): void {
    if (!this.#owner.alive) return
    this.#owner.alive = false
    this.deaths++
    this.#intake = null
    this.journal = null
    const { network } = this.#options
    network.door = null
    for (const officer of this.#options.officers) officer.disconnected()
    network.resetAll('the gateway is gone')
    if (power) this.file.powerCut()
    network.scheduler.at(network.dice.between('gateway/boot', 50, 8000), () => this.start(), null)
  }

  /** Calls back when what was received is journaled, folded and published. */
  whenIdle(told: () => void): void {
    this.#options.network.scheduler.at(0, () => void this.#intake?.idle().then(told), this.#owner)
  }
}

/** The broker reduced to what it asks: may this be subscribed to, does it match, and may this message go there. */
function hears({ fleet, filters }: SimOfficer, topic: string): boolean {
  const granted = loopbackOfficer(fleet)
  const subscribed = filters.filter((filter) => officerMayHear(granted, filter))
  return subscribed.some((filter) => matches(filter, topic)) && officerMayHear(granted, topic)
}

function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/')
  const wanted = filter.split('/')
  const [last] = wanted.slice(-1)
  const fixed = last === '#' ? wanted.slice(0, -1) : wanted
  if (last === '#' ? levels.length < fixed.length : levels.length !== fixed.length) return false
  return fixed.every((level, n) => level === '+' || level === levels[n])
}
