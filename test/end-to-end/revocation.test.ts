import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { MqttClient } from 'mqtt'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { until } from '../gateway/help/clients.ts'
import { tryConnect } from '../gateway/help/pki.ts'
import { keep, tempFolder } from '../gateway/help/world.ts'

/** An authority on the command line, and a gateway that lives by its lists: processes, files, nothing in between. */

const script = new URL('../../gateway/main.ts', import.meta.url).pathname
const word = 'correct horse battery'

/** `npm run gateway -- ...`, to its end. */
function tool(folder: string, args: readonly string[], input = '') {
  const env = { ...process.env, INIT_CWD: folder }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    ...{ env, input, encoding: 'utf8' },
  })
  return { status, stderr, said: status === 0 ? (JSON.parse(stdout) as Said) : null }
}
type Said = { [name: string]: unknown }

let folder: string
const at = (name: string): string => path.join(folder, name)
const pki = (name: string): string => readFileSync(at(`pki/${name}`), 'utf8')
const certificate = (name: string) => ({
  ...{ ca: pki('authority.crt'), cert: pki(`${name}.crt`), key: pki(`${name}.key`) },
})

beforeAll(async () => {
  const kept = await keep(async () => tempFolder())
  folder = kept.value
  return kept.close
})

describe('the authority on the command line', () => {
  test('certifies a gateway, vehicles and officers; keys are for their owner alone', () => {
    const enrolled = [
      ['gateway', '127.0.0.1'],
      ['vehicle', 'f1', 'v1'],
      ['vehicle', 'f1', 'v2'],
      ['officer', 'li', '--fleets', 'f1', '--role', 'officer'],
    ].map((words) => tool(folder, ['enroll', ...words, 'pki']))
    expect(enrolled.map(({ status, stderr }) => [status, stderr])).toEqual(Array(4).fill([0, '']))
    expect(enrolled.map(({ said }) => [said?.['kind'], said?.['name'], said?.['role']])).toEqual([
      ['enrolled', '127.0.0.1', 'gateway'],
      ['enrolled', 'f1.v1', 'terminal'],
      ['enrolled', 'f1.v2', 'terminal'],
      ['enrolled', 'li', 'officer'],
    ])
    for (const name of ['authority', '127.0.0.1', 'f1.v1', 'f1.v2', 'li']) {
      expect(statSync(at(`pki/${name}.key`)).mode & 0o777, name).toBe(0o600)
      expect(pki(`${name}.crt`)).toContain('BEGIN CERTIFICATE')
    }
    expect(JSON.parse(pki('revoked.json'))).toEqual({ serials: [], names: [] })
  })

  test('makes a line for the users file of a password on stdin, and refuses a short one', () => {
    const words = ['enroll', 'password', 'wang', '--fleets', 'f1', '--role', 'auditor']
    const { said } = tool(folder, words, `${word}\n`)
    expect(said).toMatchObject({ name: 'wang', fleets: { f1: 'auditor' } })
    expect(JSON.stringify(said)).not.toContain(word)
    writeFileSync(at('users.json'), JSON.stringify({ users: [said] }))
    expect(tool(folder, words, 'short\n')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^the password on stdin is shorter than 12 .*\n$/) as string,
    })
  })

  test.each([
    [['enroll', 'officer', 'li', 'pki'], /^--fleets: missing/],
    [['enroll', 'vehicle', 'f1', 'v 1', 'pki'], /^VEHICLE: /],
    [['enroll', 'gateway', '127.0.0.1', '--days', '0', 'pki'], /^--days: /],
    [['revoke', 'pki'], /^usage: /],
    [['revoke', 'f9 v9', 'pki'], /nothing was issued under f9 v9/],
  ])('%j is one line and exit code 2', (words, line) => {
    const { status, stderr } = tool(folder, words)
    expect([status, stderr.trimEnd().split('\n')]).toEqual([2, [expect.stringMatching(line)]])
  })
})

describe('a gateway that runs', () => {
  test('ends sessions by its own watching of the lists: revoked by name, by serial, and gone from the users', async () => {
    const { ports } = await started()
    const mqtts = (port: number): string => `mqtts://127.0.0.1:${port}`
    const terminal = (vehicle: string) =>
      tryConnect(mqtts(ports.ingest), { ...certificate(`f1.${vehicle}`), clientId: `f1.${vehicle}` })
    const wang = { ca: pki('authority.crt'), clientId: 'wang', username: 'wang', password: word }
    const first = live(await terminal('v1'))
    const second = live(await terminal('v2'))
    const officer = live(await tryConnect(mqtts(ports.alerts), { ...certificate('li'), clientId: 'li' }))
    const auditor = live(await tryConnect(mqtts(ports.alerts), wang))

    expect(tool(folder, ['revoke', 'f1.v1', 'pki']).said).toMatchObject({ kind: 'revoked', by: 'name' })
    await first.ended('pki/revoked.json', 'revoked by name')
    expect(await terminal('v1')).toBeNull()
    expect([second, officer, auditor].map((one) => one.isUp())).toEqual([true, true, true])

    const issued = JSON.parse(pki('issued.json')) as { name: string; serial: string }[]
    const { serial } = issued.find(({ name }) => name === 'li')!
    expect(tool(folder, ['revoke', serial, 'pki']).said).toMatchObject({ kind: 'revoked', by: 'serial' })
    await officer.ended('pki/revoked.json', 'revoked by serial number')
    expect([second, auditor].map((one) => one.isUp())).toEqual([true, true])

    writeFileSync(at('users.json'), JSON.stringify({ users: [] }))
    await auditor.ended('users.json', 'taken out of the users file')
    expect(second.isUp()).toBe(true)

    // A new certificate makes the name good again, and the old one not.
    const old = certificate('f1.v1')
    expect(tool(folder, ['enroll', 'vehicle', 'f1', 'v1', 'pki']).status).toBe(0)
    let again: MqttClient | null = null
    while (again === null) again = await terminal('v1')
    expect(await tryConnect(mqtts(ports.ingest), { ...old, clientId: 'f1.v1' })).toBeNull()
  })
})

/** A session, and how long after the file changed it ended: told, not judged, for how fast is the machine's affair. */
function live(client: MqttClient | null) {
  expect(client).not.toBeNull()
  let endedMs: number | null = null
  client!.once('close', () => {
    endedMs = Date.now()
  })
  return {
    isUp: () => client!.connected,
    ended: async (file: string, how: string): Promise<void> => {
      await until(() => endedMs !== null)
      const tookMs = (endedMs ?? 0) - statSync(at(file)).mtimeMs
      process.stdout.write(`${how}: ended ${Math.round(tookMs)} ms after the file changed\n`)
    },
  }
}

type Ports = { readonly ingest: number; readonly alerts: number }

async function started(): Promise<{ child: ChildProcess; ports: Ports }> {
  mkdirSync(at('vehicles'))
  for (const id of ['v1', 'v2']) {
    const paper = { id, fleet: 'f1', plate: '浙A12345', class: 'coach', serviceClass: 'scheduled' }
    writeFileSync(at(`vehicles/${id}.json`), JSON.stringify({ ...paper, oneWayKm: 1150, relay: null }))
  }
  const tls = { cert: 'pki/127.0.0.1.crt', key: 'pki/127.0.0.1.key', ca: 'pki/authority.crt' }
  const door = { host: '127.0.0.1', port: 0, tls }
  const config = { dataDir: 'data', vehicles: 'vehicles', auth: 'tls' }
  const lists = { users: 'users.json', revoked: 'pki/revoked.json' }
  writeFileSync(
    at('gateway.json'),
    JSON.stringify({ ...config, ...lists, ingest: door, alerts: door, http: door }),
  )
  const child = spawn(process.execPath, [script, at('gateway.json')], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  await until(() => out.includes('\n') || child.exitCode !== null)
  expect(out, err).toContain('"kind":"ready"')
  return { child, ports: JSON.parse(out.split('\n')[0]!) as Ports }
}
