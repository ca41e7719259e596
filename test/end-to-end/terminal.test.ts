import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256Hex } from '../../proto/canonical.ts'
import { keyText } from '../../proto/ids.ts'
import type { Envelope } from '../../proto/model.ts'
import { beijing } from '../help/drive.ts'
import { opened } from '../help/envelopes.ts'
import { endProgram, eventually, freePort, mustSkip } from '../help/external.ts'
import { Mosquitto } from '../help/mosquitto.ts'
import { rmcSentence } from '../help/nmea.ts'
import { Pty } from '../help/pty.ts'

const root = join(import.meta.dirname, '../..')
const worldStart = beijing('2026-11-22 14:00:00')

/** The process as a vehicle runs it: `node device/main.ts CONFIG.json`. */
class Terminal {
  readonly child: ChildProcess
  out = ''
  err = ''

  constructor(config: string) {
    this.child = spawn(process.execPath, ['device/main.ts', config], {
      cwd: root,
      env: { ...process.env, INIT_CWD: root },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.out += text))
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.err += text))
  }

  async ready(): Promise<{ epoch: number; bootCount: number }> {
    await eventually('ready line', () => this.out.includes('\n') || this.child.exitCode !== null)
    if (this.out === '') throw new Error(this.err)
    return JSON.parse(this.out.split('\n')[0]!) as { epoch: number; bootCount: number }
  }
}

const skip = mustSkip('socat') || mustSkip('mosquitto')

describe.skipIf(skip)('a terminal process on a tty and a plain broker', () => {
  let folder: string
  let broker: Mosquitto
  let officer: MqttClient
  let tty: Pty
  const children: Terminal[] = []
  const received = new Map<string, { envelope: Envelope; hash: string }>()

  beforeEach(async () => {
    received.clear()
    folder = mkdtempSync(join(tmpdir(), 'device-'))
    tty = new Pty(join(folder, 'ttyGNSS'))
    broker = await Mosquitto.start()
    officer = await connectAsync(broker.url, { reconnectPeriod: 50 })
    officer.on('error', () => {})
    officer.on('message', (_topic, payload) => {
      const envelope = opened(payload)
      received.set(keyText(envelope), { envelope, hash: sha256Hex(payload) })
    })
    await officer.subscribeAsync('rw/v1/north/coach-1/up/#', { qos: 1 })
    writeFileSync(
      join(folder, 'vehicle.json'),
      JSON.stringify({
        id: 'coach-1',
        fleet: 'north',
        plate: '吉A12345',
        class: 'coach',
        serviceClass: 'scheduled',
        oneWayKm: 1150,
        relay: null,
      }),
    )
    writeWorld({ anchorHostMs: Date.now(), anchorWorldMs: worldStart, factor: 20, paused: false })
    write({})
  })
  afterEach(async () => {
    for (const { child } of children.splice(0)) await endProgram(child)
    await tty.pull()
    await officer.endAsync(true)
    await broker.dispose()
    rmSync(folder, { recursive: true })
  })

  let world = { anchorHostMs: 0, anchorWorldMs: 0, factor: 1, paused: false }
  function writeWorld(next: typeof world): void {
    world = next
    writeFileSync(join(folder, 'world.json'), JSON.stringify(next))
  }
  const worldMs = (): number => world.anchorWorldMs + (Date.now() - world.anchorHostMs) * world.factor

  function write(more: object): string {
    const file = join(folder, 'terminal.json')
    const config = {
      dataDir: 'data',
      vehicle: 'vehicle.json',
      ports: { gnss: { path: 'ttyGNSS', baud: 115_200 } },
      gateway: { url: broker.url, ack: 'puback' },
      world: 'world.json',
      oracle: 'oracle.ndjson',
      ...more,
    }
    writeFileSync(file, JSON.stringify(config))
    return file
  }

  function start(): Terminal {
    const terminal = new Terminal(join(folder, 'terminal.json'))
    children.push(terminal)
    return terminal
  }

  let lon = 114
  /** Sentences of the world's seconds at one speed, until something holds. */
  async function driveUntil(what: string, speedKmh: number, holds: () => boolean): Promise<void> {
    let second = Math.ceil(worldMs() / 1000)
    await eventually(what, () => {
      for (; second * 1000 <= worldMs(); second++) {
        lon += speedKmh / 3.6 / 95_500
        tty.send(Buffer.from(rmcSentence({ atMs: second * 1000, lat: 30.5, lon, speedKmh })))
      }
      return holds()
    })
  }

  const envelopes = () => [...received.values()].map(({ envelope }) => envelope)
  const has = (kind: string, phase: string) => () =>
    envelopes().some(
      ({ body }) => body.is === 'finding' && body.finding.kind === kind && body.finding.phase === phase,
    )
  const oracle = () =>
    readFileSync(join(folder, 'oracle.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map(
        (line) =>
          JSON.parse(line) as { is: string; stream: string; seq: number; hash: string; epoch: number },
      )

  it('starts without its tty, takes it when it comes, and sends what it finds', async () => {
    const terminal = start()
    const { epoch, bootCount } = await terminal.ready()
    expect(bootCount).toBe(1)
    await eventually('the missing tty is named', () => terminal.err.includes('ttyGNSS'))
    await tty.plug()
    await driveUntil('telemetry', 80, () => envelopes().some(({ body }) => body.is === 'telemetry'))
    await driveUntil('speeding', 120, has('speeding', 'started'))
    expect(envelopes().every((envelope) => envelope.epoch === epoch)).toBe(true)
    expect(terminal.out.split('\n').filter((line) => line !== '')).toHaveLength(1)
  })

  it('is not disturbed by a pulled cable: position lost is a finding, and it ends when the cable is back', async () => {
    await tty.plug()
    const terminal = start()
    await terminal.ready()
    await driveUntil('telemetry', 80, () => envelopes().some(({ body }) => body.is === 'telemetry'))
    await tty.pull()
    await eventually('gnss-lost', has('gnss-lost', 'started'))
    await tty.plug()
    await driveUntil('found again', 80, has('gnss-lost', 'ended'))
    expect(terminal.child.exitCode).toBeNull()
  })

  it('loses nothing it said was durable when it is killed', async () => {
    await tty.plug()
    const first = start()
    const boot = await first.ready()
    await driveUntil('speeding', 120, has('speeding', 'started'))
    await broker.kill()
    const before = oracle().length
    await driveUntil('more is durable', 80, () => oracle().length > before + 8)
    await endProgram(first.child)
    await broker.start()
    const second = start()
    expect(await second.ready()).toEqual({ kind: 'ready', epoch: boot.epoch, bootCount: 2 })
    await tty.pull()
    await tty.plug()
    const durable = oracle().filter(({ is }) => is === 'durable')
    await driveUntil('everything durable arrived', 80, () =>
      durable.every(
        ({ stream, seq, hash }) =>
          received.get(`north/coach-1/${boot.epoch}/${stream}/${seq}`)?.hash === hash,
      ),
    )
    await driveUntil('the episode ended', 80, has('speeding', 'ended'))
    const ids = envelopes().flatMap((envelope) =>
      envelope.body.is === 'finding' && envelope.body.finding.kind === 'speeding'
        ? [envelope.body.findingId ?? keyText(envelope)]
        : [],
    )
    expect(new Set(ids).size).toBe(1)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('sends what it has and is gone at %s', async (signal) => {
    await tty.plug()
    const terminal = start()
    await terminal.ready()
    await driveUntil('telemetry', 80, () => envelopes().some(({ body }) => body.is === 'telemetry'))
    const gone = once(terminal.child, 'exit')
    terminal.child.kill(signal)
    expect(await gone).toEqual([0, null])
    const last = oracle()
      .filter(({ is }) => is === 'durable')
      .at(-1)!
    await eventually('the last batch', () =>
      received.has(`north/coach-1/${last.epoch}/${last.stream}/${last.seq}`),
    )
  })

  it('ends all the same when nobody takes what it has', { timeout: 120_000 }, async () => {
    write({ gateway: { url: `mqtt://127.0.0.1:${await freePort()}`, ack: 'gateway' } })
    await tty.plug()
    const terminal = start()
    await terminal.ready()
    await driveUntil('something waits', 80, () => oracle().length > 0)
    const gone = once(terminal.child, 'exit')
    terminal.child.kill('SIGTERM')
    expect(await gone).toEqual([0, null])
  })

  it('names its outbox when another terminal has it, and leaves it alone', async () => {
    await start().ready()
    const second = start()
    const [code] = (await once(second.child, 'exit')) as [number]
    expect(code).toBe(2)
    expect(second.err.trim()).toMatch(/data\/outbox\.db: in use by another terminal/)
  })
})

describe('a terminal process with a wrong configuration', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'device-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  async function run(args: string[]): Promise<{ code: number; err: string; out: string }> {
    const child = spawn(process.execPath, ['device/main.ts', ...args], {
      cwd: root,
      env: { ...process.env, INIT_CWD: folder },
    })
    let err = ''
    let out = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    const [code] = (await once(child, 'close')) as [number]
    return { code, err, out }
  }

  it('says how it is used', async () => {
    expect(await run([])).toEqual({
      code: 2,
      err: 'usage: npm run device -- CONFIG.json [--record DIR | --accidents]\n',
      out: '',
    })
  })

  it('ends with one line and 2, paths read from where npm was called', async () => {
    const { code, err } = await run(['nowhere.json'])
    expect([code, err]).toEqual([2, `${join(folder, 'nowhere.json')}: no such file; correct the path\n`])
    mkdirSync(join(folder, 'config'))
    expect((await run(['config'])).err).toMatch(/config: a directory; name a file\n$/)
    writeFileSync(join(folder, 'c.json'), '{"datadir":"x"}')
    const wrong = await run(['c.json'])
    expect(wrong.code).toBe(2)
    expect(wrong.err).toMatch(/c\.json: datadir: unknown key.*\n$/)
    expect(wrong.err.trim().split('\n')).toHaveLength(1)
  })
})
