import { createServer } from 'node:net'
import { Aedes } from 'aedes'
import { expect, onTestFinished, test } from 'vitest'
import { mqttLink } from '../../../device/link/mqtt.ts'

/** A broker on which one publish is never answered: it lives, it answers pings and all that comes after. */
async function forgetfulBroker(): Promise<number> {
  let isForgotten = false
  const broker = await Aedes.createBroker({
    authorizePublish: (_client, _packet, done) => {
      if (isForgotten) done(null)
      else isForgotten = true
    },
  })
  const server = createServer(broker.handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await new Promise<void>((resolve) => broker.close(resolve))
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('a publish whose answer never comes ends the connection, and goes out on the next', async () => {
  const ups: (() => void)[] = []
  const nextUp = (): Promise<void> => new Promise((resolve) => ups.push(resolve))
  const first = nextUp()
  const ended: string[] = []
  const link = mqttLink({
    url: `mqtt://127.0.0.1:${await forgetfulBroker()}`,
    clientId: 'f1.v1',
    subscriptions: ['down'],
    backoff: { baseMs: 1, capMs: 1 },
    unansweredMs: 300,
  })({
    up: () => ups.shift()?.(),
    down: (why) => ended.push(why),
    message: () => {},
  })
  onTestFinished(() => link.close())
  await first
  const second = nextUp()
  const forgotten = link.publish('up', Buffer.from('one'))
  // Those behind it are answered and do not prolong its time.
  await link.publish('up', Buffer.from('two'))
  await expect(forgotten).rejects.toThrow('no answer to a publish for 0.3 s')
  expect(ended).toEqual(['no answer to a publish for 0.3 s'])
  await second
  await expect(link.publish('up', Buffer.from('one'))).resolves.toBeUndefined()
})
