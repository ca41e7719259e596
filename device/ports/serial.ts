import { readSync } from 'node:fs'
import { SerialPort } from 'serialport'
import {
  type Device,
  type DeviceListener,
  type KeepOpenOptions,
  keepOpen,
  keepOpenDefaults,
} from './keep-open.ts'
import type { OpenPort } from './port.ts'

/**
 * A tty. The only door to serialport. Ports are named by the configuration and never listed: listing spawns
 * udevadm and ends the process where that is missing.
 */
export function serialPort(
  path: string,
  baud: number,
  { sliceMs = 0, ...options }: Partial<KeepOpenOptions> & { readonly sliceMs?: number } = {},
): OpenPort {
  return (listener) =>
    keepOpen(path, (device) => openTty(path, baud, sliceMs, device), listener, {
      ...keepOpenDefaults,
      ...options,
    })
}

/** Of the binding for Linux, beneath its types. */
type Poller = { readonly once: (event: 'readable', told: (error: Error | null) => void) => unknown }

/** Where a slice is read to before it is handed on: more than a tty gives to one read, which is 4 KiB. */
const taken = Buffer.alloc(16 * 1024)
/** So much in one read, and more waits in the driver: the reader is behind, or the bus is faster than slices are for. */
const behindBytes = 2048

/**
 * A port that leaves so many milliseconds between two reads: what came meanwhile is one piece. On a loaded line it lies there
 * already and is taken at once; on a quiet one it is taken as soon as the poll says that it came. A reader that is behind leaves
 * no time at all until it has caught up: at 4 KiB a slice a bus that was left unread for a second would be read late for many,
 * and be paired with positions it does not belong to. The library's own way (a thread before each poll and another one after
 * it) is left for whatever goes wrong.
 */
class SlicedPort extends SerialPort {
  readonly #sliceMs: number
  #readMs = 0
  #isBehind = false

  constructor(options: ConstructorParameters<typeof SerialPort>[0], sliceMs: number) {
    super(options)
    this.#sliceMs = sliceMs
  }

  override _read(bytes: number): void {
    const waitMs = this.#readMs + this.#sliceMs - performance.now()
    const read = (): void => {
      this.#readMs = performance.now()
      const piece = this.#waiting()
      if (piece === null) this.#readNext(bytes)
      else this.push(piece)
    }
    // Even then the loop comes round between two reads: the other lines have their turn.
    if (this.#isBehind) setImmediate(read)
    else if (waitMs <= 0) read()
    else setTimeout(read, waitMs)
  }

  /** A poll that fails is a line that was pulled; read on, it would give nothing for ever. */
  #readNext(bytes: number): void {
    const { poller } = (this.port ?? {}) as { readonly poller?: Poller }
    const take = (error: Error | null): void => {
      if (!this.isOpen) return
      const piece = error === null ? this.#waiting() : null
      if (error !== null) this.close(undefined, error)
      else if (piece === null) super._read(bytes)
      else this.push(piece)
    }
    if (poller === undefined || !this.isOpen) super._read(bytes)
    else poller.once('readable', take)
  }

  /** What the driver gives now; null when that is nothing or cannot be told. The device was opened not to block. */
  #waiting(): Buffer | null {
    this.#isBehind = false
    const { fd } = (this.port ?? {}) as { readonly fd?: number | null }
    if (!this.isOpen || typeof fd !== 'number') return null
    try {
      const count = readSync(fd, taken)
      this.#isBehind = count >= behindBytes
      return count === 0 ? null : Buffer.from(taken.subarray(0, count))
    } catch {
      return null
    }
  }
}

function openTty(path: string, baud: number, sliceMs: number, listener: DeviceListener): Device {
  const port = new SlicedPort({ path, baudRate: baud, autoOpen: false }, sliceMs)
  const released = Promise.withResolvers<void>()
  let over = false
  const finish = (why: string): void => {
    if (over) return
    over = true
    released.resolve()
    listener.closed(why)
  }
  // Listened to before the port is opened: without a listener an unplug during opening ends the process. A port
  // that is still open after an error holds its lock, so it is closed first and `close` tells the end.
  port.on('error', (error) => (port.isOpen ? port.close() : finish(error.message)))
  // Always reading: a paused port does not notice that it was unplugged.
  port.on('data', (bytes: Buffer) => listener.bytes(bytes))
  port.on('close', (error: Error | null) => finish(error?.message ?? 'closed'))
  let wanted = true
  port.open((error) => {
    if (error !== null && error !== undefined) return finish(error.message)
    if (wanted) return listener.opened()
    port.close()
  })
  const close = (): Promise<void> => {
    wanted = false
    if (port.isOpen) port.close((error) => error && finish(error.message))
    return released.promise
  }
  return { write: (text) => port.write(text, 'latin1'), close }
}
