import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** A process of the product, started the way an operator starts it, listened to on its stdout. */
export type Child = {
  readonly name: string
  readonly pid: number
  /** The `{"kind":"ready",...}` line; rejects with the process's last words when it ends before. */
  readonly ready: Promise<Ready>
  /** Resolves when the process is gone. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  readonly kill: (signal: NodeJS.Signals) => void
  /** Asks it to end and, after the grace time, makes it. */
  readonly stop: (graceMs: number) => Promise<void>
  /** The last lines it said, for the error message of the one who misses it. */
  readonly lastWords: () => string
}

export type Ready = { readonly kind: 'ready'; readonly [key: string]: unknown }

export type ChildOptions = {
  readonly name: string
  readonly script: string
  readonly args: readonly string[]
  /** Everything it says goes here: it must leave nothing elsewhere. */
  readonly logFile: string
  readonly cwd: string
  /** On top of this process's own. */
  readonly env?: NodeJS.ProcessEnv
}

const wordsKept = 20
/** How long one may take to be ready: longer than on any machine that is merely busy. */
const readyMs = 120_000
const leash = new URL('./leash.ts', import.meta.url).href

export function startChild({ name, script, args, logFile, cwd, env }: ChildOptions): Child {
  const log = createWriteStream(logFile, { flags: 'a' })
  const child = spawn(process.execPath, ['--import', leash, script, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env, INIT_CWD: cwd },
  })
  const words: string[] = []
  const lastWords = (): string => words.slice(-5).join(' | ')
  const listen = (stream: NodeJS.ReadableStream, hear: (line: string) => void): void => {
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`)
      words.push(line)
      if (words.length > wordsKept) words.shift()
      hear(line)
    })
  }
  const ready = new Promise<Ready>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${name} was not ready within ${readyMs} ms`)), readyMs)
    late.unref()
    listen(child.stdout!, (line) => {
      const told = readyLine(line)
      if (told !== null) resolve(told)
    })
    child.once('close', (code, signal) => {
      clearTimeout(late)
      reject(
        new Error(`${name} ended (${signal ?? code}) before it was ready: ${words.slice(-5).join(' | ')}`),
      )
    })
  })
  ready.catch(() => {})
  listen(child.stderr!, () => {})
  const exited = exitOf(child).finally(() => log.end())
  const kill = (signal: NodeJS.Signals): void => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  }
  return {
    name,
    pid: child.pid ?? 0,
    ready,
    exited,
    kill,
    stop: (graceMs) => stop(kill, exited, graceMs),
    lastWords,
  }
}

function readyLine(line: string): Ready | null {
  if (!line.startsWith('{')) return null
  try {
    const told = JSON.parse(line) as Ready
    return told.kind === 'ready' ? told : null
  } catch {
    return null
  }
}

type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: null, signal: null }))
  })
}

export async function stop(
  kill: (signal: NodeJS.Signals) => void,
  exited: Promise<unknown>,
  graceMs: number,
): Promise<void> {
  kill('SIGTERM')
  const timer = setTimeout(() => kill('SIGKILL'), graceMs)
  await exited
  clearTimeout(timer)
}
