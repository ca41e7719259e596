import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hostClock, realWorld } from '../../device/clock.ts'
import { camera, cameraKinds } from '../../device/detectors/camera.ts'
import { cameraFault } from '../../device/detectors/camera-fault.ts'
import { fatigue } from '../../device/detectors/fatigue.ts'
import { bareDocuments } from '../../device/documents.ts'
import { silentLog } from '../../device/log.ts'
import { createMemoryOutbox } from '../../device/outbox/memory.ts'
import { portAt } from '../../device/ports/open.ts'
import { createTerminal, type Terminal } from '../../device/terminal.ts'
import type { Finding } from '../../proto/model.ts'
import { defaultVehicle } from '../../proto/shapes/vehicle.ts'
import { alarmReport, heartbeat, statusReport } from '../../sim/hardware/jsatl.ts'
import { coach } from '../contract/outbox.ts'
import { opened } from '../help/envelopes.ts'
import { eventually, mustSkip } from '../help/external.ts'
import { rmcSentence } from '../help/nmea.ts'
import { Pty } from '../help/pty.ts'

/** Real ttys, real time: what cameras write becomes findings of each kind. */
describe.skipIf(mustSkip('socat'))('a camera on a tty (needs socat)', () => {
  let folder: string
  let lines: { gnss: Pty; peripheral: Pty }
  let terminal: Terminal
  let clock: NodeJS.Timeout
  const outbox = createMemoryOutbox(coach)
  const findings = (): Finding[] =>
    [...outbox.take('alarm', 0, 1e6)].flatMap(({ bytes }) => {
      const { body } = opened(bytes)
      return body.is === 'finding' ? [body.finding] : []
    })

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'camera-'))
    lines = { gnss: new Pty(join(folder, 'gnss')), peripheral: new Pty(join(folder, 'camera')) }
    await Promise.all([lines.gnss.plug(), lines.peripheral.plug()])
    terminal = createTerminal({
      documents: bareDocuments({ ...defaultVehicle, id: coach.vehicle, fleet: coach.fleet }),
      documentsFolder: join(folder, 'documents'),
      outbox,
      ports: { gnss: portAt(lines.gnss.path, 115_200), peripheral: portAt(lines.peripheral.path, 115_200) },
      canFormat: 'slcan',
      openLink: () => ({ isUp: () => false, publish: async () => {}, close: async () => {} }),
      ack: 'gateway',
      cab: { order: () => {}, beep: () => {} },
      host: hostClock,
      world: realWorld,
      detectors: [camera, cameraFault, fatigue],
      closedIntervals: () => [],
      notBeforeMs: Date.UTC(2000, 0, 1),
      log: silentLog,
    })
    let lon = 114
    clock = setInterval(() => {
      lon += 60 / 3.6 / 95_500
      lines.gnss.send(Buffer.from(rmcSentence({ atMs: Date.now(), lat: 30.5, lon, speedKmh: 60 })))
    }, 1000)
  })
  afterEach(async () => {
    clearInterval(clock)
    await terminal.close(0)
    await Promise.all([lines.gnss.pull(), lines.peripheral.pull()])
    rmSync(folder, { recursive: true })
  })

  it('is heard: each kind of report is a finding of its kind, a broken camera too', async () => {
    const say = (bytes: Uint8Array): void => lines.peripheral.send(bytes)
    // The tty is there before the terminal has opened it: heartbeats until it reads.
    await eventually('the camera is known', () => {
      say(heartbeat('dsm'))
      say(statusReport('adas', 4, 1))
      return findings().some(({ kind }) => kind === 'camera-fault')
    })
    for (const type of [1, 2, 3, 4, 5]) say(alarmReport({ device: 'dsm', type, own: [8, 0, 0, 0, 0] }))
    for (const type of [1, 2, 3, 4]) say(alarmReport({ device: 'adas', type, own: [60, 20, 1, 0, 0] }))
    const wanted = [...cameraKinds, 'camera-fault', 'fatigue'].toSorted()
    const kinds = (): string[] => [...new Set(findings().map(({ kind }) => kind))].toSorted()
    await eventually('all of them are findings', () => kinds().length === wanted.length)
    expect(kinds()).toEqual(wanted)
    expect(findings().find(({ kind }) => kind === 'fatigue')).toMatchObject({
      reason: 'camera',
      grade: 'to-verify',
    })
  })
})
