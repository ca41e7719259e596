import { createServer } from 'node:net'
import { Aedes } from 'aedes'
import { Guard } from '../gateway/guard.ts'
import { wholeProtocol } from '../gateway/mqtt/check.ts'

/**
 * The gateway's frame guard in front of the broker it uses, open to everybody, for conformance suites of others:
 * any topic of 100 levels, QoS 2 on, payloads of 1 MiB, no bans and no rates (`wholeProtocol` has its limits). What it
 * refuses it refuses as the gateway does; what the gateway refuses besides (QoS 2, foreign topics, what is long or
 * large) is a documented deviation of the gateway. Sessions and retained messages
 * are kept in memory alone, so two may run at once and nothing is left behind. The first line is the port.
 */
const broker = new Aedes({
  concurrency: 100_000,
  drainTimeout: 3000,
  connectTimeout: 10_000,
  queueLimit: 64,
  maxTopicLevels: wholeProtocol.topicLevelsMax,
  authorizeSubscribe: (_client, subscription, done) =>
    done(null, subscription.topic === 'test/nosubscribe' ? null : subscription),
})
await broker.listen()
// A client that breaks the rules is an event for the broker, and no reason to end.
broker.on('clientError', () => {})
broker.on('connectionError', () => {})

const server = createServer((socket) => {
  socket.setNoDelay(true)
  broker.handle(new Guard(socket, { onRefused: () => {}, limits: wholeProtocol, window: 1024 }))
})
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`)
})

function stop(): void {
  server.close()
  broker.close(() => process.exit(0))
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
