import { Duplex } from 'node:stream'
import { type Checked, checkFrame, type Limits, limits } from './mqtt/check.ts'
import { createFrameCutter, type Frame } from './mqtt/frames.ts'
import type { RefusedReason } from './refused.ts'

/**
 * The frame guard: a stream between a socket (or a WebSocket) and the broker. The broker has no packet limit, no
 * bound on what one client keeps in flight and no deadline for a silent peer; the guard has them all, whole frames
 * pass it, and anything else ends the connection with a counted reason.
 */

export type GuardOptions = {
  /** Counts why a connection ended. */
  readonly onRefused: (reason: RefusedReason) => void
  /** From the first byte we could read to a positive CONNACK. Host time. */
  readonly connectMs?: number
  /** Publishes of a client that wait for their PUBACK. */
  readonly window?: number
  /** What a client that does not read may have waiting for it. */
  readonly outboundBytesMax?: number
  /** What packets are judged by; absent: a gateway's limits. */
  readonly limits?: Limits
}

/** Publishes of a client that wait for their PUBACK, at most. */
export const windowMax = 16
/** What may wait for a client that does not read. */
export const outboundBytesMax = 4 * 1024 * 1024
const lingerMs = 1000

/** Mutable inside the guard alone: streams are. */
type GuardState = {
  connected: boolean
  accepted: boolean
  inFlight: number
  wantsData: boolean
  ended: boolean
  closed: boolean
}

export class Guard extends Duplex {
  readonly #peer: Duplex
  readonly #options: Required<GuardOptions>
  readonly #inbound = createFrameCutter()
  readonly #outbound = createFrameCutter()
  readonly #filters = new Set<string>()
  readonly #state: GuardState = {
    connected: false,
    accepted: false,
    inFlight: 0,
    wantsData: false,
    ended: false,
    closed: false,
  }
  readonly #deadline: NodeJS.Timeout

  constructor(peer: Duplex, options: GuardOptions) {
    super({ allowHalfOpen: false })
    this.#peer = peer
    this.#options = {
      connectMs: 5000,
      window: windowMax,
      outboundBytesMax,
      limits,
      ...options,
    }
    this.#deadline = setTimeout(() => this.#refuse('connect-timeout'), this.#options.connectMs)
    peer.on('data', (chunk: Buffer) => {
      if (this.destroyed) return
      this.#inbound.push(chunk)
      this.#pump()
    })
    peer.on('end', () => {
      this.#state.ended = true
      this.#pump()
    })
    peer.on('error', () => this.destroy())
    peer.on('close', () => this.destroy())
    peer.on('drain', () => this.emit('peer-drain'))
  }

  override _read(): void {
    this.#state.wantsData = true
    this.#pump()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#outbound.push(chunk)
    this.#watchOutbound()
    if (this.#peer.destroyed || this.destroyed || this.#peer.write(chunk)) done()
    else this.once('peer-drain', () => done())
  }

  /** A packet is written in pieces: one system call for all of them, and for the packets of one turn. */
  override _writev(pieces: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(pieces.map(({ chunk }) => chunk)), 'binary', done)
  }

  /** The broker goes on writing to a client that does not read; what waits for it is counted at every write. */
  override write(...all: unknown[]): boolean {
    const flowing = (super.write as (...all: unknown[]) => boolean).apply(this, all)
    if (this.waitingBytes() > this.#options.outboundBytesMax) this.#refuse('reads-too-slowly')
    return flowing
  }

  /** What was written for this client and has not left the process. */
  waitingBytes(): number {
    return this.writableLength + this.#peer.writableLength
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#peer.end()
    done()
  }

  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#deadline)
    const peer = this.#peer
    if (!peer.destroyed) {
      // What was written before (a refusing CONNACK) should arrive; a peer that does not read is not waited for.
      peer.end()
      setTimeout(() => peer.destroy(), lingerMs).unref()
    }
    peer.resume()
    this.emit('peer-drain')
    // Never an error: the broker would log a stack for each bad client.
    done(null)
  }

  /** Hands whole frames to the broker while it wants them and the client's window is open. */
  #pump(): void {
    const state = this.#state
    const may = this.#options.limits
    while (!this.destroyed && state.wantsData && state.inFlight < this.#options.window) {
      const cut = this.#inbound.next(state.accepted ? may.packetBytesMax : may.connectBytesMax)
      if (cut.is === 'refused') {
        this.#refuse(cut.reason)
        return
      }
      if (cut.is === 'more') break
      this.#pass(cut.frame)
    }
    this.#throttle()
  }

  /** Reading pauses while frames wait here, so that memory is bounded by one socket read. */
  #throttle(): void {
    if (this.destroyed) return
    const holding = this.#inbound.held() > this.#options.limits.packetBytesMax
    const stuck = !this.#state.wantsData || this.#state.inFlight >= this.#options.window
    if (holding || (stuck && this.#inbound.held() > 0)) this.#peer.pause()
    else this.#peer.resume()
    if (this.#state.ended && !stuck) this.#finish()
  }

  /** The peer has said all: what is left is half a packet. */
  #finish(): void {
    if (this.#inbound.held() > 0) this.#refuse('cut-inside-packet')
    else if (!this.readableEnded && !this.#state.closed) this.push(null)
    this.#state.closed = true
  }

  #pass(frame: Frame): void {
    const checked = checkFrame(frame, this.#state.connected, this.#options.limits)
    if (checked.is === 'refused') {
      this.#refuse(checked.reason, checked.returnCode)
      return
    }
    const reason = this.#note(checked, frame)
    if (reason === null) this.#state.wantsData = this.push(frame.bytes)
    else this.#refuse(reason)
  }

  /** Remembers what later packets are judged by; a reason when it is too much. */
  #note(checked: Checked, frame: Frame): RefusedReason | null {
    if (checked.is === 'connect') {
      this.#state.connected = true
      const tolerated = this.#options.limits.keepaliveS
      // The broker closes after 1.5 keep-alives: a terminal of a stalled machine is not thrown out, a dead one is.
      if (tolerated !== null) {
        const keepaliveS = Math.min(
          Math.max(checked.keepaliveS || tolerated.max, tolerated.min),
          tolerated.max,
        )
        frame.bytes.writeUInt16BE(keepaliveS, checked.keepaliveAt)
      }
    }
    if (checked.is === 'publish' && checked.qos === 1) this.#state.inFlight++
    if (checked.is === 'unsubscribe') for (const filter of checked.filters) this.#filters.delete(filter)
    if (checked.is === 'subscribe') for (const filter of checked.filters) this.#filters.add(filter)
    return this.#filters.size > this.#options.limits.filtersPerClientMax ? 'too-many-filters' : null
  }

  /** Follows what the broker sends: the CONNACK ends the deadline, each PUBACK opens the window. */
  #watchOutbound(): void {
    for (;;) {
      const cut = this.#outbound.next(Number.POSITIVE_INFINITY)
      if (cut.is !== 'frame') return
      const { type, bytes } = cut.frame
      if (type === 2 && bytes[3] === 0) {
        this.#state.accepted = true
        clearTimeout(this.#deadline)
      }
      if (type === 4) this.#acknowledged()
    }
  }

  #acknowledged(): void {
    this.#state.inFlight--
    setImmediate(() => this.#pump())
  }

  #refuse(reason: RefusedReason, returnCode?: number): void {
    if (this.destroyed) return
    this.#options.onRefused(reason)
    if (returnCode !== undefined && !this.#peer.destroyed)
      this.#peer.write(Buffer.from([0x20, 2, 0, returnCode]))
    this.destroy()
  }
}
