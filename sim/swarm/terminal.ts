import type { DbcReader } from '../../device/decoders/dbc/read.ts'
import { closedIntervals, type DrivingTime, fatigue } from '../../device/detectors/fatigue.ts'
import { detectors, driverDetectors } from '../../device/detectors/index.ts'
import { silentLog } from '../../device/log.ts'
import type { MemoryDisk } from '../../device/outbox/memory.ts'
import type { Outbox, Witness } from '../../device/outbox/outbox.ts'
import type { PortListener } from '../../device/ports/port.ts'
import type { Tap } from '../../device/tape/tap.ts'
import { createTerminal, type Terminal } from '../../device/terminal.ts'
import { sha256Hex } from '../../proto/canonical.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { OracleLine } from '../invariants.ts'
import { type DiskFaults, DiskFile } from './disk.ts'
import { type Network, simLink } from './network.ts'
import { openSimOutbox } from './outbox.ts'
import type { Owner } from './scheduler.ts'

/** A vehicle's terminal in the simulated world: the real one, started again and again on the same simulated disk. */

export type VehicleOptions = {
  readonly documents: Documents
  readonly epoch: number
  readonly bytesMax: number
  readonly network: Network
  readonly faults: DiskFaults
  /** World time when the simulation began. */
  readonly startMs: number
  /** An empty folder: nothing is pushed in these worlds. */
  readonly folder: string
  /** Absent: it has no bus. */
  readonly can?: { readonly dbc: DbcReader | null }
  /** Devices that must speak on the third line; absent: it has none. */
  readonly peripherals?: readonly string[]
  /** Where its lines are laid down; absent: nowhere. */
  readonly tap?: Tap
}

export type LineName = 'gnss' | 'can' | 'peripheral'

export class SimTerminal {
  readonly documents: Documents
  readonly oracle: OracleLine[] = []
  readonly file: DiskFile<MemoryDisk>
  outbox: Outbox | null = null
  /** How far the machine's wall clock is off: it counts from the next boot on. */
  clockOffMs = 0
  deaths = 0
  readonly #options: VehicleOptions
  #owner: Owner = { alive: false }
  readonly #lines: { [line in LineName]: PortListener | null } = {
    gnss: null,
    can: null,
    peripheral: null,
  }
  #terminal: Terminal | null = null

  constructor(options: VehicleOptions) {
    this.#options = options
    this.documents = options.documents
    const { dice } = options.network
    this.file = new DiskFile(`outbox/${options.documents.vehicle.id}`, dice, options.faults)
  }

  get alive(): boolean {
    return this.#owner.alive
  }

  start(): void {
    if (this.#owner.alive) return
    const owner: Owner = { alive: true }
    this.#owner = owner
    this.#options.network.scheduler.at(0, () => this.#boot(owner), owner)
  }

  #boot(owner: Owner): void {
    const { network, documents, epoch, bytesMax, startMs, folder, can, peripherals, tap } = this.#options
    const { scheduler } = network
    const { fleet, id } = documents.vehicle
    const bootMs = startMs + this.clockOffMs
    this.outbox = openSimOutbox({
      file: this.file,
      epoch,
      outbox: { fleet, vehicle: id, bytesMax },
      witness: this.#witness(),
      owner,
      die: () => this.die(network.dice.happens('terminal/power', 0.5)),
    })
    try {
      this.#terminal = createTerminal({
        documents,
        documentsFolder: folder,
        outbox: this.outbox,
        ports: {
          gnss: (listener) => this.#open('gnss', listener, owner),
          can: can === undefined ? undefined : (listener) => this.#open('can', listener, owner),
          peripheral:
            peripherals === undefined ? undefined : (listener) => this.#open('peripheral', listener, owner),
        },
        peripherals: peripherals ?? [],
        canFormat: 'slcan',
        dbc: can?.dbc ?? null,
        ...(tap === undefined ? {} : { tap }),
        openLink: simLink(network, { fleet, vehicle: id }, owner),
        ack: 'gateway',
        cab: { order: () => {}, beep: () => {} },
        host: { nowMs: () => startMs + scheduler.nowMs, monoMs: () => scheduler.nowMs },
        world: { nowMs: () => bootMs + scheduler.nowMs, factor: () => 1 },
        detectors: [...detectors, ...driverDetectors],
        closedIntervals: (before, after) =>
          closedIntervals(
            (before[fatigue.name] as DrivingTime | undefined) ?? fatigue.initial,
            (after[fatigue.name] as DrivingTime | undefined) ?? fatigue.initial,
          ),
        notBeforeMs: 0,
        log: silentLog,
      })
    } catch (error) {
      // A process that falls while it starts is started again, by whatever watches over it.
      if (owner.alive) this.die(false)
      if (!(error instanceof Error)) throw error
    }
  }

  #open(line: LineName, listener: PortListener, owner: Owner) {
    this.#lines[line] = listener
    this.#options.network.scheduler.at(0, () => listener.up(), owner)
    const close = async (): Promise<void> => {
      this.#lines[line] = null
    }
    return { path: 'simulated', bytesRead: () => 0, close }
  }

  #witness(): Witness {
    const tell =
      (is: OracleLine['is']): Witness['durable'] =>
      (sealed) => {
        for (const { bytes, envelope } of sealed) {
          const { fleet, vehicle, epoch, stream, seq } = envelope
          this.oracle.push({ is, fleet, vehicle, epoch, stream, seq, hash: sha256Hex(bytes) })
        }
      }
    return { intended: tell('intent'), durable: tell('durable') }
  }

  /** What a line carries reaches the terminal, when one is there to read it. */
  hear(bytes: Uint8Array, line: LineName = 'gnss'): void {
    const { scheduler } = this.#options.network
    scheduler.at(0, () => this.#lines[line]?.bytes(bytes), this.#owner)
  }

  /** A cable is pulled or put back. */
  turn(line: LineName, up: boolean): void {
    const listener = this.#lines[line]
    const { scheduler } = this.#options.network
    scheduler.at(0, () => (up ? listener?.up() : listener?.down('pulled')), this.#owner)
  }

  /** The process ends where it is; with the power, what was not synced goes too. It is started again soon. */
  die(power: boolean): void {
    if (!this.#owner.alive) return
    this.#owner.alive = false
    this.deaths++
    this.#lines.gnss = null
    this.#lines.can = null
    this.#lines.peripheral = null
    this.#terminal = null
    if (power) this.file.powerCut()
    const { scheduler, dice } = this.#options.network
    scheduler.at(dice.between('terminal/boot', 50, 8000), () => this.start(), null)
  }

  /** An ordered stop: resolves when everything is drained or the time is over. */
  close(drainMs: number): void {
    const { scheduler } = this.#options.network
    scheduler.at(0, () => void this.#terminal?.close(drainMs), this.#owner)
  }
}
