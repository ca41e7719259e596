import { createServer, type Server, type Socket } from 'node:net'
import { rmc } from '../../sim/hardware/nmea.ts'

/** World seconds per host second: each second of the receiver comes in a fraction of it. */
export const factor = 120
export const worldStartMs = Date.parse('2026-11-21T17:50:00.000Z')

/** A receiver on a TCP port: an RMC for each second of the world, for whoever listens. */
export class Receiver {
  readonly #sockets = new Set<Socket>()
  readonly #server: Server
  readonly #startedMs = Date.now()
  #timer: NodeJS.Timeout | undefined
  #second = 0
  port = 0

  constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  async open(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    const address = this.#server.address()
    this.port = typeof address === 'object' && address !== null ? address.port : 0
    this.#timer = setInterval(() => this.#print(), 1000 / factor)
  }

  #print(): void {
    const nowS = Math.floor(((Date.now() - this.#startedMs) / 1000) * factor)
    while (this.#second < nowS) {
      const second = this.#second++
      // Two minutes within the limit, one above it: alarms come and go.
      const speedKmh = second % 180 < 120 ? 72 : 112
      const motion = { lat: 30, lon: 110 + (second * 0.022) / 96, speedKmh, courseDeg: 90 }
      const text = rmc('GN', worldStartMs + second * 1000, motion)
      for (const socket of this.#sockets) socket.write(text, 'latin1')
    }
  }

  /** The cable is pulled; whoever opens the line again gets on. */
  unplug(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  get startedMs(): number {
    return this.#startedMs
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((done) => this.#server.close(done))
  }
}
