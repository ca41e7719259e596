import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type QuietReason,
  type QuietRule,
  quietKinds,
  quietOf,
  quietReasons,
} from '../../../gateway/desk/quiet.ts'
import { catalog } from '../../../proto/catalog.ts'
import { alertOf, anyone, deskWorld, minuteMs, officer, startMs, wang } from './world.ts'

const iso = (minutes: number): string => new Date(startMs + minutes * minuteMs).toISOString()
const rule = (more: Partial<QuietRule> = {}): QuietRule => ({
  ...{ id: 'q', fleet: 'f1', vehicles: null, kinds: ['gnss-lost'], from: iso(0), to: iso(60) },
  ...{ reason: 'tunnel', words: '秦岭', by: 'wang', at: iso(-5), endedAt: null, endedBy: null },
  ...more,
})
const lost = (minutes: number, more: object = {}) =>
  alertOf(1, { kind: 'gnss-lost', at: iso(minutes), ...more })

describe('a quiet rule', () => {
  test.each([
    [-1 / 60_000, false],
    [0, true],
    [60 - 1 / 60_000, true],
    [60, false],
  ])('explains what happened %f minutes after it began: %s', (minutes, explains) => {
    expect(quietOf([rule()], lost(minutes)) !== null).toBe(explains)
  })

  test('explains its own vehicles, kinds and fleet, until it is ended', () => {
    expect(quietOf([rule({ vehicles: ['v2'] })], lost(1))).toBeNull()
    expect(quietOf([rule({ vehicles: ['v2', 'v1'] })], lost(1))?.id).toBe('q')
    expect(quietOf([rule()], lost(1, { kind: 'silence' }))).toBeNull()
    expect(quietOf([rule()], lost(1, { fleet: 'f2' }))).toBeNull()
    expect(quietOf([rule({ endedAt: iso(30) })], lost(29))?.id).toBe('q')
    expect(quietOf([rule({ endedAt: iso(30) })], lost(30))).toBeNull()
  })

  test('never explains how somebody drove', () => {
    const driving = ['speeding', 'fatigue', 'curfew', 'off-route', 'area', 'banned-hours', 'forbidden-stop']
    for (const reason of quietReasons)
      for (const kind of quietKinds[reason]) {
        expect(driving).not.toContain(kind)
        expect(catalog[kind], kind).toBeDefined()
      }
  })

  test('of several, agrees with looking at each by hand', () => {
    const minute = fc.integer({ min: -3, max: 3 })
    const anyRule = fc.record({
      from: minute,
      lasts: fc.integer({ min: 1, max: 4 }),
      vehicle: fc.constantFrom('v1', 'v2', null),
    })
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 6 }), minute, (wanted, at) => {
        const rules = wanted.map(({ from, lasts, vehicle }) =>
          rule({ from: iso(from), to: iso(from + lasts), vehicles: vehicle === null ? null : [vehicle] }),
        )
        const naive = wanted.some(
          ({ from, lasts, vehicle }) => from <= at && at < from + lasts && vehicle !== 'v2',
        )
        expect(quietOf(rules, lost(at)) !== null).toBe(naive)
      }),
    )
  })
})

describe('quiet rules at the desk', () => {
  const form = { fleet: 'f1', from: iso(0), to: iso(60), reason: 'tunnel' as QuietReason, words: '秦岭隧道' }

  test('are kept, listed, shown on the case, and ended but never taken out', () => {
    const world = deskWorld()
    const { value } = world.ask(wang, 'POST', '/quiet', form)
    expect(value).toMatchObject({ by: 'wang', kinds: quietKinds.tunnel, vehicles: null, endedAt: null })
    world.raise(lost(1), alertOf(2))
    expect(world.desk.quietOf(lost(1))?.id).toBe(value['id'])
    const quiet = (n: number, at = world) => at.ask(wang, 'GET', `/cases/${alertOf(n).id}`).value['quiet']
    expect([quiet(1), quiet(2)]).toEqual([{ id: value['id'], reason: 'tunnel', words: '秦岭隧道' }, null])
    expect(quiet(1, world.restart())).not.toBeNull()
    world.clock.nowMs = startMs + 10 * minuteMs
    const next = world.restart()
    const ended = next.ask(wang, 'DELETE', `/quiet/${String(value['id'])}`)
    expect(ended.value).toMatchObject({ endedAt: iso(10), endedBy: 'wang' })
    const listed = (query: object) =>
      next.restart().ask(wang, 'GET', '/quiet', undefined, query).value['items']
    expect(listed({})).toEqual([ended.value])
    expect(listed({ active: '1' })).toEqual([])
  })

  test('name the kind that a reason does not explain, and hold for no longer than somebody remembers', () => {
    const { ask } = deskWorld()
    const refused = (change: object) => {
      const { status, value } = ask(wang, 'POST', '/quiet', { ...form, ...change })
      return [status, value['field']]
    }
    expect(refused({ kinds: ['gnss-lost', 'speeding'] })).toEqual([400, 'kinds'])
    expect(refused({ to: form.from })).toEqual([400, 'form'])
    expect(refused({ to: iso(92 * 1440 + 1) })).toEqual([400, 'form'])
    expect(refused({ words: ' ' })).toEqual([400, 'form'])
    expect(ask(wang, 'POST', '/quiet', { ...form, to: iso(92 * 1440) }).status).toBe(200)
  })

  test('each role does what is its own', () => {
    const { ask } = deskWorld()
    expect(ask(officer('x', 'auditor'), 'POST', '/quiet', form).status).toBe(403)
    expect(ask(wang, 'POST', '/quiet', { ...form, fleet: 'f2' }).status).toBe(403)
    expect(ask({ name: '', grants: null }, 'POST', '/quiet', form)).toMatchObject({ value: { field: 'by' } })
    const { value } = ask(anyone, 'POST', '/quiet', form)
    const path = `/quiet/${String(value['id'])}`
    expect(ask(officer('x', 'officer', 'f2'), 'DELETE', path).status).toBe(404)
    expect(ask(wang, 'DELETE', '/quiet/none').status).toBe(404)
    const both = {
      name: 'x',
      grants: new Map([
        ['f1', 'auditor' as const],
        ['f2', 'officer' as const],
      ]),
    }
    expect(ask(both, 'DELETE', path).status).toBe(403)
    expect(ask(wang, 'DELETE', path).status).toBe(200)
  })
})

describe('shift notes', () => {
  test('are what one shift tells the next: newest first, of one’s own fleets, over a restart', () => {
    const world = deskWorld()
    const note = (words: string, who = wang, fleet = 'f1') =>
      world.ask(who, 'POST', '/notes', { fleet, words })
    expect(note('浙A12345 02:40前到嘉兴服务区').value).toMatchObject({
      by: 'wang',
      from: '10.0.0.7',
      fleet: 'f1',
    })
    note('接班')
    note('别的车队', anyone, 'f2')
    const words = (who = wang, query: object = {}) =>
      (world.restart().ask(who, 'GET', '/notes', undefined, query).value['items'] as { words: string }[]).map(
        (one) => one.words,
      )
    expect(words()).toEqual(['接班', '浙A12345 02:40前到嘉兴服务区'])
    expect(words(wang, { limit: '1' })).toEqual(['接班'])
    expect(words(anyone, { fleet: 'f2' })).toEqual(['别的车队'])
    expect(note('x', officer('x', 'authority')).status).toBe(403)
    expect(note('x', wang, 'f2').status).toBe(403)
    expect(note(' ').status).toBe(400)
    expect(note('x', { name: '', grants: null })).toMatchObject({ status: 400, value: { field: 'by' } })
  })
})
