import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type CDPSession, chromium, type Page } from 'playwright-core'
import { type Office, startGateway } from '../end-to-end/help/office.ts'
import type { Alarm, DeskLoad } from './desk-load.ts'

/**
 * The desk in a real browser with 2,000 vehicles that live and 500 open alerts; gateway, vehicles and browser share the
 * machine, and a browser without a graphics card draws by the processor. DESK_MINUTES=30 only watches the memory;
 * DESK_PROFILE=FOLDER keeps what the processor did.
 */
type BenchRow = { readonly name: string; readonly value: number; readonly unit: string }

const executablePath = '/usr/bin/chromium'
const vehicles = 2000
const openAlerts = 500
const kinds = ['speeding', 'fatigue', 'off-route', 'area', 'gnss-lost', 'door-open']
const severities = ['info', 'minor', 'major', 'critical']

export async function deskPageBench(): Promise<readonly BenchRow[]> {
  if (!existsSync(executablePath)) throw new Error(`${executablePath} is missing; the desk is measured in it`)
  const folder = mkdtempSync(path.join(tmpdir(), 'desk-page-'))
  const gateway = await startGateway(writePapers(folder))
  const load: DeskLoad = { port: gateway.ports.ingest, vehicles }
  const worker = new Worker(new URL('./desk-load.ts', import.meta.url), { workerData: load })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--js-flags=--expose-gc'] })
  try {
    await once(worker, 'message')
    for (let at = 0; at < openAlerts; at++) worker.postMessage(alarmOf(at))
    // Every vehicle has been heard of when ten seconds are over.
    await wait(12_000)
    const page = await browser.newPage({ viewport: { width: 1366, height: 820 }, locale: 'zh-CN' })
    return await measure(page, worker, gateway)
  } finally {
    await browser.close()
    await worker.terminate()
    await gateway.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const alarmOf = (at: number): Alarm => ({
  ...{ vehicle: (at * 4 + 1) % vehicles, kind: kinds[at % kinds.length]! },
  severity: severities[Math.floor(at / 3) % 4]!,
})

function writePapers(folder: string): string {
  for (const name of ['vehicles', 'data']) mkdirSync(path.join(folder, name))
  for (let at = 0; at < vehicles; at++) {
    const common = { class: 'coach', serviceClass: 'scheduled', oneWayKm: 300, relay: null }
    const paper = { id: `v${at}`, fleet: `f${at % 4}`, plate: `浙A${10_000 + at}`, ...common }
    writeFileSync(path.join(folder, 'vehicles', `v${at}.json`), JSON.stringify(paper))
  }
  const ports = { ingest: { port: 0 }, alerts: { port: 0 }, http: { port: 0 } }
  writeFileSync(
    path.join(folder, 'gateway.json'),
    JSON.stringify({ dataDir: 'data', vehicles: 'vehicles', ...ports, auth: 'loopback' }),
  )
  return path.join(folder, 'gateway.json')
}

async function measure(page: Page, worker: Worker, gateway: Office): Promise<BenchRow[]> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  let bytes = 0
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  const files = new Set<string>()
  cdp.on('Network.responseReceived', ({ response }) => void files.add(new URL(response.url).pathname))
  await page.addInitScript(`localStorage.setItem('name', '王五')`)
  const sinceMs = performance.now()
  await page.goto(`http://127.0.0.1:${gateway.ports.http}/`)
  await page.waitForSelector('#link.up')
  await page.waitForSelector('#list > div:nth-child(10)')
  const openedMs = performance.now() - sinceMs
  await wait(2000)
  const opened = [
    { name: 'opened: link up and list drawn', value: openedMs, unit: 'ms' },
    { name: 'what travelled until then, with lists of 500 alerts', value: bytes / 1000, unit: 'KB' },
  ]
  const minutes = Number(process.env['DESK_MINUTES'] ?? 0)
  if (minutes > 0) return [...opened, ...(await memory(page, cdp, worker, minutes))]
  return [
    ...opened,
    ...(await profiled(cdp, 'keys', () => interactions(page))),
    ...(await profiled(cdp, 'alerts', () => newAlerts(page, worker))),
    ...(await profiled(cdp, 'map', () => mapMoved(page))),
  ]
}

async function profiled<T>(cdp: CDPSession, name: string, run: () => Promise<T>): Promise<T> {
  const folder = process.env['DESK_PROFILE']
  if (folder === undefined) return run()
  await cdp.send('Profiler.enable')
  await cdp.send('Profiler.start')
  const found = await run()
  const { profile } = await cdp.send('Profiler.stop')
  writeFileSync(path.join(folder, `${name}.cpuprofile`), JSON.stringify(profile))
  return found
}

const spread = (name: string, times: readonly number[]): BenchRow[] => {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (q: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
  return [
    { name: `${name}, p50 of ${sorted.length}`, value: at(0.5), unit: 'ms' },
    { name: `${name}, p95`, value: at(0.95), unit: 'ms' },
    { name: `${name}, worst`, value: sorted.at(-1) ?? Number.NaN, unit: 'ms' },
  ]
}

/** From the key to the end of the frame that shows what it did: the task after the frame is the first that comes later. */
const watchKeys = `
  window.keyTimes = []
  addEventListener('keydown', (event) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = () => window.keyTimes.push(performance.now() - event.timeStamp)
      channel.port2.postMessage(0)
    })
  }, true)
`

async function pressed(page: Page, keys: readonly string[], restMs: number): Promise<number[]> {
  await page.evaluate('window.keyTimes.length = 0')
  for (const key of keys) {
    await page.keyboard.press(key)
    await wait(restMs)
  }
  await wait(300)
  return (await page.evaluate('window.keyTimes')) as number[]
}

async function interactions(page: Page): Promise<BenchRow[]> {
  await page.evaluate(watchKeys)
  await page.focus('#list')
  const many = (count: number, ...keys: readonly string[]) => Array.from({ length: count }, () => keys).flat()
  const chosen = await pressed(page, many(100, 'ArrowDown'), 120)
  const marked = await pressed(page, many(20, 'x', 'ArrowDown', 'z'), 120)
  await pressed(page, ['z'], 120)
  const forms = await pressed(page, many(15, 'n', 'Escape'), 250)
  const pages = await pressed(page, many(5, '3', '5', '4', '1'), 700)
  return [
    ...spread('choosing an alert, key to frame', chosen),
    ...spread('marking, key to frame', marked),
    ...spread('a form opened and shut, key to frame', forms),
    ...spread('another page, key to frame', pages),
    ...spread('all of these', [...chosen, ...marked, ...forms, ...pages]),
  ]
}

/** From the moment a vehicle sends it to the frame with its row. */
async function newAlerts(page: Page, worker: Worker): Promise<BenchRow[]> {
  await page.evaluate(`
    window.shownAt = new Map()
    new MutationObserver(() => {
      for (const row of document.querySelectorAll('#list > div .plate')) {
        const plate = row.textContent
        if (window.shownAt.has(plate)) continue
        window.shownAt.set(plate, null)
        requestAnimationFrame(() => window.shownAt.set(plate, Date.now()))
      }
    }).observe(document.querySelector('#list'), { childList: true, subtree: true, characterData: true })
  `)
  const times: number[] = []
  for (let count = 0; count < 40; count++) {
    const vehicle = 2 + count * 40
    const sentMs = Date.now()
    worker.postMessage({ vehicle, kind: 'speeding', severity: severities[count % 4]! })
    const shown = `window.shownAt.get('浙A${10_000 + vehicle}')`
    times.push((await said(page, shown)) - sentMs)
    await wait(100)
  }
  return spread('a new alert, sent by the vehicle to frame', times)
}

/** The page's own policy forbids what the browser's driver would wait by. */
async function said(page: Page, what: string): Promise<number> {
  for (let left = 100; left > 0; left--) {
    const value = (await page.evaluate(what)) as number | null
    if (typeof value === 'number') return value
    await wait(100)
  }
  throw new Error(`${what}: not within ten seconds`)
}

/**
 * Dragged for ten seconds while vehicles go on: a pointer that is elsewhere at each frame, as fast as frames come. Only
 * those in which the map stands elsewhere count.
 */
const drag = (midX: number, midY: number): string => `
  new Promise((resolve) => {
    const pane = document.querySelector('.bigmap .leaflet-map-pane')
    const began = performance.now()
    const gaps = []
    let [last, at] = ['', began]
    const frame = (now) => {
      const stands = pane.style.transform
      if (stands !== last) {
        gaps.push(now - at)
        at = now
      }
      last = stands
      if (now - began > ${dragMs}) return resolve(gaps)
      const angle = ((now - began) / 1500) * 2 * Math.PI
      const where = { clientX: ${midX} + 150 * Math.cos(angle), clientY: ${midY} + 100 * Math.sin(angle) }
      document.dispatchEvent(new MouseEvent('mousemove', { ...where, bubbles: true, buttons: 1 }))
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
`

async function mapMoved(page: Page): Promise<BenchRow[]> {
  await page.keyboard.press('3')
  await page.waitForSelector('.vehiclelist button')
  await wait(3000)
  const rows: BenchRow[] = []
  for (const [name, near] of [
    ['all vehicles in view', false],
    ['near one vehicle, with trails', true],
  ] as const) {
    await page.keyboard.press('0')
    // A choice goes to the vehicle's street: from there two steps back, for the middle of all may be empty land.
    if (near) await page.click('.vehiclelist button')
    for (let step = 0; near && step < 2; step++) await page.click('.bigmap .leaflet-control-zoom-out')
    await wait(1000)
    // What was drawn while it was measured is looked at by people.
    const shots = process.env['ROADWARDEN_SHOTS']
    if (shots !== undefined)
      await page.screenshot({ path: path.join(shots, `map-2000-${near ? 'near' : 'all'}.png`) })
    rows.push(...(await dragged(page, name)))
  }
  return rows
}

const dragMs = 10_000
async function dragged(page: Page, name: string): Promise<BenchRow[]> {
  const { x, y, width, height } = (await page.locator('.bigmap').boundingBox())!
  const [midX, midY] = [x + width / 2, y + height / 2]
  await page.mouse.move(midX, midY)
  await page.mouse.down()
  const gaps = (await page.evaluate(drag(midX, midY))) as number[]
  await page.mouse.up()
  return [
    {
      name: `map dragged, ${name}: frames in which it moved`,
      value: (gaps.length * 1000) / dragMs,
      unit: '1/s',
    },
    ...spread(`map dragged, ${name}: from one to the next`, gaps),
  ]
}

/** Every minute all garbage is collected; alerts come and go and pages are walked meanwhile. */
async function memory(page: Page, cdp: CDPSession, worker: Worker, minutes: number): Promise<BenchRow[]> {
  const heaps: number[] = []
  for (let minute = 0; minute <= minutes; minute++) {
    await cdp.send('HeapProfiler.collectGarbage')
    const { usedSize } = await cdp.send('Runtime.getHeapUsage')
    const { nodes } = await cdp.send('Memory.getDOMCounters')
    const rows = (await page.evaluate('document.querySelector("#list").children.length')) as number
    heaps.push(usedSize / 1e6)
    process.stdout.write(
      `  minute ${minute}: ${(usedSize / 1e6).toFixed(1)} MB, ${nodes} nodes, ${rows} rows\n`,
    )
    if (minute < minutes) await oneMinute(page, worker, minute)
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  const third = Math.max(1, Math.floor(heaps.length / 3))
  return [
    {
      name: 'heap after collecting, mean of the first third',
      value: mean(heaps.slice(0, third)),
      unit: 'MB',
    },
    {
      name: 'heap after collecting, mean of the second third',
      value: mean(heaps.slice(third, 2 * third)),
      unit: 'MB',
    },
    {
      name: 'heap after collecting, mean of the last third',
      value: mean(heaps.slice(2 * third)),
      unit: 'MB',
    },
  ]
}

/** Alerts come and are all found false, so that as many stay open; what is over is kept up to a bound, which is reached soon. */
const comeAndGo = 150

async function oneMinute(page: Page, worker: Worker, minute: number): Promise<void> {
  const fromMs = Date.now()
  for (let count = 0; count < comeAndGo; count++) {
    const vehicle = (minute * comeAndGo + count) % vehicles
    worker.postMessage({ vehicle, kind: 'speeding', severity: 'minor' })
  }
  for (const key of ['3', '1', 'ArrowDown', '5', '1', 'ArrowDown', 'l', 'l']) {
    await page.keyboard.press(key)
    await wait(3000)
  }
  await page.evaluate(`import('/desk/api.js').then(async ({ call, get }) => {
    const { value } = await get('/alerts', { open: 1, limit: 200, from: ${fromMs - 5000} })
    const alerts = value.items.map(({ alert }) => ({ alert: alert.id, revision: 0 }))
    await call('POST', '/cases/steps', { alerts, action: 'falseAlarm', words: '设备测试' })
  })`)
  await wait(Math.max(0, fromMs + 60_000 - Date.now()))
}
