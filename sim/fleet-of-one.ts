import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Alert } from '../proto/model.ts'
import { Aboard } from './aboard.ts'
import { type Child, startChild } from './child.ts'
import {
  gatewayDocument,
  makePaths,
  type Paths,
  type Ports,
  pathsBeside,
  portsOf,
  writeJson,
} from './configs.ts'
import { type Ledger, takeLedger } from './ledger.ts'
import { type OfficerProcess, startOfficer } from './officer-process.ts'
import type { Lines } from './pacer.ts'
import { type Plan, planOf, plansBeside, type Scenario } from './scenario.ts'
import { createWorld, type WorldHand } from './world.ts'

/**
 * A fleet of one vehicle, and of those a scenario puts beside it, on one machine: gateway, terminals and officer as processes of their
 * own, the simulator here. `npm start`, `npm run sim` and the end-to-end tests all drive through this.
 */
export type DriveOptions = {
  readonly scenario: Scenario
  /** World seconds per host second. */
  readonly factor: number
  readonly dataDir: string
  /** What to do at moments of the world: kill something, look at something. In order of `atMs`. */
  readonly onWorld?: readonly { readonly atMs: number; readonly act: (drive: Drive) => Promise<void> }[]
  readonly onAlert?: (alert: Alert) => void
  /** Told when everything stands and the world is about to run. */
  readonly onReady?: (drive: Drive) => void
  /** Print alerts on stdout, as `npm start` does. */
  readonly print?: boolean
  /** Ends the drive early, in order. */
  readonly signal?: AbortSignal
  /** Keys put over the configuration files, for tests of other settings. */
  readonly gatewayConfig?: object
  readonly terminalConfig?: object
}

/** What a hook may do to a running drive. */
export type Drive = {
  readonly plan: Plan
  readonly world: WorldHand
  readonly lines: Lines
  readonly paths: Paths
  readonly ports: Ports
  readonly alerts: readonly Alert[]
  /** Alive processes, by name. */
  readonly pids: () => { readonly gateway: number; readonly terminal: number; readonly officer: number }
  /** Kills the terminal as a power cut would; world time stands until the next one is ready. Resolves then. */
  readonly killTerminal: () => Promise<void>
  /** Kills the gateway; the world goes on, and so does the terminal. Resolves when the next one is ready. */
  readonly killGateway: (downHostMs?: number) => Promise<void>
}

export type DriveResult = {
  /** Every alert revision the officer received, in order of receipt, each once. */
  readonly alerts: readonly Alert[]
  readonly receipts: string
  readonly paths: Paths
  readonly ports: Ports
  readonly ledger: Ledger | null
  /** False when the signal ended it. */
  readonly complete: boolean
}

const root = fileURLToPath(new URL('..', import.meta.url))
/** Whoever is asked to end does so within five seconds of a processor; a machine that is busy gives it less. */
const graceMs = 15_000
/** Host time given to what is on its way when the road ends. */
const settleMs = 1500
const fallsMax = 3

export async function runDrive(options: DriveOptions): Promise<DriveResult> {
  const fleet = new FleetOfOne(options)
  try {
    await fleet.open()
    await fleet.drive()
  } finally {
    await fleet.close()
  }
  return fleet.result()
}

/** Owns the processes, so it is a class: what it opens it closes, in reverse order. */
class FleetOfOne {
  readonly #options: DriveOptions
  readonly #plan: Plan
  readonly #paths: Paths
  readonly #world: WorldHand
  readonly #alerts: Alert[] = []
  readonly #stopped = new AbortController()
  /** The vehicle of the scenario, then those beside it. */
  readonly #vehicles: readonly [Aboard, ...Aboard[]]
  #ports: Ports | null = null
  #gateway: Child | null = null
  #officer: OfficerProcess | null = null
  #gatewayBack: Promise<void> = Promise.resolve()
  #gatewayDownMs = 0
  /** Processes that were killed by a hook; every other end is a fall. */
  readonly #killed = new Set<Child>()
  #falls = 0
  #failure: Error | null = null
  #complete = false

  constructor(options: DriveOptions) {
    this.#options = options
    this.#plan = planOf(options.scenario)
    this.#paths = makePaths(this.#plan, resolve(options.dataDir))
    this.#world = createWorld(join(this.#paths.dataDir, 'world.json'), this.#plan.startMs, options.factor)
    const beside = plansBeside(options.scenario)
    this.#vehicles = [
      this.#aboard(this.#plan, this.#paths),
      ...beside.map((plan) => this.#aboard(plan, pathsBeside(plan, this.#paths))),
    ]
    const { signal } = options
    signal?.addEventListener('abort', () => this.#stopped.abort(), { once: true })
    if (signal?.aborted === true) this.#stopped.abort()
  }

  async open(): Promise<void> {
    await Promise.all(this.#vehicles.map((one) => one.openLines()))
    await this.#startGateway({ ingest: 0, alerts: 0, ws: 0, http: 0 })
    const { alerts, http } = this.#ports!
    const { fleet } = this.#plan.scenario.vehicle
    const { receipts } = this.#paths
    const officer = { alerts, http, fleet, receipts, print: this.#options.print === true }
    this.#officer = startOfficer(officer, (alert) => this.#take(alert))
    void this.#officer.exited.then(() => {
      if (!this.#stopped.signal.aborted) this.#fail(new Error('the officer ended before the drive did'))
    })
    await Promise.all([this.#officer.ready, ...this.#vehicles.map((one) => one.start())])
  }

  async drive(): Promise<void> {
    const hooks = [...(this.#options.onWorld ?? [])]
    const drive = this.#handle()
    this.#options.onReady?.(drive)
    this.#world.resume()
    const eachSecond = async (worldMs: number): Promise<void> => {
      if (this.#failure !== null) throw this.#failure
      while (hooks[0] !== undefined && hooks[0].atMs <= worldMs) await hooks.shift()!.act(drive)
    }
    const [first, ...beside] = this.#vehicles
    const { signal } = this.#stopped
    await Promise.all([
      first.drive(eachSecond, signal),
      ...beside.map((one) => one.drive(async () => {}, signal)),
    ])
    this.#world.pause()
    this.#complete = !this.#stopped.signal.aborted
    if (this.#complete) await new Promise((resolve) => setTimeout(resolve, settleMs))
  }

  async close(): Promise<void> {
    this.#stopped.abort()
    this.#world.pause()
    await Promise.all(this.#vehicles.map((one) => one.stop(graceMs)))
    await this.#officer?.stop()
    await this.#gateway?.stop(graceMs)
    await Promise.all(this.#vehicles.map((one) => one.close()))
  }

  async result(): Promise<DriveResult> {
    const { terminalDir, gatewayDir, receipts } = this.#paths
    const { zone, vehicle } = this.#plan.scenario
    const owner = { zone, fleet: vehicle.fleet, vehicle: vehicle.id }
    const ledger = this.#complete ? await takeLedger(terminalDir, gatewayDir, owner) : null
    return {
      alerts: this.#alerts,
      receipts,
      paths: this.#paths,
      ports: this.#ports!,
      ledger,
      complete: this.#complete,
    }
  }

  #take(alert: Alert): void {
    this.#alerts.push(alert)
    this.#options.onAlert?.(alert)
  }

  #aboard(plan: Plan, paths: Paths): Aboard {
    return new Aboard({
      ...{ plan, paths, world: this.#world, config: this.#options.terminalConfig ?? {} },
      ports: () => this.#ports!,
      isOver: () => this.#stopped.signal.aborted,
      fellTooOften: (ended) => this.#fellTooOften(ended),
      fail: (error) => this.#fail(error),
    })
  }

  #handle(): Drive {
    const [first] = this.#vehicles
    return {
      plan: this.#plan,
      world: this.#world,
      lines: first.lines,
      paths: this.#paths,
      ports: this.#ports!,
      alerts: this.#alerts,
      pids: () => ({
        gateway: this.#gateway?.pid ?? 0,
        terminal: first.pid,
        officer: this.#officer?.pid ?? 0,
      }),
      killTerminal: () => first.kill(),
      killGateway: async (downHostMs = 0) => {
        const killed = this.#gateway!
        this.#killed.add(killed)
        this.#gatewayDownMs = downHostMs
        killed.kill('SIGKILL')
        await killed.exited
        await this.#gatewayBack
      },
    }
  }

  async #startGateway(ports: Ports): Promise<void> {
    const { gatewayConfig, dataDir } = this.#paths
    writeJson(gatewayConfig, {
      ...gatewayDocument(this.#plan, this.#paths, ports),
      ...this.#options.gatewayConfig,
    })
    const gateway = startChild({
      name: 'gateway',
      script: join(root, 'gateway/main.ts'),
      args: [gatewayConfig],
      logFile: join(dataDir, 'gateway.log'),
      cwd: dataDir,
    })
    this.#gateway = gateway
    this.#ports = portsOf(await gateway.ready)
    void gateway.exited.then(() => this.#gatewayEnded(gateway))
  }

  /** A gateway that ended without being asked is started again on the same ports; the world does not wait for it. */
  #gatewayEnded(ended: Child): void {
    if (this.#stopped.signal.aborted || ended !== this.#gateway || this.#fellTooOften(ended)) return
    const restart = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, this.#gatewayDownMs))
      if (!this.#stopped.signal.aborted) await this.#startGateway(this.#ports!)
    }
    this.#gatewayBack = restart().catch((error: unknown) => this.#fail(error))
  }

  /** A process that falls again and again would be restarted for ever. */
  #fellTooOften(ended: Child): boolean {
    if (this.#killed.delete(ended)) return false
    this.#falls++
    if (this.#falls <= fallsMax) return false
    this.#fail(new Error(`${ended.name} fell ${this.#falls} times; it said last: ${ended.lastWords()}`))
    return true
  }

  #fail(error: unknown): void {
    this.#failure = error instanceof Error ? error : new Error(String(error))
    this.#world.resume()
  }
}
