import { describe, expect, test } from 'vitest'
import { openRegister } from '../../../gateway/journal/register.ts'
import { tempFolder } from '../help/world.ts'
import {
  alertOf,
  anyone,
  chief,
  type DeskWorld,
  deskWorld,
  idOf,
  li,
  minuteMs,
  officer,
  startMs,
  wang,
} from './world.ts'

const deadlineAt = '2026-11-25T00:00:00Z'
const forms: { readonly [action: string]: object } = {
  acknowledge: {},
  assign: { responsible: '李四', deadlineAt, acceptance: '三日内无超速' },
  rectify: { cause: '赶时间', measure: '约谈并复训' },
  verify: {},
  close: { disposition: 'education', evidenceGrade: 'sufficient' },
}

/** Takes steps one after the other, each at the number it finds. */
function walker({ ask }: DeskWorld, id = idOf(1)) {
  return (action: string, more: object = {}, who = wang) => {
    const { value } = ask(who, 'GET', `/cases/${id}`)
    const step = { revision: value['revision'], action, ...forms[action], ...more }
    return ask(who, 'POST', `/cases/${id}/steps`, step)
  }
}
const road = Object.keys(forms)
const raised = (options: Parameters<typeof deskWorld>[0] = {}): DeskWorld => {
  const world = deskWorld(options)
  world.raise(alertOf(1))
  return world
}

describe('a case at the desk', () => {
  test('walks its whole road, and says at each step what was agreed, by whom, from where', () => {
    const world = raised()
    const take = walker(world)
    for (const action of road) expect(take(action), action).toMatchObject({ status: 200 })
    const { value } = take('lookBack', { held: true, words: '一月后复查，未再发生' })
    expect(value['case']).toMatchObject({
      status: 'consolidated',
      revision: 6,
      result809: { code: 1 },
      facts: {
        ...forms['assign'],
        ...forms['rectify'],
        ...forms['close'],
        ...{
          rectifiedBy: 'wang',
          verifiedBy: 'wang',
          closedBy: 'wang',
          lookBack: { held: true, by: 'wang' },
        },
      },
    })
    const lines = (value['case'] as { history: { by: string; from: string; role: string; action: string }[] })
      .history
    expect(lines.map(({ action }) => action)).toEqual([...road, 'lookBack'])
    for (const line of lines) expect(line).toMatchObject({ by: 'wang', from: '10.0.0.7', role: 'officer' })
  })

  test('is the same after a restart', () => {
    const world = raised()
    const take = walker(world)
    for (const action of road) take(action)
    const before = world.ask(wang, 'GET', `/cases/${idOf(1)}`)
    expect(world.restart().ask(wang, 'GET', `/cases/${idOf(1)}`)).toEqual(before)
    // The day it happened on is gone from the journal; what was done about it is not.
    const later = world.restart()
    later.alerts.clear()
    expect(later.ask(wang, 'GET', `/cases/${idOf(1)}`)).toEqual(before)
  })

  test('says which field is missing, in both languages, and keeps nothing of it', () => {
    const world = raised()
    const take = walker(world)
    take('acknowledge')
    expect(take('assign', { acceptance: '' })).toMatchObject({
      status: 400,
      value: { field: 'acceptance', remedy: { zh: '请填写验收标准' } },
    })
    expect(take('assign', { deadlineAt: '2026-11-22T18:10:00Z' })).toMatchObject({
      value: { field: 'deadlineAt' },
    })
    expect(take('assign', { cause: '别处的' })).toMatchObject({ value: { field: 'cause' } })
    expect(take('close')).toMatchObject({ status: 400, value: { field: 'action' } })
    expect(world.ask(wang, 'GET', `/cases/${idOf(1)}`).value['revision']).toBe(1)
  })

  test('two officers: who is late is shown what the other did, and nothing is overwritten', () => {
    const { ask } = raised()
    const step = { revision: 0, action: 'acknowledge' }
    expect(ask(wang, 'POST', `/cases/${idOf(1)}/steps`, step).status).toBe(200)
    expect(
      ask(li, 'POST', `/cases/${idOf(1)}/steps`, { ...step, action: 'falseAlarm', words: '隧道' }),
    ).toMatchObject({
      status: 409,
      value: { field: 'revision', case: { status: 'acknowledged', history: [{ by: 'wang' }] } },
    })
  })

  test('two persons where the switch is on: nobody attests to his own work, a supervisor may', () => {
    const world = raised({ folder: { twoPersons: true } })
    const take = walker(world)
    for (const action of road.slice(0, 3)) take(action)
    expect(take('verify')).toMatchObject({ status: 400, value: { field: 'by' } })
    expect(take('verify', {}, li).status).toBe(200)
    expect(take('close')).toMatchObject({ status: 400, value: { field: 'by' } })
    expect(take('close', {}, chief).status).toBe(200)
    const own = raised({ folder: { twoPersons: true } })
    const alone = walker(own)
    for (const action of road) expect(alone(action, {}, chief).status).toBe(200)
  })

  test('each role does and sees what is its own; another fleet is not even there', () => {
    const { ask } = raised()
    const path = `/cases/${idOf(1)}`
    const step = { revision: 0, action: 'acknowledge' }
    for (const role of ['auditor', 'authority'] as const) {
      expect(ask(officer('x', role), 'GET', path).status).toBe(200)
      expect(ask(officer('x', role), 'POST', `${path}/steps`, step).status).toBe(403)
    }
    const provider = officer('x', 'provider')
    expect([ask(provider, 'GET', path).status, ask(provider, 'POST', `${path}/steps`, step).status]).toEqual([
      404, 403,
    ])
    const other = officer('x', 'officer', 'f2')
    expect(ask(other, 'GET', path).status).toBe(404)
    expect(ask(other, 'POST', `${path}/steps`, step).status).toBe(404)
    expect(ask(other, 'GET', `${path}/notice`).status).toBe(404)
    // An officer there who only looks here.
    const both = { name: 'x', grants: new Map([...other.grants!, ['f1', 'auditor' as const]]) }
    expect(ask(both, 'POST', `${path}/steps`, step)).toMatchObject({ status: 403, value: { field: 'role' } })
    for (const role of ['officer', 'supervisor', 'admin'] as const) {
      const world = raised()
      expect(world.ask(officer('x', role), 'POST', `${path}/steps`, step).status).toBe(200)
    }
    expect(ask({ name: ' ', grants: null }, 'POST', `${path}/steps`, step)).toMatchObject({
      value: { field: 'by' },
    })
    expect(ask(anyone, 'POST', `${path}/steps`, step).status).toBe(200)
  })

  test('names of drivers are masked for those who only look, and on the topic', () => {
    const world = raised()
    walker(world)('attributeDriver', { driver: '赵六', words: '调度单' })
    const driver = (who: typeof wang) => {
      const { value } = world.ask(who, 'GET', `/cases/${idOf(1)}`)
      const { about, facts, history } = value as never as {
        about: { driver: string }
        facts: { driver: string }
        history: { fields: { driver: string } }[]
      }
      return [about.driver, facts.driver, history[0]!.fields.driver]
    }
    expect(driver(wang)).toEqual(['张三丰', '赵六', '赵六'])
    expect(driver(officer('x', 'auditor'))).toEqual(['张**', '赵**', '赵**'])
    expect(JSON.stringify(world.told)).not.toContain('赵六')
    walker(world)('acceptRelay', { proof: { says: '接驳单', driver: '钱七' } })
    const relay = (who: typeof wang) =>
      (world.ask(who, 'GET', `/cases/${idOf(1)}`).value['facts'] as { relay: { driver: string } }).relay
        .driver
    expect([relay(wang), relay(officer('x', 'auditor'))]).toEqual(['钱七', '钱**'])
    expect(JSON.stringify(world.told)).not.toContain('钱七')
  })
})

describe('the list of cases', () => {
  test('by status, by fleet, page by page, of what one may see', () => {
    const world = deskWorld()
    const all = [1, 2, 3, 4].map((n) => alertOf(n, n === 4 ? { fleet: 'f2' } : {}))
    world.raise(...all)
    for (const n of [1, 2, 3, 4]) walker(world, idOf(n))('acknowledge', {}, anyone)
    walker(world, idOf(1))('falseAlarm', { words: '隧道' })
    const listed = (query: object, who = anyone) => {
      const { value } = world.ask(who, 'GET', '/cases', undefined, query)
      const { items, next } = value as never as { items: { alert: string }[]; next: string | null }
      return [items.map(({ alert }) => Number.parseInt(alert, 16)), next] as const
    }
    expect(listed({})).toEqual([[2, 3, 4, 1], null])
    expect(listed({}, wang)).toEqual([[2, 3, 1], null])
    expect(listed({ fleet: 'f2' })).toEqual([[4], null])
    expect(listed({ fleet: 'f2' }, wang)).toEqual([[], null])
    expect(listed({ status: 'falseAlarm' })).toEqual([[1], null])
    const [first, next] = listed({ limit: '3' })
    expect(first).toEqual([2, 3, 4])
    expect(listed({ limit: '3', after: next })).toEqual([[1], null])
    expect(listed({}, officer('x', 'provider'))).toEqual([[], null])
  })
})

describe('the register as a table', () => {
  test('gives others a turn while it looks at cases, also at those it does not show', async () => {
    const dataDir = tempFolder()
    const register = openRegister(dataDir)
    register.together(() => {
      for (let n = 1; n <= 2000; n++) {
        const alert = alertOf(n, { fleet: n === 1999 ? 'f1' : 'f2' })
        register.note({ alert, atMs: startMs, by: 'x', action: 'acknowledge', words: '' })
      }
    })
    register.close()
    const { desk } = deskWorld({ at: dataDir })
    const table = desk.routes.find(({ path }) => path === '/api/v1/cases.csv')!
    const asked = { params: {}, query: { lang: 'en' }, body: null, from: '10.0.0.7', headers: {} }
    const answer = await table.handle({ who: wang, ...asked })
    if (answer.is !== 'file' || typeof answer.content === 'string') throw new Error('not a table in pieces')
    let turns = 0
    let isOpen = true
    const count = (): void => {
      turns++
      if (isOpen) setImmediate(count)
    }
    setImmediate(count)
    const pieces: string[] = []
    for await (const piece of answer.content) pieces.push(piece)
    isOpen = false
    // Every 500 cases that it looks at.
    expect(turns).toBeGreaterThanOrEqual(4)
    expect(
      pieces
        .join('')
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(',')[0]),
    ).toEqual([idOf(1999), ''])
  })
})

describe('many at once', () => {
  test('one reason, each answered by itself: taken, too late, not there, not allowed', () => {
    const world = deskWorld()
    world.raise(...[1, 2, 3].map((n) => alertOf(n)), alertOf(4, { fleet: 'f2' }))
    walker(world, idOf(2))('acknowledge')
    const alerts = [1, 2, 3, 4, 5].map((n) => ({ alert: idOf(n), revision: 0 }))
    const bulk = { alerts, action: 'falseAlarm', words: '隧道内失去定位' }
    const { status, value } = world.ask(wang, 'POST', '/cases/steps', bulk)
    expect(status).toBe(200)
    expect((value['items'] as { status: number }[]).map((item) => item.status)).toEqual([
      200, 409, 200, 404, 404,
    ])
    for (const n of [1, 3])
      expect(world.ask(wang, 'GET', `/cases/${idOf(n)}`).value).toMatchObject({
        status: 'falseAlarm',
        history: [{ words: '隧道内失去定位', by: 'wang' }],
      })
    expect(world.told).toHaveLength(3)
  })

  test('the same one twice is taken once', () => {
    const world = raised()
    const twice = [0, 0].map((revision) => ({ alert: idOf(1), revision }))
    const { value } = world.ask(wang, 'POST', '/cases/steps', {
      alerts: twice,
      action: 'acknowledge',
      words: '已看',
    })
    expect((value['items'] as { status: number }[]).map(({ status }) => status)).toEqual([200, 409])
  })

  test('what is one vehicle’s alone is not done to many, and never without a reason', () => {
    const world = raised()
    const alerts = [{ alert: idOf(1), revision: 0 }]
    for (const action of [
      'say',
      'extendToStop',
      'approveDetour',
      'acceptRelay',
      'attributeDriver',
      'supersede',
    ])
      expect(world.ask(wang, 'POST', '/cases/steps', { alerts, action, words: 'x' }).status, action).toBe(400)
    expect(
      world.ask(wang, 'POST', '/cases/steps', { alerts, action: 'acknowledge', words: ' ' }).status,
    ).toBe(400)
    expect(world.ask(wang, 'POST', '/cases/steps', { alerts: [], action: 'note', words: 'x' }).status).toBe(
      400,
    )
  })

  test('an assignment of many carries its fields to each', () => {
    const world = deskWorld()
    world.raise(alertOf(1), alertOf(2))
    for (const n of [1, 2]) walker(world, idOf(n))('acknowledge')
    const alerts = [1, 2].map((n) => ({ alert: idOf(n), revision: 1 }))
    world.ask(wang, 'POST', '/cases/steps', {
      alerts,
      action: 'assign',
      words: '集中整改',
      ...forms['assign'],
    })
    for (const n of [1, 2])
      expect(world.ask(wang, 'GET', `/cases/${idOf(n)}`).value).toMatchObject({
        status: 'assigned',
        facts: { responsible: '李四', deadlineAt },
      })
  })
})

describe('what is decided on the way', () => {
  test('on to a safe stop: the cab hears its name, and the decision keeps it', () => {
    const world = raised()
    const take = walker(world)
    const { value } = take('extendToStop', { area: 's1' })
    expect(value).toMatchObject({
      did: { said: 'waiting' },
      case: { status: 'raised', facts: { stop: { area: 's1', name: 's1号' } } },
    })
    expect(world.said).toEqual([{ fleet: 'f1', vehicle: 'v1', words: '请继续行驶至前方“s1号”安全停车休息' }])
    expect((value['case'] as { history: { digest: string | null }[] }).history[0]!.digest).toMatch(
      /^[0-9a-f]{64}$/,
    )
    take('extendToStop', { area: 'r1', words: '请到接驳点' })
    expect(world.said[1]?.words).toBe('请到接驳点')
    for (const area of ['n1', 'nowhere', undefined])
      expect(take('extendToStop', { area })).toMatchObject({ status: 400, value: { field: 'area' } })
    const mute = raised({ mute: true })
    expect(walker(mute)('extendToStop', { area: 's1' }).status).toBe(503)
    expect(walker(mute)('say', { words: 'x' }).status).toBe(503)
  })

  test('a detour: of a route that the vehicle has, on a stretch that the route has', () => {
    const world = raised()
    const take = walker(world)
    const detour = { route: 'G60', segment: { fromM: 1000, toM: 5000 }, hours: 4, words: '交警改道' }
    const bad = (change: object) => take('approveDetour', { ...detour, ...change }).value['field']
    expect(bad({ route: 'G2' })).toBe('route')
    expect(bad({ segment: { fromM: 20_000, toM: 30_000 } })).toBe('segment')
    expect(bad({ hours: 73 })).toBe('hours')
    expect(bad({ words: '' })).toBe('words')
    expect(world.approvals.count).toBe(0)
    const { value } = take('approveDetour', detour)
    expect(value).toMatchObject({
      case: {
        facts: { detour: { route: 'G60', fromM: 1000, toM: 5000, until: '2026-11-22T22:10:00.000Z' } },
      },
    })
    expect((value['did'] as { detour: string }).detour).toMatch(/^approved-/)
    expect(world.approvals.count).toBe(1)
  })

  test('relay proof: words are kept and shown; with where, when and who it enters the papers of the trip', () => {
    const world = raised()
    const take = walker(world)
    const proof = { says: '接驳单照片', at: '2026-11-22T16:40:00Z', area: 'r1', driver: '赵六' }
    expect(take('acceptRelay', { proof: { says: '接驳单照片' } }).value).toMatchObject({
      did: { relayEntered: false },
    })
    const bad = (change: object) => take('acceptRelay', { proof: { ...proof, ...change } }).value['field']
    expect(bad({ at: '2026-11-22T18:10:00.001Z' })).toBe('proof.at')
    expect(bad({ area: 'nowhere' })).toBe('proof.area')
    const { value } = take('acceptRelay', { proof })
    expect(value).toMatchObject({ did: { relayEntered: true }, case: { facts: { relay: proof } } })
    world.raise(alertOf(2, { trip: null }))
    expect(walker(world, idOf(2))('acceptRelay', { proof }).value).toMatchObject({
      did: { relayEntered: false },
    })
  })

  test('superseded by another alert of the same vehicle only', () => {
    const world = raised()
    world.raise(alertOf(2), alertOf(3, { vehicle: 'v2' }))
    const take = walker(world)
    for (const successor of [idOf(1), idOf(3), idOf(9), 'x'])
      expect(take('supersede', { successor, words: '同一事件' })).toMatchObject({
        status: 400,
        value: { field: 'successor' },
      })
    expect(take('supersede', { successor: idOf(2), words: '同一事件' }).value).toMatchObject({
      case: { status: 'superseded', facts: { successor: idOf(2) }, result809: { code: 2 } },
    })
  })
})

describe('the notice', () => {
  test('holds everything that the printed page needs', () => {
    const world = deskWorld()
    const evidence = { limitKmh: 80, limitSetBy: 'G60', peakKmh: 103.4, percentOver: 29.3 }
    world.raise(alertOf(1, { kind: 'speeding', reason: null, driver: null, evidence }))
    const take = walker(world)
    for (const action of road) take(action)
    const { value } = world.ask(wang, 'GET', `/cases/${idOf(1)}/notice`)
    expect(value).toMatchObject({
      number: 'ZG-20261123-00000000',
      localAt: '2026-11-23 02:10:00',
      name: { zh: '超速行驶' },
      sentence: { zh: '疑似凌晨2时后行驶' },
      severityName: { zh: '严重' },
      gradeName: { zh: '证据充分' },
      article: '规范38(5)',
      limit: { kmh: 80, setBy: 'G60' },
      peakKmh: 103.4,
      place: { lat: 30.5, lon: 120.5 },
      driverIs: 'unknown',
      dispositionName: { zh: '教育' },
      facts: { responsible: '李四', acceptance: '三日内无超速', measure: '约谈并复训' },
      result809: { code: 1, name: { zh: '已处理完毕' } },
      printedBy: 'wang',
    })
    expect((value['history'] as unknown[]).length).toBe(5)
    take('reopen', { words: '复核' })
    take('attributeDriver', { driver: '赵六', words: '调度单' })
    const driver = (who: typeof wang) => {
      const notice = world.ask(who, 'GET', `/cases/${idOf(1)}/notice`).value
      return [notice['driver'], notice['driverIs']]
    }
    expect(driver(wang)).toEqual(['赵六', 'attributed'])
    expect(driver(officer('x', 'auditor'))).toEqual(['赵**', 'attributed'])
    expect(world.ask(officer('x', 'provider'), 'GET', `/cases/${idOf(1)}/notice`).status).toBe(403)
  })
})

describe('what late data replaces or takes back', () => {
  test('goes on under the new alert, unless somebody is at work on it already', () => {
    const world = raised()
    world.raise(alertOf(2, { supersedes: idOf(1) }))
    expect(world.desk.statusOf(idOf(1))).toBe('superseded')
    world.raise(alertOf(2, { supersedes: idOf(1), revision: 2 }))
    expect(world.ask(wang, 'GET', `/cases/${idOf(1)}`).value).toMatchObject({
      revision: 1,
      facts: { successor: idOf(2) },
      history: [{ by: 'gateway' }],
    })
    const other = raised()
    const take = walker(other)
    for (const action of road.slice(0, 3)) take(action)
    other.raise(alertOf(2, { supersedes: idOf(1) }))
    expect(other.desk.statusOf(idOf(1))).toBe('rectified')
  })

  test('is no longer for anybody to work off', () => {
    const world = raised()
    world.raise(alertOf(1, { revision: 2, withdrawn: true }), alertOf(1, { revision: 2, withdrawn: true }))
    expect(world.ask(wang, 'GET', `/cases/${idOf(1)}`).value).toMatchObject({
      status: 'falseAlarm',
      revision: 1,
    })
    const seen = raised()
    walker(seen)('acknowledge')
    seen.raise(alertOf(1, { revision: 2, withdrawn: true }))
    expect(seen.desk.statusOf(idOf(1))).toBe('falseAlarm')
    const other = raised()
    const take = walker(other)
    for (const action of road.slice(0, 2)) take(action)
    other.raise(alertOf(1, { revision: 2, withdrawn: true }))
    expect(other.desk.statusOf(idOf(1))).toBe('assigned')
  })
})

describe('up the roster', () => {
  const within = { critical: 5, major: 15, minor: 60, info: 240 }
  const levels = ['值班安全员', '安全经理', '总经理'].map((who) => ({ who, withinMin: within }))
  const lookAt = (world: DeskWorld, minutes: number): void => {
    world.clock.nowMs = startMs + minutes * minuteMs
    for (let second = 0; second < 5; second++) world.desk.tick()
  }
  const standing = (world: DeskWorld) => {
    const { value } = world.ask(wang, 'GET', `/cases/${idOf(1)}`)
    const { facts, escalatesAt } = value as never as {
      facts: { escalatedTo: string | null }
      escalatesAt: string | null
    }
    return [facts.escalatedTo, escalatesAt]
  }

  test('who does not answer within his time is passed over, one by one, and the last one keeps it', () => {
    const world = raised()
    expect(world.ask(chief, 'PUT', '/roster/f1', { levels }).status).toBe(200)
    expect(standing(world)).toEqual([null, '2026-11-22T18:15:00.000Z'])
    lookAt(world, 4.9)
    expect(standing(world)[0]).toBeNull()
    lookAt(world, 5)
    expect(standing(world)).toEqual(['安全经理', '2026-11-22T18:20:00.000Z'])
    expect(world.told.at(-1)?.value).toMatchObject({ history: [{ by: 'roster', action: 'escalate' }] })
    lookAt(world, 10)
    expect(standing(world)).toEqual(['总经理', null])
    lookAt(world, 600)
    expect(standing(world)[0]).toBe('总经理')
    expect(walker(world)('escalate', {}, chief)).toMatchObject({ status: 400, value: { field: 'to' } })
  })

  test('later revisions of a long episode give nobody more time; a heavier one gives less', () => {
    const world = raised()
    world.ask(chief, 'PUT', '/roster/f1', { levels })
    const receivedAt = new Date(startMs + 4 * minuteMs).toISOString()
    world.raise(alertOf(1, { revision: 2, receivedAt }))
    expect(standing(world)[1]).toBe('2026-11-22T18:15:00.000Z')
    lookAt(world, 5)
    expect(standing(world)[0]).toBe('安全经理')
    const heavier = deskWorld()
    heavier.ask(chief, 'PUT', '/roster/f1', { levels })
    heavier.raise(alertOf(1, { severity: 'minor' }))
    lookAt(heavier, 6)
    expect(standing(heavier)).toEqual([null, '2026-11-22T19:10:00.000Z'])
    heavier.raise(alertOf(1, { revision: 2, severity: 'critical' }))
    lookAt(heavier, 6)
    expect(standing(heavier)[0]).toBe('安全经理')
  })

  test('not what somebody took up, not what a quiet rule explains, and nothing where nobody filled one in', () => {
    const world = raised()
    lookAt(world, 100)
    expect(standing(world)).toEqual([null, null])
    world.ask(chief, 'PUT', '/roster/f1', { levels })
    walker(world)('acknowledge')
    lookAt(world, 200)
    expect(standing(world)[0]).toBeNull()
    const quiet = deskWorld()
    quiet.ask(chief, 'PUT', '/roster/f1', { levels })
    const [from, to] = ['2026-11-22T18:00:00Z', '2026-11-22T19:00:00Z']
    quiet.ask(wang, 'POST', '/quiet', { fleet: 'f1', from, to, reason: 'tunnel', words: '秦岭隧道' })
    quiet.raise(alertOf(1, { kind: 'gnss-lost' }))
    lookAt(quiet, 50)
    expect(standing(quiet)).toEqual([null, null])
  })

  test('what was to be rectified by a day and was not goes up on that day', () => {
    const world = raised()
    world.ask(chief, 'PUT', '/roster/f1', { levels })
    const take = walker(world)
    take('acknowledge')
    take('assign')
    lookAt(world, 10)
    const deadlineMin = (Date.parse(deadlineAt) - startMs) / minuteMs
    lookAt(world, deadlineMin - 0.1)
    expect(standing(world)).toEqual([null, '2026-11-25T00:00:00.000Z'])
    lookAt(world, deadlineMin)
    expect(standing(world)).toEqual(['安全经理', '2026-11-25T00:05:00.000Z'])
    const next = world.restart()
    lookAt(next, deadlineMin + 5)
    expect(standing(next)[0]).toBe('总经理')
    walker(next)('rectify')
    lookAt(next, deadlineMin + 60)
    expect(standing(next)).toEqual(['总经理', null])
  })

  test('by hand at once, to whom the roster says and nobody else', () => {
    const world = raised()
    world.ask(chief, 'PUT', '/roster/f1', { levels })
    const { value } = walker(world)('escalate', { words: '电话无人接听' })
    expect(value).toMatchObject({ did: { summoned: '安全经理' }, case: { facts: { escalations: 1 } } })
  })

  test('is for those who act to read and for supervisors to write; a name of a file it never is', () => {
    const { ask } = deskWorld()
    expect(ask(wang, 'PUT', '/roster/f1', { levels }).status).toBe(403)
    expect(ask(chief, 'PUT', '/roster/f1', { levels: [] }).status).toBe(400)
    expect(ask(chief, 'PUT', '/roster/f2', { levels }).status).toBe(403)
    expect(ask(chief, 'PUT', '/roster/f1', { levels }).status).toBe(200)
    expect(ask(wang, 'GET', '/roster/f1').value).toEqual({ fleet: 'f1', levels })
    expect(ask(officer('x', 'auditor'), 'GET', '/roster/f1').status).toBe(403)
    expect(ask(officer('x', 'officer', 'f2'), 'GET', '/roster/f1').status).toBe(403)
    expect(ask(anyone, 'PUT', '/roster/..%2Fx', { levels }).status).toBe(403)
    expect(ask(anyone, 'GET', '/roster/f9').value).toEqual({ fleet: 'f9', levels: [] })
  })

  test('one written by hand that cannot be read stops nothing, and is told', async () => {
    const { mkdirSync, writeFileSync } = await import('node:fs')
    const world = deskWorld()
    mkdirSync(`${world.dataDir}/roster`, { recursive: true })
    writeFileSync(`${world.dataDir}/roster/f1.json`, '{"levels":[{"who":""}]}')
    world.raise(alertOf(1))
    lookAt(world, 10)
    expect(world.complaints[0]).toMatch(/roster\/f1\.json: levels/)
  })
})
