import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CabOrder } from '../../device/cab.ts'
import { parseDbc } from '../../device/decoders/dbc/parse.ts'
import { type DbcReader, dbcReader } from '../../device/decoders/dbc/read.ts'
import { detectors, driverDetectors } from '../../device/detectors/index.ts'
import { bareDocuments } from '../../device/documents.ts'
import { silentLog } from '../../device/log.ts'
import { createMemoryOutbox } from '../../device/outbox/memory.ts'
import type { Outbox } from '../../device/outbox/outbox.ts'
import type { OpenPort, PortListener } from '../../device/ports/port.ts'
import { createTerminal, type Terminal } from '../../device/terminal.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { defaultVehicle } from '../../proto/shapes/vehicle.ts'
import { alarmReport, heartbeat, statusReport } from '../../sim/hardware/jsatl.ts'
import { coach } from '../contract/outbox.ts'
import { beijing } from '../help/drive.ts'
import { opened } from '../help/envelopes.ts'
import { rmcSentence, sentence } from '../help/nmea.ts'

const start = beijing('2026-11-22 14:00:00')

/** A terminal with three cables in the test's hand. */
describe('a terminal with three lines', () => {
  let folder: string
  let terminal: Terminal
  let outbox: Outbox
  let orders: CabOrder[]
  const listeners: { [line: string]: PortListener } = {}
  const cable =
    (line: string): OpenPort =>
    (listener) => {
      listeners[line] = listener
      listener.up()
      return { path: `/dev/${line}`, bytesRead: () => 0, close: async () => {} }
    }

  function boot(dbc: DbcReader | null = null): void {
    orders = []
    outbox = createMemoryOutbox(coach)
    terminal = createTerminal({
      documents: bareDocuments({ ...defaultVehicle, id: coach.vehicle, fleet: coach.fleet }),
      documentsFolder: join(folder, 'documents'),
      outbox,
      ports: { gnss: cable('gnss'), can: cable('can'), peripheral: cable('peripheral') },
      canFormat: 'slcan',
      dbc,
      peripherals: ['dsm'],
      openLink: () => ({ isUp: () => false, publish: async () => {}, close: async () => {} }),
      ack: 'gateway',
      cab: { order: (order) => orders.push(order), beep: () => {} },
      host: { nowMs: () => Date.now(), monoMs: () => Date.now() },
      world: { nowMs: () => Date.now(), factor: () => 1 },
      detectors: [...detectors, ...driverDetectors],
      closedIntervals: () => [],
      notBeforeMs: Date.UTC(2026, 0, 1),
      log: silentLog,
    })
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lines-'))
    vi.useFakeTimers({ now: start })
  })
  afterEach(async () => {
    const closing = terminal.close(0)
    await vi.advanceTimersByTimeAsync(1000)
    await closing
    vi.useRealTimers()
    rmSync(folder, { recursive: true })
  })

  const bodies = () =>
    [...outbox.take('alarm', 0, 1e6), ...outbox.take('telemetry', 0, 1e6)].map(
      ({ bytes }) => opened(bytes).body,
    )
  const findings = (): Finding[] => bodies().flatMap((body) => (body.is === 'finding' ? [body.finding] : []))
  const telemetry = (): Sample[] => bodies().flatMap((body) => (body.is === 'telemetry' ? body.samples : []))
  const say = (line: string, bytes: Uint8Array | string): void =>
    listeners[line]!.bytes(typeof bytes === 'string' ? new Uint8Array(Buffer.from(bytes, 'latin1')) : bytes)

  /** Drives so many seconds; `more` may speak on other lines at each of them. */
  async function drive(
    seconds: number,
    speedKmh: number,
    more: (s: number) => void = () => {},
  ): Promise<void> {
    for (let s = 0; s < seconds; s++) {
      more(s)
      const lon = 114 + ((Date.now() - start) / 1000) * (speedKmh / 3.6 / 95_500)
      say('gnss', rmcSentence({ atMs: Date.now(), lat: 30.5, lon, speedKmh }))
      await vi.advanceTimersByTimeAsync(1000)
    }
  }
  const of = (kind: string) => findings().filter((finding) => finding.kind === kind)

  it('turns a camera’s report into a finding at once, and tells the driver', async () => {
    boot()
    await drive(5, 60, () => say('peripheral', heartbeat('dsm')))
    expect(findings().map(({ kind }) => kind)).toEqual([])
    await drive(
      2,
      60,
      (s) => s === 0 && say('peripheral', alarmReport({ device: 'dsm', type: 2, attachments: 2 })),
    )
    expect(of('phone')).toMatchObject([{ phase: 'started', severity: 'major', atMs: start + 5000 }])
    expect(orders.map(({ kind }) => kind)).toContain('phone')
  })

  it('keeps below the split between camera and driver', async () => {
    boot()
    await drive(3, 45, (s) => s === 1 && say('peripheral', alarmReport({ device: 'adas', type: 3 })))
    expect(of('headway')).toEqual([])
    expect(of('camera-warning')).toEqual([])
    expect(orders.map(({ kind, words }) => [kind, words.en])).toEqual([
      ['camera-warning', 'Keep your distance.'],
    ])
  })

  it('reads reports cut in two, and none across an unplugged cable', async () => {
    boot()
    const report = alarmReport({ device: 'dsm', type: 3 })
    await drive(3, 60, (s) =>
      say('peripheral', s === 0 ? report.slice(0, 9) : s === 1 ? report.slice(9) : heartbeat('dsm')),
    )
    expect(of('smoking')).toHaveLength(1)
    await drive(3, 60, (s) => {
      if (s === 1) say('peripheral', alarmReport({ device: 'dsm', type: 4 }).slice(0, 12))
      if (s === 1) listeners['peripheral']!.down('unplugged')
      if (s === 2) say('peripheral', alarmReport({ device: 'dsm', type: 4 }).slice(12))
    })
    expect(of('distraction')).toEqual([])
  })

  it('finds a camera that is silent, and one that says it is broken', async () => {
    boot()
    await drive(70, 60, (s) => s === 30 && say('peripheral', statusReport('adas', 4, 1)))
    expect(of('camera-fault').map(({ subject, reason, phase }) => [subject, reason, phase])).toEqual([
      [`${coach.vehicle}/adas`, 'fault', 'started'],
      [`${coach.vehicle}/dsm`, 'silent', 'started'],
    ])
  })

  it('reads the speed of a bus that a DBC file describes', async () => {
    const parsed = parseDbc(
      'BO_ 500 D: 8 E\n SG_ V : 0|16@1+ (0.01,0) [0|300] "" D\n SG_ Key : 16|1@1+ (1,0) [0|1] "" D',
    )
    if (parsed.is === 'bad') throw new Error(parsed.problem.reason)
    const made = dbcReader(parsed.dbc, { V: 'wheelSpeedKmh', Key: 'ignitionOn' })
    if (made.is === 'bad') throw new Error(made.reason)
    boot(made.reader)
    await drive(12, 60, () => say('can', 't1F48A018010000000000\r'))
    expect(telemetry()[5]).toMatchObject({ speedKmh: 63.04, speedSource: 'wheel', ignition: true })
  })

  it('sends the sky to the gateway, BeiDou by name', async () => {
    boot()
    const slots = Array.from({ length: 12 }, (_, i) => (i < 9 ? 20 + i : '')).join(',')
    await drive(25, 60, () => {
      say('gnss', sentence('GBGSV,1,1,02,21,40,083,46,22,17,308,41'))
      say('gnss', sentence(`GNGSA,A,3,${slots},1.0,0.7,0.8,4`))
    })
    expect(telemetry().at(-1)!.sky).toEqual([{ system: 'beidou', used: 9, inView: 2, snrDb: 44 }])
  })
})
