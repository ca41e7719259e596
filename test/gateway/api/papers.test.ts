import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { realWorld } from '../../../gateway/clock.ts'
import type { Gateway } from '../../../gateway/gateway.ts'
import { emptyGroup } from '../../../gateway/journal.ts'
import { rules } from '../../../gateway/rules/index.ts'
import { rowOf, telemetry } from '../help/envelopes.ts'
import { keep } from '../help/world.ts'
import { ask, coach, collection, drive, furnish, sample, square, write } from './desk-office.ts'

const trip = (id: string, more: object = {}): object => ({
  ...{
    id,
    vehicle: 'v1',
    from: '2026-11-22T20:00:00+08:00',
    to: '2026-11-23T06:00:00+08:00',
    drivers: ['张三'],
  },
  ...{ serviceClass: 'scheduled', oneWayKm: 1150 },
  ...more,
})
type Problem = { field: string; remedy: { zh: string; en: string }; problems?: { field: string }[] }

/** For whatever is refused and leaves nothing behind. */
let shared: { readonly gateway: Gateway; readonly folder: string }
beforeAll(async () => {
  const { value, close } = await keep(async () => {
    const { start, folder } = furnish()
    return { gateway: await start(), folder }
  })
  shared = value
  return close
})

describe('trips', () => {
  test('filed as a document, as a list and as a table; listed; replaced; taken back', async () => {
    const { start, folder, documents } = furnish()
    const gateway = await start()
    const post = (body: unknown, query = '?fleet=f1', type?: string) =>
      ask(gateway, `/trips${query}`, { method: 'POST', body, ...(type === undefined ? {} : { type }) })
    expect(await post(trip('a'))).toMatchObject({ status: 200, value: { filed: [{ fleet: 'f1', id: 'a' }] } })
    await post([trip('b', { drivers: ['李四'] }), trip('c')])
    const csv = 'id,vehicle,from,to\nd,v1,2026-11-24 20:00,2026-11-25 06:00\n'
    expect((await post(csv, '?fleet=f1', 'text/csv')).status).toBe(200)
    const list = async () =>
      (await ask<{ items: { id: string; fleet: string }[] }>(gateway, '/trips')).value.items
    expect((await list()).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
    expect((await list()).every(({ fleet }) => fleet === 'f1')).toBe(true)
    // Of a vehicle with the same id in another fleet it is none.
    expect(documents.of('f2', 'v1')?.trips).toEqual([])
    await post(trip('a', { oneWayKm: 7 }))
    expect((await list()).filter(({ id }) => id === 'a')).toMatchObject([{ oneWayKm: 7 }])
    expect((await ask(gateway, '/trips/f1/a', { method: 'DELETE' })).status).toBe(200)
    expect((await ask(gateway, '/trips/f1/a', { method: 'DELETE' })).status).toBe(404)
    expect((await list()).map(({ id }) => id)).toEqual(['b', 'c', 'd'])
    expect(readdirSync(path.join(folder, 'trips')).filter((name) => !name.endsWith('.json'))).toEqual([])
  })

  test('one that a hand wrote is replaced and taken back in its own file', async () => {
    const { start, folder, documents } = furnish()
    const file = write(path.join(folder, 'trips', 'hand.json'), [trip('x'), trip('y')])
    documents.refresh()
    const gateway = await start()
    await ask(gateway, '/trips?fleet=f1', { method: 'POST', body: trip('x', { oneWayKm: 9 }) })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject([{ id: 'y' }])
    expect(
      documents
        .of('f1', 'v1')
        ?.trips.map(({ id, oneWayKm }) => [id, oneWayKm])
        .sort(),
    ).toEqual([
      ['x', 9],
      ['y', 1150],
    ])
  })

  test.each<[string, unknown, string, string]>([
    ['a missing field', { id: 'a' }, '', 'vehicle'],
    ['a misspelt one', trip('a', { driver: 'x' }), '', 'driver'],
    ['the second of a list', [trip('a'), trip('b', { oneWayKm: -1 })], '', '[1].oneWayKm'],
    ['a vehicle nobody has', trip('a', { vehicle: 'v9' }), '', 'vehicle'],
    ['a vehicle of two fleets', trip('a'), '', 'fleet'],
    ['an end before its beginning', trip('a', { to: '2026-11-22T19:00:00+08:00' }), '?fleet=f1', 'to'],
  ])('%s is refused by its field, and nothing is filed', async (_name, body, query, field) => {
    const { status, value } = await ask<Problem>(shared.gateway, `/trips${query}`, { method: 'POST', body })
    expect([status, value.field]).toEqual([400, field])
    expect(value.remedy.zh).toMatch(/\p{Script=Han}/u)
    expect(value.remedy.zh).not.toMatch(/[a-z] [a-z]/)
    expect(readdirSync(path.join(shared.folder, 'trips'))).toEqual([])
  })

  test('a table is refused by its line and column', async () => {
    const { gateway } = shared
    const csv = 'id,vehicle,from,to\nd,v1,yesterday,2026-11-25 06:00\n'
    const options = { method: 'POST', body: csv, type: 'text/csv' }
    const { status, value } = await ask<Problem>(gateway, '/trips?fleet=f1', options)
    expect([status, value.field]).toEqual([400, 'line 2: from'])
  })

  test('a table is refused with all that is wrong with it, each at its line and column', async () => {
    const { gateway, folder } = shared
    const csv = `id,vehicle,from,to,oneWayKm
# a remark
a,v1,yesterday,tomorrow,-1
b,v9,2026-11-24 20:00,2026-11-24 06:00,
c,v1,2026-11-24 20:00,2026-11-25 06:00,
d,v8,2026-11-24 20:00,2026-11-25 06:00,
`
    const post = (body: unknown, type?: string) =>
      ask<Problem & { more: number }>(gateway, '/trips?fleet=f1', {
        ...{ method: 'POST', body },
        ...(type === undefined ? {} : { type }),
      })
    const { status, value } = await post(csv, 'text/csv')
    expect([status, value.more]).toEqual([400, 0])
    expect(value.problems?.map(({ field }) => field)).toEqual([
      ...['line 3: from', 'line 3: to', 'line 3: oneWayKm'],
      ...['line 4: to', 'line 6: vehicle'],
    ])
    for (const { remedy } of value.problems as unknown as Problem[])
      expect(remedy.zh).toMatch(/\p{Script=Han}/u)
    const listed = await post([trip('a', { from: 'x', oneWayKm: -1 }), trip('b', { vehicle: 'v9' })])
    expect(listed.value.problems?.map(({ field }) => field)).toEqual([
      ...['[0].from', '[0].oneWayKm', '[1].vehicle'],
    ])
    expect(readdirSync(path.join(folder, 'trips'))).toEqual([])
  })

  test('of a table that is wrong all over fifty problems are told, and how many more there are', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `t${i},v1,x,y`).join('\n')
    const options = { method: 'POST', body: `id,vehicle,from,to\n${rows}\n`, type: 'text/csv' }
    const { value } = await ask<Problem & { more: number }>(shared.gateway, '/trips?fleet=f1', options)
    expect([value.problems?.length, value.more]).toEqual([50, 30])
  })

  test('what was exported is filed again as it was', async () => {
    const gateway = await furnish().start()
    const relay = {
      certificate: 'JB-1',
      validTo: '2099-12-31',
      window: ['22:00', '02:00'],
      points: ['a', 'b'],
    }
    const all = [trip('a', { relay }), trip('b,"1"', { drivers: ['张三', '李四'], route: 'G60' })]
    await ask(gateway, '/trips?fleet=f1', { method: 'POST', body: all })
    const { value: csv } = await ask<string>(gateway, '/trips.csv')
    expect(csv.split('\r\n')[0]).toContain('id,fleet,vehicle,from,to,drivers')
    for (const id of ['a', 'b,"1"'])
      await ask(gateway, `/trips/f1/${encodeURIComponent(id)}`, { method: 'DELETE' })
    const { status } = await ask(gateway, '/trips', { method: 'POST', body: csv, type: 'text/csv' })
    expect(status).toBe(200)
    const { value } = await ask<{ items: object[] }>(gateway, '/trips')
    expect(value.items).toMatchObject(all)
  })
})

describe('drivers', () => {
  test('are listed page by page, each once; the cursor of a page names nobody', async () => {
    const { start, folder } = furnish()
    const names = ['王五', '张三', '李四']
    for (const [at, id] of names.entries()) {
      const licence = { number: String(at), classes: ['A1'], validTo: '2030-01-01' }
      write(path.join(folder, 'drivers', `${at}.json`), { id, fleet: 'f1', name: id, licence })
    }
    const gateway = await start()
    const met: string[] = []
    type Page = { items: { driver: string }[]; next: string | null }
    for (let after: string | null = ''; after !== null; ) {
      const query: string = after === '' ? '' : `&after=${after}`
      const { value } = await ask<Page>(gateway, `/drivers?limit=1${query}`)
      met.push(...value.items.map(({ driver }) => driver))
      expect(decodeURIComponent(value.next ?? '')).not.toMatch(/\p{Script=Han}/u)
      after = value.next
    }
    expect(met).toEqual(names.toSorted())
  })
})

describe('areas', () => {
  test('a fleet begins with those of the files; its own stand in their place, for itself alone', async () => {
    const { start, documents, folder } = furnish()
    const gateway = await start()
    const get = async (fleet: string) => {
      const { value, headers } = await ask<{ features: { properties: { id: string } }[] }>(
        gateway,
        `/areas/${fleet}`,
      )
      return { ids: value.features.map(({ properties }) => properties.id), etag: headers.get('etag') }
    }
    expect((await get('f1')).ids).toEqual(['closed'])
    const own = collection(square('mine', 121, 31), square('other', 122, 31))
    expect((await ask(gateway, '/areas/f1', { method: 'PUT', body: own })).value).toMatchObject({ valid: 2 })
    expect((await get('f1')).ids).toEqual(['mine', 'other'])
    expect((await get('f2')).ids).toEqual(['closed'])
    expect(documents.of('f1', 'v1')?.areas.all.map(({ id }) => id)).toEqual(['mine', 'other'])
    expect(documents.of('f2', 'v1')?.areas.all.map(({ id }) => id)).toEqual(['closed'])
    expect(readdirSync(path.join(folder, 'data', 'areas'))).toEqual(['f1.geojson'])
  })

  test('who did not see the last change does not overwrite it', async () => {
    const gateway = await furnish().start()
    const { headers } = await ask(gateway, '/areas/f1')
    const put = (id: string) =>
      fetch(`http://127.0.0.1:${gateway.ports.http}/api/v1/areas/f1`, {
        method: 'PUT',
        body: JSON.stringify(collection(square(id, 121, 31))),
        headers: { 'content-type': 'application/json', 'if-match': headers.get('etag')! },
      })
    expect((await put('a')).status).toBe(200)
    const second = await put('b')
    expect([second.status, ((await second.json()) as Problem).field]).toEqual([412, 'if-match'])
  })

  test('all problems are told at once, and nothing is stored', async () => {
    const { gateway, folder } = shared
    const bad = collection(square('a', 121, 31), square('a', 122, 31), square('b', 121, 99), {
      type: 'Feature',
    })
    const { status, value } = await ask<Problem>(gateway, '/areas/f1', { method: 'PUT', body: bad })
    expect(status).toBe(400)
    expect(value.problems?.map(({ field }) => field.split('.')[0])).toEqual([
      'features[1]',
      'features[2]',
      'features[3]',
    ])
    const checked = await ask<{ problems: unknown[] }>(gateway, '/areas/check', { method: 'POST', body: bad })
    expect([checked.status, checked.value.problems.length]).toEqual([200, 3])
    expect(readdirSync(folder)).not.toContain('areas')
    expect((await ask(gateway, '/areas/check', { method: 'POST', body: {} })).status).toBe(400)
  })

  test('a preview tells which findings other areas would have made, and what it looked at', async () => {
    const { start, journal } = furnish()
    await drive(journal, 30, { fromMs: Date.now() - 3_600_000 })
    const gateway = await start({ rules })
    // The coach passes 120.20 E after 200 s and 120.30 E after 700 s; the closed area lies to the south.
    const areas = collection(square('closed', 120.2, 30.2), square('new', 120.3, 30.245))
    const { value } = await ask<{ differences: { difference: string; of: string }[]; coverage: object }>(
      gateway,
      '/areas/preview',
      { method: 'POST', body: { fleet: 'f1', areas } },
    )
    expect(value.differences).toMatchObject([
      { difference: 'added', of: 'area', vehicle: 'v1', subject: 'new' },
    ])
    expect(value.coverage).toEqual({ vehicles: 1, of: 1, samples: 1800, days: 7, complete: true })
    const none = await ask<{ differences: unknown[] }>(gateway, '/areas/preview', {
      method: 'POST',
      body: { fleet: 'f1', areas: collection(square('closed', 120.2, 30.2)) },
    })
    expect(none.value.differences).toEqual([])
  })
})

describe('vehicles and drivers', () => {
  test('a vehicle tells its state, what is in force and its gaps', async () => {
    const { start, journal } = furnish()
    await drive(journal, 2)
    const gateway = await start()
    const { value } = await ask<{ items: { fleet: string; vehicle: string }[] }>(gateway, '/vehicles')
    expect(value.items.map(({ fleet }) => fleet)).toEqual(['f1', 'f2'])
    const one = await ask(gateway, '/vehicles/f1/v1')
    expect(one.value).toMatchObject({
      plate: '浙A12345',
      state: { vehicle: 'v1', driver: '张三' },
      inForce: { areas: { state: 'unknown' } },
      time: { trusted: true },
      gaps: [],
    })
    expect((await ask(gateway, '/vehicles/f1/v7')).status).toBe(404)
    const inForce = await ask(gateway, '/in-force?fleet=f1')
    expect(inForce.value).toMatchObject({ items: [{ vehicle: 'v1' }], counts: { areas: { unknown: 1 } } })
  })

  test('a track is thinned for a map and whole as a file', async () => {
    const { start, journal } = furnish()
    const fromMs = Date.now() - 3 * 3_600_000
    await drive(journal, 150, { fromMs })
    const gateway = await start()
    const { value } = await ask<{ atMs: number[]; lat: number[] }>(gateway, '/vehicles/f1/v1/track')
    expect(value.atMs).toHaveLength(5000)
    expect([value.atMs[0], value.atMs.at(-1)]).toEqual([fromMs, fromMs + 8_999_000])
    const span = `from=${fromMs + 1000}&to=${fromMs + 60_000}`
    const csv = await ask<string>(gateway, `/vehicles/f1/v1/track.csv?${span}`)
    expect(csv.value.trimEnd().split('\r\n')).toHaveLength(61)
    expect(csv.value).toContain('张三')
    const gpx = await ask<string>(gateway, `/vehicles/f1/v1/track.gpx?${span}`)
    expect(gpx.value.match(/<trkpt /g)).toHaveLength(60)
    const geojson = await ask<{ features: unknown[] }>(gateway, `/vehicles/f1/v1/track.geojson?${span}`)
    expect(geojson.value.features).toHaveLength(60)
    const wrong = await ask<Problem>(gateway, `/vehicles/f1/v1/track?from=${fromMs}&to=${fromMs}`)
    expect([wrong.status, wrong.value.field]).toEqual([400, 'from'])
  })

  test('a driver without a formula in a table, though his name begins like one', async () => {
    const { start, journal } = furnish()
    const atMs = Date.now() - 60_000
    const envelope = telemetry(1, [sample(atMs, { driver: '=HYPERLINK("x")' })], { fleet: 'f1' })
    await journal.append({ ...emptyGroup, envelopes: [rowOf(envelope, atMs)] })
    const { value } = await ask<string>(await start(), '/vehicles/f1/v1/track.csv')
    expect(value).toContain(`"'=HYPERLINK(""x"")"`)
  })

  test('a driver has papers with their ends, and may be banned', async () => {
    const { start, folder, journal } = furnish([coach])
    const dayOf = (days: number): string =>
      new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    const papers = {
      ...{ id: '张三', fleet: 'f1', name: '张三丰', phone: '13800000000' },
      licence: { number: 'L1', classes: ['A1'], validTo: dayOf(400) },
      qualifications: [{ kind: 'passenger', number: 'Q1', validTo: dayOf(-3) }],
      bans: [{ from: new Date(Date.now() - 1000).toISOString(), reason: '超速三次' }],
    }
    write(path.join(folder, 'drivers', 'a.json'), papers)
    await drive(journal, 1, { fromMs: realWorld.nowMs() - 120_000 })
    const gateway = await start()
    const { value } = await ask(gateway, `/drivers/f1/${encodeURIComponent('张三')}`)
    expect(value).toMatchObject({
      ...{ driver: '张三', name: '张三丰', vehicle: 'v1', mayLogIn: false },
      bans: [{ reason: '超速三次', to: null }],
      papers: { phone: '13800000000' },
    })
    expect(value['expiries']).toMatchObject([{ what: 'passenger' }, { what: 'licence' }])
    expect((await ask(gateway, '/drivers/f1/nobody')).status).toBe(404)
    const list = await ask<{ items: unknown[] }>(gateway, '/drivers?fleet=f1')
    expect(list.value.items).toHaveLength(1)
  })
})
