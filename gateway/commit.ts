import type { Lane } from '../proto/model.ts'

/**
 * Group commit. Work waits in two queues, alarms first; a group closes when the event loop has taken in what there
 * was (`setImmediate`) or at 256; one group is written at a time. After a failed write nothing more is promised: the
 * process ends and finds its state in the journal again.
 */
export type Committer<Job> = {
  readonly add: (lane: Lane, job: Job) => void
  readonly waiting: () => number
  /** Resolves when nothing waits and nothing is being written. */
  readonly idle: () => Promise<void>
}

export const groupMax = 256

export function createCommitter<Job>(
  write: (jobs: readonly Job[]) => Promise<void>,
  onFatal: (error: unknown) => void,
): Committer<Job> {
  const alarms: Job[] = []
  const others: Job[] = []
  let running: Promise<void> | null = null
  let dead = false

  const loop = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    while (alarms.length + others.length > 0 && !dead) {
      const jobs = alarms.splice(0, groupMax)
      jobs.push(...others.splice(0, groupMax - jobs.length))
      await write(jobs)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const start = (): void => {
    running ??= loop()
      .catch((error: unknown) => {
        dead = true
        onFatal(error)
      })
      .finally(() => {
        running = null
        if (!dead && alarms.length + others.length > 0) start()
      })
  }
  return {
    add: (lane, job) => {
      const queue = lane === 'alarm' ? alarms : others
      queue.push(job)
      start()
    },
    waiting: () => alarms.length + others.length,
    idle: async () => {
      while (running !== null) await running
    },
  }
}

/** Gives callbacks back in the order their packets arrived, whatever order the work behind them is done in. */
export type Arrivals = { readonly take: (done: (error?: Error) => void) => (error?: Error) => void }

export function createArrivals(): Arrivals {
  type Slot = { readonly done: (error?: Error) => void; ready: boolean; error: Error | undefined }
  const slots: Slot[] = []
  return {
    take: (done) => {
      const slot: Slot = { done, ready: false, error: undefined }
      slots.push(slot)
      return (error) => {
        slot.ready = true
        slot.error = error
        while (slots[0]?.ready === true) {
          const first = slots.shift()!
          first.done(first.error)
        }
      }
    },
  }
}
