import { destination, type Logger, pino } from 'pino'
import { plainField, plainText } from '../proto/redact.ts'

/** The terminal's only door to pino. One child per edge; pure code returns findings and never logs. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>

/** Logs to stderr: stdout belongs to the ready line. Written at once, so that a kill leaves the last words. */
export function createLog(level: string): Logger {
  const formatters = { log: (fields: object) => plainField('', fields) as Record<string, unknown> }
  const hooks = {
    logMethod(this: unknown, args: unknown[], method: (...args: never[]) => void): void {
      method.apply(
        this as never,
        args.map((arg) => (typeof arg === 'string' ? plainText(arg) : arg)) as never,
      )
    },
  }
  return pino({ level, base: null, formatters, hooks }, destination({ dest: 2, sync: true }))
}

/** Says nothing: for tests and embedding. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }

/**
 * A complaint that repeats is written once per interval, with how often it was meant. `ok` writes once that the
 * cause is gone.
 */
export class Complaint {
  readonly #log: Log
  readonly #what: string
  readonly #intervalMs: number
  #lastMs = Number.NEGATIVE_INFINITY
  #count = 0
  #standing = false

  constructor(log: Log, what: string, intervalMs = 60_000) {
    this.#log = log
    this.#what = what
    this.#intervalMs = intervalMs
  }

  say(cause: unknown): void {
    this.#count++
    this.#standing = true
    const nowMs = performance.now()
    if (nowMs - this.#lastMs < this.#intervalMs) return
    this.#lastMs = nowMs
    const why = cause instanceof Error ? cause.message : String(cause)
    this.#log.error({ why, count: this.#count }, this.#what)
  }

  ok(): void {
    if (!this.#standing) return
    this.#standing = false
    this.#log.info({ count: this.#count }, `over: ${this.#what}`)
    this.#count = 0
    this.#lastMs = Number.NEGATIVE_INFINITY
  }
}
