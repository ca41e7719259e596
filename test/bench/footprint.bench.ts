import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { ccvs1, eec1, tco1 } from '../../sim/hardware/j1939.ts'
import { frameLine } from '../../sim/hardware/slcan.ts'
import { hasSocat } from '../../sim/line.ts'
import { rmcSentence } from '../help/nmea.ts'
import { Pty } from '../help/pty.ts'
import type { BenchRow } from './latency.bench.ts'

/**
 * What the bundle of `npm run build` costs on a vehicle: memory and processor on 10 epochs and 1,850 frames a second over
 * two ttys, and how long after its start the first Sample is there.
 */
const root = resolve(import.meta.dirname, '../..')
const measuredS = 20
const warmS = 5
const framesPerSecond = 1850
const startsMeasured = 5

export async function footprintBench(): Promise<readonly BenchRow[]> {
  if (!hasSocat()) return []
  const built = spawnSync(process.execPath, [join(root, 'device/build.ts')], { stdio: 'ignore' })
  if (built.status !== 0) throw new Error('npm run build failed')
  const folder = mkdtempSync(join(tmpdir(), 'roadwarden-footprint-'))
  const [gnss, can] = [new Pty(join(folder, 'gnss')), new Pty(join(folder, 'can'))]
  await Promise.all([gnss.plug(), can.plug()])
  const feeding = feed(gnss, can)
  try {
    const firsts: number[] = []
    for (let i = 0; i < startsMeasured; i++) firsts.push(await started(folder, gnss, can, async () => {}))
    let load: readonly BenchRow[] = []
    await started(folder, gnss, can, async (pid) => {
      load = await measured(pid)
    })
    firsts.sort((a, b) => a - b)
    return [
      { name: 'start to first Sample, median of five', value: firsts[2]!, unit: 'ms' },
      { name: 'start to first Sample, worst of five', value: firsts.at(-1)!, unit: 'ms' },
      ...load,
    ]
  } finally {
    feeding.stop()
    await Promise.all([gnss.pull(), can.pull()])
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Starts the bundle, waits for its first Sample, does what is asked, ends it. Answers with milliseconds from the spawn. */
async function started(
  folder: string,
  gnss: Pty,
  can: Pty,
  act: (pid: number) => Promise<void>,
): Promise<number> {
  const put = (name: string, value: unknown): string => {
    writeFileSync(join(folder, name), JSON.stringify(value))
    return join(folder, name)
  }
  const config = put('terminal.json', {
    dataDir: join(folder, 'data'),
    vehicle: put('vehicle.json', {
      id: 'coach-1',
      fleet: 'bench',
      class: 'coach',
      serviceClass: 'scheduled',
      oneWayKm: null,
      relay: null,
    }),
    ports: { gnss: { path: gnss.path, baud: 115_200 }, can: { path: can.path, baud: 1_000_000 } },
    gateway: { url: 'mqtt://127.0.0.1:1', ack: 'gateway' },
  })
  const sinceMs = performance.now()
  const child = spawn(join(root, 'dist/terminal/roadwarden-terminal'), [config], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const gone = new Promise((done) => child.once('exit', done))
  const first = await new Promise<number>((done, fail) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.includes('first Sample')) done(performance.now() - sinceMs)
    })
    child.once('exit', () => fail(new Error('the bundle ended before its first Sample')))
  })
  await act(child.pid!)
  child.kill('SIGKILL')
  await gone
  rmSync(join(folder, 'data'), { recursive: true, force: true })
  return first
}

async function measured(pid: number): Promise<readonly BenchRow[]> {
  await sleep(warmS * 1000)
  const [cpuMs, sinceMs] = [cpuMsOf(pid), performance.now()]
  const rss: number[] = []
  for (let s = 0; s < measuredS; s++) {
    await sleep(1000)
    rss.push(rssMbOf(pid))
  }
  const share = ((cpuMsOf(pid) - cpuMs) / (performance.now() - sinceMs)) * 100
  return [
    { name: 'running on 10 epochs and 1,850 frames/s: processor', value: share, unit: '% of a core' },
    { name: 'running on 10 epochs and 1,850 frames/s: resident', value: Math.max(...rss), unit: 'MB' },
  ]
}

/** Fields 14 and 15 of /proc/PID/stat, in hundredths of a second. */
function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function rssMbOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

/** Writes both lines in slices of 10 ms, as an adapter's USB packets come. */
function feed(gnss: Pty, can: Pty): { stop: () => void } {
  const slot = { state: 'driving', card: true } as const
  const frames = [
    ccvs1({ speedKmh: 80, brake: false, clutch: false, parkingBrake: false }),
    eec1({ rpm: 1400, torquePct: 30 }),
    tco1({ speedKmh: 80, slot1: slot, slot2: { state: 'rest', card: false } }),
  ].map(frameLine)
  const sinceMs = performance.now()
  let sent = 0
  let epochs = 0
  const timer = setInterval(() => {
    const elapsedMs = performance.now() - sinceMs
    let text = ''
    for (; sent < (elapsedMs * framesPerSecond) / 1000; sent++) text += frames[sent % frames.length]
    if (text !== '') can.send(Buffer.from(text, 'latin1'))
    for (; epochs < elapsedMs / 100; epochs++) {
      const atMs = Math.round(Date.now() / 100) * 100
      gnss.send(Buffer.from(rmcSentence({ atMs, lat: 28 + epochs * 2e-5, lon: 113, speedKmh: 80 }), 'latin1'))
    }
  }, 10)
  return { stop: () => clearInterval(timer) }
}
