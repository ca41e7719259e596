import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { alertOf, type Facts } from './facts.ts'
import { may, notFound, problem, type Route, route } from './route.ts'
import { notYours } from './visitors.ts'

/** The signed file that speaks for one alert, as a download. */

/** Gathered at the same time; each reads days of the journal. */
const atOnceMax = 2

export function evidenceRoute(facts: Facts, dataDir: string | null): Route {
  let running = 0
  return route({
    method: 'GET',
    path: '/api/v1/alerts/:id/evidence',
    summary: 'Everything that speaks for an alert, in one signed file for `npm run verify`',
    // Names of drivers stand in it unmasked: it is what was sent, byte for byte.
    role: 'act',
    body: null,
    query: null,
    answer: z.string(),
    file: 'application/json',
    handle: async ({ who, params }) => {
      const alert = alertOf(facts, who, params['id'] ?? '')
      if (alert === null) return notFound('id', unknownAlert)
      if (!may(who, alert.fleet, 'act')) return problem(403, 'role', notYours)
      if (dataDir === null) return problem(503, 'id', noFiles)
      if (running >= atOnceMax) return problem(429, 'id', busy)
      running++
      try {
        const content = await gather(dataDir, alert.id)
        if (content === null) return notFound('id', unknownAlert)
        return { is: 'file', type: 'application/json', name: `${alert.id}.json`, content }
      } finally {
        running--
      }
    },
  })
}

function gather(dataDir: string, id: string): Promise<string | null> {
  const worker = new Worker(new URL('./evidence-worker.ts', import.meta.url), {
    workerData: { dataDir, id },
  })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the evidence could not be gathered')))
  })
}

const unknownAlert = { zh: '报警', en: 'alert' }
const noFiles = { zh: '本网关没有日志文件', en: 'this gateway keeps no files' }
const busy = {
  zh: '正在导出其他证据，请稍后再试',
  en: 'other evidence is being gathered; try again in a moment',
}
