import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect, until } from './gateway/help/clients.ts'

async function start(): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'conformance-broker.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await once(child, 'close')
  })
  const [first] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  expect(first).toMatch(/^\d+\n$/)
  return Number(first)
}

describe('the broker for outside suites', () => {
  it('speaks QoS 2 on any topic', async () => {
    const port = await start()
    const one = await connect(port, { clientId: 'one' })
    const two = await connect(port, { clientId: 'two' })
    const heard: string[] = []
    two.on('message', (topic, payload, { qos }) => heard.push(`${topic} ${payload.toString()} ${qos}`))
    const granted = await two.subscribeAsync('any/+/topic', { qos: 2 })
    expect(granted.map(({ qos }) => qos)).toEqual([2])
    await one.publishAsync('any/old/topic', 'hello', { qos: 2 })
    await until(() => heard.length > 0)
    expect(heard).toEqual(['any/old/topic hello 2'])
  })

  it.each([
    ['of 65,535 bytes', `long/${'x'.repeat(65_530)}`, 'hello'],
    ['of a hundred levels', Array.from({ length: 100 }, (_, n) => `l${n}`).join('/'), 'hello'],
    ['with a tab and other control characters', 'tab/\t/\u0001\u009f', 'hello'],
    ['with a payload of 1 MiB', 'large', 'x'.repeat(1024 * 1024)],
    ['of nothing but separators', '////', 'hello'],
  ])('carries a topic %s', async (_name, topic, payload) => {
    const port = await start()
    const one = await connect(port, { clientId: 'one' })
    const two = await connect(port, { clientId: 'two' })
    const heard: { topic: string; payload: string }[] = []
    two.on('message', (name, bytes) => heard.push({ topic: name, payload: bytes.toString() }))
    await two.subscribeAsync(topic, { qos: 1 })
    await one.publishAsync(topic, payload, { qos: 1 })
    await until(() => heard.length > 0)
    expect(heard[0]!.topic === topic && heard[0]!.payload === payload).toBe(true)
    await two.unsubscribeAsync(topic)
  })

  it('takes a thousand filters in one packet, and wills as long as they may be', async () => {
    const port = await start()
    const two = await connect(port, { clientId: 'two' })
    const filters = Array.from({ length: 1000 }, (_, n) => `many/${n}/+`)
    expect(await two.subscribeAsync(filters, { qos: 1 })).toHaveLength(1000)
    const topic = `many/999/${'w'.repeat(60_000)}`
    const heard: string[] = []
    two.on('message', (name) => heard.push(name))
    const will = { topic, payload: Buffer.alloc(65_535), qos: 1, retain: false } as const
    const one = await connect(port, { clientId: 'one', will })
    one.stream.destroy()
    await until(() => heard.length > 0)
    expect(heard[0] === topic).toBe(true)
  })

  it('answers a subscription to test/nosubscribe with 0x80, and grants what stands beside it', async () => {
    const port = await start()
    const socket = connectSocket(port, '127.0.0.1')
    onTestFinished(() => {
      socket.destroy()
    })
    const received: Buffer[] = []
    socket.on('data', (chunk: Buffer) => received.push(chunk))
    socket.write(Buffer.from('101000044d5154540402003c0004', 'hex'))
    socket.write(Buffer.from('raws'))
    const filter = Buffer.from('test/nosubscribe')
    const body = Buffer.concat([
      Buffer.from([0, 7, 0, filter.length]),
      filter,
      Buffer.from([1, 0, 1, 0x61, 2]),
    ])
    socket.write(Buffer.concat([Buffer.from([0x82, body.length]), body]))
    await until(() => Buffer.concat(received).length >= 10)
    expect(Buffer.concat(received).toString('hex')).toBe(`20020000${'900400078002'}`)
  })

  it('still refuses what no broker may take: a topic with U+0000 in it', async () => {
    const port = await start()
    const socket = connectSocket(port, '127.0.0.1')
    const closed = once(socket, 'close')
    socket.on('error', () => {})
    socket.resume()
    socket.write(Buffer.from('101000044d5154540402003c0004', 'hex'))
    socket.write(Buffer.from('raws'))
    socket.write(Buffer.from([0x30, 6, 0, 3, 0x61, 0, 0x62, 0x78]))
    await closed
  })

  it('may run twice at once', async () => {
    const [first, second] = await Promise.all([start(), start()])
    expect(first).not.toBe(second)
  })
})
