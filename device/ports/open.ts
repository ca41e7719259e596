import type { OpenPort } from './port.ts'
import { serialPort } from './serial.ts'
import { tcpPort } from './tcp.ts'

/** The port a configuration names: a tty path, or `tcp://host:port`. */
export function portAt(path: string, baud: number): OpenPort {
  return path.startsWith('tcp://') ? tcpPort(path) : serialPort(path, baud)
}
