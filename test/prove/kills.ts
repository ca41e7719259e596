import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Child, startChild } from '../../sim/child.ts'
import { type Ports, portsOf, writeJson } from '../../sim/configs.ts'
import { rmc } from '../../sim/hardware/nmea.ts'
import { type OfficerProcess, startOfficer } from '../../sim/officer-process.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { evidenceOf } from '../help/evidence.ts'
import { checkInvariants, complaints, type Evidence } from '../invariants.ts'
import { memoryOf } from './gateway-process.ts'

/**
 * Terminal and gateway as real processes, killed with SIGKILL at random moments, each by itself, while a receiver
 * goes on printing in fast motion. Afterwards the three logs are compared.
 */
export type KillsReport = {
  readonly terminalKills: number
  readonly gatewayKills: number
  readonly durable: number
  readonly journaled: number
  readonly alerts: number
  readonly lost: number
  readonly doubled: number
  readonly foreign: number
  readonly complaints: readonly string[]
  readonly worstRecoveryMs: number
  readonly worstRssMb: number
}

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
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

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

  get startedMs(): number {
    return this.#startedMs
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((done) => this.#server.close(done))
  }
}

class Victims {
  readonly #dir = mkdtempSync(join(tmpdir(), 'roadwarden-kills-'))
  readonly #receiver = new Receiver()
  readonly #dice: Dice
  readonly #receipts = join(this.#dir, 'officer.ndjson')
  #ports: Ports = { ingest: 0, alerts: 0, ws: 0, http: 0 }
  #terminal: Child | null = null
  #gateway: Child | null = null
  #officer: OfficerProcess | null = null
  worstRecoveryMs = 0
  worstRssMb = 0

  constructor(seed: number) {
    this.#dice = new Dice(seed)
  }

  async open(): Promise<void> {
    for (const folder of ['gateway', 'terminal', 'vehicles']) mkdirSync(join(this.#dir, folder))
    await this.#receiver.open()
    const world = {
      anchorHostMs: this.#receiver.startedMs,
      anchorWorldMs: worldStartMs,
      factor,
      paused: false,
    }
    writeJson(join(this.#dir, 'world.json'), world)
    writeJson(join(this.#dir, 'vehicles', 'coach-1.json'), victim)
    this.#gateway = await this.#startGateway()
    const { alerts, http } = this.#ports
    const officer = { alerts, http, fleet: victim.fleet, receipts: this.#receipts, print: false }
    this.#officer = startOfficer(officer, () => {})
    this.#terminal = await this.#startTerminal()
    await this.#officer.ready
  }

  async #startGateway(): Promise<Child> {
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
      world: join(this.#dir, 'world.json'),
    })
    const child = this.#child('gateway', join(root, 'gateway/main.ts'), config)
    this.#ports = portsOf(await child.ready)
    return child
  }

  async #startTerminal(): Promise<Child> {
    const config = join(this.#dir, 'terminal.json')
    writeJson(config, {
      dataDir: join(this.#dir, 'terminal'),
      vehicle: join(this.#dir, 'vehicles', 'coach-1.json'),
      ports: { gnss: { path: `tcp://127.0.0.1:${this.#receiver.port}`, baud: 115_200 } },
      gateway: { url: `mqtt://127.0.0.1:${this.#ports.ingest}`, ack: 'gateway' },
      world: join(this.#dir, 'world.json'),
      oracle: join(this.#dir, 'oracle.ndjson'),
    })
    const child = this.#child('terminal', join(root, 'device/main.ts'), config)
    await child.ready
    return child
  }

  #child(name: string, script: string, config: string): Child {
    const logFile = join(this.#dir, `${name}.log`)
    return startChild({ name, script, args: [config], logFile, cwd: this.#dir })
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

  async #kill(victim: Child, start: () => Promise<Child>): Promise<Child> {
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
    for (let tries = 0; tries < 10; tries++) {
      await this.#terminal!.stop(8000)
      if (waitingIn(join(this.#dir, 'terminal', 'outbox.db')) === 0) return true
      this.#terminal = await this.#startTerminal()
      await sleep(1000)
    }
    return false
  }

  async close(): Promise<Evidence> {
    // What was journaled last is on its way to the officer.
    await sleep(1500)
    await this.#terminal?.stop(5000)
    await this.#officer?.stop()
    await this.#gateway?.stop(6000)
    const paths = {
      oracle: join(this.#dir, 'oracle.ndjson'),
      gatewayDir: join(this.#dir, 'gateway'),
      receipts: this.#receipts,
    }
    return evidenceOf(paths, victim.fleet)
  }

  clean(): void {
    rmSync(this.#dir, { recursive: true, force: true })
  }
}

function waitingIn(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const sql = 'SELECT (SELECT count(*) FROM alarm) + (SELECT count(*) FROM telemetry) AS waiting'
    return Number(db.prepare(sql).get()?.['waiting'])
  } finally {
    db.close()
  }
}

export async function proveKills(
  terminalKills: number,
  gatewayKills: number,
  seed: number,
): Promise<KillsReport> {
  const victims = new Victims(seed)
  try {
    await victims.open()
    await Promise.all([victims.killTerminals(terminalKills), victims.killGateways(gatewayKills)])
    const drained = await victims.settle()
    const evidence = await victims.close()
    const verdict = checkInvariants(evidence)
    const stuck = drained ? [] : ['stuck: the outbox never drained']
    return {
      terminalKills,
      gatewayKills,
      durable: evidence.oracle.filter(({ is }) => is === 'durable').length,
      journaled: evidence.journal.length,
      alerts: evidence.alerts.length,
      lost: verdict.lost.length,
      doubled: verdict.doubled.length,
      foreign: verdict.foreign.length,
      complaints: [...stuck, ...complaints(verdict)],
      worstRecoveryMs: Math.round(victims.worstRecoveryMs),
      worstRssMb: victims.worstRssMb,
    }
  } finally {
    victims.clean()
  }
}
