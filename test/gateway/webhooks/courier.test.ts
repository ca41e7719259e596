import { createHmac } from 'node:crypto'
import { statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createCourier, type EscalationSource, pausesMs } from '../../../gateway/webhooks/courier.ts'
import { type Escalation, formats, letterOf } from '../../../gateway/webhooks/letter.ts'
import { type Hook, memoryHookStore, openHookStore } from '../../../gateway/webhooks/store.ts'
import type { Alert } from '../../../proto/model.ts'
import { alertOf } from '../api/desk-office.ts'
import { tempFolder } from '../help/world.ts'

const hook: Hook = {
  ...{ id: 'h1', fleet: 'f1', url: 'https://chat.example/x', secret: 's'.repeat(16), format: 'alert' },
  ...{ severities: null, kinds: null, by: 'admin', createdAt: '2026-11-22T00:00:00.000Z', cursor: 0 },
}
const alerts: Alert[] = Array.from({ length: 5 }, (_, i) => ({
  ...alertOf(i + 1, { severity: i === 2 ? 'minor' : 'major' }),
  cursor: i + 1,
}))

/** A receiver that answers as it is told, and a clock that is moved by hand. */
function office(own: Partial<Hook> = {}, store = memoryHookStore(), escalations?: EscalationSource) {
  const world = { nowMs: 1_000_000, up: true }
  const posted: number[] = []
  const events: string[] = []
  const bodies: unknown[] = []
  store.put({ ...hook, ...own })
  const courier = createCourier({
    store,
    alertsAfter: (cursor, limit, fleet) =>
      Promise.resolve(alerts.filter((one) => one.cursor > cursor && one.fleet === fleet).slice(0, limit)),
    lastCursor: () => alerts.length,
    revision: (id) => alerts.find((one) => one.id === id) ?? null,
    escalations,
    outward: (alert) => ({ ...alert, driver: '外**' }),
    post: (_url, body, headers) => {
      if (!world.up) return Promise.resolve('HTTP 503')
      posted.push((JSON.parse(body) as Alert).cursor)
      events.push(headers['x-roadwarden-event']!)
      bodies.push(JSON.parse(body))
      return Promise.resolve(null)
    },
    nowMs: () => world.nowMs,
    count: () => {},
  })
  courier.stop()
  return { world, posted, events, bodies, store, ...courier }
}

describe('the courier', () => {
  test('carries each alert once, in order, and remembers where it was', async () => {
    const { tick, posted, store, world, behind } = office()
    world.up = false
    await tick()
    expect(behind()).toBe(5)
    Object.assign(world, { up: true, nowMs: world.nowMs + pausesMs[0] })
    await tick()
    await tick()
    expect(behind()).toBe(0)
    expect(posted).toEqual([1, 2, 3, 4, 5])
    expect(store.all()[0]?.cursor).toBe(5)
  })

  test.each<[Partial<Hook>, number[]]>([
    [{ severities: ['minor'] }, [3]],
    [{ kinds: ['speeding'] }, [1, 2, 3, 4, 5]],
    [{ kinds: ['curfew'] }, []],
    [{ fleet: 'f2' }, []],
    [{ cursor: 3 }, [4, 5]],
  ])('%j is told of %j', async (own, wanted) => {
    const { tick, posted } = office(own)
    await tick()
    expect(posted).toEqual(wanted)
  })

  test('asks again with growing pauses, and not a moment before', async () => {
    const { tick, posted, world } = office()
    world.up = false
    await tick()
    for (const pauseMs of pausesMs.slice(0, 3)) {
      world.nowMs += pauseMs - 1
      world.up = true
      await tick()
      expect(posted).toEqual([])
      world.up = false
      world.nowMs += 1
      await tick()
    }
    world.up = true
    world.nowMs += pausesMs[3]
    await tick()
    expect(posted).toEqual([1, 2, 3, 4, 5])
  })

  test('after the last pause the alert is a dead letter; the others get one try each; a retry brings them all', async () => {
    const { tick, posted, world, store, retry } = office()
    world.up = false
    for (let i = 0; i <= pausesMs.length; i++) {
      await tick()
      world.nowMs += 600_000
    }
    expect(store.dead('h1').map(({ why, revision }) => [why, revision])).toEqual(
      Array.from({ length: 5 }, () => ['HTTP 503', 1]),
    )
    world.up = true
    await tick()
    expect(posted).toEqual([])
    expect(retry('h1')).toBe(5)
    await tick()
    expect(posted).toEqual([1, 2, 3, 4, 5])
    expect(store.dead('h1')).toEqual([])
  })

  test('started again on its files it goes on where it was, dead letters and all', async () => {
    const folder = tempFolder()
    const first = office({}, openHookStore(folder))
    await first.tick()
    first.store.bury('h1', { at: 'x', why: 'y', alert: alerts[0]!.id, revision: 1 })
    writeFileSync(path.join(folder, 'webhooks-dead', 'h1.ndjson'), '{"at":"cut', { flag: 'a' })
    expect(statSync(path.join(folder, 'webhooks.json')).mode & 0o077).toBe(0)
    const again = openHookStore(folder)
    expect(again.all()).toEqual([{ ...hook, cursor: 5 }])
    expect(again.dead('h1')).toHaveLength(1)
    again.remove('h1')
    expect(openHookStore(folder).all()).toEqual([])
  })

  test('a journal restored from a copy is behind its webhooks: they go on from its newest alert', async () => {
    const { tick, posted, store } = office({ cursor: 900 })
    await tick()
    expect(posted).toEqual([])
    expect(store.all()[0]?.cursor).toBe(alerts.length)
    alerts.push({ ...alertOf(6, {}), cursor: 6 })
    try {
      await tick()
    } finally {
      alerts.pop()
    }
    expect(posted).toEqual([6])
  })

  test('a hook that was taken away while its receiver thought does not come back', async () => {
    const { tick, store } = office()
    const going = tick()
    store.remove('h1')
    await going
    expect(store.all()).toEqual([])
  })
})

describe('a call of the roster', () => {
  const calls: Escalation[] = Array.from({ length: 3 }, (_, i) => ({
    ...{ line: 10 + i, at: '2026-11-22T18:00:00.000Z', by: 'roster', to: '值班经理', words: '超时未处理' },
    alert: alertOf(i + 1, { severity: i === 1 ? 'minor' : 'critical', driver: '张三' }) as Alert,
  }))
  const source = {
    after: (line: number, limit: number) => calls.filter((one) => one.line > line).slice(0, limit),
    of: (line: number) => calls.find((one) => one.line === line) ?? null,
    last: () => 12,
  }
  const called = (own: Partial<Hook> = {}, store = memoryHookStore()) =>
    office({ cursor: alerts.length, line: 0, ...own }, store, source)

  test('is carried after the alerts, once each, over a start, and masked like them', async () => {
    const folder = tempFolder()
    const first = called({ cursor: 3 }, openHookStore(folder))
    await first.tick()
    expect(first.events).toEqual(['alert', 'alert', 'escalation', 'escalation', 'escalation'])
    expect(first.bodies.at(-1)).toMatchObject({
      event: 'escalation',
      to: '值班经理',
      alert: { driver: '外**' },
    })
    const again = office(openHookStore(folder).all()[0], openHookStore(folder), source)
    await again.tick()
    expect(again.events).toEqual([])
  })

  test.each<[Partial<Hook>, number]>([
    [{ severities: ['critical'] }, 2],
    [{ events: ['alert'] }, 0],
    [{ events: ['escalation'] }, 3],
    [{ kinds: ['curfew'] }, 0],
    [{ line: 11 }, 1],
  ])('%j is told of %i', async (own, wanted) => {
    const { tick, events } = called(own)
    await tick()
    expect(events.filter((event) => event === 'escalation')).toHaveLength(wanted)
  })

  test('is asked again with the same pauses, lies among the dead letters, and is brought out again', async () => {
    const { tick, world, store, events, retry, standing } = called()
    world.up = false
    for (let i = 0; i <= pausesMs.length; i++) {
      await tick()
      world.nowMs += 600_000
    }
    expect(store.dead('h1').map(({ line, why }) => [line, why])).toEqual([
      [10, 'HTTP 503'],
      [11, 'HTTP 503'],
      [12, 'HTTP 503'],
    ])
    expect(standing('h1')).toMatchObject({ deliveredAt: null, why: 'HTTP 503' })
    expect(retry('h1')).toBe(3)
    // Until they are there they lie where they lay: a power cut between loses none.
    expect(store.dead('h1')).toHaveLength(3)
    world.up = true
    await tick()
    expect(events).toEqual(['escalation', 'escalation', 'escalation'])
    expect(store.dead('h1')).toEqual([])
    expect(standing('h1')).toMatchObject({ why: null, tries: 0 })
  })

  test('names the driver nowhere: what the officer typed is masked like the alert beside it', async () => {
    const words = '张三电话无人接听，已告知张三家属'
    const named = { ...calls[0]!, words }
    const { tick, bodies } = office({ cursor: alerts.length, line: 0 }, memoryHookStore(), {
      ...source,
      after: (line) => (line < named.line ? [named] : []),
    })
    await tick()
    expect(bodies).toMatchObject([{ words: '外**电话无人接听，已告知外**家属' }])
  })

  test('of before a hook knew of them is not told it: what is over helps nobody', async () => {
    const store = memoryHookStore()
    const { line: _, ...old } = { ...hook, line: 0 }
    store.put(old)
    const { tick, events } = office({ ...old, cursor: alerts.length }, store, source)
    await tick()
    expect(events).toEqual([])
    expect(store.all()[0]?.line).toBe(12)
  })

  test('a test letter says whether it arrived, and moves nothing', async () => {
    const { test: post, world, store, events } = called()
    expect(await post('h1', 'admin')).toBeNull()
    world.up = false
    expect(await post('h1', 'admin')).toBe('HTTP 503')
    expect([events, store.dead('h1'), store.all()[0]?.line]).toEqual([['test'], [], 0])
  })
})

describe('the letter', () => {
  test('is signed over its time and its body', () => {
    const { body, headers } = letterOf({ is: 'alert', alert: alerts[0]! }, 'alert', 'secret', 1234)
    const wanted = createHmac('sha256', 'secret').update(`1234.${body}`).digest('hex')
    expect(headers['x-roadwarden-signature']).toBe(`t=1234,v1=${wanted}`)
    expect(headers['x-roadwarden-delivery']).toBe(`${alerts[0]!.id}.1`)
    expect(
      letterOf({ is: 'alert', alert: alerts[0]! }, 'alert', 'other', 1234).headers['x-roadwarden-signature'],
    ).not.toContain(wanted)
  })

  test.each(formats.filter((format) => format !== 'alert'))(
    'speaks to %s in a sentence with its grade',
    (format) => {
      const { body } = letterOf({ is: 'alert', alert: alerts[0]! }, format, 'secret', 1)
      expect(body).toContain('超速（证据充分）')
    },
  )
})
