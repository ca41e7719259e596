import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createCourier, type EscalationSource, pausesMs } from '../../../gateway/webhooks/courier.ts'
import type { Escalation } from '../../../gateway/webhooks/letter.ts'
import { type Hook, memoryHookStore, openHookStore } from '../../../gateway/webhooks/store.ts'
import type { Alert } from '../../../proto/model.ts'
import { alertOf } from '../api/desk-office.ts'
import { tempFolder } from '../help/world.ts'

/** What happens between two rounds, and in the middle of one: others have news too, and admins do not wait. */

const hook: Hook = {
  ...{ id: 'h1', fleet: 'f1', url: 'https://chat.example/x', secret: 's'.repeat(16), format: 'alert' },
  ...{
    severities: null,
    kinds: null,
    by: 'admin',
    createdAt: '2026-11-22T00:00:00.000Z',
    cursor: 0,
    line: 0,
  },
}
const alertsOf = (count: number, fleet = 'f1', from = 1): Alert[] =>
  Array.from({ length: count }, (_, i) => ({ ...alertOf(from + i, { fleet }), cursor: from + i }) as Alert)
const callsOf = (count: number, fleet: string, from = 1): Escalation[] =>
  alertsOf(count, fleet, from).map((alert) => ({
    ...{ line: alert.cursor, at: alert.at, by: '王五', to: '值班经理', words: '' },
    alert,
  }))

/** Receivers that answer when they are told to, and a ledger of what was asked of the journal and the register. */
function office(store = memoryHookStore()) {
  const world = { nowMs: 1_000_000, alerts: [] as Alert[], calls: [] as Escalation[] }
  const asked = { alerts: [] as number[], calls: [] as number[] }
  const read = { alerts: 0, calls: 0 }
  const posted: string[] = []
  let answer: (id: string) => Promise<string | null> = () => Promise.resolve(null)
  let writes = 0
  store.put(hook)
  const escalations: EscalationSource = {
    after: (line, limit, fleet) => {
      asked.calls.push(line)
      const after = world.calls.filter((one) => one.line > line)
      read.calls += after.length
      return after.filter(({ alert }) => alert.fleet === fleet).slice(0, limit)
    },
    of: (line) => world.calls.find((one) => one.line === line) ?? null,
    last: () => world.calls.at(-1)?.line ?? 0,
  }
  const courier = createCourier({
    store: {
      ...store,
      put: (one) => {
        writes++
        store.put(one)
      },
    },
    alertsAfter: (cursor, limit, fleet) => {
      asked.alerts.push(cursor)
      const after = world.alerts.filter((one) => one.cursor > cursor)
      read.alerts += after.length
      return Promise.resolve(after.filter((one) => one.fleet === fleet).slice(0, limit))
    },
    lastCursor: () => world.alerts.at(-1)?.cursor ?? 0,
    revision: (id) => world.alerts.find((one) => one.id === id) ?? null,
    escalations,
    outward: (alert) => ({ ...alert, driver: '张**' }),
    post: (_url, body) => {
      const { id, line } = JSON.parse(body) as { id?: string; line?: number }
      const name = id === undefined ? `line ${line}` : `a${Number.parseInt(id, 16)}`
      posted.push(name)
      return answer(name)
    },
    nowMs: () => world.nowMs,
    count: () => {},
  })
  courier.stop()
  return {
    ...{ world, asked, read, posted, store, ...courier },
    writes: () => writes,
    answers: (how: typeof answer) => (answer = how),
  }
}

/** A post that is under way until it is answered. */
function slowly() {
  let say: (why: string | null) => void = () => {}
  const said = new Promise<string | null>((resolve) => (say = resolve))
  return { said, say }
}
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

describe('news of other fleets', () => {
  test('is read once and never again, however many rounds come after it', async () => {
    const { tick, world, read, posted } = office()
    world.alerts = alertsOf(500, 'f2')
    world.calls = callsOf(500, 'f2')
    await tick()
    expect(read).toEqual({ alerts: 500, calls: 500 })
    for (let i = 0; i < 10; i++) await tick()
    expect(read).toEqual({ alerts: 500, calls: 500 })
    world.alerts = [...world.alerts, ...alertsOf(1, 'f1', 501)]
    world.calls = [...world.calls, ...callsOf(1, 'f1', 501)]
    await tick()
    expect(posted).toEqual(['a501', 'line 501'])
  })

  test('costs no write while it is little, and is written down when it is much', async () => {
    const { tick, world, writes, store } = office()
    world.alerts = alertsOf(999, 'f2')
    world.calls = callsOf(999, 'f2')
    await tick()
    expect([writes(), store.all()]).toEqual([0, [hook]])
    world.alerts = alertsOf(1000, 'f2')
    await tick()
    expect([writes(), store.all()[0]?.cursor]).toEqual([1, 1000])
    world.calls = callsOf(1999, 'f2')
    await tick()
    expect(store.all()[0]?.line).toBe(1999)
  })

  test('that is not behind a full page is not passed: the own that follows is told', async () => {
    const { tick, world, posted } = office()
    world.alerts = [...alertsOf(101), ...alertsOf(10, 'f2', 102)]
    world.calls = [...callsOf(101, 'f1'), ...callsOf(10, 'f2', 102)]
    await tick()
    expect(posted).toHaveLength(200)
    await tick()
    expect(posted.slice(200)).toEqual(['a101', 'line 101'])
  })

  test('that comes while a receiver is asked again does not carry over what it has not taken', async () => {
    const { tick, world, posted, answers } = office()
    world.alerts = [...alertsOf(1), ...alertsOf(5, 'f2', 2)]
    answers(() => Promise.resolve('HTTP 503'))
    await tick()
    world.nowMs += pausesMs[0]
    answers(() => Promise.resolve(null))
    await tick()
    expect(posted).toEqual(['a1', 'a1'])
  })

  test('that comes while the last of a page is under way leaves room for the own after it', async () => {
    const { tick, world, posted, answers } = office()
    world.alerts = alertsOf(1)
    const { said, say } = slowly()
    answers(() => said)
    const round = tick()
    await turns()
    world.alerts = [...world.alerts, ...alertsOf(1, 'f1', 2)]
    say(null)
    await round
    await tick()
    expect(posted).toEqual(['a1', 'a2'])
  })

  test('in a register whose newest lines were forgotten does not hide those that take their numbers', async () => {
    const { tick, world, posted } = office()
    world.calls = callsOf(9, 'f2')
    await tick()
    world.calls = callsOf(3, 'f2')
    await tick()
    world.calls = [...world.calls, ...callsOf(1, 'f1', 4)]
    await tick()
    expect(posted).toEqual(['line 4'])
  })
})

describe('a retry that is asked for while one is under way', () => {
  const buried = (count: number, store = memoryHookStore()) => {
    const desk = office(store)
    desk.world.alerts = alertsOf(count)
    store.put({ ...hook, cursor: count })
    for (const { id } of desk.world.alerts) store.bury('h1', { at: 'x', why: 'y', alert: id, revision: 1 })
    return desk
  }

  const stores = [
    ['in memory', memoryHookStore],
    ['on the disk', () => openHookStore(tempFolder())],
  ] as const

  test.each(stores)('delivers each letter %s once and leaves none among the dead', async (_where, make) => {
    const { tick, retry, answers, posted, store } = buried(3, make())
    const { said, say } = slowly()
    answers((name) => (name === 'a1' ? said : Promise.resolve(null)))
    expect(retry('h1')).toBe(3)
    const round = tick()
    await turns()
    expect(retry('h1')).toBe(3)
    expect(retry('h1')).toBe(3)
    say(null)
    await round
    await tick()
    expect(posted).toEqual(['a1', 'a2', 'a3'])
    expect(store.dead('h1')).toEqual([])
  })

  test.each(stores)(
    'brings out what failed before it %s, and what is under way only once',
    async (_where, make) => {
      const { tick, retry, answers, posted, store, world } = buried(2, make())
      // It is down: a letter of the dead gets one try, and lies where it lay.
      answers(() => Promise.resolve('HTTP 503'))
      retry('h1')
      for (const pauseMs of pausesMs) {
        await tick()
        world.nowMs += pauseMs
      }
      posted.length = 0
      const { said, say } = slowly()
      answers((name) => (name === 'a2' ? said : Promise.resolve('HTTP 503')))
      const round = tick()
      await turns()
      expect(posted).toEqual(['a1', 'a2'])
      answers(() => Promise.resolve(null))
      retry('h1')
      say(null)
      await round
      expect(posted).toEqual(['a1', 'a2', 'a1'])
      expect(store.dead('h1')).toEqual([])
    },
  )
})

describe('a hook that is taken away in the middle of a page', () => {
  test('hears nothing more of it, alerts, calls and dead letters alike', async () => {
    const { tick, world, answers, posted, store } = office()
    world.alerts = alertsOf(50)
    world.calls = callsOf(50, 'f1')
    answers((name) => {
      if (name === 'a2') store.remove('h1')
      return Promise.resolve(null)
    })
    await tick()
    await tick()
    expect(posted).toEqual(['a1', 'a2'])
  })

  test('is not mourned: the letter that fails meanwhile makes no file of dead letters anew', async () => {
    const folder = tempFolder()
    const { tick, world, answers, store } = office(openHookStore(folder))
    world.alerts = alertsOf(3)
    let last: ReturnType<typeof slowly> | null = null
    answers(() => last?.said ?? Promise.resolve('HTTP 503'))
    for (const pauseMs of pausesMs) {
      await tick()
      world.nowMs += pauseMs
    }
    last = slowly()
    const round = tick()
    await turns()
    store.remove('h1')
    last.say('HTTP 503')
    await round
    expect(existsSync(path.join(folder, 'webhooks-dead', 'h1.ndjson'))).toBe(false)
  })
})
