import { createTap, type Tape } from '../../device/tape/tap.ts'
import type { Alert } from '../../proto/model.ts'
import type { TapeEntry, TapeRecord } from '../../proto/tape.ts'
import { emissionsOfSecond, isUnplugged, linesOf } from '../emissions.ts'
import { dbcOf } from '../replay/dbc.ts'
import { type Plan, planOf, type Scenario } from '../scenario.ts'
import { headerOf, joined } from '../tape.ts'
import { tapeInForce } from '../tapes/documents.ts'
import { tapeBlocks } from '../tapes/write.ts'
import { Dice } from './dice.ts'
import { SimGateway } from './gateway.ts'
import { Network } from './network.ts'
import { Scheduler } from './scheduler.ts'
import { type LineName, SimTerminal } from './terminal.ts'

/**
 * A scenario driven through the real terminal and the real intake of the gateway in one process, on the simulated clock, disk and network:
 * nothing waits for the machine. Beside the alerts comes the tape that the terminal recorded of it.
 */
export type DrivenInProcess = {
  /** Every revision, by cursor. */
  readonly alerts: readonly Alert[]
  readonly tape: Buffer
  /** Envelopes that were sealed and never came. */
  readonly waiting: number
  readonly refused: boolean
}

const drainMs = 3_600_000
const settleMs = 60_000

export async function driveInProcess(scenario: Scenario, folder: string): Promise<DrivenInProcess> {
  const drive = new InProcess(planOf(scenario), folder)
  return drive.run()
}

class InProcess {
  readonly #plan: Plan
  readonly #folder: string
  readonly #scheduler = new Scheduler()
  readonly #records: TapeRecord[] = []
  readonly #network: Network
  readonly #flash = { refuses: 0, dies: 0, lies: false }

  constructor(plan: Plan, folder: string) {
    this.#plan = plan
    this.#folder = folder
    this.#network = new Network(this.#scheduler, new Dice(plan.scenario.seed))
  }

  async run(): Promise<DrivenInProcess> {
    const { startMs, endMs } = this.#plan
    const header = { ...headerOf(this.#plan), notBeforeMs: 0 }
    const tell = (): void => {}
    const reader = { read: async () => '', tell }
    const documents = (await tapeInForce(header, {}, reader, 'tape')).documents()
    const restore = this.#scheduler.install()
    try {
      const { fleet, id } = documents.vehicle
      const gateway = new SimGateway({
        network: this.#network,
        documents: (owner, vehicle) => (owner === fleet && vehicle === id ? documents : null),
        officers: [],
        faults: { refuses: 0, dies: 0, lies: false },
        startMs,
      })
      const terminal = new SimTerminal({
        documents,
        epoch: 1,
        bytesMax: 2 ** 28,
        network: this.#network,
        faults: this.#flash,
        startMs,
        folder: this.#folder,
        can: { dbc: dbcOf(header) },
        ...(header.lines.peripheral ? { peripherals: header.peripherals ?? [] } : {}),
        tap: createTap((beginning) => [this.#tape(beginning)], {
          nowMs: () => startMs + this.#scheduler.nowMs,
          monoMs: () => this.#scheduler.nowMs,
        }),
      })
      gateway.start()
      terminal.start()
      this.#drive(terminal)
      await this.#scheduler.runUntil(endMs - startMs)
      this.#flash.refuses = 0
      terminal.close(drainMs)
      const { outbox } = terminal
      const left = (): number => {
        const { waiting, pendingSamples } = outbox!.stats()
        return waiting.alarm + waiting.telemetry + pendingSamples
      }
      await this.#scheduler.runUntil(this.#scheduler.nowMs + drainMs, () => left() === 0)
      let idle = false
      gateway.whenIdle(() => {
        idle = true
      })
      await this.#scheduler.runUntil(this.#scheduler.nowMs + settleMs, () => idle)
      const alerts = (await gateway.journal?.alertsAfter(0, 1e9, null)) ?? []
      return {
        alerts,
        tape: Buffer.concat([...tapeBlocks(header, this.#records)]),
        waiting: left(),
        refused: !idle,
      }
    } finally {
      restore()
    }
  }

  /** The recorder of the terminal, in memory. */
  #tape(beginning: () => readonly TapeEntry[]): Tape {
    let begun = false
    return {
      add: (record) => {
        if (!begun)
          for (const entry of beginning())
            this.#records.push({ wallMs: record.wallMs, monoMs: record.monoMs, ...entry })
        begun = true
        this.#records.push(record)
      },
      close: () => {},
    }
  }

  /** Each second lays out what its hardware says, and turns what stands badly. */
  #drive(terminal: SimTerminal): void {
    const { startMs, endMs, faults } = this.#plan
    const scheduler = this.#scheduler
    const up = { gnss: true, can: true, peripheral: true }
    const second = (): void => {
      const secondMs = startMs + Math.round(scheduler.nowMs / 1000) * 1000
      if (secondMs >= endMs) {
        beat.cancelled = true
        return
      }
      this.#flash.refuses = inSpan(faults.flash, secondMs) ? 1 : 0
      for (const { fromMs, toMs } of faults.cell)
        if (secondMs >= fromMs && secondMs < toMs && !this.#network.isCut())
          this.#network.cutFor(toMs - secondMs)
      for (const line of linesOf(this.#plan)) this.#plug(terminal, line, secondMs, up)
      for (const { atMs, line, text } of joined(emissionsOfSecond(this.#plan, secondMs)))
        if (up[line])
          scheduler.at(
            atMs - startMs - scheduler.nowMs,
            () => terminal.hear(Buffer.from(text, 'latin1'), line),
            null,
          )
    }
    const beat = scheduler.every(1000, second, null)
    scheduler.at(1, second, null)
  }

  #plug(terminal: SimTerminal, line: LineName, secondMs: number, up: { [line in LineName]: boolean }): void {
    const isUp = !isUnplugged(this.#plan, line, secondMs)
    if (isUp !== up[line]) terminal.turn(line, isUp)
    up[line] = isUp
  }
}

const inSpan = (
  spans: readonly { readonly fromMs: number; readonly toMs: number }[],
  atMs: number,
): boolean => spans.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs)
