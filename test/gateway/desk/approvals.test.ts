import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { realWorld } from '../../../gateway/clock.ts'
import { approvalsFolder, openApprovals } from '../../../gateway/desk/approvals.ts'
import { type DocumentStore, openDocuments } from '../../../gateway/documents.ts'
import type { Gateway } from '../../../gateway/gateway.ts'
import { openRegister } from '../../../gateway/journal/register.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { memoryContents } from '../../../gateway/push/contents.ts'
import { openWaiting } from '../../../gateway/push/waiting.ts'
import { curfew } from '../../../gateway/rules/curfew.ts'
import { decodeDocumentPart, encodeEnvelope } from '../../../proto/codec.ts'
import { drive } from '../../../proto/detector.ts'
import { type Documents, settingsAt } from '../../../proto/in-force.ts'
import type { Alert, Finding } from '../../../proto/model.ts'
import { policyFileSchema } from '../../../proto/policy.ts'
import { beijing, cruise } from '../../help/drive.ts'
import { connect, until } from '../help/clients.ts'
import { alarm, startGateway, tempFolder } from '../help/world.ts'
import { alertOf, areasFile, deskWorld, officer, routeFile } from './world.ts'

const nowMs = Date.now()
const iso = (hours: number): string => new Date(nowMs + hours * 3_600_000).toISOString()
const hourMs = 3_600_000

/** Two fleets with one vehicle each, both on the same route. */
type Papers = { readonly relay?: object | null; readonly trip?: object }

function world(policy?: object, { relay = null, trip: times = {} }: Papers = {}) {
  const dataDir = tempFolder()
  const at = (name: string): string => path.join(dataDir, name)
  for (const name of ['vehicles', 'trips']) mkdirSync(at(name))
  const write = (name: string, value: unknown): void => writeFileSync(at(name), JSON.stringify(value))
  for (const [fleet, vehicle] of [
    ['f1', 'v1'],
    ['f2', 'v2'],
  ]) {
    const common = { serviceClass: 'scheduled', oneWayKm: 900, relay }
    write(`vehicles/${vehicle}.json`, { id: vehicle, fleet, class: 'coach', ...common })
    const trip = { id: 't1', vehicle, from: iso(-6), to: iso(6), drivers: [], route: 'G60', ...times }
    write(`trips/${vehicle}.json`, { ...trip, serviceClass: 'scheduled', oneWayKm: 900 })
  }
  write('route.json', routeFile)
  write('areas.json', areasFile)
  if (policy !== undefined) write('policy.json', policy)
  const documents = openDocuments(
    {
      zone: 'Asia/Shanghai',
      vehicles: at('vehicles'),
      trips: at('trips'),
      routes: [at('route.json')],
      areas: [at('areas.json')],
      ...(policy === undefined ? {} : { policy: at('policy.json') }),
      approvals: approvalsFolder(dataDir),
    },
    () => nowMs,
  )
  return { dataDir, documents }
}

const detour = { route: 'G60', segment: { fromM: 1000, toM: 5000 }, hours: 4 }
const wantedDetours = (documents: DocumentStore, fleet: string, vehicle: string) => {
  const wanted = documents.wanted(fleet, vehicle, 'policy')
  return wanted === null ? null : policyFileSchema.parse(wanted.value).detours
}

describe('what officers approve', () => {
  test('a detour is part of the policy of that fleet alone, over a restart, until it is long over', () => {
    const { dataDir, documents } = world()
    const approvals = openApprovals(dataDir, () => documents.refresh())
    expect(wantedDetours(documents, 'f1', 'v1')).toBeNull()
    const id = approvals.detour(alertOf(1), detour, 'wang', nowMs)
    const approved = {
      ...{ id, routeId: 'G60', fromM: 1000, toM: 5000, by: 'wang' },
      ...{ from: new Date(nowMs).toISOString(), to: iso(4) },
    }
    expect(wantedDetours(documents, 'f1', 'v1')).toEqual([approved])
    expect(wantedDetours(documents, 'f2', 'v2')).toBeNull()
    expect(documents.of('f1', 'v1')?.policy.detours).toEqual([approved])
    expect(documents.of('f2', 'v2')?.policy.detours).toEqual([])
    const again = openApprovals(dataDir, () => documents.refresh())
    again.detour(alertOf(2), detour, 'wang', nowMs + 4 * hourMs + 3 * 24 * hourMs)
    expect(wantedDetours(documents, 'f1', 'v1')).toHaveLength(1)
  })

  test('a detour is ended where it stands: what was driven while it held stays in order', () => {
    const { dataDir, documents } = world()
    const approvals = openApprovals(dataDir, documents.refresh)
    approvals.detour(alertOf(1), detour, 'wang', nowMs)
    approvals.detour(alertOf(2), detour, 'li', nowMs)
    expect(approvals.revoke(alertOf(3), nowMs + hourMs)).toBe(false)
    expect(approvals.revoke(alertOf(1), nowMs + hourMs)).toBe(true)
    expect(approvals.revoke(alertOf(1), nowMs + hourMs)).toBe(false)
    const endsOf = () => documents.of('f1', 'v1')?.policy.detours.map(({ to }) => Date.parse(to) - nowMs)
    expect(endsOf()).toEqual([hourMs, 4 * hourMs])
    // Approved and ended at one moment, and approved anew after it was ended.
    approvals.detour(alertOf(4), detour, 'wang', nowMs)
    expect(approvals.revoke(alertOf(4), nowMs)).toBe(true)
    approvals.detour(alertOf(1), detour, 'wang', nowMs + 2 * hourMs)
    expect(endsOf()).toEqual([hourMs, 4 * hourMs, 1, 6 * hourMs])
  })

  test('stands beside what the policy file says, which is not altered; the same approval twice is one', () => {
    const own = { id: 'own', routeId: 'G60', fromM: 0, toM: 10, from: iso(0), to: iso(1), by: 'police' }
    const { dataDir, documents } = world({ detours: [own], speeding: { holdS: 9 } })
    const approvals = openApprovals(dataDir, () => documents.refresh())
    approvals.detour(alertOf(1), detour, 'wang', nowMs)
    approvals.detour(alertOf(1), detour, 'wang', nowMs)
    expect(wantedDetours(documents, 'f1', 'v1')?.map(({ by }) => by)).toEqual(['police', 'wang'])
    expect(documents.of('f1', 'v1')?.policy.speeding.holdS).toBe(9)
    expect(JSON.parse(readFileSync(path.join(dataDir, 'policy.json'), 'utf8'))).toMatchObject({
      detours: [own],
    })
  })

  test('ended and approved anew within a moment, it holds, and under another id than the one that was ended', () => {
    const { dataDir, documents } = world()
    const approvals = openApprovals(dataDir, documents.refresh)
    const minute = Math.floor(nowMs / 60_000) * 60_000
    const first = approvals.detour(alertOf(1), detour, 'wang', minute)
    expect(approvals.revoke(alertOf(1), minute + 1)).toBe(true)
    const second = approvals.detour(alertOf(1), detour, 'wang', minute + 2)
    expect(second).not.toBe(first)
    expect(documents.of('f1', 'v1')?.policy.detours).toMatchObject([
      { id: first, to: new Date(minute + 1).toISOString() },
      { id: second, to: new Date(minute + 2 + 4 * hourMs).toISOString() },
    ])
  })

  test.each([
    ['the beginning of the alert’s id and a minute', (id: string) => id.slice(0, 12)],
    ['its whole id and a minute', (id: string) => id],
  ])('what is on disk under %s is known: no twin is made of it, and it can be ended', (_, of) => {
    const { dataDir, documents } = world()
    const [ours, other] = ['a', 'b'].map((letter) => alertOf(1, { id: letter.repeat(32) }))
    const minutes = Math.floor(nowMs / 60_000).toString(36)
    const { segment, route: routeId } = detour
    const held = { routeId, ...segment, from: iso(0), to: iso(4), by: 'wang' }
    const detours = [ours!, other!].map(({ id }) => ({ id: `approved-${of(id)}-${minutes}`, ...held }))
    mkdirSync(approvalsFolder(dataDir))
    writeFileSync(path.join(approvalsFolder(dataDir), 'f1.json'), JSON.stringify({ detours, relays: [] }))
    const register = openRegister(dataDir)
    for (const alert of [ours!, other!])
      register.note({
        ...{ by: 'wang', words: '', alert, atMs: nowMs },
        ...{ action: 'approveDetour', fields: detour },
      })
    register.close()
    const desk = deskWorld({ at: dataDir, nowMs })
    expect(desk.approvals.count).toBe(0)
    const { value } = desk.ask(officer('wang', 'officer'), 'GET', '/detours')
    expect((value['items'] as { alert: string }[]).map(({ alert }) => alert)).toEqual([ours!.id, other!.id])
    expect(openApprovals(dataDir, documents.refresh).revoke(ours!, nowMs + hourMs)).toBe(true)
    expect(documents.of('f1', 'v1')?.policy.detours.map(({ to }) => to)).toEqual([iso(1), iso(4)])
  })

  test('a relay stands in the papers of the trip it belongs to, and of no other vehicle', () => {
    const { dataDir, documents } = world()
    const approvals = openApprovals(dataDir, () => documents.refresh())
    const proof = { says: '接驳单', at: iso(-1), area: 'r1', driver: '赵六', plate: '浙B1' }
    expect(approvals.relay(alertOf(1), proof)).toBe(true)
    const { says: _says, area, ...rest } = proof
    const record = { ...rest, areaId: area }
    expect(settingsAt(documents.of('f1', 'v1')!, nowMs).trip?.relayRecords).toEqual([record])
    expect(documents.wanted('f1', 'v1', 'trip')?.value).toMatchObject([{ id: 't1', relayRecords: [record] }])
    expect(settingsAt(documents.of('f2', 'v2')!, nowMs).trip?.relayRecords).toBeUndefined()
    expect(approvals.relay(alertOf(1, { trip: null }), proof)).toBe(false)
  })
})

describe('an accepted relay', () => {
  test('ends what the curfew rule counts against a coach on the move, or keeps it from beginning', () => {
    const night = beijing('2026-11-23 02:00:00')
    const acceptedMs = night + 5 * 60_000
    const relay = { certificate: 'c1', validTo: '2027-01-01', window: ['22:00', '02:00'], points: ['r1'] }
    const from = '2026-11-22T18:00:00+08:00'
    const { dataDir, documents } = world(undefined, {
      relay,
      trip: { from, to: '2026-11-23T06:00:00+08:00' },
    })
    const without = documents.of('f1', 'v1')!
    const at = '2026-11-22T23:40:00+08:00'
    const proof = { says: '接驳单', at, area: 'r1', driver: 'd2' }
    openApprovals(dataDir, () => documents.refresh()).relay(alertOf(1), proof)
    const accepted = documents.of('f1', 'v1')!
    const samples = cruise(night - 600_000, night + 3 * hourMs + 60_000, { speedKmh: 80, driver: 'd2' }, 5)
    const phasesWith = (after: Documents, fromMs: number) => {
      const { findings } = drive(curfew, samples, ({ atMs }) =>
        settingsAt(atMs < fromMs ? without : after, atMs),
      )
      const own = findings.filter(({ kind, phase }) => kind === 'curfew' && phase !== 'updated')
      return own.map(({ phase, atMs }) => [phase, atMs])
    }
    expect(phasesWith(without, acceptedMs)).toEqual([
      ['started', night],
      ['ended', night + 3 * hourMs],
    ])
    expect(phasesWith(accepted, acceptedMs)).toEqual([
      ['started', night],
      ['ended', acceptedMs],
    ])
    // Accepted in time, there is nothing to end.
    expect(phasesWith(accepted, night - 60_000)).toEqual([])
  })
})

describe('a decision that the power cut short', () => {
  test('takes effect at the next start, once, while it still matters', () => {
    const { dataDir, documents } = world()
    const register = openRegister(dataDir)
    const proof = { says: '接驳单', at: iso(-1), area: 'r1', driver: '赵六' }
    const step = { by: 'wang', words: '', alert: alertOf(1) }
    register.note({ ...step, atMs: nowMs, action: 'approveDetour', fields: detour })
    register.note({ ...step, atMs: nowMs, action: 'acceptRelay', fields: { proof } })
    register.note({ ...step, atMs: nowMs - 73 * hourMs, action: 'approveDetour', fields: detour })
    register.close()
    const first = deskWorld({ at: dataDir, nowMs })
    expect(first.approvals.count).toBe(2)
    documents.refresh()
    expect(wantedDetours(documents, 'f1', 'v1')).toMatchObject([
      { from: new Date(nowMs).toISOString(), by: 'wang' },
    ])
    expect(settingsAt(documents.of('f1', 'v1')!, nowMs).trip?.relayRecords).toHaveLength(1)
    expect(first.restart().approvals.count).toBe(0)
  })
})

type Ask = (method: string, path: string, body?: object) => Promise<{ status: number; value: never }>

function asking({ ports }: Gateway): Ask {
  let cookie = ''
  let csrf = ''
  return async (method, route, body) => {
    const response = await fetch(`http://127.0.0.1:${ports.http}/api/v1${route}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie === '' ? {} : { cookie, 'x-csrf': csrf }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const value = (await response.json()) as { csrf?: string }
    const set = response.headers.get('set-cookie')
    if (set !== null) {
      cookie = set.split(';')[0]!
      csrf = value.csrf ?? ''
    }
    return { status: response.status, value: value as never }
  }
}

/** Policies as a terminal is sent them. */
async function listening(gateway: Gateway, fleet: string, vehicle: string) {
  const client = await connect(gateway.ports.ingest, { clientId: `${fleet}.${vehicle}` })
  const policies: { detours?: object[] }[] = []
  client.on('message', (_topic, payload) => {
    const part = decodeDocumentPart(payload)
    if (part.ok)
      policies.push(JSON.parse(Buffer.from(part.value.content).toString()) as { detours?: object[] })
  })
  await client.subscribeAsync(`rw/v1/${fleet}/${vehicle}/policy`, { qos: 1 })
  return policies
}

describe('an approval at the desk', () => {
  test('reaches the terminals of that fleet over the wire, signed, at once; words that wait outlive the gateway', async () => {
    const { dataDir, documents } = world({ speeding: { holdS: 9 } })
    const holder: { gateway?: Gateway } = {}
    const start = async (): Promise<Gateway> => {
      holder.gateway = await startGateway({
        journal: openSqliteJournal({ dataDir, zone: 'Asia/Shanghai', nowMs: Date.now }),
        register: openRegister(dataDir),
        documents: documents.of,
        push: {
          store: documents,
          contents: memoryContents(),
          sign: () => new Uint8Array(64),
          waiting: openWaiting(dataDir),
        },
        desk: {
          ...{ dataDir, zone: 'Asia/Shanghai', twoPersons: false },
          approved: () => {
            documents.refresh()
            holder.gateway?.documentsChanged()
          },
        },
      })
      return holder.gateway
    }
    const gateway = await start()
    const ask = asking(gateway)
    expect((await ask('POST', '/session', { name: '王五' })).status).toBe(200)
    const alert = await raisedBy(gateway)
    const ours = await listening(gateway, 'f1', 'v1')
    const theirs = await listening(gateway, 'f2', 'v2')
    await until(() => ours.length === 1 && theirs.length === 1)
    const step = { revision: 0, action: 'approveDetour', words: '交警改道', ...detour }
    expect(await ask('POST', `/cases/${alert.id}/steps`, step)).toMatchObject({ status: 200 })
    await until(() => ours.length === 2)
    expect(ours[1]?.detours).toMatchObject([{ routeId: 'G60', fromM: 1000, toM: 5000, by: '王五' }])
    expect(ours[1]).toMatchObject({ speeding: { holdS: 9 } })
    expect(theirs.every(({ detours }) => detours === undefined)).toBe(true)
    const stop = { revision: 1, action: 'extendToStop', area: 's1' }
    expect(await ask('POST', `/cases/${alert.id}/steps`, stop)).toMatchObject({
      status: 200,
      value: { did: { said: 'waiting' } },
    })
    await gateway.close()
    const next = await start()
    const client = await connect(next.ports.ingest, { clientId: 'f1.v1' })
    const heard: string[] = []
    client.on('message', (_topic, payload) => {
      const part = decodeDocumentPart(payload)
      if (part.ok) heard.push(Buffer.from(part.value.content).toString())
    })
    await client.subscribeAsync('rw/v1/f1/v1/command', { qos: 1 })
    await until(() => heard.length === 1)
    expect(JSON.parse(heard[0]!)).toEqual({ say: '请继续行驶至前方“s1号”安全停车休息' })
  })
})

/** An alarm of v1 as its alert. */
async function raisedBy(gateway: Gateway, finding: Partial<Finding> = {}): Promise<Alert> {
  const client = await connect(gateway.ports.ingest, { clientId: 'f1.v1' })
  await client.publishAsync('rw/v1/f1/v1/up/alarm', Buffer.from(encodeEnvelope(alarm(1, finding, null))), {
    qos: 1,
  })
  await gateway.idle()
  const response = await fetch(`http://127.0.0.1:${gateway.ports.http}/alerts`)
  await client.endAsync(true)
  return JSON.parse((await response.text()).split('\n')[0]!) as Alert
}

describe('after a restart', () => {
  test('an alert that nobody touched is waited for again, though it had ended before', async () => {
    const { dataDir } = world()
    const within = { critical: 1, major: 1, minor: 1, info: 1 }
    const levels = ['甲', '乙'].map((who) => ({ who, withinMin: within }))
    mkdirSync(path.join(dataDir, 'roster'))
    writeFileSync(path.join(dataDir, 'roster', 'f1.json'), JSON.stringify({ levels }))
    const clock = { nowMs: Date.now() }
    const start = () =>
      startGateway({
        journal: openSqliteJournal({ dataDir, zone: 'Asia/Shanghai', nowMs: () => clock.nowMs }),
        register: openRegister(dataDir),
        world: { ...realWorld, nowMs: () => clock.nowMs },
        desk: { dataDir, zone: 'Asia/Shanghai', twoPersons: false, approved: () => {} },
      })
    const before = await start()
    const { id } = await raisedBy(before, { phase: 'ended' })
    await before.close()
    clock.nowMs += 90_000
    const gateway = await start()
    const ask = asking(gateway)
    const escalations = async (): Promise<unknown> =>
      ((await ask('GET', `/cases/${id}`)).value as { facts: { escalatedTo: string | null } }).facts
        .escalatedTo
    while ((await escalations()) === null) await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await escalations()).toBe('乙')
  })
})
