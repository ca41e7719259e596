import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCourier, pausesMs } from '../../../gateway/webhooks/courier.ts'
import { postLetter } from '../../../gateway/webhooks/post.ts'
import { type Hook, memoryHookStore } from '../../../gateway/webhooks/store.ts'
import type { Alert } from '../../../proto/model.ts'
import { alertOf } from '../api/desk-office.ts'

/** The post against a receiver that listens on a socket, and checks the signature as its own program would. */

const secret = 'a secret of the receiver'
type Heard = { readonly method: string; readonly id: string; readonly signed: boolean; readonly atS: number }
type Answer = (response: ServerResponse, heard: Heard) => void

async function receiver(answer: Answer): Promise<{ url: string; heard: Heard[] }> {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const one = read(request, Buffer.concat(pieces))
      heard.push(one)
      answer(response, one)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`, heard }
}

function read({ method, headers }: IncomingMessage, body: Buffer): Heard {
  const [, t = '', v1 = ''] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-roadwarden-signature'])) ?? []
  const wanted = createHmac('sha256', secret).update(`${t}.`).update(body).digest()
  const shown = Buffer.from(v1, 'hex')
  const signed = shown.length === wanted.length && timingSafeEqual(shown, wanted)
  const { id, revision } = JSON.parse(body.toString('utf8')) as Alert
  expect(headers['x-roadwarden-delivery']).toBe(`${id}.${revision}`)
  return { method: method ?? '', id, signed, atS: Number(t) }
}

/** One status after another, and then yes. */
function say(...statuses: readonly number[]): Answer {
  const left = [...statuses]
  return (response) => {
    response.writeHead(left.shift() ?? 200).end(left.length === 0 ? undefined : 'thanks')
  }
}

const alerts: Alert[] = [1, 2].map((n) => ({ ...alertOf(n), cursor: n }))

/** A courier with the real post, and a clock that is moved by hand. */
function office(url: string, own: Partial<Hook> = {}) {
  const world = { nowMs: 1_800_000_000_000 }
  const outcomes: string[] = []
  const store = memoryHookStore()
  store.put({
    ...{ id: 'h1', fleet: 'f1', url, secret, format: 'alert', severities: null, kinds: null },
    ...{ by: 'admin', createdAt: '2026-11-22T00:00:00.000Z', cursor: 0 },
    ...own,
  })
  const courier = createCourier({
    store,
    alertsAfter: (cursor) => Promise.resolve(alerts.filter((one) => one.cursor > cursor)),
    lastCursor: () => alerts.length,
    revision: (id) => alerts.find((one) => one.id === id) ?? null,
    outward: (alert) => alert,
    post: (...letter) => postLetter(...letter),
    nowMs: () => world.nowMs,
    count: (outcome) => outcomes.push(outcome),
  })
  courier.stop()
  return { world, outcomes, store, ...courier }
}

describe('a receiver', () => {
  test('that says yes has each alert once, in order, signed at the time of the post', async () => {
    const { url, heard } = await receiver(say(200, 204))
    const { tick, outcomes, world } = office(url)
    await tick()
    await tick()
    const atS = world.nowMs / 1000
    expect(heard).toEqual(alerts.map(({ id }) => ({ method: 'POST', id, signed: true, atS })))
    expect(outcomes).toEqual(['delivered', 'delivered'])
  })

  test('with another secret sees that it was not signed for it', async () => {
    const { url, heard } = await receiver(say())
    await office(url, { secret: 'another secret' }).tick()
    expect(heard.map(({ signed }) => signed)).toEqual([false, false])
  })

  test('that fails once is asked again after the first pause, signed anew, and then has all', async () => {
    const { url, heard } = await receiver(say(500, 200, 200))
    const { tick, outcomes, world } = office(url)
    const firstS = world.nowMs / 1000
    await tick()
    expect([heard.length, outcomes]).toEqual([1, ['failed']])
    world.nowMs += pausesMs[0]
    await tick()
    expect(heard.map(({ id }) => id)).toEqual([alerts[0], ...alerts].map((one) => one!.id))
    expect(heard.map(({ atS }) => atS)).toEqual([firstS, firstS + 1, firstS + 1])
    expect(heard.every(({ signed }) => signed)).toBe(true)
    expect(outcomes).toEqual(['failed', 'delivered', 'delivered'])
  })

  test('that says where else to go is not followed: nobody there hears anything', async () => {
    const elsewhere = await receiver(say())
    for (const status of [301, 302, 303, 307, 308]) {
      const { url } = await receiver((response) => {
        response.writeHead(status, { location: elsewhere.url }).end()
      })
      expect(await postLetter(url, JSON.stringify(alerts[0]), deliveryOf(alerts[0]!))).toBe(`HTTP ${status}`)
    }
    expect(elsewhere.heard).toEqual([])
  })

  test.each<[string, Answer, string]>([
    ['that never answers is not waited for', () => {}, 'no answer within 0.2 s'],
    ['that refuses', say(410), 'HTTP 410'],
    ['that hangs up', (response) => response.destroy(), 'UND_ERR_SOCKET'],
  ])('%s, and the reason is told', async (_name, answer, why) => {
    const { url } = await receiver(answer)
    expect(await postLetter(url, JSON.stringify(alerts[0]), deliveryOf(alerts[0]!), 200)).toBe(why)
  })

  test('that is not there is told so', async () => {
    const { url } = await receiver(say())
    const nowhere = url.replace(/:\d+/, ':1')
    expect(await postLetter(nowhere, '{}', {})).toMatch(/^(ECONNREFUSED|not reachable)$/)
  })

  test('that never ends its answer does not keep the post', async () => {
    const { url } = await receiver((response) => {
      response.writeHead(200)
      response.write('x')
    })
    expect(await postLetter(url, JSON.stringify(alerts[0]), deliveryOf(alerts[0]!))).toBeNull()
  })
})

const deliveryOf = ({ id, revision }: Alert): { [name: string]: string } => ({
  'x-roadwarden-delivery': `${id}.${revision}`,
})
