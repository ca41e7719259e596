import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, test } from 'vitest'
import { emptyGroup } from '../../../gateway/journal.ts'
import { alertOf, ask, furnish } from '../api/desk-office.ts'
import { until } from '../help/clients.ts'
import { atEnd } from '../help/world.ts'

/** A gateway, a roster and a receiver: whoever is called is told outside as well, from the moment on that a hook is there. */

type Heard = { event: string; body: Record<string, unknown>; signed: boolean }
const secret = 'a secret of some length'

async function receiver() {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString('utf8')
      const [, atS, mac] = /^t=(\d+),v1=(.*)$/.exec(String(request.headers['x-roadwarden-signature'])) ?? []
      heard.push({
        event: String(request.headers['x-roadwarden-event']),
        body: JSON.parse(text) as Heard['body'],
        signed: createHmac('sha256', secret).update(`${atS}.${text}`).digest('hex') === mac,
      })
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEnd(() => server.close())
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

test('what comes after a hook is told, alerts and calls of the roster alike, signed, masked, once over a start', async () => {
  const { heard, url } = await receiver()
  const { start, journal, folder } = furnish()
  await journal.append({ ...emptyGroup, alerts: [alertOf(1), alertOf(2)] })
  const dataDir = path.join(folder, 'data')
  const desk = { dataDir, zone: 'Asia/Shanghai', approved: () => {}, twoPersons: false }
  const gateway = await start({ desk })
  const post = (at: string, body: unknown, method = 'POST') => ask(gateway, at, { method, body })
  // At once, while the index may still be reading: whatever is journaled from now on is after the hook.
  expect((await post('/webhooks', { fleet: 'f1', url, secret })).status).toBe(200)
  await journal.append({ ...emptyGroup, alerts: [alertOf(3)] })
  const withinMin = { critical: 60, major: 60, minor: 60, info: 60 }
  const levels = [
    { who: '班长', withinMin },
    { who: '值班经理', withinMin },
  ]
  expect((await post('/roster/f1', { levels }, 'PUT')).status).toBe(200)
  const escalate = { revision: 0, action: 'escalate', words: '电话无人接听' }
  const headers = { 'content-type': 'application/json' }
  const session = await fetch(`http://127.0.0.1:${gateway.ports.http}/api/v1/session`, {
    ...{ method: 'POST', headers, body: JSON.stringify({ name: '王五' }) },
  })
  const { csrf } = (await session.json()) as { csrf: string }
  const cookie = session.headers.get('set-cookie')!.split(';')[0]!
  const step = await fetch(`http://127.0.0.1:${gateway.ports.http}/api/v1/cases/${alertOf(1).id}/steps`, {
    method: 'POST',
    headers: { ...headers, cookie, 'x-csrf': csrf },
    body: JSON.stringify(escalate),
  })
  expect(step.status).toBe(200)
  await until(() => heard.length === 2)
  expect(heard.map(({ event, signed }) => [event, signed])).toEqual([
    ['alert', true],
    ['escalation', true],
  ])
  expect(heard[0]!.body).toMatchObject({ id: alertOf(3).id, driver: '张**' })
  expect(heard[1]!.body).toMatchObject({
    ...{ event: 'escalation', to: '值班经理', by: '王五', words: '电话无人接听' },
    alert: { id: alertOf(1).id, driver: '张**' },
  })
  await gateway.close()
  const again = await furnish([], folder).start({ desk })
  const tested = await ask<{ items: { id: string }[] }>(again, '/webhooks')
  const [hook] = tested.value.items
  await ask(again, `/webhooks/${hook!.id}/test`, { method: 'POST' })
  await until(() => heard.some(({ event }) => event === 'test'))
  expect(heard).toHaveLength(3)
})
