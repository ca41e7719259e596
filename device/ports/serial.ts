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
export function serialPort(path: string, baud: number, options: Partial<KeepOpenOptions> = {}): OpenPort {
  return (listener) =>
    keepOpen(path, (device) => openTty(path, baud, device), listener, { ...keepOpenDefaults, ...options })
}

function openTty(path: string, baud: number, listener: DeviceListener): Device {
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false })
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
