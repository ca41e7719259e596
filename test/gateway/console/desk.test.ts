import { type RequestOptions, request } from 'node:http'
import { request as requestTls } from 'node:https'
import { describe, expect, test } from 'vitest'
import type { CaseView } from '../../../gateway/desk/case-view.ts'
import type { Gateway } from '../../../gateway/gateway.ts'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { openRegister } from '../../../gateway/journal/register.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { encodeEnvelope } from '../../../proto/codec.ts'
import type { Alert } from '../../../proto/model.ts'
import { upTopic } from '../../../proto/topics.ts'
import { connectOfficer, connectTerminal, until } from '../help/clients.ts'
import { makeRealm, password, startTlsGateway, tryConnect } from '../help/pki.ts'
import { alarm, startGateway, tempFolder } from '../help/world.ts'

/** The desk's doors, asked without a page. */

type Reply = { status: number; headers: Record<string, unknown>; body: string }

function askWith(
  send: typeof request | typeof requestTls,
  at: RequestOptions & { ca?: string },
  body: string | undefined,
): Promise<Reply> {
  return new Promise<Reply>((resolve, reject) => {
    const sent = send(at, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => {
        const { statusCode: status = 0, headers: told } = response
        resolve({ status, headers: told, body: Buffer.concat(pieces).toString() })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function ask(
  gateway: Gateway,
  path: string,
  options: { method?: string; body?: string; headers?: object } = {},
) {
  const { method = 'GET', body, headers = {} } = options
  const at = { host: '127.0.0.1', port: gateway.ports.http, path, method, headers: { ...headers } }
  return askWith(request, at, body)
}

const json = { 'content-type': 'application/json' }
const post = async (gateway: Gateway, step: object, headers: object = json) => {
  const reply = await ask(gateway, '/cases', { method: 'POST', headers, body: JSON.stringify(step) })
  return { ...reply, value: JSON.parse(reply.body) as Record<string, unknown> }
}
const casesOf = async (gateway: Gateway, after = 0): Promise<CaseView[]> =>
  (await ask(gateway, `/cases?after=${after}`)).body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CaseView)

async function raised() {
  const dataDir = tempFolder()
  const journal = openSqliteJournal({ dataDir, zone: 'Asia/Shanghai', nowMs: Date.now })
  const gateway = await startGateway({ journal, register: openRegister(dataDir) })
  const terminal = await connectTerminal(gateway.ports.ingest)
  await terminal.send(alarm(1, {}, null))
  await gateway.idle()
  const [line] = (await ask(gateway, '/alerts')).body.split('\n')
  return { gateway, dataDir, alert: JSON.parse(line!) as Alert }
}

describe('the desk', () => {
  test('sends its page under a policy that lets nothing else in', async () => {
    const { gateway } = await raised()
    const page = await ask(gateway, '/')
    expect(page.status).toBe(200)
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'; script-src 'self'")
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${gateway.ports.ws}`)
    expect(policy).not.toMatch(/unsafe|\*/)
    for (const [, name] of page.body.matchAll(/(?:src|href)="(\/[^"]+)"/g))
      expect((await ask(gateway, name!)).status, name).toBe(200)
    expect((await ask(gateway, '/desk/../main.ts')).status).toBe(404)
    expect((await ask(gateway, '/', { method: 'POST' })).status).toBe(405)
  })

  test('takes a step once, tells every desk, and says who was faster', async () => {
    const { gateway, alert } = await raised()
    const listening = await connectOfficer(gateway.ports.alerts, 'cases/v1/f1/#')
    const step = { alert: alert.id, revision: 0, action: 'acknowledge', by: '王五' }
    const first = await post(gateway, step)
    expect(first).toMatchObject({ status: 200, value: { case: { status: 'acknowledged', revision: 1 } } })
    const second = await post(gateway, { ...step, by: '赵六', action: 'falseAlarm', words: '隧道' })
    expect(second).toMatchObject({
      status: 409,
      value: { field: 'revision', case: { revision: 1, history: [{ by: '王五', from: '127.0.0.1' }] } },
    })
    await until(() => listening.messages.length === 1)
    expect(JSON.parse(listening.messages[0]!.payload.toString())).toMatchObject({ revision: 1 })
  })

  test('names the field and the remedy in both languages, and keeps nothing of what it refused', async () => {
    const { gateway, alert } = await raised()
    const step = { alert: alert.id, revision: 0, action: 'falseAlarm', by: '王五', words: '' }
    const refused = async (change: object) => {
      const { status, value } = await post(gateway, { ...step, ...change })
      return [status, value['field']]
    }
    expect(await post(gateway, step)).toMatchObject({
      status: 400,
      value: { field: 'words', remedy: { zh: '请填写误报原因' } },
    })
    expect(await refused({ words: 'x'.repeat(501) })).toEqual([400, 'words'])
    expect(await refused({ words: 'x', by: ' ' })).toEqual([400, 'by'])
    expect(await refused({ action: 'close' })).toEqual([400, 'action'])
    expect(await refused({ action: 'delete' })).toEqual([400, 'action'])
    expect(await refused({ alert: 'f'.repeat(32) })).toEqual([404, 'alert'])
    expect(await refused({ alert: '../x' })).toEqual([400, 'alert'])
    expect(await refused({ more: 'x'.repeat(9000) })).toEqual([400, ''])
    // This gateway pushes nothing, so there is nobody to sign the words.
    expect(await refused({ action: 'say', words: 'x' })).toEqual([503, 'action'])
    expect(await casesOf(gateway)).toEqual([])
    expect((await ask(gateway, '/cases?after=-1')).status).toBe(400)
  })

  test('takes no step from the page of another', async () => {
    const { gateway, alert } = await raised()
    const step = { alert: alert.id, revision: 0, action: 'acknowledge', by: '王五' }
    const own = `http://127.0.0.1:${gateway.ports.http}`
    expect((await post(gateway, step, { ...json, origin: 'http://evil.example' })).status).toBe(403)
    expect((await post(gateway, step, { ...json, origin: 'null' })).status).toBe(403)
    expect((await post(gateway, step, { 'content-type': 'text/plain' })).status).toBe(403)
    expect((await post(gateway, step, { ...json, origin: own })).status).toBe(200)
  })

  test('knows after a restart what was done, page by page', async () => {
    const { gateway, dataDir, alert } = await raised()
    await post(gateway, { alert: alert.id, revision: 0, action: 'acknowledge', by: '王五' })
    await post(gateway, { alert: alert.id, revision: 1, action: 'note', words: '交班', by: '赵六' })
    const before = await casesOf(gateway)
    await gateway.close()
    const next = await startGateway({ register: openRegister(dataDir) })
    expect(await casesOf(next)).toEqual(before)
    expect(before[0]).toMatchObject({ status: 'acknowledged', revision: 2 })
    expect(before[0]?.history.map(({ by, action, words }) => [by, action, words])).toEqual([
      ['王五', 'acknowledge', ''],
      ['赵六', 'note', '交班'],
    ])
    expect(await casesOf(next, before[0]!.cursor!)).toEqual([])
  })

  test('lets each role see and do what is its own', async () => {
    const realm = await makeRealm()
    const journal = createMemoryJournal()
    const register = openRegister(tempFolder())
    const gateway = await startTlsGateway(realm, { journal, register })
    for (const fleet of ['f1', 'f2']) {
      const { cert, key } = await realm.terminal(`${fleet}.v1`)
      const terminal = await tryConnect(`mqtts://127.0.0.1:${gateway.ports.ingest}`, {
        ca: realm.authority.cert,
        clientId: `${fleet}.v1`,
        cert,
        key,
      })
      const bytes = encodeEnvelope(alarm(1, {}, null, { fleet }))
      await terminal!.publishAsync(upTopic(fleet, 'v1', 'alarm'), Buffer.from(bytes), { qos: 1 })
    }
    await gateway.idle()
    const [f1, f2] = await journal.alertsAfter(0, 2, null)
    const as = async (name: string, path: string, step?: object) => {
      const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
      const method = step === undefined ? 'GET' : 'POST'
      const headers = { ...json, authorization }
      const body = step === undefined ? undefined : JSON.stringify(step)
      const options = { host: '127.0.0.1', port: gateway.ports.http, path, method, headers }
      return askWith(requestTls, { ...options, ca: realm.authority.cert }, body)
    }
    const step = { alert: f1!.id, revision: 0, action: 'acknowledge', by: 'somebody else' }
    const statuses = await Promise.all(
      ['auditor', 'authority', 'provider', 'none'].map(
        async (name) => (await as(name, '/cases', step)).status,
      ),
    )
    expect(statuses).toEqual([403, 403, 404, 404])
    expect((await as('officer', '/cases', { ...step, alert: f2!.id })).status).toBe(404)
    expect((await as('both', '/cases', { ...step, alert: f2!.id })).status).toBe(403)
    expect((await as('officer', '/cases', step)).status).toBe(200)
    // The name is the one of the login, whatever the form says.
    expect(register.of(f1!.id).map(({ by }) => by)).toEqual(['officer'])
    const seen = async (name: string) => (await as(name, '/cases')).body.split('\n').length - 1
    expect(await Promise.all(['auditor', 'both', 'provider', 'none'].map(seen))).toEqual([1, 1, 0, 0])
    expect((await as('officer', '/desk/areas?fleet=f2&vehicle=v1')).status).toBe(403)
    expect((await ask(gateway, '/cases').catch(() => ({ status: 0 }))).status).not.toBe(200)
  })
})
