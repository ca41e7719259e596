import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { parseDocument } from '../../proto/problem.ts'
import { syncFolder, writeDurably } from '../durable-file.ts'
import { readJson } from '../files.ts'
import { makeFolders } from '../make-folder.ts'
import { events, formats } from './letter.ts'

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
  /** What it is told of; absent in files of before there was a choice: all. */
  events: z.array(z.enum(events)).optional(),
  /** Escalations up to this line of the register; absent in files of before they were posted. */
  line: z.number().optional(),
})
export type Hook = z.infer<typeof hookSchema>
const fileSchema = z.strictObject({ hooks: z.array(hookSchema) })

export type DeadLetter = {
  readonly at: string
  readonly why: string
  readonly alert: string
  readonly revision: number
  /** Of an escalation, its line in the register. */
  readonly line?: number
}

export type HookStore = {
  readonly all: () => readonly Hook[]
  readonly put: (hook: Hook) => void
  readonly remove: (id: string) => void
  readonly bury: (id: string, letter: DeadLetter) => void
  readonly dead: (id: string) => readonly DeadLetter[]
  /** Delivered after all. */
  readonly exhume: (id: string, letter: DeadLetter) => void
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
      makeFolders(folder)
      const isNew = !existsSync(deadFile(id))
      appendFileSync(deadFile(id), `${JSON.stringify(letter)}\n`, { flush: true })
      if (isNew) syncFolder(folder)
    },
    dead,
    exhume: (id, letter) => {
      const left = dead(id).filter((one) => !isSame(one, letter))
      const text = left.map((one) => `${JSON.stringify(one)}\n`).join('')
      if (left.length === 0) rmSync(deadFile(id), { force: true })
      else writeDurably(deadFile(id), text)
    },
  }
}

export const isSame = (a: DeadLetter, b: DeadLetter): boolean =>
  a.alert === b.alert && a.revision === b.revision && a.line === b.line

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
    exhume: (id, letter) =>
      void letters.set(
        id,
        dead(id).filter((one) => !isSame(one, letter)),
      ),
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
