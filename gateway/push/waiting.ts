import { existsSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { parseDocument } from '../../proto/problem.ts'
import { writeDurably } from '../durable-file.ts'
import { readJson } from '../files.ts'

/** Words that wait for cabs that are away, on disk: what was told to an officer as waiting still waits after a restart. */
const orderSchema = z.strictObject({ atMs: z.number(), version: z.number().int(), words: z.string() })
export type Order = z.infer<typeof orderSchema>

export type WaitingStore = {
  readonly load: () => ReadonlyMap<string, Order>
  readonly save: (waiting: ReadonlyMap<string, Order>) => void
}

export function openWaiting(dataDir: string): WaitingStore {
  const file = path.join(dataDir, 'words-waiting.json')
  return {
    load: () => {
      if (!existsSync(file)) return new Map()
      return new Map(Object.entries(parseDocument(z.record(z.string(), orderSchema), readJson(file), file)))
    },
    save: (waiting) => writeDurably(file, `${JSON.stringify(Object.fromEntries(waiting))}\n`, 0o600),
  }
}
