import { connect } from 'node:net'
import {
  type Device,
  type DeviceListener,
  type KeepOpenOptions,
  keepOpen,
  keepOpenDefaults,
} from './keep-open.ts'
import type { OpenPort } from './port.ts'

/** A serial line that a device server offers over TCP, `tcp://host:port`. */
export function tcpPort(path: string, options: Partial<KeepOpenOptions> = {}): OpenPort {
  const address = parseTcpPath(path)
  if (address === null) throw new TypeError(`${path} is not tcp://host:port`)
  return (listener) =>
    keepOpen(path, (device) => openSocket(address, device), listener, { ...keepOpenDefaults, ...options })
}

export type TcpAddress = { readonly host: string; readonly port: number }

/** Host and port of `tcp://host:port`, IPv6 in brackets; null when it is not one. */
export function parseTcpPath(path: string): TcpAddress | null {
  const match = /^tcp:\/\/(?:\[([0-9a-fA-F:.]+)\]|([^\s/:[\]]+)):(\d{1,5})$/.exec(path)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : null
}

function openSocket(address: TcpAddress, listener: DeviceListener): Device {
  const socket = connect({ ...address, noDelay: true, keepAlive: true })
  const released = Promise.withResolvers<void>()
  let why = 'closed by the other end'
  socket.on('connect', () => listener.opened())
  socket.on('data', (bytes) => listener.bytes(bytes))
  socket.on('error', (error) => {
    why = error.message
  })
  socket.on('close', () => {
    released.resolve()
    listener.closed(why)
  })
  const close = (): Promise<void> => {
    socket.destroy()
    return released.promise
  }
  return { write: (text) => socket.write(text, 'latin1'), close }
}
