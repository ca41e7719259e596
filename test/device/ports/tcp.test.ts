import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { parseTcpPath, tcpPort } from '../../../device/ports/tcp.ts'
import { portContract } from '../../contract/port.ts'
import { freePort } from '../../help/external.ts'

portContract(
  'tcp port',
  async () => {
    const port = await freePort()
    let server: Server | null = null
    const sockets = new Set<Socket>()
    const pull = async (): Promise<void> => {
      const closing = server
      server = null
      if (closing === null) return
      closing.close()
      for (const socket of sockets) socket.resetAndDestroy()
      sockets.clear()
      await once(closing, 'close')
    }
    return {
      openPort: (options) => tcpPort(`tcp://127.0.0.1:${port}`, options),
      plug: async () => {
        server = createServer((socket) => {
          sockets.add(socket)
          socket.on('error', () => {})
          socket.on('close', () => sockets.delete(socket))
          socket.resume()
        })
        server.listen(port, '127.0.0.1')
        await once(server, 'listening')
      },
      pull,
      send: (bytes) => {
        for (const socket of sockets) socket.write(bytes)
      },
      dispose: pull,
    }
  },
  false,
)

describe('tcp paths', () => {
  it.each([
    ['tcp://127.0.0.1:4001', { host: '127.0.0.1', port: 4001 }],
    ['tcp://moxa-3.depot:950', { host: 'moxa-3.depot', port: 950 }],
    ['tcp://[fe80::1]:65535', { host: 'fe80::1', port: 65_535 }],
  ])('reads %s', (path, address) => {
    expect(parseTcpPath(path)).toEqual(address)
  })

  it.each([
    'tcp://',
    'tcp://host',
    'tcp://host:',
    'tcp://host:0',
    'tcp://host:65536',
    'tcp://a b:1',
    '/dev/ttyS0',
  ])('refuses %s', (path) => {
    expect(parseTcpPath(path)).toBeNull()
    expect(() => tcpPort(path)).toThrow(/tcp:\/\/host:port/)
  })
})
