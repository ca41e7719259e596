import { parentPort, workerData } from 'node:worker_threads'

/** Who asks, in a thread of its own: what it costs to read an answer is not the gateway's. One after the other. */
export type Asking = { readonly base: string; readonly paths: readonly string[] }

const { base, paths } = workerData as Asking
const times: number[] = []
for (const path of paths) {
  const since = performance.now()
  const response = await fetch(base + path)
  await response.arrayBuffer()
  times.push(performance.now() - since)
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
}
parentPort?.postMessage(times)
