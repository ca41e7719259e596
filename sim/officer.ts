import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync, type MqttClient } from 'mqtt'
import { z } from 'zod'
import type { Alert } from '../proto/model.ts'
import { parseDocument } from '../proto/problem.ts'
import { alertLine } from './alert-line.ts'

/**
 * A safety officer's program, as anybody could write it: one MQTT subscription to the JSON topics of a fleet, and
 * after each (re)connection a look at `GET /alerts?after=CURSOR` for what was missed. A process of its own. What comes
 * is written down, whoever it belongs to: sorting is the gateway's work.
 * `node sim/officer.ts '{"alerts":port,"http":port,"fleet":"demo","receipts":"file","print":true}'`
 */
const optionsSchema = z.strictObject({
  alerts: z.number().int(),
  http: z.number().int(),
  fleet: z.string(),
  receipts: z.string(),
  print: z.boolean(),
  curious: z.boolean().default(false).describe('asks for the alerts of everybody too, which it must not get'),
})

const options = parseDocument(optionsSchema, JSON.parse(process.argv[2] ?? 'null'), 'officer')
const seen = new Set<string>()
const printed = new Set<string>()
// Colours only on a terminal, and not where NO_COLOR asks for none.
const coloured = process.stdout.isTTY && process.stdout.hasColors()
/** The highest cursor seen, and what it was when the connection broke; 0 before the first one. */
let cursor = 0
let lostAt: number | null = 0
let stopping = false

function take(alert: Alert, via: 'mqtt' | 'http'): void {
  const revision = `${alert.id}/${alert.revision}/${alert.severity}`
  cursor = Math.max(cursor, alert.cursor)
  if (seen.has(revision)) return
  seen.add(revision)
  appendFileSync(options.receipts, `${JSON.stringify({ hostMs: Date.now(), via, alert })}\n`)
  // One alert, one line: later revisions are receipts, not news.
  if (options.print && !printed.has(alert.id)) process.stdout.write(`${alertLine(alert, coloured)}\n`)
  printed.add(alert.id)
  tell({ kind: 'alert', alert })
}

/** Tells the program that started this one; nobody listens when a person did. */
function tell(message: { kind: string; alert?: Alert }): void {
  if (process.connected) process.send?.(message)
}

/**
 * Reads what came while nobody listened, page by page. It begins at what had been seen when the connection broke:
 * a live alert that is faster than the first page must not hide the ones before it.
 */
async function catchUp(): Promise<void> {
  let from = lostAt ?? cursor
  for (;;) {
    const upTo = await readPage(from)
    if (upTo <= from) break
    from = upTo
  }
  lostAt = null
}

async function readPage(after: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${options.http}/alerts?fleet=${options.fleet}&after=${after}`)
  if (!answer.ok) throw new Error(`GET /alerts answered ${answer.status}`)
  let upTo = after
  for (const line of (await answer.text()).split('\n')) {
    if (line === '') continue
    const alert = JSON.parse(line) as Alert
    if (typeof alert.id !== 'string') continue
    upTo = Math.max(upTo, alert.cursor)
    take(alert, 'http')
  }
  return upTo
}

async function subscribe(client: MqttClient): Promise<void> {
  await client.subscribeAsync(`alerts-json/v1/${options.fleet}/#`, { qos: 1 })
  if (options.curious) await client.subscribeAsync('alerts-json/v1/+/#', { qos: 1 }).catch(() => {})
  while (client.connected && lostAt !== null) await catchUp().catch(() => sleep(retryMs))
}

const retryMs = 200

/** Who is asked to go reads what is journaled already, however slowly it comes over the wire; a gateway that is gone is not waited for. */
async function lastLook(): Promise<void> {
  await Promise.race([catchUp().catch(() => {}), sleep(lastLookMs)])
}

const lastLookMs = 3000

async function main(): Promise<void> {
  const client = await connectAsync(`mqtt://127.0.0.1:${options.alerts}`, {
    protocolVersion: 4,
    clientId: `officer-${process.pid}`,
    // On loopback a name narrows to the fleet it names, and nobody asks for a password.
    username: options.fleet,
    reconnectPeriod: 100,
    connectTimeout: 5000,
  })
  client.on('error', () => {})
  client.on('message', (_topic, payload) => take(JSON.parse(payload.toString('utf8')) as Alert, 'mqtt'))
  client.on('close', () => {
    lostAt ??= cursor
  })
  client.on('connect', () => void subscribe(client).catch(() => {}))
  await subscribe(client)
  const stop = () => {
    if (stopping) return
    stopping = true
    void client.endAsync(true).finally(() => process.exit(0))
  }
  process.on('SIGTERM', () => void lastLook().finally(stop))
  process.on('SIGINT', stop)
  // Whoever read our lines is gone.
  process.stdout.on('error', stop)
  // The one who started us is gone: nothing is left to report to.
  process.on('disconnect', stop)
  tell({ kind: 'ready' })
}

await main()
