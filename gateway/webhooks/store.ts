import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { parseDocument } from '../../proto/problem.ts'
import { writeDurably } from '../durable-file.ts'
import { readJson } from '../files.ts'
import { formats } from './letter.ts'

/** Webhooks as they lie on the disk: where each is, up to where it was told, and what could not be delivered. */

const severities = ['info', 'minor', 'major', 'critical'] as const

const hookSchema = z.strictObject({
  id: z.string(),
  fleet: z.string(),
  url: z.string(),
  secret: z.string(),
  format: z.enum(formats),
  severities: z.array(z.enum(severities)).nullable(),
  kinds: z.array(z.string()).nullable(),
  by: z.string(),
  createdAt: z.string(),
  /** Alerts up to here are delivered, or lie among the dead letters. */
  cursor: z.number(),
})
export type Hook = z.infer<typeof hookSchema>
const fileSchema = z.strictObject({ hooks: z.array(hookSchema) })

export type DeadLetter = {
  readonly at: string
  readonly why: string
  readonly alert: string
  readonly revision: number
}

export type HookStore = {
  readonly all: () => readonly Hook[]
  readonly put: (hook: Hook) => void
  readonly remove: (id: string) => void
  readonly bury: (id: string, letter: DeadLetter) => void
  readonly dead: (id: string) => readonly DeadLetter[]
  /** Takes the dead letters out, to be tried again. */
  readonly exhume: (id: string) => readonly DeadLetter[]
}

export function openHookStore(dataDir: string): HookStore {
  const file = path.join(dataDir, 'webhooks.json')
  const folder = path.join(dataDir, 'webhooks-dead')
  const hooks = new Map<string, Hook>()
  if (existsSync(file))
    for (const hook of parseDocument(fileSchema, readJson(file), file).hooks) hooks.set(hook.id, hook)
  const deadFile = (id: string): string => path.join(folder, `${id}.ndjson`)
  // Secrets are in it.
  const save = (): void =>
    writeDurably(file, `${JSON.stringify({ hooks: [...hooks.values()] }, null, 2)}\n`, 0o600)
  const dead = (id: string): readonly DeadLetter[] =>
    existsSync(deadFile(id)) ? linesOf(readFileSync(deadFile(id), 'utf8')) : []
  return {
    all: () => [...hooks.values()],
    put: (hook) => {
      hooks.set(hook.id, hook)
      save()
    },
    remove: (id) => {
      hooks.delete(id)
      save()
      rmSync(deadFile(id), { force: true })
    },
    bury: (id, letter) => {
      mkdirSync(folder, { recursive: true })
      appendFileSync(deadFile(id), `${JSON.stringify(letter)}\n`, { flush: true })
    },
    dead,
    exhume: (id) => {
      const letters = dead(id)
      rmSync(deadFile(id), { force: true })
      return letters
    },
  }
}

/** For gateways without files. */
export function memoryHookStore(): HookStore {
  const hooks = new Map<string, Hook>()
  const letters = new Map<string, DeadLetter[]>()
  const dead = (id: string): readonly DeadLetter[] => letters.get(id) ?? []
  return {
    all: () => [...hooks.values()],
    put: (hook) => void hooks.set(hook.id, hook),
    remove: (id) => void hooks.delete(id),
    bury: (id, letter) => void letters.set(id, [...dead(id), letter]),
    dead,
    exhume: (id) => {
      const all = dead(id)
      letters.delete(id)
      return all
    },
  }
}

/** A last line that a power cut shortened is left out. */
function linesOf(text: string): DeadLetter[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as DeadLetter]
    } catch {
      return []
    }
  })
}
