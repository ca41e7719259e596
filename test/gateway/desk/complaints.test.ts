import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSealer } from '../../../gateway/desk/seal.ts'
import type { Attribution } from '../../../gateway/drivers/attributed.ts'
import { tempFolder } from '../help/world.ts'
import { chief, type DeskWorld, deskWorld, officer, wang } from './world.ts'

const informer = { name: '孙七不愿透露', phone: '13900001111', address: '衢州' }
const told = {
  fleet: 'f1',
  vehicle: 'v1',
  plate: '浙A12345',
  at: '2026-11-22T17:00:00Z',
  channel: 'hotline',
  words: '司机开车看手机',
}

function taken(world: DeskWorld, more: object = {}): string {
  const { status, value } = world.ask(wang, 'POST', '/complaints', { ...told, informer, ...more })
  expect(status).toBe(200)
  return String(value['id'])
}

describe('a complaint from outside', () => {
  test('becomes a case of the register, is worked off like an alert, and is answered', () => {
    const world = deskWorld()
    const id = taken(world)
    const step = (action: string, more: object = {}) => {
      const revision = world.ask(wang, 'GET', `/cases/${id}`).value['revision']
      return world.ask(wang, 'POST', `/cases/${id}/steps`, { revision, action, ...more })
    }
    expect(step('acknowledge').value).toMatchObject({ case: { kind: 'complaint', vehicle: 'v1' } })
    const assign = { responsible: '李四', deadlineAt: '2026-11-25T00:00:00Z', acceptance: '答复举报人' }
    expect(step('assign', assign).status).toBe(200)
    const answer = world.ask(wang, 'POST', `/complaints/${id}/answer`, { words: '已约谈司机，感谢监督' })
    expect(answer.value).toMatchObject({
      status: 'assigned',
      answers: [{ by: 'wang', words: '已约谈司机，感谢监督' }],
      informer: 'sealed',
      readings: 0,
    })
    // An answer is a line of the case but no step: nobody's form is out of date because of it.
    expect(answer.value['revision']).toBe(2)
    const { value } = world.ask(wang, 'GET', `/cases/${id}`)
    const lines = value['history'] as { action: string }[]
    expect(lines.map(({ action }) => action)).toEqual(['complain', 'acknowledge', 'assign', 'answer'])
    expect(world.ask(wang, 'GET', `/cases/${id}/notice`).value).toMatchObject({ name: { zh: '投诉举报' } })
    const listed = world.restart().ask(wang, 'GET', '/complaints').value['items'] as { id: string }[]
    expect(listed.map((one) => one.id)).toEqual([id])
  })

  test('says nowhere who informed: not on disk, not on the topic, not in any list', () => {
    const world = deskWorld()
    const id = taken(world)
    const answers = ['/complaints', `/complaints/${id}`, '/cases', `/cases/${id}`, `/cases/${id}/notice`].map(
      (path) => world.ask(chief, 'GET', path).value,
    )
    const files = readdirSync(world.dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name)).toString('utf8'))
    for (const text of [JSON.stringify(answers), JSON.stringify(world.told), ...files])
      for (const part of Object.values(informer)) expect(text).not.toContain(part)
    expect(statSync(path.join(world.dataDir, 'informer-key')).mode & 0o777).toBe(0o600)
  })

  test('the informer is read by supervisors and admins of the fleet, with a reason, and each reading is kept', () => {
    const world = deskWorld()
    const id = taken(world)
    const read = (who: typeof wang, words = '核实情况', at = world) =>
      at.ask(who, 'POST', `/complaints/${id}/informer`, { words })
    for (const role of ['officer', 'auditor', 'authority', 'provider'] as const)
      expect(read(officer('x', role)).status, role).toBe(403)
    expect(read(officer('x', 'supervisor', 'f2')).status).toBe(404)
    const both = {
      name: 'x',
      grants: new Map([
        ['f1', 'officer' as const],
        ['f2', 'admin' as const],
      ]),
    }
    expect(read(both).status).toBe(403)
    expect(read(chief, ' ').status).toBe(400)
    expect(world.ask(wang, 'GET', `/complaints/${id}`).value['readings']).toBe(0)
    expect(read(chief).value).toEqual({ informer })
    expect(read(officer('boss', 'admin'), '回访', world.restart()).value).toEqual({ informer })
    const { value } = world.restart().ask(wang, 'GET', `/cases/${id}`)
    const readings = (value['history'] as { action: string }[]).filter(
      ({ action }) => action === 'readInformer',
    )
    expect(readings).toMatchObject([
      { by: 'chief', role: 'supervisor', words: '核实情况', from: '10.0.0.7' },
      { by: 'boss', role: 'admin', words: '回访' },
    ])
  })

  test('anonymous ones have nobody to be read', () => {
    const world = deskWorld()
    const id = taken(world, { informer: null })
    expect(world.ask(chief, 'POST', `/complaints/${id}/informer`, { words: 'x' }).value).toEqual({
      informer: null,
    })
    expect(world.ask(wang, 'GET', `/complaints/${id}`).value).toMatchObject({
      informer: 'anonymous',
      readings: 0,
    })
  })

  test('of no known vehicle are cases too, and no cab is spoken to', () => {
    const world = deskWorld()
    const id = taken(world, { vehicle: null })
    const step = { revision: 0, action: 'say', words: '请减速' }
    expect(world.ask(wang, 'POST', `/cases/${id}/steps`, step)).toMatchObject({ status: 503 })
    expect(world.said).toEqual([])
  })

  test.each([null, 'x9'])('of vehicle %j nobody has driven: no hours are given to anyone', (vehicle) => {
    const decided: Attribution[] = []
    const attributions = { decided: (one: Attribution) => decided.push(one), preview: () => null }
    const world = deskWorld({ attributions })
    const step = (id: string, revision: number, action = 'attributeDriver') =>
      world.ask(wang, 'POST', `/cases/${id}/steps`, {
        ...{ revision, action, words: '调度单' },
        ...(action === 'note' ? {} : { driver: '赵六' }),
      })
    const id = taken(world, { vehicle })
    expect(step(id, 0)).toMatchObject({
      status: 400,
      value: { field: 'action', remedy: { zh: expect.stringContaining('备注'), en: expect.any(String) } },
    })
    expect(world.ask(wang, 'GET', `/cases/${id}`).value).toMatchObject({ revision: 0, facts: {} })
    expect(step(id, 0, 'note').status).toBe(200)
    expect(decided).toEqual([])
    expect(step(taken(world), 0).status).toBe(200)
    expect(decided).toMatchObject([{ vehicle: 'v1', driver: '赵六' }])
  })

  test('with the key gone what is sealed stays sealed, and that somebody tried is kept', () => {
    const world = deskWorld()
    const id = taken(world)
    rmSync(path.join(world.dataDir, 'informer-key'))
    const next = world.restart()
    expect(next.ask(chief, 'POST', `/complaints/${id}/informer`, { words: '核实' })).toMatchObject({
      status: 503,
      value: { field: 'informer' },
    })
    expect(next.ask(wang, 'GET', `/complaints/${id}`).value['readings']).toBe(1)
  })

  test('each role looks and takes as is its own', () => {
    const world = deskWorld()
    taken(world)
    const count = (who: typeof wang) =>
      (world.ask(who, 'GET', '/complaints').value['items'] as unknown[] | undefined)?.length ?? 'none'
    expect(count(officer('x', 'auditor'))).toBe(1)
    expect(count(officer('x', 'officer', 'f2'))).toBe(0)
    expect(count(officer('x', 'provider'))).toBe('none')
    expect(world.ask(officer('x', 'auditor'), 'POST', '/complaints', told).status).toBe(403)
    expect(world.ask(wang, 'POST', '/complaints', { ...told, fleet: 'f2' }).status).toBe(403)
    expect(world.ask(wang, 'POST', '/complaints', { ...told, words: '' }).status).toBe(400)
  })

  test('lists newest first, page by page', () => {
    const world = deskWorld()
    const ids = [1, 2, 3].map(() => taken(world))
    const page = (query: object) => world.ask(wang, 'GET', '/complaints', undefined, query).value as never
    const { items, next } = page({ limit: '2' }) as { items: { id: string }[]; next: string }
    expect(items.map(({ id }) => id)).toEqual([ids[2], ids[1]])
    const rest = page({ limit: '2', after: next }) as { items: { id: string }[]; next: null }
    expect([rest.items.map(({ id }) => id), rest.next]).toEqual([[ids[0]], null])
  })
})

describe('the seal', () => {
  test('opens what it sealed, for that complaint alone, and hides that two are the same', () => {
    const sealer = openSealer(tempFolder())
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (text, of, other) => {
        const sealed = sealer.seal(text, of)
        expect(sealer.unseal(sealed, of)).toBe(text)
        expect(sealer.seal(text, of)).not.toBe(sealed)
        if (of !== other) expect(sealer.unseal(sealed, other)).toBeNull()
      }),
      { numRuns: 50 },
    )
  })

  test('opens nothing that was changed, cut or sealed with another key', () => {
    const folder = tempFolder()
    const sealer = openSealer(folder)
    const sealed = sealer.seal('孙七', 'c1')
    // The last letter of a part carries bits that are no data.
    const data = (text: string): string[] =>
      text.split('.').map((part, at) => (at === 0 ? part : Buffer.from(part, 'base64url').toString('hex')))
    for (let at = 0; at < sealed.length; at++) {
      const letter = sealed[at] === 'A' ? 'B' : 'A'
      const changed = `${sealed.slice(0, at)}${letter}${sealed.slice(at + 1)}`
      const isSame = data(changed).join() === data(sealed).join()
      expect(sealer.unseal(changed, 'c1'), `letter ${at}`).toBe(isSame ? '孙七' : null)
      expect(sealer.unseal(sealed.slice(0, at), 'c1'), `cut at ${at}`).toBeNull()
    }
    expect(openSealer(tempFolder()).unseal(sealed, 'c1')).toBeNull()
    expect(openSealer(folder).unseal(sealed, 'c1')).toBe('孙七')
    writeFileSync(path.join(folder, 'informer-key'), 'short')
    expect(() => openSealer(folder)).toThrow(/informer-key: not a key/)
  })
})
