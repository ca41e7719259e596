import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { World } from '../../proto/clocks.ts'
import { type Child, startChild } from '../../sim/child.ts'
import { type Ports, portsOf, writeJson } from '../../sim/configs.ts'
import { type OfficerProcess, startOfficer } from '../../sim/officer-process.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { type EvidencePaths, evidenceOf, isAllHeard } from '../help/evidence.ts'
import { openProxy, type WeatherProxy } from '../help/proxy.ts'
import type { Evidence } from '../invariants.ts'
import { memoryOf } from './gateway-process.ts'
import { comesTrue } from './patience.ts'
import { factor, Receiver, worldStartMs } from './receiver.ts'
import { boundsOf, waitingIn, whyStuck } from './stuck.ts'

/**
 * Two terminals of two fleets, their gateway and an officer of each fleet as real processes, and a receiver that goes on
 * printing in fast motion.
 */

const root = resolve(import.meta.dirname, '../..')
const coach = { class: 'coach', serviceClass: 'scheduled', oneWayKm: 1150, relay: null } as const
export const victims = [
  { id: 'coach-1', fleet: 'north', ...coach },
  { id: 'coach-2', fleet: 'south', ...coach },
] as const
type Vehicle = (typeof victims)[number]
export const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** A terminal, and the officer of its fleet. */
class Seat {
  readonly vehicle: Vehicle
  readonly #dir: string
  terminal: Child | null = null
  officer: OfficerProcess | null = null

  constructor(vehicle: Vehicle, dir: string) {
    this.vehicle = vehicle
    this.#dir = dir
  }

  file(name: string): string {
    return join(this.#dir, `${this.vehicle.id}-${name}`)
  }

  get dataDir(): string {
    return this.file('terminal')
  }

  get outbox(): string {
    return join(this.dataDir, 'outbox.db')
  }
}

export class Victims {
  readonly #dir = mkdtempSync(join(tmpdir(), 'roadwarden-kills-'))
  readonly #receiver = new Receiver()
  readonly #dice: Dice
  readonly #seats = victims.map((vehicle) => new Seat(vehicle, this.#dir))
  #proxy: WeatherProxy | null = null
  #ports: Ports = { ingest: 0, alerts: 0, ws: 0, http: 0 }
  #gatewayOffMs = 0
  #gateway: Child | null = null
  worstRecoveryMs = 0
  /** Of any of them, and what it may be. */
  worstRssMb = 0

  constructor(seed: number) {
    this.#dice = new Dice(seed)
  }

  get dice(): Dice {
    return this.#dice
  }

  async open(): Promise<void> {
    for (const folder of ['gateway', 'vehicles']) mkdirSync(join(this.#dir, folder))
    await this.#receiver.open()
    for (const whose of ['gateway', 'terminal'] as const) this.setClock(whose, 0)
    for (const { vehicle } of this.#seats) {
      writeJson(join(this.#dir, 'vehicles', `${vehicle.id}.json`), vehicle)
    }
    this.#gateway = await this.#startGateway()
    const { alerts, http } = this.#ports
    for (const seat of this.#seats) {
      mkdirSync(seat.dataDir)
      const { fleet } = seat.vehicle
      const receipts = seat.file('officer.ndjson')
      const officer = { alerts, http, fleet, receipts, print: false, curious: true }
      seat.officer = startOfficer(officer, () => {})
      seat.terminal = await this.#startTerminal(seat)
      await seat.officer.ready
    }
  }

  /** How far the clock of one machine is off, from now on. */
  setClock(whose: 'gateway' | 'terminal', offMs: number): void {
    const anchorWorldMs = worldStartMs + offMs
    if (whose === 'gateway') this.#gatewayOffMs = offMs
    this.#writeWorld(whose, { anchorHostMs: this.#receiver.startedMs, anchorWorldMs, factor, paused: false })
  }

  /** No tick of the gateway finds anything more: what it knows now is all there will be. */
  #stopTime(): void {
    const hostMs = Date.now()
    const passedMs = (hostMs - this.#receiver.startedMs) * factor
    const anchorWorldMs = worldStartMs + this.#gatewayOffMs + passedMs
    this.#writeWorld('gateway', { anchorHostMs: hostMs, anchorWorldMs, factor, paused: true })
  }

  #writeWorld(whose: 'gateway' | 'terminal', world: World): void {
    const file = join(this.#dir, `world-${whose}.json`)
    // Replaced whole, as the programs expect it.
    writeJson(`${file}.part`, world)
    renameSync(`${file}.part`, file)
  }

  unplug(): void {
    this.#receiver.unplug()
  }

  /** From now on the terminals speak through a proxy; they are started anew to know it. */
  async throughProxy(delayMs: number): Promise<WeatherProxy> {
    this.#proxy = await openProxy(this.#ports.ingest, delayMs)
    await this.restartTerminals()
    return this.#proxy
  }

  async #startGateway(killAt?: string): Promise<Child> {
    const host = '127.0.0.1'
    const { ingest, alerts, ws, http } = this.#ports
    const config = join(this.#dir, 'gateway.json')
    writeJson(config, {
      dataDir: join(this.#dir, 'gateway'),
      zone: 'Asia/Shanghai',
      ingest: { host, port: ingest },
      alerts: { host, port: alerts, wsPort: ws },
      http: { host, port: http },
      vehicles: join(this.#dir, 'vehicles'),
      areas: [],
      auth: 'loopback',
      world: join(this.#dir, 'world-gateway.json'),
    })
    const log = join(this.#dir, 'gateway.log')
    const child = this.#child('gateway', log, join(root, 'gateway/main.ts'), config, killAt)
    this.#ports = portsOf(await child.ready)
    return child
  }

  async #startTerminal(seat: Seat, killAt?: string): Promise<Child> {
    const config = seat.file('terminal.json')
    writeJson(config, {
      dataDir: seat.dataDir,
      vehicle: join(this.#dir, 'vehicles', `${seat.vehicle.id}.json`),
      ports: { gnss: { path: `tcp://127.0.0.1:${this.#receiver.port}`, baud: 115_200 } },
      gateway: { url: `mqtt://127.0.0.1:${this.#proxy?.port ?? this.#ports.ingest}`, ack: 'gateway' },
      world: join(this.#dir, 'world-terminal.json'),
      oracle: seat.file('oracle.ndjson'),
    })
    const child = this.#child('terminal', seat.file('log'), join(root, 'device/main.ts'), config, killAt)
    await child.ready
    return child
  }

  #child(name: string, logFile: string, script: string, config: string, killAt?: string): Child {
    const env = killAt === undefined ? {} : { ROADWARDEN_KILL_AT: killAt, NODE_ENV: 'test' }
    return startChild({ name, script, args: [config], logFile, cwd: this.#dir, env })
  }

  async killTerminals(times: number): Promise<void> {
    for (let n = 0; n < times; n++) {
      await sleep(this.#dice.between('kill/terminal', 0, 800))
      await this.#restart(this.#dice.pick('kill/which', this.#seats))
    }
  }

  async killGateways(times: number): Promise<void> {
    for (let n = 0; n < times; n++) {
      await sleep(this.#dice.between('kill/gateway', 0, 1200))
      this.#gateway = await this.#kill(this.#gateway!, () => this.#startGateway())
    }
  }

  /** Starts one of both so that it is killed when it passes a named point; true when it did. */
  async killAt(whose: 'gateway' | 'terminal', point: string, times: number): Promise<boolean> {
    const seat = this.#seats[0]!
    const again = (killAt?: string) =>
      whose === 'gateway' ? this.#startGateway(killAt) : this.#startTerminal(seat, killAt)
    const standing = whose === 'gateway' ? this.#gateway : seat.terminal
    const armed = await this.#kill(standing!, () => again(`${point}:${times}`).catch(() => null))
    // A terminal whose back-off is long comes back in minutes: started anew it comes at once.
    if (whose === 'gateway') await this.restartTerminals()
    // Some points are passed before it is ready.
    const passed =
      armed === null || (await Promise.race([armed.exited.then(() => true), sleep(passMs)])) === true
    const next = armed === null ? await again() : await this.#kill(armed, () => again())
    if (whose === 'gateway') this.#gateway = next
    else seat.terminal = next
    return passed
  }

  /** Killed and started again, all of them; `between` falls where none of them runs. */
  async restartTerminals(between: () => void = () => {}): Promise<void> {
    for (const { terminal } of this.#seats) {
      this.#weigh(terminal!)
      terminal!.kill('SIGKILL')
    }
    await Promise.all(this.#seats.map(({ terminal }) => terminal!.exited))
    between()
    await Promise.all(this.#seats.map((seat) => this.#restart(seat)))
  }

  async #restart(seat: Seat): Promise<void> {
    seat.terminal = await this.#kill(seat.terminal!, () => this.#startTerminal(seat))
  }

  async #kill<T>(victim: Child, start: () => Promise<T>): Promise<T> {
    this.#weigh(victim)
    victim.kill('SIGKILL')
    await victim.exited
    const fromMs = performance.now()
    const next = await start()
    this.worstRecoveryMs = Math.max(this.worstRecoveryMs, performance.now() - fromMs)
    return next
  }

  #weigh({ pid }: Child): void {
    this.worstRssMb = Math.max(this.worstRssMb, Math.round(memoryOf(pid).peakMb))
  }

  /** No more bytes; each terminal stops in order, until nothing waits. Says why when something waits for good. */
  async settle(): Promise<string[]> {
    await sleep(1500)
    await this.#receiver.close()
    return (await Promise.all(this.#seats.map((seat) => this.#drain(seat)))).flat()
  }

  async #drain(seat: Seat): Promise<string[]> {
    for (const pauseMs of settlePausesMs) {
      await seat.terminal!.stop(8000)
      if (waitingIn(seat.outbox).length === 0) return []
      seat.terminal = await this.#startTerminal(seat)
      // A terminal that runs holds its outbox alone: nobody else can read it meanwhile.
      await sleep(pauseMs)
    }
    const logs = [seat.file('log'), join(this.#dir, 'gateway.log')]
    return [
      `stuck: ${whyStuck({ outbox: seat.outbox, vehicle: seat.vehicle.id }, join(this.#dir, 'gateway'), logs)}`,
    ]
  }

  async close(): Promise<Evidence> {
    const paths: EvidencePaths = {
      oracles: this.#seats.map((seat) => seat.file('oracle.ndjson')),
      gatewayDir: join(this.#dir, 'gateway'),
      receipts: this.#seats.map((seat) => ({ file: seat.file('officer.ndjson'), fleet: seat.vehicle.fleet })),
      vehicles: victims,
    }
    await Promise.all(this.#seats.map(({ terminal }) => terminal!.stop(5000)))
    this.#stopTime()
    // What was journaled last is on its way to the officers; who waits in vain is told of by the invariants.
    await comesTrue(async () => (await this.#isAtRest()) && isAllHeard(paths.gatewayDir, paths.receipts))
    await Promise.all(this.#seats.map(({ officer }) => officer!.stop()))
    await this.#proxy?.close()
    this.#weigh(this.#gateway!)
    await this.#gateway?.stop(6000)
    return { ...evidenceOf(paths), bounds: boundsOf(this.worstRssMb, this.#seats) }
  }

  /** Nothing waits to be written. */
  async #isAtRest(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.#ports.http}/metrics`)
    return /^roadwarden_commit_queue 0$/m.test(await answer.text())
  }

  clean(): void {
    rmSync(this.#dir, { recursive: true, force: true })
  }
}

/** A point that is not passed within so long is not passed, however slow the machine. */
const passMs = 60_000
/** Whoever waits for a back-off or a ban of minutes gets there: six minutes in all, most of them never needed. */
const settlePausesMs = [1, 1, 2, 2, 5, 10, 20, 40, 60, 100, 120].map((seconds) => seconds * 1000)
