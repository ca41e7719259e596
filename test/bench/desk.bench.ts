import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { alertRoutes } from '../../gateway/api/alerts.ts'
import type { Facts } from '../../gateway/api/facts.ts'
import { createApi } from '../../gateway/api/server.ts'
import { realWorld } from '../../gateway/clock.ts'
import { type AlertIndex, openAlertIndex } from '../../gateway/journal/alert-index.ts'
import { Day } from '../../gateway/journal/day.ts'
import { openSqliteJournal } from '../../gateway/journal/sqlite.ts'
import type { Journal } from '../../gateway/journal.ts'
import type { Alert } from '../../proto/model.ts'
import { rowOf, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import type { Asking } from './desk-ask.ts'

/**
 * The lists of the desk over a journal of DESK_ROWS rows (1,000,000): nine envelopes to one alert, thirty days, fifty
 * fleets of forty vehicles, all but 500 alerts settled. Over HTTP, one officer at a time, as it is served. DESK_FOLDER
 * keeps the journal and its index: what is in it is not made again, also when the making was cut short between two days.
 */
type BenchRow = { readonly name: string; readonly value: number; readonly unit: string }

const days = 30
const fleets = 50
const vehiclesEach = 40
const openAlerts = 500
const envelopesPerAlert = 9
const asked = 300
const startMs = Date.parse('2026-10-01T00:00:00Z')
const dayMs = 86_400_000

export async function deskBench(): Promise<readonly BenchRow[]> {
  const rows = Number(process.env['DESK_ROWS'] ?? 1_000_000)
  const alerts = Math.max(openAlerts, Math.floor(rows / (envelopesPerAlert + 1)))
  const kept = process.env['DESK_FOLDER']
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'desk-bench-'))
  mkdirSync(folder, { recursive: true })
  try {
    fill(folder, alerts)
    const journal = openSqliteJournal({ dataDir: folder, zone: 'UTC', nowMs: () => startMs + days * dayMs })
    const index = openAlertIndex(join(folder, 'alert-index.db'), {
      alertsAfter: (cursor, limit, fleet) => journal.alertsAfter(cursor, limit, fleet),
      handledAfter: (cursor, limit) => settledAfter(cursor, limit, alerts),
      isSettled: (status) => status === 'closed',
    })
    const sinceMs = performance.now()
    await index.follow()
    const built = (performance.now() - sinceMs) / 1000
    const measured = await measure(journal, index, alerts)
    index.close()
    await journal.close()
    return [
      { name: 'rows of the journal', value: alerts * (envelopesPerAlert + 1), unit: '' },
      { name: kept === undefined ? 'the index, made anew' : 'the index, followed', value: built, unit: 's' },
      ...measured,
    ]
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true })
  }
}

/** Severity and kind go by other strides than fleet and vehicle: every combination occurs. */
function alertAt(n: number, alerts: number): Alert {
  const at = new Date(startMs + Math.floor((n * days * dayMs) / alerts)).toISOString()
  const fleet = `fleet-${n % fleets}`
  const vehicle = `v${Math.floor(n / fleets) % vehiclesEach}`
  const severity = (['info', 'minor', 'major', 'critical'] as const)[Math.floor(n / 7) % 4]!
  const kind = ['speeding', 'fatigue', 'curfew', 'area', 'off-route', 'gnss-lost'][Math.floor(n / 11) % 6]!
  return {
    ...{ id: n.toString(16).padStart(32, '0'), revision: 1, cursor: n, kind, reason: null, phase: 'ended' },
    ...{ subject: vehicle, severity, grade: 'sufficient', fleet, vehicle, plate: '浙A12345', driver: 'd-1' },
    ...{ trip: 't-1', at, decidedAt: at, receivedAt: at, late: false, supersedes: null },
    ...{ place: { lat: 30.25, lon: 120.16 }, rule: { id: kind, version: 1 }, policyDigest: '0'.repeat(64) },
    article: '《道路交通安全法实施条例》第七十八条',
    evidence: { limitKmh: 80, limitSetBy: 'class', peakKmh: 95.3, meanKmh: 91.2, distanceM: 1234 },
    explain: {
      zh: '02:13:05，浙A12345在30.25000,120.16000超速行驶1分12秒，最高95.3km/h，限速80km/h（车型），超19%。',
      en: '浙A12345 exceeded 80 km/h (set by class) for 1 min 12 s near 30.25000,120.16000; peak 95.3 km/h, 19 % over.',
    },
  } as Alert
}

function fill(folder: string, alerts: number): void {
  for (let d = 0; d < days; d++) {
    const name = `journal-${new Date(startMs + d * dayMs).toISOString().slice(0, 10)}.db`
    if (existsSync(join(folder, name))) continue
    const unfinished = join(folder, 'unfinished.db')
    for (const end of ['', '-wal', '-shm']) rmSync(`${unfinished}${end}`, { force: true })
    fillDay(unfinished, Math.floor((alerts * d) / days) + 1, Math.floor((alerts * (d + 1)) / days), alerts)
    renameSync(unfinished, join(folder, name))
  }
}

/** Alerts from the `n`th to the `untilN`th, each after the envelopes of its vehicle. */
function fillDay(file: string, n: number, untilN: number, alerts: number): void {
  const samples = Array.from({ length: 10 }, (_, i) => sampleAt(startMs + i * 1000))
  const row = rowOf(telemetry(1, samples), startMs)
  const day = new Day(file)
  for (let from = n; from <= untilN; from += 1000)
    day.transaction(() => {
      for (let at = from; at < Math.min(untilN + 1, from + 1000); at++) {
        const alert = alertAt(at, alerts)
        day.putAlert(alert)
        const { fleet, vehicle } = alert
        const key = { fleet, vehicle, epoch: 7, stream: 'telemetry' } as const
        const first = Math.floor((at - 1) / (fleets * vehiclesEach)) * envelopesPerAlert + 1
        const last = first + envelopesPerAlert - 1
        day.putState(key, { upto: last, ranges: [] })
        for (let seq = first; seq <= last; seq++)
          day.putEnvelope({ ...row, envelope: { ...row.envelope, ...key, seq } })
      }
    })
  day.close()
}

function settledAfter(cursor: number, limit: number, alerts: number) {
  const count = Math.max(0, Math.min(limit, alerts - openAlerts - cursor))
  return Array.from({ length: count }, (_, i) => ({
    alertId: (cursor + i + 1).toString(16).padStart(32, '0'),
    status: 'closed',
    cursor: cursor + i + 1,
  }))
}

async function measure(journal: Journal, index: AlertIndex, alerts: number): Promise<BenchRow[]> {
  const facts: Facts = {
    ...{ journal, index, world: realWorld },
    caseOf: () => null,
    state: () => ({}),
    lastSample: () => null,
    outlook: () => null,
    vehicles: () => [],
    documents: () => null,
    inForce: () => null,
  }
  const api = await createApi({
    auth: 'loopback',
    whoIs: () => Promise.resolve(null),
    ofCookie: () => null,
    routes: alertRoutes(facts),
    perMinute: { requests: 1e9, logins: 1e9 },
    count: () => {},
  })
  const server = createServer(api.handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`
  const rows: BenchRow[] = []
  for (const [name, path] of Object.entries(queries(alerts))) rows.push(...(await timed(name, base, path)))
  server.close()
  server.closeAllConnections()
  await api.close()
  return rows
}

/** Each time another fleet, vehicle and moment: a cache that remembers one answer helps nobody. */
const queries = (alerts: number): { readonly [name: string]: (i: number) => string } => {
  const from = (i: number): number => startMs + ((i * 7) % days) * dayMs
  const somewhere = (i: number): number => 1 + ((i * 7919) % alerts)
  return {
    'newest 100 of all fleets': () => '/alerts',
    'newest 100 of one fleet': (i) => `/alerts?fleet=fleet-${i % fleets}`,
    'all 500 open ones': () => '/alerts?open=1&limit=500',
    'open of one fleet': (i) => `/alerts?open=1&fleet=fleet-${i % fleets}`,
    'one vehicle, one week': (i) =>
      `/alerts?fleet=fleet-${i % fleets}&vehicle=v${i % vehiclesEach}&from=${from(i)}&to=${from(i) + 7 * dayMs}`,
    'open of one vehicle': (i) => `/alerts?open=1&fleet=fleet-${i % fleets}&vehicle=v${i % vehiclesEach}`,
    'one kind of one vehicle': (i) =>
      `/alerts?fleet=fleet-${i % fleets}&vehicle=v${i % vehiclesEach}&kind=gnss-lost,area`,
    'kinds that hardly occur': (i) => `/alerts?fleet=fleet-${i % fleets}&kind=coasting,power-cut,gnss-lost`,
    'major and critical of a fleet': (i) => `/alerts?fleet=fleet-${i % fleets}&severity=major,critical`,
    'critical curfews of a fleet': (i) => `/alerts?fleet=fleet-${i % fleets}&kind=curfew&severity=critical`,
    'a page in the middle': (i) =>
      `/alerts?fleet=fleet-${i % fleets}&after=${from(i)}.${somewhere(i).toString(16).padStart(32, '0')}`,
    'one alert': (i) => `/alerts/${somewhere(i).toString(16).padStart(32, '0')}`,
  }
}

async function timed(name: string, base: string, path: (i: number) => string): Promise<BenchRow[]> {
  const asking: Asking = { base, paths: Array.from({ length: asked }, (_, i) => path(i)) }
  const before = process.cpuUsage()
  const worker = new Worker(new URL('./desk-ask.ts', import.meta.url), { workerData: asking })
  const [times] = (await once(worker, 'message')) as [number[]]
  const used = process.cpuUsage(before)
  const sorted = times.toSorted((a, b) => a - b)
  const at = (q: number): number => sorted[Math.floor(sorted.length * q)] ?? 0
  return [
    { name: `${name}, p50`, value: at(0.5), unit: 'ms' },
    { name: `${name}, p95`, value: at(0.95), unit: 'ms' },
    // What others do on the machine is not in it; the asking side is.
    { name: `${name}, processor time`, value: (used.user + used.system) / 1000 / asked, unit: 'ms' },
  ]
}
