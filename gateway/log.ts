import pino from 'pino'
import { plainField, plainText } from '../proto/redact.ts'

/** The gateway's words for operators: JSON lines on stderr. The only door to pino. */
export type Log = {
  readonly info: (event: string, details?: Details) => void
  readonly warn: (event: string, details?: Details) => void
  readonly error: (event: string, details?: Details) => void
}
export type Details = { readonly [name: string]: string | number | boolean | null }

export function createLog(): Log {
  const sink = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
  const at =
    (level: 'info' | 'warn' | 'error') =>
    (event: string, details: Details = {}): void =>
      sink[level](bounded(details), plain(event))
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }

function bounded(details: Details): Details {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [plain(name), plainField(name, value)]),
  ) as Details
}

/** What a client sent may turn a terminal's or a viewer's display around, or be nobody's business: shown otherwise. */
export const plain = plainText
