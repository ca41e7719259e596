import { appendFileSync } from 'node:fs'
import { connectAsync, type MqttClient } from 'mqtt'
import { z } from 'zod'
import type { Alert } from '../proto/model.ts'
import { parseDocument } from '../proto/problem.ts'
import { alertLine } from './alert-line.ts'

/**
 * A safety officer's program, as anybody could write it: one MQTT subscription to the JSON topics of a fleet, and
 * after each (re)connection a look at `GET /alerts?after=CURSOR` for what was missed. A process of its own.
 * `node sim/officer.ts '{"alerts":port,"http":port,"fleet":"demo","receipts":"file","print":true}'`
 */
const optionsSchema = z.strictObject({
  alerts: z.number().int(),
  http: z.number().int(),
  fleet: z.string(),
  receipts: z.string(),
  print: z.boolean(),
})

const options = parseDocument(optionsSchema, JSON.parse(process.argv[2] ?? 'null'), 'officer')
const seen = new Set<string>()
const printed = new Set<string>()
let cursor = 0
let stopping = false

function take(alert: Alert, via: 'mqtt' | 'http'): void {
  const revision = `${alert.id}/${alert.revision}/${alert.severity}`
  cursor = Math.max(cursor, alert.cursor)
  if (seen.has(revision)) return
  seen.add(revision)
  appendFileSync(options.receipts, `${JSON.stringify({ hostMs: Date.now(), via, alert })}\n`)
  // One alert, one line: later revisions are receipts, not news.
  if (options.print && !printed.has(alert.id))
    process.stdout.write(`${alertLine(alert, process.stdout.isTTY)}\n`)
  printed.add(alert.id)
  tell({ kind: 'alert', alert })
}

/** Tells the program that started this one; nobody listens when a person did. */
function tell(message: { kind: string; alert?: Alert }): void {
  if (process.connected) process.send?.(message)
}

/** Pages until nothing new comes. */
async function catchUp(): Promise<void> {
  let before: number
  do {
    before = cursor
    await readPage()
  } while (cursor > before)
}

async function readPage(): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${options.http}/alerts?after=${cursor}`)
  if (!answer.ok) return
  for (const line of (await answer.text()).split('\n')) {
    if (line === '') continue
    const alert = JSON.parse(line) as Alert
    if (typeof alert.id === 'string' && alert.fleet === options.fleet) take(alert, 'http')
  }
}

async function subscribe(client: MqttClient): Promise<void> {
  await client.subscribeAsync(`alerts-json/v1/${options.fleet}/#`, { qos: 1 })
  await catchUp().catch(() => {})
}

async function main(): Promise<void> {
  const client = await connectAsync(`mqtt://127.0.0.1:${options.alerts}`, {
    protocolVersion: 4,
    clientId: `officer-${process.pid}`,
    reconnectPeriod: 100,
    connectTimeout: 5000,
  })
  client.on('error', () => {})
  client.on('message', (_topic, payload) => take(JSON.parse(payload.toString('utf8')) as Alert, 'mqtt'))
  client.on('connect', () => void subscribe(client).catch(() => {}))
  await subscribe(client)
  const stop = () => {
    if (stopping) return
    stopping = true
    void client.endAsync(true).finally(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // The one who started us is gone: nothing is left to report to.
  process.on('disconnect', stop)
  tell({ kind: 'ready' })
}

await main()
