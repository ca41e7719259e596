import { connect as connectSocket, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Guard, type GuardOptions } from '../../gateway/guard.ts'
import { cruise } from '../help/drive.ts'
import { connect, connectTerminal, settled, until } from './help/clients.ts'
import { startGateway, startMs, telemetry } from './help/world.ts'

const text = (value: string): Buffer =>
  Buffer.concat([Buffer.from([value.length >> 8, value.length & 255]), Buffer.from(value)])
const packet = (first: number, ...parts: (Buffer | number[])[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const length: number[] = []
  for (let rest = body.length; ; rest >>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) break
  }
  return Buffer.concat([Buffer.from([first, ...length]), body])
}
const connectPacket = (clientId: string, flags = 2, keepaliveS = 60, ...rest: Buffer[]): Buffer =>
  packet(0x10, text('MQTT'), [4, flags, keepaliveS >> 8, keepaliveS & 255], text(clientId), ...rest)
const publishPacket = (topic: Buffer, payload: Buffer, id = 1, first = 0x32): Buffer =>
  packet(first, topic, first === 0x30 ? [] : [id >> 8, id & 255], payload)
const subscribePacket = (filters: readonly string[], id = 1, qos = 1): Buffer =>
  packet(0x82, [id >> 8, id & 255], ...filters.flatMap((filter) => [text(filter), Buffer.from([qos])]))

const accepted = Buffer.from([0x20, 2, 0, 0])
const upTo = text('rw/v1/f1/v1/up/telemetry')

async function socketTo(
  port: number,
): Promise<{ socket: Socket; received: () => Buffer; closed: Promise<void> }> {
  const socket = connectSocket(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  return { socket, received: () => Buffer.concat(chunks), closed }
}

describe('a connection ends, with a counted reason, when its first packet is', () => {
  test.each([
    ['no CONNECT', packet(0xc0), 'not-connected'],
    [
      'a CONNECT above 4 KiB',
      connectPacket('f1.v1', 0xc2, 60, text('u'), text('x'.repeat(4200))),
      'too-large',
    ],
    ['a length of five bytes', Buffer.from('10ffffffff7f', 'hex'), 'bad-length'],
    ['announced as 256 MB', Buffer.from('10ffffff7f', 'hex'), 'too-large'],
    ['of another protocol', packet(0x10, text('HTTP'), [4, 2, 0, 60], text('f1.v1')), 'bad-protocol'],
    ['with flags', packet(0x11, text('MQTT'), [4, 2, 0, 60], text('f1.v1')), 'bad-flags'],
    ['with the reserved flag', connectPacket('f1.v1', 3), 'bad-flags'],
    ['with a password and no name', connectPacket('f1.v1', 0x42, 60, text('p')), 'bad-flags'],
    ['with a will of QoS 3', connectPacket('f1.v1', 0x1e, 60, text('t'), text('m')), 'bad-will'],
    ['with a will of QoS 2', connectPacket('f1.v1', 0x16, 60, text('t'), text('m')), 'qos-2'],
    ['with will flags and no will', connectPacket('f1.v1', 0x0a), 'bad-will'],
    [
      'with a wildcard in the topic of its will',
      connectPacket('f1.v1', 6, 60, text('a/#'), text('m')),
      'wildcard-in-topic',
    ],
    ['longer than what it says', connectPacket('f1.v1', 2, 60, Buffer.from([0])), 'bad-length'],
    ['shorter than what it says', packet(0x10, text('MQTT'), [4, 2, 0, 60], [0, 9, 102]), 'bad-length'],
    [
      'with a client id that is no text',
      packet(0x10, text('MQTT'), [4, 2, 0, 60], [0, 2, 0xc3, 0x28]),
      'bad-utf8',
    ],
    ['with U+0000 in the client id', connectPacket('f1.v\0'), 'bad-utf8'],
  ] as const)('%s', async (_name, bytes, reason) => {
    const gateway = await startGateway()
    const { socket, closed, received } = await socketTo(gateway.ports.ingest)
    socket.write(bytes)
    await closed
    expect(received()).toEqual(Buffer.alloc(0))
    expect(gateway.metrics.value('refused_total', { door: 'ingest', reason })).toBe(1)
  })

  test.each([
    ['MQTT 5', packet(0x10, text('MQTT'), [5, 2, 0, 60, 0], text('f1.v1')), 1],
    ['no client id for a session that is to be kept', connectPacket('', 0), 2],
    ['a terminal nobody knows', connectPacket('f1.x1'), 2],
  ] as const)('of %s: with return code', async (_name, bytes, code) => {
    const gateway = await startGateway()
    const { socket, closed, received } = await socketTo(gateway.ports.ingest)
    socket.write(bytes)
    await closed
    expect([...received()]).toEqual([0x20, 2, 0, code])
  })
})

describe('a connected terminal is thrown out for', () => {
  test.each([
    ['a second CONNECT', connectPacket('f1.v1'), 'second-connect'],
    ['QoS 2', publishPacket(upTo, Buffer.from('x'), 1, 0x34), 'qos-2'],
    ['QoS 3', publishPacket(upTo, Buffer.from('x'), 1, 0x36), 'qos-3'],
    ['DUP with QoS 0', publishPacket(upTo, Buffer.from('x'), 0, 0x38), 'bad-flags'],
    ['packet id 0', publishPacket(upTo, Buffer.from('x'), 0), 'packet-id-zero'],
    ['an empty topic', publishPacket(text(''), Buffer.from('x')), 'empty-topic'],
    ['a wildcard in a topic', publishPacket(text('rw/+/x'), Buffer.from('x')), 'wildcard-in-topic'],
    ['a topic that is no text', publishPacket(Buffer.from([0, 2, 0xff, 0xfe]), Buffer.from('x')), 'bad-utf8'],
    ['U+0000 in a topic', publishPacket(text('a\0b'), Buffer.from('x')), 'bad-utf8'],
    ['a topic of nine levels', publishPacket(text('a/a/a/a/a/a/a/a/a'), Buffer.from('x')), 'too-many-levels'],
    ['a topic of 257 bytes', publishPacket(text('a'.repeat(257)), Buffer.from('x')), 'topic-too-long'],
    ['a payload above 16 KiB', publishPacket(upTo, Buffer.alloc(16 * 1024 + 1)), 'payload-too-large'],
    ['a packet above 64 KiB', publishPacket(upTo, Buffer.alloc(64 * 1024)), 'too-large'],
    ['a topic longer than its packet', packet(0x32, [0, 9, 97]), 'bad-length'],
    ['PUBREL', Buffer.from([0x62, 2, 0, 1]), 'qos-2'],
    ['PUBREC', Buffer.from([0x50, 2, 0, 1]), 'qos-2'],
    ['PUBCOMP', Buffer.from([0x70, 2, 0, 1]), 'qos-2'],
    ['a PUBACK of three bytes', Buffer.from([0x40, 3, 0, 1, 0]), 'bad-puback'],
    ['a CONNACK', accepted, 'bad-packet-type'],
    ['type 0', Buffer.from([0, 0]), 'bad-packet-type'],
    ['type 15', Buffer.from([0xf0, 0]), 'bad-packet-type'],
    ['a PINGREQ with a body', Buffer.from([0xc0, 1, 0]), 'bad-length'],
    ['SUBSCRIBE without its flag', packet(0x80, [0, 1], text('a'), [0]), 'bad-flags'],
    ['SUBSCRIBE to nothing', packet(0x82, [0, 1]), 'no-filter'],
    ['SUBSCRIBE with packet id 0', subscribePacket(['a'], 0), 'packet-id-zero'],
    ['SUBSCRIBE with QoS 3', subscribePacket(['a'], 1, 3), 'bad-flags'],
    ['SUBSCRIBE to nine filters', subscribePacket(Array<string>(9).fill('a')), 'too-many-filters'],
    ['a filter such as a+', subscribePacket(['rw/a+']), 'bad-filter'],
    ['a filter such as #/a', subscribePacket(['#/a']), 'bad-filter'],
    ['UNSUBSCRIBE from nothing', packet(0xa2, [0, 1]), 'no-filter'],
  ] as const)('%s', async (_name, bytes, reason) => {
    const gateway = await startGateway()
    const { socket, closed, received } = await socketTo(gateway.ports.ingest)
    socket.write(connectPacket('f1.v1'))
    await until(() => received().length === 4)
    expect(received()).toEqual(accepted)
    socket.write(bytes)
    await closed
    expect(received()).toEqual(accepted)
    expect(gateway.metrics.value('refused_total', { door: 'ingest', reason })).toBe(1)
  })

  test('more than 50 filters', async () => {
    const gateway = await startGateway()
    const { socket, closed } = await socketTo(gateway.ports.alerts)
    socket.write(connectPacket('officer'))
    for (let part = 0; part < 7; part++)
      socket.write(
        subscribePacket(
          Array.from({ length: 8 }, (_, n) => `alerts/v1/f${part}/x${n}`),
          part + 1,
        ),
      )
    await closed
    expect(gateway.metrics.value('refused_total', { door: 'alerts', reason: 'too-many-filters' })).toBe(1)
  })

  test('ending inside a packet', async () => {
    const gateway = await startGateway()
    const { socket, closed } = await socketTo(gateway.ports.ingest)
    socket.write(connectPacket('f1.v1'))
    socket.end(publishPacket(upTo, Buffer.from('xyz')).subarray(0, 12))
    await closed
    expect(gateway.metrics.value('refused_total', { door: 'ingest', reason: 'cut-inside-packet' })).toBe(1)
  })
})

/** One end for the test, the other for the guard. */
class PipeEnd {
  readonly far: Duplex
  #deaf = false
  constructor() {
    const hears = () => !this.#deaf
    this.far = new Duplex({
      read: () => {},
      write: (_chunk, _encoding, done) => {
        if (hears()) done()
      },
    })
  }
  say(bytes: Buffer): void {
    if (!this.far.destroyed) this.far.push(bytes)
  }
  deaf(): void {
    this.#deaf = true
  }
}

describe('the guard itself', () => {
  /** Both ends of a connection in one process, so that time and amounts are the test's. */
  function between(options: Partial<GuardOptions>) {
    const refusals: string[] = []
    const client = new PipeEnd()
    const guard = new Guard(client.far, { onRefused: (reason) => refusals.push(reason), ...options })
    const through: Buffer[] = []
    guard.on('data', (chunk: Buffer) => through.push(chunk))
    return { guard, client, refusals, through: () => Buffer.concat(through) }
  }

  test('nothing but silence: closed at the deadline', async () => {
    const { guard, refusals } = between({ connectMs: 20 })
    await new Promise((resolve) => guard.once('close', resolve))
    expect(refusals).toEqual(['connect-timeout'])
  })

  test('five seconds, where nothing else was said', () => {
    vi.useFakeTimers()
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const { client, refusals } = between({})
    client.say(connectPacket('f1.v1'))
    vi.advanceTimersByTime(4999)
    expect(refusals).toEqual([])
    vi.advanceTimersByTime(1)
    expect(refusals).toEqual(['connect-timeout'])
  })

  test('a broker that never answers CONNECT: closed at the deadline', async () => {
    const { guard, client, refusals } = between({ connectMs: 30 })
    client.say(connectPacket('f1.v1'))
    await new Promise((resolve) => guard.once('close', resolve))
    expect(refusals).toEqual(['connect-timeout'])
  })

  test('bytes one by one make the same packets; the keep-alive is held between 15 s and 120 s', async () => {
    for (const [asked, tolerated] of [
      [0, 120],
      [1, 15],
      [60, 60],
      [65_535, 120],
    ] as const) {
      const { guard, client, through } = between({})
      for (const byte of connectPacket('f1.v1', 2, asked)) client.say(Buffer.from([byte]))
      await until(() => through().length > 0)
      expect(through()).toEqual(connectPacket('f1.v1', 2, tolerated))
      guard.destroy()
    }
  })

  test('no more than the window passes before PUBACKs come back', async () => {
    const { guard, client, through } = between({ window: 3 })
    client.say(connectPacket('f1.v1'))
    guard.write(accepted)
    const publishes = Array.from({ length: 8 }, (_, index) =>
      publishPacket(upTo, Buffer.from('x'), index + 1),
    )
    for (const one of publishes) client.say(one)
    const size = publishes[0]!.length
    const passed = () => (through().length - connectPacket('f1.v1').length) / size
    await until(() => passed() === 3)
    await settled()
    expect(passed()).toBe(3)
    guard.write(Buffer.from([0x40, 2, 0]))
    guard.write(Buffer.from([1, 0x40, 2, 0, 2]))
    await until(() => passed() === 5)
    guard.destroy()
  })

  test('who does not read is let go when too much waits', async () => {
    const { guard, client, refusals } = between({ outboundBytesMax: 100_000 })
    expect(guard.waitingBytes()).toBe(0)
    client.deaf()
    for (let n = 0; n < 8; n++) guard.write(publishPacket(upTo, Buffer.alloc(8000), 0, 0x30))
    await until(() => guard.waitingBytes() > 32_000)
    for (let n = 0; n < 32; n++) guard.write(publishPacket(upTo, Buffer.alloc(8000), 0, 0x30))
    await new Promise((resolve) => guard.once('close', resolve))
    expect(refusals).toEqual(['reads-too-slowly'])
  })

  test('any bytes, cut anywhere: a refusal or whole packets, and never more held than a packet', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(
        connectPacket('f1.v1'),
        publishPacket(upTo, Buffer.from('hello')),
        subscribePacket(['rw/v1/f1/v1/ack']),
        Buffer.from([0xc0, 0]),
        Buffer.from([0xe0, 0]),
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 12 }),
        fc.integer({ min: 1, max: 50 }),
        async (pieces, cut) => {
          const { guard, client, refusals, through } = between({})
          const bytes = Buffer.concat(pieces)
          for (let at = 0; at < bytes.length; at += cut) client.say(bytes.subarray(at, at + cut))
          await new Promise((resolve) => setImmediate(resolve))
          await new Promise((resolve) => setImmediate(resolve))
          expect(refusals.length).toBeLessThanOrEqual(1)
          expect(through().length).toBeLessThanOrEqual(bytes.length)
          guard.destroy()
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('beside a healthy terminal', () => {
  const batch = (seq: number) => telemetry(seq, cruise(startMs + seq * 1000, startMs + (seq + 1) * 1000))

  test('thousands of broken packets harm nobody else', async () => {
    const gateway = await startGateway()
    const terminal = await connectTerminal(gateway.ports.ingest, 'f1', 'v9')
    const seeds = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 40 }), { numRuns: 300, seed: 8125693 })
    const valid = [
      publishPacket(upTo, Buffer.from('x')),
      subscribePacket(['rw/v1/f1/v1/ack']),
      Buffer.from([0x62, 2, 0, 1]),
    ]
    for (const [index, noise] of seeds.entries()) {
      const { socket } = await socketTo(index % 2 === 0 ? gateway.ports.ingest : gateway.ports.alerts)
      socket.write(connectPacket('f1.v1'))
      const mutated = Buffer.concat([...valid, ...valid])
      for (const [at, byte] of noise.entries()) mutated[(byte * 7 + at) % mutated.length] = byte
      socket.write(mutated)
      socket.end(noise)
    }
    for (let seq = 1; seq <= 20; seq++) await terminal.send({ ...batch(seq), vehicle: 'v9' })
    await until(() => terminal.acks.at(-1)?.streams.telemetry.upto === 20)
    expect(terminal.client.connected).toBe(true)
  })

  test('two PUBRELs of one id, and a flood of PUBCOMPs, end their own connection only', async () => {
    const gateway = await startGateway()
    const terminal = await connectTerminal(gateway.ports.ingest, 'f1', 'v9')
    const { socket, closed } = await socketTo(gateway.ports.ingest)
    socket.write(connectPacket('f1.v1'))
    socket.write(
      Buffer.concat([
        publishPacket(upTo, Buffer.from('x'), 1, 0x34),
        Buffer.from([0x62, 2, 0, 1]),
        Buffer.from([0x62, 2, 0, 1]),
        ...Array<Buffer>(50).fill(Buffer.from([0x70, 2, 0, 1])),
      ]),
    )
    await closed
    await terminal.send({ ...batch(1), vehicle: 'v9' })
    expect(terminal.client.connected).toBe(true)
  })

  test('a second connection of the same terminal takes over; connections are counted right', async () => {
    const gateway = await startGateway()
    const first = await connect(gateway.ports.ingest, { clientId: 'f1.v1' })
    const gone = new Promise<void>((resolve) => first.once('close', () => resolve()))
    await connect(gateway.ports.ingest, { clientId: 'f1.v1' })
    await gone
    expect(gateway.metrics.text()).toContain('roadwarden_terminals_connected 1\n')
  })
})
