import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openLines } from './cables.ts'
import { type Child, startChild } from './child.ts'
import { type Paths, type Ports, terminalDocument, writeJson } from './configs.ts'
import { emissionsOfSecond, isOff } from './emissions.ts'
import { closeLines, type Lines, paceDrive } from './pacer.ts'
import type { Plan } from './scenario.ts'
import type { WorldHand } from './world.ts'

/** What is aboard one vehicle: its lines, and the terminal process that reads them while it has power. */
export type AboardDeps = {
  readonly plan: Plan
  readonly paths: Paths
  readonly world: WorldHand
  /** Keys put over the terminal's configuration. */
  readonly config: object
  readonly ports: () => Ports
  /** The drive is over: whoever ends now may. */
  readonly isOver: () => boolean
  /** A terminal that fell again and again is not started any more. */
  readonly fellTooOften: (ended: Child) => boolean
  readonly fail: (error: unknown) => void
}

const script = fileURLToPath(new URL('../device/main.ts', import.meta.url))
/**
 * A process that has just begun compiles its code as it goes and is behind in fast motion for a moment: what came in a second of
 * this machine is then read line by line, minutes of the receiver before minutes of the bus. So the world walks at first.
 */
const walk = { factor: 10, forWorldMs: 30_000 } as const

/** Seconds of this machine that so much of the world takes from the start on. */
export function hostSeconds(worldMs: number, factor: number): number {
  const walkedMs = Math.min(worldMs, walk.forWorldMs)
  return (walkedMs / Math.min(walk.factor, factor) + (worldMs - walkedMs) / factor) / 1000
}

/** What a flash that forgot its database has lost; the marker beside it says that there was one. */
const outboxFiles = ['outbox.db', 'outbox.db-wal', 'outbox.db-shm']

export class Aboard {
  readonly #deps: AboardDeps
  readonly #folder: string
  #lines: Lines | null = null
  #terminal: Child | null = null
  #back: Promise<void> = Promise.resolve()
  #killed: Child | null = null
  #hasPower = true
  #walksUntilMs: number | null = null

  constructor(deps: AboardDeps) {
    this.#deps = deps
    this.#folder = dirname(deps.paths.terminalConfig)
  }

  get lines(): Lines {
    return this.#lines!
  }

  get pid(): number {
    return this.#terminal?.pid ?? 0
  }

  async openLines(): Promise<void> {
    this.#lines = await openLines(this.#folder, this.#deps.plan)
  }

  async start(): Promise<void> {
    const { paths, config, ports } = this.#deps
    writeJson(paths.terminalConfig, { ...terminalDocument(paths, this.lines, ports()), ...config })
    const terminal = startChild({
      name: 'terminal',
      script,
      args: [paths.terminalConfig],
      logFile: join(this.#folder, 'terminal.log'),
      cwd: paths.dataDir,
    })
    this.#terminal = terminal
    await terminal.ready
    this.#walk()
    void terminal.exited.then(() => this.#ended(terminal))
  }

  /** Writes the drive onto the lines; `eachSecond` comes first. */
  drive(eachSecond: (worldMs: number) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { plan, world } = this.#deps
    const second = async (worldMs: number): Promise<void> => {
      await eachSecond(worldMs)
      await this.#power(worldMs)
      this.#runAgain(worldMs)
    }
    return paceDrive(plan, this.lines, world, (ms) => emissionsOfSecond(plan, ms), second, signal)
  }

  /** As a power cut would; world time stands until the next one is ready. Resolves then. */
  async kill(): Promise<void> {
    this.#deps.world.pause()
    await this.#cut()
    await this.#back
  }

  async stop(graceMs: number): Promise<void> {
    await this.#terminal?.stop(graceMs)
  }

  async close(): Promise<void> {
    if (this.#lines !== null) await closeLines(this.#lines)
  }

  async #cut(): Promise<void> {
    const killed = this.#terminal!
    this.#killed = killed
    killed.kill('SIGKILL')
    await killed.exited
  }

  /** The plan says when there is power; the world goes on without it. */
  async #power(worldMs: number): Promise<void> {
    const { plan, paths } = this.#deps
    const hasPower = !isOff(plan, worldMs)
    if (hasPower === this.#hasPower) return
    this.#hasPower = hasPower
    if (!hasPower) return this.#cut()
    const over = plan.faults.terminal.findLast(({ toMs }) => toMs <= worldMs)
    if (over?.outbox === 'lost')
      for (const file of outboxFiles) rmSync(join(paths.terminalDir, file), { force: true })
    await this.#restart()
  }

  /** One that ended unasked, or was killed while it has power, is started again. */
  #ended(ended: Child): void {
    const { isOver, fellTooOften, fail } = this.#deps
    if (isOver() || ended !== this.#terminal || !this.#hasPower) return
    if (ended !== this.#killed && fellTooOften(ended)) return
    this.#back = this.#restart().catch(fail)
  }

  /**
   * The protocol of design 4: the terminal process is gone, so world time stands; the lines are pulled and put
   * back, because bytes nobody read are gone with the power; it resumes on the ready line of the next one.
   */
  async #restart(): Promise<void> {
    const { world, isOver } = this.#deps
    world.pause()
    const lines = Object.values(this.lines)
    await Promise.all(lines.map((line) => line.unplug()))
    await Promise.all(lines.map((line) => line.plug()))
    if (isOver()) return
    await this.start()
    world.resume()
  }

  #walk(): void {
    const { world } = this.#deps
    this.#walksUntilMs = world.nowMs() + walk.forWorldMs
    world.holdTo(walk.factor)
  }

  #runAgain(worldMs: number): void {
    if (this.#walksUntilMs === null || worldMs < this.#walksUntilMs) return
    this.#walksUntilMs = null
    this.#deps.world.holdTo(Number.POSITIVE_INFINITY)
  }
}
