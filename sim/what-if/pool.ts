import { Worker } from 'node:worker_threads'
import type { Outcome, Task } from './task.ts'

/** Tasks on all cores; `done` is called as they end, in no order. */
export async function runTasks(
  tasks: readonly Task[],
  threads: number,
  done: (outcome: Outcome, task: Task) => void,
): Promise<void> {
  let next = 0
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url))
    try {
      for (let task = tasks[next++]; task !== undefined; task = tasks[next++])
        done(await ask(worker, task), task)
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, work))
}

function ask(worker: Worker, task: Task): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const heard = (outcome: Outcome): void => {
      worker.off('error', reject)
      resolve(outcome)
    }
    worker.once('message', heard)
    worker.once('error', reject)
    worker.postMessage(task)
  })
}
