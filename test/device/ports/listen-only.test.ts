import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { canLine } from '../../../device/decoders/index.ts'
import { canBitrates, slcanGreeting } from '../../../device/ports/open.ts'
import type { Port } from '../../../device/ports/port.ts'
import { tcpPort } from '../../../device/ports/tcp.ts'
import { answer, frameLine, newAdapter } from '../../../sim/hardware/slcan.ts'
import { bytesOf, readSlcan } from '../decoders/help.ts'

/** What an adapter may hear of us: set-up commands, each in its own line. No frame of any kind. */
const allowed = /^(?:C\r(?:S[0-8]\r)(?:L|O)\r)*$/

describe('the opening of an adapter', () => {
  it.each([
    [10_000, 'S0'],
    [20_000, 'S1'],
    [50_000, 'S2'],
    [100_000, 'S3'],
    [125_000, 'S4'],
    [250_000, 'S5'],
    [500_000, 'S6'],
    [800_000, 'S7'],
    [1_000_000, 'S8'],
  ])('at %i bit/s closes it, sets %s, opens it to listen only', (bitrate, command) => {
    expect(canBitrates).toContain(bitrate)
    expect(slcanGreeting(bitrate)).toBe(`C\r${command}\rL\r`)
    expect(slcanGreeting(bitrate, false)).toBe(`C\r${command}\rO\r`)
  })

  it('leaves an adapter alone that sets up itself', () => {
    expect([slcanGreeting(undefined), slcanGreeting(undefined, false)]).toEqual(['', ''])
  })

  it('is understood by an adapter, which is open then', () => {
    const { adapter, reply } = answer({ ...newAdapter, open: false }, slcanGreeting(250_000))
    expect([adapter.open, reply]).toEqual([true, '\r\r\r'])
  })
})

describe('a terminal on the vehicle’s bus', () => {
  const closers: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  /** An adapter over TCP that writes down what it hears. */
  async function listening(script: (socket: Socket, nth: number) => void) {
    let heard = ''
    let connections = 0
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (bytes) => {
        heard += bytes.toString('latin1')
      })
      script(socket, connections++)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    closers.push(async () => {
      server.close()
      await once(server, 'close')
    })
    return { path: `tcp://127.0.0.1:${port}`, heard: () => heard, connections: () => connections }
  }

  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  it('says nothing but its greeting, whatever the adapter answers and however often it dies', async () => {
    const frames = frameLine({ id: 0x18fef100, data: new Uint8Array(8) })
    const provoking = `\x07\x07${frames}V1013\rNA123\rF20\rz\rZ\rT18EC00F98\rt7DF80201\r\x07R18EEFF008\rO\rC\r`
    const adapter = await listening((socket, nth) => {
      socket.write(provoking, 'latin1', () => nth < 5 && setTimeout(() => socket.destroy(), 10))
    })
    const read: number[] = []
    const line = canLine('slcan')
    let state = line.initial
    const port: Port = tcpPort(adapter.path, {
      greeting: slcanGreeting(250_000),
      backoff: { baseMs: 1, capMs: 2 },
    })({
      bytes: (bytes) => {
        const step = line.step(state, bytes)
        state = step.state
        read.push(step.frames)
      },
      up: () => {},
      down: () => {
        state = line.initial
      },
    })
    closers.unshift(() => port.close())
    await until(() => adapter.connections() >= 6 && read.length >= 6)
    await until(() => adapter.heard().length >= 6 * 'C\rS5\rL\r'.length)
    expect(adapter.heard()).toMatch(allowed)
    expect(adapter.heard()).not.toMatch(/[tTrR]/)
    expect(read.every((frames2) => frames2 > 0)).toBe(true)
  })

  it('has no other way to write: only the supervision of a port writes, and only its greeting', () => {
    const root = join(import.meta.dirname, '../../../device')
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )
    const writers = files.filter((name) =>
      /#?device\??\.write\(|port\.write\(|socket\.write\(/.test(readFileSync(join(root, name), 'utf8')),
    )
    expect(writers.toSorted()).toEqual(['ports/keep-open.ts', 'ports/serial.ts', 'ports/tcp.ts'])
    const supervision = readFileSync(join(root, 'ports/keep-open.ts'), 'utf8')
    expect(supervision.match(/\.write\(/g)).toHaveLength(1)
    expect(supervision).toContain('.write(this.#options.greeting)')
  })
})

describe('what an adapter answers', () => {
  it.each(['\x07', 'V1013\r', 'v0107\r', 'NA123\r', 'F00\r', 'FA5\r', 'z\r', 'Z\r', '\r', '\r\r\x07\r'])(
    '%j is no frame and no fault',
    (reply) => {
      expect(readSlcan(reply)).toEqual([])
    },
  )

  it('may fall between two frames, also as a bare BELL', () => {
    const frame = 'T18FEF1008FF0050FFFFFFFFFF\r'
    const told = readSlcan(`${frame}\x07${frame}z\r${frame}F20\r${frame}`)
    expect(told.map(({ kind }) => kind)).toEqual(['message', 'message', 'message', 'message'])
  })

  it('in the middle of a frame ends it there: half a frame is none', () => {
    const [discarded, good] = readSlcan('T18FEF10\x07T18FEF1008FF0050FFFFFFFFFF\r')
    expect(discarded).toEqual({ kind: 'discarded', bytes: 8, why: 'malformed' })
    expect(good?.kind).toBe('message')
    expect(canLine('slcan').step(canLine('slcan').initial, bytesOf('z\rZ\r')).frames).toBe(0)
  })
})
