import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { World } from '../../proto/clocks.ts'
import { type Child, startChild } from '../../sim/child.ts'
import { type Ports, portsOf, writeJson } from '../../sim/configs.ts'
import { rmc } from '../../sim/hardware/nmea.ts'
import { type OfficerProcess, startOfficer } from '../../sim/officer-process.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { evidenceOf, isAllHeard } from '../help/evidence.ts'
import { openProxy, type WeatherProxy } from '../help/proxy.ts'
import type { Evidence } from '../invariants.ts'
import { memoryOf } from './gateway-process.ts'
import { comesTrue } from './patience.ts'

/** Terminal, gateway and officer as real processes, and a receiver that goes on printing in fast motion. */

/** World seconds per host second: each second of the receiver comes in a fraction of it. */
export const factor = 120
const root = resolve(import.meta.dirname, '../..')
export const worldStartMs = Date.parse('2026-11-21T17:50:00.000Z')
export const victim = {
  id: 'coach-1',
  fleet: 'north',
  class: 'coach',
  serviceClass: 'scheduled',
  oneWayKm: 1150,
  relay: null,
}
export const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** A receiver on a TCP port: an RMC for each second of the world, for whoever listens. */
export class Receiver {
  readonly #sockets = new Set<Socket>()
  readonly #server: Server
  readonly #startedMs = Date.now()
  #timer: NodeJS.Timeout | undefined
  #second = 0
  port = 0

  constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  async open(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    const address = this.#server.address()
    this.port = typeof address === 'object' && address !== null ? address.port : 0
    this.#timer = setInterval(() => this.#print(), 1000 / factor)
  }

  #print(): void {
    const nowS = Math.floor(((Date.now() - this.#startedMs) / 1000) * factor)
    while (this.#second < nowS) {
      const second = this.#second++
      // Two minutes within the limit, one above it: alarms come and go.
      const speedKmh = second % 180 < 120 ? 72 : 112
      const motion = { lat: 30, lon: 110 + (second * 0.022) / 96, speedKmh, courseDeg: 90 }
      const text = rmc('GN', worldStartMs + second * 1000, motion)
      for (const socket of this.#sockets) socket.write(text, 'latin1')
    }
  }

  /** The cable is pulled; whoever opens the line again gets on. */
  unplug(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  get startedMs(): number {
    return this.#startedMs
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((done) => this.#server.close(done))
  }
}

export class Victims {
  readonly #dir = mkdtempSync(join(tmpdir(), 'roadwarden-kills-'))
  readonly #receiver = new Receiver()
  readonly #dice: Dice
  readonly #receipts = join(this.#dir, 'officer.ndjson')
  #proxy: WeatherProxy | null = null
  #ports: Ports = { ingest: 0, alerts: 0, ws: 0, http: 0 }
  #gatewayOffMs = 0
  #terminal: Child | null = null
  #gateway: Child | null = null
  #officer: OfficerProcess | null = null
  worstRecoveryMs = 0
  worstRssMb = 0

  constructor(seed: number) {
    this.#dice = new Dice(seed)
  }

  get dice(): Dice {
    return this.#dice
  }

  async open(): Promise<void> {
    for (const folder of ['gateway', 'terminal', 'vehicles']) mkdirSync(join(this.#dir, folder))
    await this.#receiver.open()
    for (const whose of ['gateway', 'terminal'] as const) this.setClock(whose, 0)
    writeJson(join(this.#dir, 'vehicles', 'coach-1.json'), victim)
    this.#gateway = await this.#startGateway()
    const { alerts, http } = this.#ports
    const officer = { alerts, http, fleet: victim.fleet, receipts: this.#receipts, print: false }
    this.#officer = startOfficer(officer, () => {})
    this.#terminal = await this.#startTerminal()
    await this.#officer.ready
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

  /** From now on the terminal speaks through a proxy; it is started anew to know it. */
  async throughProxy(): Promise<WeatherProxy> {
    this.#proxy = await openProxy(this.#ports.ingest)
    await this.restartTerminal()
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
    const child = this.#child('gateway', join(root, 'gateway/main.ts'), config, killAt)
    this.#ports = portsOf(await child.ready)
    return child
  }

  async #startTerminal(killAt?: string): Promise<Child> {
    const config = join(this.#dir, 'terminal.json')
    writeJson(config, {
      dataDir: join(this.#dir, 'terminal'),
      vehicle: join(this.#dir, 'vehicles', 'coach-1.json'),
      ports: { gnss: { path: `tcp://127.0.0.1:${this.#receiver.port}`, baud: 115_200 } },
      gateway: { url: `mqtt://127.0.0.1:${this.#proxy?.port ?? this.#ports.ingest}`, ack: 'gateway' },
      world: join(this.#dir, 'world-terminal.json'),
      oracle: join(this.#dir, 'oracle.ndjson'),
    })
    const child = this.#child('terminal', join(root, 'device/main.ts'), config, killAt)
    await child.ready
    return child
  }

  #child(name: string, script: string, config: string, killAt?: string): Child {
    const logFile = join(this.#dir, `${name}.log`)
    const env = killAt === undefined ? {} : { ROADWARDEN_KILL_AT: killAt, NODE_ENV: 'test' }
    return startChild({ name, script, args: [config], logFile, cwd: this.#dir, env })
  }

  async killTerminals(times: number): Promise<void> {
    for (let n = 0; n < times; n++) {
      await sleep(this.#dice.between('kill/terminal', 0, 800))
      this.#terminal = await this.#kill(this.#terminal!, () => this.#startTerminal())
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
    const again = (killAt?: string) =>
      whose === 'gateway' ? this.#startGateway(killAt) : this.#startTerminal(killAt)
    const standing = whose === 'gateway' ? this.#gateway : this.#terminal
    const armed = await this.#kill(standing!, () => again(`${point}:${times}`).catch(() => null))
    // A terminal that was refused for a while comes back in minutes: started anew it comes at once.
    if (whose === 'gateway') await this.restartTerminal()
    // Some points are passed before it is ready.
    const passed =
      armed === null || (await Promise.race([armed.exited.then(() => true), sleep(passMs)])) === true
    const next = armed === null ? await again() : await this.#kill(armed, () => again())
    if (whose === 'gateway') this.#gateway = next
    else this.#terminal = next
    return passed
  }

  async restartTerminal(): Promise<void> {
    this.#terminal = await this.#kill(this.#terminal!, () => this.#startTerminal())
  }

  async #kill<T>(victim: Child, start: () => Promise<T>): Promise<T> {
    this.worstRssMb = Math.max(this.worstRssMb, Math.round(memoryOf(victim.pid).peakMb))
    victim.kill('SIGKILL')
    await victim.exited
    const fromMs = performance.now()
    const next = await start()
    this.worstRecoveryMs = Math.max(this.worstRecoveryMs, performance.now() - fromMs)
    return next
  }

  /** No more bytes; the terminal stops in order, again and again, until nothing waits. */
  async settle(): Promise<boolean> {
    await sleep(1500)
    await this.#receiver.close()
    for (const untilMs = performance.now() + drainsMs; performance.now() < untilMs; ) {
      await this.#terminal!.stop(8000)
      if (waitingIn(join(this.#dir, 'terminal', 'outbox.db')) === 0) return true
      this.#terminal = await this.#startTerminal()
      await sleep(1000)
    }
    return false
  }

  async close(): Promise<Evidence> {
    const paths = {
      oracle: join(this.#dir, 'oracle.ndjson'),
      gatewayDir: join(this.#dir, 'gateway'),
      receipts: this.#receipts,
    }
    await this.#terminal?.stop(5000)
    this.#stopTime()
    // What was journaled last is on its way to the officer; who waits in vain is told of by the invariants.
    await comesTrue(async () => (await this.#isAtRest()) && isAllHeard(paths.gatewayDir, paths.receipts))
    await this.#officer?.stop()
    await this.#proxy?.close()
    await this.#gateway?.stop(6000)
    return evidenceOf(paths, victim.fleet)
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
/** An outbox that has not drained by then never drains. */
const drainsMs = 180_000

function waitingIn(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const sql = 'SELECT (SELECT count(*) FROM alarm) + (SELECT count(*) FROM telemetry) AS waiting'
    return Number(db.prepare(sql).get()?.['waiting'])
  } finally {
    db.close()
  }
}
