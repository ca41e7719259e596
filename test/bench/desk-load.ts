import { connect, type Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { sha256 } from '../../proto/canonical.ts'
import { encodeEnvelope } from '../../proto/codec.ts'
import type { Envelope, EnvelopeBody } from '../../proto/model.ts'
import { alarm, envelopeOf } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'

/**
 * Vehicles that live, in a thread of their own: each sends its last ten seconds every ten seconds, one after the other, and
 * an alarm when it is told to. Written by hand, so that it costs as little as possible of the machine that is measured.
 */
export type DeskLoad = { readonly port: number; readonly vehicles: number }
export type Alarm = { readonly vehicle: number; readonly kind: string; readonly severity: string }

const { port, vehicles } = workerData as DeskLoad
const everyMs = 10_000

export const nameOf = (at: number): { fleet: string; vehicle: string } => ({
  fleet: `f${at % 4}`,
  vehicle: `v${at}`,
})

function packet(first: number, body: Buffer): Buffer {
  const length: number[] = []
  for (let left = body.length; left > 0 || length.length === 0; left >>= 7)
    length.push(left > 127 ? (left & 127) | 128 : left)
  return Buffer.concat([Buffer.from([first, ...length]), body])
}
const text = (value: string): Buffer => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)])

type Terminal = { readonly socket: Socket; readonly seqs: Map<string, number>; hash: Map<string, Uint8Array> }

function terminal(at: number): Promise<Terminal> {
  const { fleet, vehicle } = nameOf(at)
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  socket.write(
    packet(0x10, Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 120]), text(`${fleet}.${vehicle}`)])),
  )
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('data', () => {
      socket.on('data', () => {})
      resolve({ socket, seqs: new Map(), hash: new Map() })
    })
  })
}

let packetId = 0
function send(at: number, stream: 'telemetry' | 'alarm', make: (seq: number) => Envelope): void {
  const { fleet, vehicle } = nameOf(at)
  const { socket, seqs, hash } = terminals[at]!
  const seq = (seqs.get(stream) ?? 0) + 1
  seqs.set(stream, seq)
  const bytes = encodeEnvelope({ ...make(seq), prevHash: hash.get(stream) ?? new Uint8Array(32) })
  hash.set(stream, sha256(bytes))
  packetId = (packetId % 65_535) + 1
  const topic = text(`rw/v1/${fleet}/${vehicle}/up/${stream}`)
  socket.write(
    packet(0x32, Buffer.concat([topic, Buffer.from([packetId >> 8, packetId & 255]), Buffer.from(bytes)])),
  )
}

/** Some 300 km around Hangzhou, each on a road of its own; every fifth stands. */
const speedOf = (at: number): number => (at % 5 === 0 ? 0 : 60 + (at % 30))
function sampleOf(at: number, atMs: number) {
  const bearing = (at * 2.4) % (2 * Math.PI)
  const km = (speedOf(at) * (((atMs / 1000) % 3600) - 1800)) / 3600
  const [lat0, lon0] = [30.2 + 1.6 * Math.sin(at * 1.7), 120.2 + 1.8 * Math.cos(at * 2.9)]
  const fix = {
    ...{ lat: lat0 + (km * Math.cos(bearing)) / 111, lon: lon0 + (km * Math.sin(bearing)) / 96 },
    ...{ accuracyM: 5, satellites: 14 },
  }
  const known = { speedSource: 'wheel', driver: '张建国', ignition: true } as const
  return sampleAt(atMs, { fix, speedKmh: speedOf(at), courseDeg: (bearing * 180) / Math.PI, ...known })
}

function report(at: number): void {
  const nowMs = Date.now()
  const samples = Array.from({ length: 10 }, (_, i) => sampleOf(at, nowMs - (10 - i) * 1000))
  const body: EnvelopeBody = { is: 'telemetry', samples }
  send(at, 'telemetry', (seq) => envelopeOf(seq, body, nameOf(at)))
}

const terminals: Terminal[] = []
for (let at = 0; at < vehicles; at += 50)
  terminals.push(...(await Promise.all(Array.from({ length: 50 }, (_, i) => terminal(at + i)))))
parentPort?.postMessage('connected')

let next = 0
setInterval(() => {
  for (let count = 0; count < Math.round((vehicles * 20) / everyMs); count++) report(next++ % vehicles)
}, 20)

parentPort?.on('message', ({ vehicle, kind, severity }: Alarm) => {
  const atMs = Date.now() - 1000
  const { lat, lon } = sampleOf(vehicle, atMs).fix!
  const place = { lat, lon }
  const finding = { kind, severity: severity as 'major', atMs, decidedAtMs: atMs, place, driver: '张建国' }
  send(vehicle, 'alarm', (seq) =>
    alarm(
      seq,
      { ...finding, subject: `${kind}-${seq}`, rule: { id: kind, version: 1 } },
      null,
      nameOf(vehicle),
    ),
  )
})
