/**
 * The simulated clock. While a world runs, the timers of this process are the world's: `setTimeout`, `setInterval`
 * and `setImmediate` put tasks into one queue that is walked in order of simulated time. Each task belongs to the
 * simulated process that was running when it was made; when that process dies, its tasks are never run.
 */
export type Owner = { alive: boolean }

type Task = {
  readonly owner: Owner | null
  readonly run: () => void
  /** Set for an interval. */
  readonly everyMs: number | null
  atMs: number
  order: number
  cancelled: boolean
}

/** Taken before anybody replaces it: the one way to let every promise that is due run. */
const turn = globalThis.setImmediate
/** Intervals this short only look at the clock, and nothing asynchronous comes of them. */
const beatMs = 100

export class Scheduler {
  nowMs = 0
  owner: Owner | null = null
  readonly #heap: Task[] = []
  #order = 0

  at(delayMs: number, run: () => void, owner: Owner | null = this.owner): Task {
    return this.#add({ run, owner, everyMs: null }, delayMs)
  }

  every(everyMs: number, run: () => void, owner: Owner | null = this.owner): Task {
    return this.#add({ run, owner, everyMs }, everyMs)
  }

  /** Resolves after so much simulated time, for the process that asks. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.at(delayMs, resolve))
  }

  /** Runs what is due up to that time, or until `done` says so; true when it did. */
  async runUntil(untilMs: number, done: () => boolean = () => false): Promise<boolean> {
    for (;;) {
      if (done()) return true
      const task = this.#heap[0]
      if (task === undefined || task.atMs > untilMs) break
      this.#pop()
      if (task.cancelled || task.owner?.alive === false) continue
      this.nowMs = Math.max(this.nowMs, task.atMs)
      await this.#run(task)
    }
    this.nowMs = Math.max(this.nowMs, untilMs)
    return done()
  }

  async #run(task: Task): Promise<void> {
    this.owner = task.owner
    task.run()
    if (task.everyMs !== null && !task.cancelled) {
      task.atMs = this.nowMs + task.everyMs
      task.order = this.#order++
      this.#push(task)
      if (task.everyMs < beatMs) return
    }
    // Whatever promises this task has settled belong to the same process.
    await new Promise<void>((resolve) => turn(resolve))
    this.owner = null
  }

  #add(parts: Pick<Task, 'run' | 'owner' | 'everyMs'>, delayMs: number): Task {
    const atMs = this.nowMs + Math.max(0, delayMs)
    const task = { ...parts, atMs, order: this.#order++, cancelled: false }
    this.#push(task)
    return task
  }

  #push(task: Task): void {
    const heap = this.#heap
    let at = heap.push(task) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(heap[at]!, heap[parent]!)) return
      swap(heap, at, parent)
      at = parent
    }
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    heap[0] = last
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      const right = left + 1
      let least = at
      if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left
      if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right
      if (least === at) return
      swap(heap, at, least)
      at = least
    }
  }

  /** Makes the timers of this process the world's; answers how to undo it. */
  install(): () => void {
    const real = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate }
    const asTimer = (task: Task): Task & { unref: () => unknown; ref: () => unknown } => {
      const timer = Object.assign(task, { unref: () => timer, ref: () => timer })
      return timer
    }
    const clear = (task: unknown): void => {
      if (typeof task === 'object' && task !== null) (task as Task).cancelled = true
    }
    type Act = (...args: unknown[]) => void
    const fake = {
      setTimeout: (act: Act, delayMs = 0, ...args: unknown[]) =>
        asTimer(this.at(Math.max(1, delayMs), () => act(...args))),
      setInterval: (act: Act, everyMs = 1, ...args: unknown[]) =>
        asTimer(this.every(Math.max(1, everyMs), () => act(...args))),
      setImmediate: (act: Act, ...args: unknown[]) => asTimer(this.at(0, () => act(...args))),
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    }
    Object.assign(globalThis, fake)
    return () => Object.assign(globalThis, real)
  }
}

const isBefore = (a: Task, b: Task): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

function swap(heap: Task[], a: number, b: number): void {
  const held = heap[a]!
  heap[a] = heap[b]!
  heap[b] = held
}
