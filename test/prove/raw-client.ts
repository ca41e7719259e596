import { connect, type Socket } from 'node:net'

/** An MQTT client of bytes alone: thousands of them fit into one process, and none does more than it is told. */

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

function packet(first: number, body: Buffer): Buffer {
  const length: number[] = []
  for (let rest = body.length; ; rest >>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) break
  }
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

export class RawClient {
  readonly socket: Socket
  /** QoS 1 publishes that were received. */
  heard = 0
  onPublish: (payload: Buffer) => void = () => {}
  readonly #waiting = new Map<number, (acknowledged: boolean) => void>()
  #connected: (welcome: boolean) => void = () => {}
  #granted: (granted: boolean) => void = () => {}
  #held: Buffer = Buffer.alloc(0)
  #id = 0

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.setNoDelay(true)
    this.socket.on('error', () => {})
    this.socket.on('data', (chunk: Buffer) => this.#take(chunk))
    this.socket.on('close', () => this.#over())
  }

  /** False when the door closed or said no. */
  open(clientId: string): Promise<boolean> {
    const welcome = new Promise<boolean>((resolve) => {
      this.#connected = resolve
    })
    const head = Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 120])])
    this.socket.write(packet(0x10, Buffer.concat([head, text(clientId)])))
    return welcome
  }

  /** Resolves when the broker has taken it: what is published from then on is heard. False when the connection ended before. */
  subscribe(filter: string): Promise<boolean> {
    const granted = new Promise<boolean>((resolve) => {
      this.#granted = resolve
    })
    const id = Buffer.from([0, 1])
    this.socket.write(packet(0x82, Buffer.concat([id, text(filter), Buffer.from([1])])))
    return granted
  }

  /** True when it was acknowledged, false when the connection ended before. */
  publish(topic: string, payload: Uint8Array): Promise<boolean> {
    if (this.socket.destroyed) return Promise.resolve(false)
    this.#id = (this.#id % 65_535) + 1
    const id = this.#id
    const body = Buffer.concat([text(topic), Buffer.from([id >> 8, id & 255]), payload])
    this.socket.write(packet(0x32, body))
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  #over(): void {
    this.#connected(false)
    this.#granted(false)
    for (const tell of this.#waiting.values()) tell(false)
    this.#waiting.clear()
  }

  #take(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    for (;;) {
      const frame = frameOf(this.#held)
      if (frame === null) return
      this.#held = this.#held.subarray(frame.end)
      this.#frame(frame.first, frame.body)
    }
  }

  #frame(first: number, body: Buffer): void {
    if (first === 0x20) this.#connected(body[1] === 0)
    if (first === 0x90) this.#granted(body[2] !== 128)
    if (first === 0x40) {
      const id = body.readUInt16BE(0)
      this.#waiting.get(id)?.(true)
      this.#waiting.delete(id)
    }
    if (first >> 4 !== 3) return
    const at = 2 + body.readUInt16BE(0)
    const isSure = (first & 6) !== 0
    if (isSure) this.socket.write(packet(0x40, body.subarray(at, at + 2)))
    this.heard++
    this.onPublish(body.subarray(isSure ? at + 2 : at))
  }
}

type Frame = { readonly first: number; readonly body: Buffer; readonly end: number }

function frameOf(bytes: Buffer): Frame | null {
  let length = 0
  for (let n = 1; n <= 4; n++) {
    const byte = bytes[n]
    if (byte === undefined) return null
    length |= (byte & 127) << (7 * (n - 1))
    if (byte > 127) continue
    const end = n + 1 + length
    return end > bytes.length ? null : { first: bytes[0]!, body: bytes.subarray(n + 1, end), end }
  }
  return null
}
