import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AccidentStore } from '../../device/accident/store.ts'
import { AccidentWatch } from '../../device/accident/watch.ts'
import type { CabOrder } from '../../device/cab.ts'
import { detectors, driverDetectors } from '../../device/detectors/index.ts'
import { bareDocuments } from '../../device/documents.ts'
import type { LinkListener } from '../../device/link/link.ts'
import { silentLog } from '../../device/log.ts'
import { TerminalMetrics } from '../../device/metrics.ts'
import { createMemoryOutbox, type MemoryDisk, memoryDisk } from '../../device/outbox/memory.ts'
import type { Outbox } from '../../device/outbox/outbox.ts'
import { openSqliteOutbox } from '../../device/outbox/sqlite.ts'
import type { OpenPort, PortListener } from '../../device/ports/port.ts'
import { createTerminal, type Terminal, type TerminalDeps } from '../../device/terminal.ts'
import { sha256Hex } from '../../proto/canonical.ts'
import { encodeAck, encodeDocumentPart } from '../../proto/codec.ts'
import type { AnyDetector } from '../../proto/detector.ts'
import { keyText } from '../../proto/ids.ts'
import type { Envelope, Finding } from '../../proto/model.ts'
import { mergePolicy, policyDigest } from '../../proto/policy.ts'
import type { Vehicle } from '../../proto/shapes/vehicle.ts'
import { downTopic } from '../../proto/topics.ts'
import { coach } from '../contract/outbox.ts'
import { beijing } from '../help/drive.ts'
import { ackOf, opened, speedingAt } from '../help/envelopes.ts'
import { rmcSentence } from '../help/nmea.ts'

const vehicle: Vehicle = {
  id: 'coach-1',
  fleet: 'north',
  plate: '吉A12345',
  class: 'coach',
  serviceClass: 'scheduled',
  oneWayKm: 1150,
  relay: null,
}
const start = beijing('2026-11-22 14:00:00')

/** A port whose cable is in the test's hand. */
function hand(): { open: OpenPort; listener: () => PortListener; closed: () => boolean } {
  let listener: PortListener | null = null
  let closed = false
  return {
    open: (given) => {
      listener = given
      return {
        path: '/dev/ttyTEST',
        bytesRead: () => 0,
        close: async () => {
          closed = true
        },
      }
    },
    listener: () => listener!,
    closed: () => closed,
  }
}

type Bench = {
  terminal: Terminal
  gnss: ReturnType<typeof hand>
  outbox: Outbox
  orders: CabOrder[]
  published: { topic: string; envelope: Envelope }[]
  down: (topic: string, payload: Uint8Array) => void
  linkListener: LinkListener
  position: { lon: number }
}

describe('terminal', () => {
  let folder: string
  let running: Bench[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'terminal-'))
    running = []
    vi.useFakeTimers({ now: start })
  })
  afterEach(async () => {
    for (const { terminal } of running) {
      const closing = terminal.close(0)
      await vi.advanceTimersByTimeAsync(1000)
      await closing
    }
    vi.useRealTimers()
    rmSync(folder, { recursive: true })
  })

  function boot(outbox: Outbox, more: Partial<TerminalDeps> = {}): Bench {
    const gnss = hand()
    const orders: CabOrder[] = []
    const published: Bench['published'] = []
    let linkListener: LinkListener | null = null
    let up = false
    const terminal = createTerminal({
      documents: bareDocuments(vehicle),
      documentsFolder: join(folder, 'documents'),
      outbox,
      ports: { gnss: gnss.open },
      canFormat: 'slcan',
      openLink: (listener) => {
        linkListener = {
          ...listener,
          up: () => {
            up = true
            listener.up()
          },
        }
        return {
          isUp: () => up,
          publish: async (topic, payload) => {
            published.push({ topic, envelope: opened(payload) })
          },
          close: async () => {},
        }
      },
      ack: 'gateway',
      cab: { order: (order) => orders.push(order), beep: () => {} },
      host: { nowMs: () => Date.now(), monoMs: () => Date.now() },
      world: { nowMs: () => Date.now(), factor: () => 1 },
      detectors: [...detectors, ...driverDetectors],
      closedIntervals: () => [],
      notBeforeMs: Date.UTC(2026, 0, 1),
      log: silentLog,
      ...more,
    })
    const bench: Bench = {
      terminal,
      gnss,
      outbox,
      orders,
      published,
      linkListener: linkListener!,
      down: (topic, payload) => linkListener!.message(topic, payload),
      position: { lon: 114 },
    }
    running.push(bench)
    return bench
  }

  /** Drives east for so many seconds, one RMC a second. */
  async function drive({ gnss, position }: Bench, seconds: number, speedKmh: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      position.lon += speedKmh / 3.6 / 95_500
      const epoch = { atMs: Date.now(), lat: 30.5, lon: position.lon, speedKmh }
      gnss.listener().bytes(Buffer.from(rmcSentence(epoch)))
      await vi.advanceTimersByTimeAsync(1000)
    }
  }

  /** Nothing is closed or said; all that is left is what the disk has. */
  function powerCut(): void {
    const nowMs = Date.now()
    vi.clearAllTimers()
    vi.setSystemTime(nowMs)
    running = []
  }

  const envelopesOf = ({ outbox }: Bench): Envelope[] =>
    [...outbox.take('alarm', 0, 1e6), ...outbox.take('telemetry', 0, 1e6)].map(({ bytes }) => opened(bytes))
  const findingsOf = (bench: Bench): { finding: Finding; id: string }[] =>
    envelopesOf(bench).flatMap((envelope) =>
      envelope.body.is === 'finding'
        ? [{ finding: envelope.body.finding, id: envelope.body.findingId ?? keyText(envelope) }]
        : [],
    )
  const phases = (bench: Bench, kind: string) =>
    findingsOf(bench)
      .filter(({ finding }) => finding.kind === kind)
      .map(({ finding }) => finding.phase)

  it('started with a clock of tomorrow and killed before its first fix, is not mute until tomorrow', async () => {
    const disk = memoryDisk()
    const ahead = { world: { nowMs: () => Date.now() + 86_400_000, factor: () => 1 } }
    boot(createMemoryOutbox(coach, disk), ahead)
    await vi.advanceTimersByTimeAsync(20_000)
    // Killed: nothing is closed in order. The next start believes tomorrow too, and its receiver has a fix.
    running = []
    const second = boot(createMemoryOutbox(coach, disk), ahead)
    await drive(second, 25, 60)
    const seen = [...disk.rows.telemetry.values()].flatMap(({ envelope: { body } }) =>
      body.is === 'telemetry' ? body.samples : [],
    )
    const today = seen.filter(({ trusted, atMs }) => trusted && Math.abs(atMs - start) < 3_600_000)
    expect(today.length).toBeGreaterThanOrEqual(10)
  })

  it('turns bytes of the line into telemetry batches of ten seconds and a finding at once', async () => {
    const bench = boot(createMemoryOutbox(coach))
    bench.gnss.listener().up()
    await drive(bench, 25, 80)
    const batches = envelopesOf(bench).flatMap(({ body }) => (body.is === 'telemetry' ? [body.samples] : []))
    expect(batches.length).toBeGreaterThanOrEqual(2)
    expect(batches[0]!.every(({ speedKmh }) => Math.abs(speedKmh! - 80) < 0.01)).toBe(true)
    expect(phases(bench, 'speeding')).toEqual([])
    await drive(bench, 15, 118)
    expect(phases(bench, 'speeding')).toEqual(['started'])
    await drive(bench, 30, 80)
    expect(phases(bench, 'speeding')).toEqual(['started', 'ended'])
    const ids = findingsOf(bench)
      .filter(({ finding }) => finding.kind === 'speeding')
      .map(({ id }) => id)
    expect(new Set(ids).size).toBe(1)
  })

  it('says what concerns the driver, and keeps what only the driver hears off the wire', async () => {
    const bench = boot(createMemoryOutbox(coach))
    await drive(bench, 20, 97)
    await drive(bench, 20, 118)
    const kinds = bench.orders.map(({ kind }) => kind)
    expect(kinds).toContain('speeding')
    expect(kinds).toContain('speeding-warning')
    expect(phases(bench, 'speeding-warning')).toEqual([])
    expect(bench.orders.filter(({ kind }) => kind === 'speeding')[0]!.words.en).toMatch(/100|km\/h/)
  })

  it('loses nothing at a restart in the middle of an offence: the same episode goes on', async () => {
    const disk: MemoryDisk = memoryDisk()
    const first = boot(createMemoryOutbox(coach, disk))
    await drive(first, 5, 80)
    await drive(first, 15, 118)
    expect(phases(first, 'speeding')).toEqual(['started'])
    powerCut()
    const second = boot(createMemoryOutbox(coach, disk))
    second.position.lon = first.position.lon
    await drive(second, 20, 118)
    await drive(second, 20, 80)
    expect(phases(second, 'speeding')).toEqual(['started', 'ended'])
    const ids = findingsOf(second)
      .filter(({ finding }) => finding.kind === 'speeding')
      .map(({ id }) => id)
    expect(new Set(ids).size).toBe(1)
    const seconds = envelopesOf(second).flatMap(({ body }) =>
      body.is === 'telemetry' ? body.samples.map(({ atMs }) => Math.floor(atMs / 1000)) : [],
    )
    expect(new Set(seconds).size).toBe(seconds.length)
  })

  it('folds again what came after the last checkpoint: a hold goes on across a power cut', async () => {
    const disk: MemoryDisk = memoryDisk()
    const first = boot(createMemoryOutbox(coach, disk))
    await drive(first, 8, 118)
    // Only the report of the start was written with a checkpoint: seven seconds lie after it.
    expect(JSON.parse(disk.checkpoint ?? '{}')).toMatchObject({ atMs: start })
    powerCut()
    const second = boot(createMemoryOutbox(coach, disk))
    second.position.lon = first.position.lon
    const restartMs = Date.now()
    await drive(second, 6, 118)
    const [started] = findingsOf(second).filter(({ finding }) => finding.kind === 'speeding')
    expect(started!.finding).toMatchObject({ phase: 'started', atMs: start })
    expect(started!.finding.decidedAtMs).toBeGreaterThanOrEqual(restartMs)
  })

  it('stores what folding again finds, and does not say it to the driver any more', async () => {
    const disk: MemoryDisk = memoryDisk()
    const first = boot(createMemoryOutbox(coach, disk), { detectors: [] })
    await drive(first, 8, 118)
    powerCut()
    const policy = mergePolicy('coach', { speeding: { holdS: 3 } })
    const documents = { ...bareDocuments(vehicle), policy, policyDigest: policyDigest(policy) }
    const second = boot(createMemoryOutbox(coach, disk), { documents })
    expect(phases(second, 'speeding')).toEqual(['started'])
    expect(second.orders).toEqual([])
  })

  it('takes an unplugged line for news: the terminal goes on and says so', async () => {
    const bench = boot(createMemoryOutbox(coach))
    bench.gnss.listener().up()
    await drive(bench, 20, 80)
    bench.gnss.listener().down('cable pulled')
    await vi.advanceTimersByTimeAsync(120_000)
    expect(phases(bench, 'gnss-lost')[0]).toBe('started')
    bench.gnss.listener().up()
    await drive(bench, 30, 80)
    expect(phases(bench, 'gnss-lost')).toContain('ended')
  })

  it('sends alarms at once and everything else too, and deletes only what the gateway names', async () => {
    const bench = boot(createMemoryOutbox(coach))
    bench.linkListener.up()
    await drive(bench, 30, 118)
    expect(bench.published.map(({ topic }) => topic)).toContain('rw/v1/north/coach-1/up/alarm')
    expect(bench.published.map(({ topic }) => topic)).toContain('rw/v1/north/coach-1/up/telemetry')
    const before = bench.outbox.stats().waiting
    expect(before.alarm).toBeGreaterThan(0)
    const ack = ackOf(bench.outbox.epoch, { alarm: { upto: 1, ranges: [] } })
    bench.down('rw/v1/north/coach-1/ack', encodeAck(ack))
    bench.down(
      'rw/v1/north/coach-2/ack',
      encodeAck({ ...ack, streams: { ...ack.streams, telemetry: { upto: 99, ranges: [] } } }),
    )
    expect(bench.outbox.stats().waiting).toEqual({ ...before, alarm: before.alarm - 1 })
  })

  it('works by a pushed policy when all its parts are there, and by the old one until then', async () => {
    const bench = boot(createMemoryOutbox(coach))
    const content = Buffer.from(JSON.stringify({ version: 3, speeding: { capKmh: { unknown: 60 } } }))
    const digest = sha256Hex(content)
    const half = Math.floor(content.length / 2)
    const push = (part: number, bytes: Uint8Array) =>
      bench.down(
        'rw/v1/north/coach-1/policy',
        encodeDocumentPart({ version: 3, digest, part, parts: 2, content: bytes }),
      )
    push(1, content.subarray(half))
    await drive(bench, 20, 80)
    expect(phases(bench, 'speeding')).toEqual([])
    push(0, content.subarray(0, half))
    await drive(bench, 60, 80)
    expect(phases(bench, 'speeding')).toEqual(['started'])
  })

  it('keeps the policy in force when a pushed one is wrong', async () => {
    const bench = boot(createMemoryOutbox(coach))
    for (const text of ['{"speeding":{"holdS":"soon"}}', 'not json', '{"unknown":1}']) {
      const content = Buffer.from(text)
      bench.down(
        'rw/v1/north/coach-1/policy',
        encodeDocumentPart({ version: 1, digest: sha256Hex(content), part: 0, parts: 1, content }),
      )
    }
    bench.down('rw/v1/north/coach-1/policy', Buffer.from('garbage'))
    bench.down('rw/v1/north/coach-1/ack', Buffer.from([255, 255]))
    await drive(bench, 20, 118)
    expect(phases(bench, 'speeding')).toEqual(['started'])
  })

  it('says words of the gateway in the cab', () => {
    const bench = boot(createMemoryOutbox(coach))
    const content = Buffer.from(JSON.stringify({ say: '前方服务区停车休息' }))
    const part = { version: 1, digest: sha256Hex(content), part: 0, parts: 1, content }
    bench.down('rw/v1/north/coach-1/command', encodeDocumentPart(part))
    bench.down('rw/v1/north/coach-1/command', encodeDocumentPart(part))
    expect(bench.orders.map(({ words }) => words.zh)).toEqual(['前方服务区停车休息'])
  })

  it('acknowledges words that were said, durably, and not again after a restart', () => {
    const disk: MemoryDisk = memoryDisk()
    const content = Buffer.from(JSON.stringify({ say: '前方服务区停车休息' }))
    const part = { version: 5, digest: sha256Hex(content), part: 0, parts: 1, content }
    const spoken = (bench: Bench) =>
      envelopesOf(bench).flatMap(({ body }) => (body.is === 'spoken' ? [body.spoken] : []))
    const first = boot(createMemoryOutbox(coach, disk))
    first.down('rw/v1/north/coach-1/command', encodeDocumentPart(part))
    const { digest } = part
    expect(spoken(first)).toEqual([
      { version: 5, digest, atMs: start, outcome: 'received' },
      { version: 5, digest, atMs: start, outcome: 'said' },
    ])
    powerCut()
    const second = boot(createMemoryOutbox(coach, disk))
    second.down('rw/v1/north/coach-1/command', encodeDocumentPart(part))
    expect(second.orders).toEqual([])
    expect(spoken(second).map(({ outcome }) => outcome)).toEqual(['received', 'said', 'again'])
  })

  it('tells of a power cut at the next boot, with the seconds before it', async () => {
    const disk: MemoryDisk = memoryDisk()
    const accidents = new AccidentStore(join(folder, 'accidents'))
    const first = boot(createMemoryOutbox(coach, disk))
    await drive(first, 27, 80)
    powerCut()
    await vi.advanceTimersByTimeAsync(60_000)
    const second = boot(createMemoryOutbox(coach, disk), {
      afterPowerLoss: true,
      accidents: new AccidentWatch(accidents, silentLog),
    })
    second.position.lon = first.position.lon
    await drive(second, 3, 80)
    const [cut] = findingsOf(second).filter(({ finding }) => finding.kind === 'power-cut')
    expect(cut?.finding).toMatchObject({
      phase: 'started',
      severity: 'major',
      atMs: start + 26_000,
      evidence: { by: 'boot', moving: true, speedKmh: 80 },
    })
    expect(phases(second, 'power-cut')).toEqual(['started', 'ended'])
    const [kept] = accidents.list()
    expect(kept?.record?.id).toBe(cut?.finding.evidence['record'])
    expect(kept?.record?.points.at(-1)).toMatchObject({ atMs: start + 26_000, speedKmh: 80 })
  })

  it('watches on while the disk refuses, and writes what it held when the disk is back', async () => {
    let failing = false
    const witness = {
      intended: () => {
        if (failing) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      },
      durable: () => {},
    }
    const bench = boot(openSqliteOutbox(folder, { ...coach, witness }, () => start))
    await drive(bench, 5, 80)
    failing = true
    await drive(bench, 30, 118)
    await drive(bench, 30, 80)
    expect(phases(bench, 'speeding')).toEqual([])
    expect(bench.orders.map(({ kind }) => kind)).toContain('speeding')
    failing = false
    await drive(bench, 12, 80)
    expect(phases(bench, 'speeding')).toEqual(['started', 'ended'])
    const seconds = envelopesOf(bench).flatMap(({ body }) => (body.is === 'telemetry' ? body.samples : []))
    expect(seconds.length).toBeGreaterThan(60)
  })

  it('counts by reason what it leaves out at each door, and times its detectors', async () => {
    const metrics = new TerminalMetrics()
    const bench = boot(createMemoryOutbox(coach), { tally: metrics.tally })
    await drive(bench, 5, 80)
    const before = metrics.text(bench.outbox, () => null)
    expect(before).not.toContain('rejected_total')
    expect(before).toMatch(/detector_seconds_count [5-9]\n/)
    // A sentence with a wrong checksum, a position a degree away, a document that is none, words from nowhere.
    const good = rmcSentence({ atMs: Date.now(), lat: 30.5, lon: bench.position.lon, speedKmh: 80 })
    bench.gnss.listener().bytes(Buffer.from(good.replace(/\*../, '*00')))
    await vi.advanceTimersByTimeAsync(1000)
    bench.position.lon += 1
    await drive(bench, 1, 80)
    bench.down(downTopic('north', 'coach-1', 'policy'), Buffer.from([255, 255]))
    bench.down(downTopic('north', 'other', 'policy'), Buffer.from([]))
    const text = metrics.text(bench.outbox, () => null)
    for (const line of [
      'rejected_total{door="gnss",reason="badChecksum"} 1',
      'rejected_total{door="gnss",reason="jump"} 1',
      'rejected_total{door="gateway",reason="part"} 1',
      'rejected_total{door="gateway",reason="topic"} 1',
    ])
      expect(text).toContain(`roadwarden_terminal_${line}\n`)
  })

  it('goes on when a detector throws, and when a finding cannot be sealed', async () => {
    const throwing: AnyDetector = {
      name: 'broken',
      initial: null as never,
      step: (state, sample) => {
        if (sample.atMs === start + 3000) throw new TypeError('a fault of ours')
        if (sample.atMs !== start + 5000) return { state, findings: [] }
        // Half a millisecond is nothing the wire can carry.
        return {
          state,
          findings: [{ ...speedingAt(sample.atMs + 0.5, 'started', 'x'), decidedAtMs: sample.atMs }],
        }
      },
    }
    const errors: unknown[] = []
    const log = { ...silentLog, error: (...said: unknown[]) => errors.push(said) }
    const bench = boot(createMemoryOutbox(coach), { detectors: [throwing, ...detectors], log })
    await drive(bench, 20, 118)
    expect(findingsOf(bench).map(({ finding }) => finding.subject)).not.toContain('x')
    expect(phases(bench, 'speeding')).toEqual(['started'])
    expect(errors.length).toBeGreaterThanOrEqual(2)
  })

  it('tells the gateway that an outbox was lost, once', async () => {
    const outbox = createMemoryOutbox(coach)
    Object.defineProperty(outbox, 'reset', {
      value: { reason: 'missing', previousEpoch: 5, setAside: null },
    })
    const bench = boot(outbox)
    await drive(bench, 5, 50)
    expect(phases(bench, 'epoch-reset')).toEqual(['started', 'ended'])
    expect(findingsOf(bench)[0]!.finding.evidence).toMatchObject({ why: 'missing', previousEpoch: 5 })
  })

  it('seals what is pending and gives everything back when it is closed', async () => {
    const bench = boot(createMemoryOutbox(coach))
    await drive(bench, 3, 50)
    running = []
    const closing = bench.terminal.close(100)
    await vi.advanceTimersByTimeAsync(1000)
    await closing
    expect(bench.outbox.stats()).toMatchObject({ pendingSamples: 0, waiting: { telemetry: 1 } })
    expect(bench.gnss.closed()).toBe(true)
  })
})
