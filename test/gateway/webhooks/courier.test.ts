import { createHmac } from 'node:crypto'
import { statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createCourier, pausesMs } from '../../../gateway/webhooks/courier.ts'
import { formats, letterOf } from '../../../gateway/webhooks/letter.ts'
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
function office(own: Partial<Hook> = {}, store = memoryHookStore()) {
  const world = { nowMs: 1_000_000, up: true }
  const posted: number[] = []
  store.put({ ...hook, ...own })
  const courier = createCourier({
    store,
    alertsAfter: (cursor, limit, fleet) =>
      Promise.resolve(alerts.filter((one) => one.cursor > cursor && one.fleet === fleet).slice(0, limit)),
    lastCursor: () => Promise.resolve(alerts.length),
    revision: (id) => alerts.find((one) => one.id === id) ?? null,
    outward: (alert) => alert,
    post: (_url, body) => {
      if (!world.up) return Promise.resolve('HTTP 503')
      posted.push((JSON.parse(body) as Alert).cursor)
      return Promise.resolve(null)
    },
    nowMs: () => world.nowMs,
    count: () => {},
  })
  courier.stop()
  return { world, posted, store, ...courier }
}

describe('the courier', () => {
  test('carries each alert once, in order, and remembers where it was', async () => {
    const { tick, posted, store } = office()
    await tick()
    await tick()
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

describe('the letter', () => {
  test('is signed over its time and its body', () => {
    const { body, headers } = letterOf(alerts[0]!, 'alert', 'secret', 1234)
    const wanted = createHmac('sha256', 'secret').update(`1234.${body}`).digest('hex')
    expect(headers['x-roadwarden-signature']).toBe(`t=1234,v1=${wanted}`)
    expect(headers['x-roadwarden-delivery']).toBe(`${alerts[0]!.id}.1`)
    expect(letterOf(alerts[0]!, 'alert', 'other', 1234).headers['x-roadwarden-signature']).not.toContain(
      wanted,
    )
  })

  test.each(formats.filter((format) => format !== 'alert'))(
    'speaks to %s in a sentence with its grade',
    (format) => {
      const { body } = letterOf(alerts[0]!, format, 'secret', 1)
      expect(body).toContain('超速（证据充分）')
    },
  )
})
