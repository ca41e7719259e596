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

/** A port that leaves so many milliseconds between two reads: what came meanwhile is one piece. */
class SlicedPort extends SerialPort {
  readonly #sliceMs: number
  #readMs = 0

  constructor(options: ConstructorParameters<typeof SerialPort>[0], sliceMs: number) {
    super(options)
    this.#sliceMs = sliceMs
  }

  override _read(bytes: number): void {
    const waitMs = this.#readMs + this.#sliceMs - performance.now()
    const read = (): void => {
      this.#readMs = performance.now()
      super._read(bytes)
    }
    if (waitMs <= 0) read()
    else setTimeout(read, waitMs)
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
