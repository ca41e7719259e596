import { connect } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { encodeEnvelope } from '../../proto/codec.ts'
import { startMs, telemetry } from '../gateway/help/envelopes.ts'
import { cruise } from '../help/drive.ts'

/**
 * The load, in a thread of its own: many connections, each sending its next QoS 1 publish when the PUBACK of the
 * last has come. Written by hand, so that it costs as little as possible and the same for whoever answers.
 */
export type Load = {
  readonly port: number
  readonly connections: number
  readonly perConnection: number
  readonly what: 'batches' | 'singles'
}

const load = workerData as Load

function packet(first: number, body: Buffer): Buffer {
  const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7]
  return Buffer.concat([Buffer.from([first, ...length]), body])
}
const text = (value: string): Buffer => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)])

function publishes(vehicle: string): Buffer[] {
  return Array.from({ length: load.perConnection }, (_, index) => {
    const fromMs = startMs + index * 10_000
    const fix = { lat: 30.25 + index * 1e-4, lon: 120.16, accuracyM: 3, satellites: 12 }
    const known = {
      speedKmh: 62.5,
      courseDeg: 90,
      odometerM: 1_000_000 + index * 170,
      fix,
      ignition: true,
      driver: 'd1',
    }
    const samples = cruise(fromMs, fromMs + (load.what === 'batches' ? 10_000 : 1000), known)
    const payload = encodeEnvelope(telemetry(index + 1, samples, { vehicle }))
    const topic = text(load.what === 'batches' ? `rw/v1/f1/${vehicle}/up/telemetry` : `t/${vehicle}`)
    return packet(0x32, Buffer.concat([topic, Buffer.from([(index + 1) >> 8, (index + 1) & 255]), payload]))
  })
}

function drive(index: number): { ready: Promise<void>; go: () => Promise<void> } {
  const vehicle = `v${index}`
  const queue = publishes(vehicle)
  const socket = connect(load.port, '127.0.0.1')
  socket.setNoDelay(true)
  socket.write(
    packet(0x10, Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 120]), text(`f1.${vehicle}`)])),
  )
  const ready = new Promise<void>((resolve) => socket.once('data', () => resolve()))
  const go = () =>
    new Promise<void>((resolve, reject) => {
      let next = 0
      const send = () => {
        if (next < queue.length) socket.write(queue[next++]!)
        else socket.end(resolve)
      }
      socket.once('close', () => reject(new Error(`closed after ${next}`)))
      socket.on('data', (chunk) => {
        for (let at = 0; at < chunk.length; at += 4) send()
      })
      send()
    })
  return { ready, go }
}

const all = Array.from({ length: load.connections }, (_, index) => drive(index))
await Promise.all(all.map(({ ready }) => ready))
const from = performance.now()
await Promise.all(all.map(({ go }) => go()))
parentPort?.postMessage(performance.now() - from)
