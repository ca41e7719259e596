import { type Backoff, backoffMs } from '../backoff.ts'
import type { Port, PortListener } from './port.ts'

/** What happens to one opened device. After `closed` it says nothing more. */
export type DeviceListener = {
  readonly opened: () => void
  readonly bytes: (bytes: Uint8Array) => void
  /** Told exactly once, whether it was ever open or not. */
  readonly closed: (why: string) => void
}

/** Resolves when the device is released; `closed` may or may not have been told by then. */
export type Device = { readonly write: (text: string) => void; readonly close: () => Promise<void> }
export type OpenDevice = (listener: DeviceListener) => Device

export type KeepOpenOptions = {
  /** A line that brings no byte for so long is closed and opened again: drivers do not always tell of an unplug. */
  readonly silenceMs: number
  readonly backoff: Backoff
  /** Written each time the device was opened: an adapter that lost its power lost its settings too. */
  readonly greeting: string
  readonly chance: () => number
}

export const keepOpenDefaults: KeepOpenOptions = {
  silenceMs: 10_000,
  backoff: { baseMs: 250, capMs: 5000 },
  greeting: '',
  chance: Math.random,
}

/** A device that is opened again for ever. The same supervision for a tty and for a socket. */
export function keepOpen(
  path: string,
  openDevice: OpenDevice,
  listener: PortListener,
  options: KeepOpenOptions,
): Port {
  const line = new KeptLine(openDevice, listener, options)
  line.open()
  return { path, bytesRead: () => line.bytesRead, close: () => line.close() }
}

class KeptLine {
  bytesRead = 0
  readonly #openDevice: OpenDevice
  readonly #listener: PortListener
  readonly #options: KeepOpenOptions
  #device: Device | null = null
  #retry: NodeJS.Timeout | undefined
  #watchdog: NodeJS.Timeout | undefined
  #heardMs = 0
  #failures = 0
  /** What the user was last told; null before the first news. */
  #told: 'up' | 'down' | null = null
  /** After a silence only bytes prove that the line is back: opening a dead line succeeds too. */
  #silent = false
  #closed = false

  constructor(openDevice: OpenDevice, listener: PortListener, options: KeepOpenOptions) {
    this.#openDevice = openDevice
    this.#listener = listener
    this.#options = options
  }

  open(): void {
    let over = false
    const device = this.#openDevice({
      opened: () => {
        if (!over) this.#opened()
      },
      bytes: (bytes) => {
        if (!over) this.#bytes(bytes)
      },
      closed: (why) => {
        if (over) return
        over = true
        this.#lost(why)
      },
    })
    this.#device = over ? null : device
  }

  #opened(): void {
    this.#heardMs = performance.now()
    if (this.#options.greeting !== '') this.#device?.write(this.#options.greeting)
    const checkMs = Math.max(10, this.#options.silenceMs / 4)
    this.#watchdog = setInterval(() => this.#watch(), checkMs)
    if (!this.#silent) this.#tellUp()
  }

  #bytes(bytes: Uint8Array): void {
    if (this.#closed) return
    this.#heardMs = performance.now()
    this.#failures = 0
    this.#silent = false
    this.bytesRead += bytes.length
    this.#tellUp()
    this.#listener.bytes(bytes)
  }

  #watch(): void {
    if (performance.now() - this.#heardMs < this.#options.silenceMs) return
    this.#silent = true
    const device = this.#device
    clearInterval(this.#watchdog)
    this.#tellDown(`no bytes for ${this.#options.silenceMs / 1000} s`)
    void device?.close()
  }

  #lost(why: string): void {
    clearInterval(this.#watchdog)
    this.#device = null
    if (this.#closed) return
    this.#tellDown(why)
    const delayMs = backoffMs(this.#options.backoff, this.#failures++, this.#options.chance())
    this.#retry = setTimeout(() => this.open(), delayMs)
  }

  #tellUp(): void {
    if (this.#told === 'up') return
    this.#told = 'up'
    this.#listener.up()
  }

  #tellDown(why: string): void {
    if (this.#told === 'down') return
    this.#told = 'down'
    this.#listener.down(why)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    clearInterval(this.#watchdog)
    await this.#device?.close()
  }
}
