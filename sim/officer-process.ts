import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Alert } from '../proto/model.ts'
import { exitOf, stop } from './child.ts'

/** The officer's process seen from the one who starts it. */
export type OfficerProcess = {
  readonly pid: number
  /** Resolves when the subscription stands: start the drive then, and no alert can come before it. */
  readonly ready: Promise<void>
  /** Resolves when the process is gone, asked or not. */
  readonly exited: Promise<unknown>
  readonly stop: () => Promise<void>
}

export type OfficerOptions = {
  readonly alerts: number
  readonly http: number
  readonly fleet: string
  readonly receipts: string
  /** Print a line per alert on our own stdout. */
  readonly print: boolean
  /** Asks for the alerts of everybody too, which it must not get. */
  readonly curious?: boolean
}

const script = fileURLToPath(new URL('officer.ts', import.meta.url))
const readyMs = 120_000
/** Longer than its last look. */
const graceMs = 5000

export function startOfficer(options: OfficerOptions, onAlert: (alert: Alert) => void): OfficerProcess {
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exited = exitOf(child)
  const ready = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the officer could not subscribe')), readyMs)
    const settle = (end: () => void): void => {
      clearTimeout(late)
      end()
    }
    void exited.then(() => settle(() => reject(new Error('the officer ended before it had subscribed'))))
    child.on('message', (message: { kind: string; alert?: Alert }) => {
      if (message.kind === 'alert' && message.alert !== undefined) onAlert(message.alert)
      else settle(resolve)
    })
  })
  ready.catch(() => {})
  return {
    ready,
    exited,
    pid: child.pid ?? 0,
    stop: () => stop((signal) => child.kill(signal), exited, graceMs),
  }
}
