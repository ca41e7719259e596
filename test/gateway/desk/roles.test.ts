import { request } from 'node:https'
import { describe, expect, test } from 'vitest'
import type { Gateway } from '../../../gateway/gateway.ts'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { openRegister } from '../../../gateway/journal/register.ts'
import { encodeEnvelope } from '../../../proto/codec.ts'
import { upTopic } from '../../../proto/topics.ts'
import { makeRealm, password, startTlsGateway, tryConnect } from '../help/pki.ts'
import { alarm, tempFolder } from '../help/world.ts'

/** Every door of the register against every role, over TLS, as a program comes. */

type Reply = { readonly status: number; readonly value: Record<string, unknown> }

function ask(
  { ports }: Gateway,
  ca: string,
  authorization: string,
  method: string,
  path: string,
  body?: object,
): Promise<Reply> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const headers = { authorization, ...(text === undefined ? {} : { 'content-type': 'application/json' }) }
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: ports.http, path, method, headers, ca }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => {
        const said = Buffer.concat(pieces).toString()
        const isTable = response.headers['content-type']?.startsWith('text/csv') === true
        const value = (isTable ? { table: said } : JSON.parse(said)) as Reply['value']
        resolve({ status: response.statusCode ?? 0, value })
      })
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

const users = ['officer', 'supervisor', 'admin', 'provider', 'auditor', 'authority', 'both', 'none'] as const
type User = (typeof users)[number]

const hour = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString()
const within = { critical: 5, major: 15, minor: 60, info: 240 }
const roster = { levels: [{ who: '值班', withinMin: within }] }

type Door = readonly [method: string, path: string, body: object | undefined, statuses: readonly number[]]
type Things = { f1: string; f2: string; complaint: string; told: object; quiet: object }

const attributed = { revision: 0, action: 'attributeDriver', driver: '张建国', words: '监控确认' }

/** What each role is answered at each door, in the order of `users`. */
function doorsOf({ f1, f2, complaint, told, quiet }: Things): readonly Door[] {
  // A step of a number nobody has seen: who may act is told so, and the case stays as it is.
  const step = { revision: 99, action: 'note', words: 'x' }
  const bulk = { alerts: [{ alert: f1, revision: 99 }], action: 'note', words: 'x' }

  // officer, supervisor, admin, provider, auditor, authority, both (officer here, auditor of f2), none
  return [
    ['GET', `/cases/${f1}`, undefined, [200, 200, 200, 404, 200, 200, 200, 403]],
    ['GET', `/cases/${f2}`, undefined, [404, 404, 404, 404, 404, 404, 200, 403]],
    ['POST', `/cases/${f1}/steps`, step, [409, 409, 409, 403, 403, 403, 409, 403]],
    ['POST', `/cases/${f2}/steps`, step, [404, 404, 404, 403, 403, 403, 403, 403]],
    ['POST', '/cases/steps', bulk, [200, 200, 200, 403, 403, 403, 200, 403]],
    ['GET', `/cases/${f1}/notice`, undefined, [200, 200, 200, 403, 200, 200, 200, 403]],
    ['GET', '/cases', undefined, [200, 200, 200, 200, 200, 200, 200, 403]],
    ['GET', '/cases.csv', undefined, [200, 200, 200, 200, 200, 200, 200, 403]],
    ['GET', '/detours', undefined, [200, 200, 200, 403, 200, 200, 200, 403]],
    ['GET', '/quiet', undefined, [200, 200, 200, 403, 200, 200, 200, 403]],
    ['POST', '/quiet', { ...quiet, fleet: 'f2' }, [403, 403, 403, 403, 403, 403, 403, 403]],
    ['GET', '/complaints', undefined, [200, 200, 200, 403, 200, 200, 200, 403]],
    ['POST', '/complaints', { ...told, fleet: 'f2' }, [403, 403, 403, 403, 403, 403, 403, 403]],
    [
      'POST',
      `/complaints/${complaint}/informer`,
      { words: '核实' },
      [403, 200, 200, 403, 403, 403, 403, 403],
    ],
    ['POST', `/complaints/${complaint}/answer`, { words: '谢谢' }, [200, 200, 200, 403, 403, 403, 200, 403]],
    ['GET', '/notes', undefined, [200, 200, 200, 403, 200, 200, 200, 403]],
    ['POST', '/notes', { fleet: 'f2', words: 'x' }, [403, 403, 403, 403, 403, 403, 403, 403]],
    ['GET', '/roster/f1', undefined, [200, 200, 200, 403, 403, 403, 200, 403]],
    ['GET', '/roster/f2', undefined, [403, 403, 403, 403, 403, 403, 403, 403]],
    ['PUT', '/roster/f1', roster, [403, 200, 200, 403, 403, 403, 403, 403]],
    ['DELETE', '/quiet/unknown', undefined, [404, 404, 404, 403, 403, 403, 404, 403]],
  ]
}

describe('the doors of the register', () => {
  test('open to each role what is its own, and nothing of another fleet to anybody', async () => {
    const realm = await makeRealm()
    const dataDir = tempFolder()
    const journal = createMemoryJournal()
    const gateway = await startTlsGateway(realm, {
      journal,
      register: openRegister(dataDir),
      desk: { dataDir, zone: 'Asia/Shanghai', approved: () => {}, twoPersons: true },
    })
    for (const fleet of ['f1', 'f2']) {
      const { cert, key } = await realm.terminal(`${fleet}.v1`)
      const ca = realm.authority.cert
      const at = `mqtts://127.0.0.1:${gateway.ports.ingest}`
      const terminal = await tryConnect(at, { ca, clientId: `${fleet}.v1`, cert, key })
      const bytes = encodeEnvelope(alarm(1, {}, null, { fleet }))
      await terminal!.publishAsync(upTopic(fleet, 'v1', 'alarm'), Buffer.from(bytes), { qos: 1 })
    }
    await gateway.idle()
    const [f1, f2] = await journal.alertsAfter(0, 2, null)
    const tokens = new Map<User, string>()
    for (const user of users) {
      const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
      const { value } = await ask(gateway, realm.authority.cert, basic, 'POST', '/session')
      tokens.set(user, `Bearer ${String(value['token'])}`)
    }
    const as = (user: User, method: string, path: string, body?: object): Promise<Reply> =>
      ask(gateway, realm.authority.cert, tokens.get(user)!, method, `/api/v1${path}`, body)
    const told = { fleet: 'f1', channel: 'phone', words: '超速', informer: { name: '孙七' } }
    const { value: complaint } = await as('officer', 'POST', '/complaints', told)
    const quiet = { fleet: 'f1', from: hour(0), to: hour(1), reason: 'repair', words: '年检' }
    const { value: rule } = await as('officer', 'POST', '/quiet', quiet)
    const matrix = doorsOf({ f1: f1!.id, f2: f2!.id, complaint: String(complaint['id']), told, quiet })
    for (const [method, path, body, expected] of matrix) {
      const replies = await Promise.all(users.map((user) => as(user, method, path, body)))
      expect(
        replies.map(({ status }) => status),
        `${method} ${path}`,
      ).toEqual(expected)
      for (const { status, value } of replies)
        if (status >= 400)
          expect(value, `${method} ${path}`).toMatchObject({
            field: expect.any(String),
            remedy: { zh: expect.any(String), en: expect.any(String) },
          })
    }
    expect((await as('auditor', 'DELETE', `/quiet/${String(rule['id'])}`)).status).toBe(403)
    expect((await as('officer', 'DELETE', `/quiet/${String(rule['id'])}`)).value).toMatchObject({
      endedBy: 'officer',
    })
    // A table holds what the list does: nothing of another fleet, and names whole for those who speak with drivers.
    const table = async (user: User) => String((await as(user, 'GET', '/cases.csv')).value['table'])
    await as('officer', 'POST', `/cases/${f1!.id}/steps`, attributed)
    expect(await table('officer')).toContain('张建国')
    expect(await table('auditor')).toContain('张**')
    expect(await table('auditor')).not.toContain('张建国')
    for (const user of ['provider', 'none'] as const) expect(await table(user)).not.toContain(f1!.id)
    const { value: seen } = await as('auditor', 'GET', `/cases/${String(complaint['id'])}`)
    const readers = (seen['history'] as { action: string; by: string }[]).filter(
      ({ action }) => action === 'readInformer',
    )
    expect(readers.map(({ by }) => by).toSorted()).toEqual(['admin', 'supervisor'])
  })
})
