import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'

/** Programs that are not ours, which some tests need. */

/** Where the program is; null when this machine has none. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null
}

/**
 * True when tests that need the program must be skipped. On CI nothing is skipped: a missing program lets the
 * tests run and fail, because a suite that silently shrinks proves nothing.
 */
export function mustSkip(name: string): boolean {
  return findProgram(name) === null && process.env['CI'] !== 'true'
}

export function startProgram(name: string, args: readonly string[]): ChildProcess {
  const file = findProgram(name)
  if (file === null) throw new Error(`${name} is not installed on this machine`)
  return spawn(file, args, { stdio: ['pipe', 'ignore', 'pipe'] })
}

/** Ends a process that this test started, and waits until it is gone. */
export async function endProgram(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

/** A loopback port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Waits until something holds; fails with the words when it does not in time. */
export async function eventually(what: string, holds: () => boolean, timeoutMs = 60_000): Promise<void> {
  const untilMs = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > untilMs) throw new Error(`in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
