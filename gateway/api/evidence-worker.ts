import { parentPort, workerData } from 'node:worker_threads'
import { evidenceOf } from '../evidence.ts'

/** Gathers the evidence of one alert beside the gateway: it reads whole days, and alerts do not wait for that. */
const { dataDir, id } = workerData as { readonly dataDir: string; readonly id: string }
const evidence = evidenceOf(dataDir, id)
parentPort?.postMessage(evidence === null ? null : `${JSON.stringify(evidence, null, 2)}\n`)
