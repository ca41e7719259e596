import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { catalog } from '../../proto/catalog.ts'
import { isoUtc } from '../../proto/time.ts'
import { PerMinute } from '../identity/abuse.ts'
import { isLoopback } from '../listen.ts'
import type { Courier } from '../webhooks/courier.ts'
import { events, formats } from '../webhooks/letter.ts'
import type { Hook, HookStore } from '../webhooks/store.ts'
import { fleetsWith, may, notFound, ok, problem, type Route, route, type Said, type Who } from './route.ts'
import { notYours } from './visitors.ts'

/** Webhooks of a fleet: where alerts are posted, signed, for chat and dispatch systems. Its admins' alone. */

export type WebhookDeps = {
  readonly store: HookStore
  readonly courier: Pick<Courier, 'retry' | 'test' | 'standing'>
  /** The newest alert there is: a new hook is told of what comes after it. */
  readonly lastCursor: () => number
  /** The newest line of the register. */
  readonly lastLine: () => number
  readonly nowMs: () => number
  readonly monoMs: () => number
}

const path = '/api/v1/webhooks'
const perFleetMax = 20
/** Test letters of a fleet: their outcome is told, so that many would map what listens where the gateway can reach. */
const testsPerMin = 6
const severities = ['info', 'minor', 'major', 'critical'] as const

const wantedSchema = z.object({
  fleet: z.string(),
  url: z.url().max(2000),
  format: z
    .enum(formats)
    .default('alert')
    .describe('alert: the alert as JSON; the others: a sentence for that chat'),
  severities: z.array(z.enum(severities)).min(1).nullable().default(null),
  kinds: z
    .array(z.string().refine((kind) => Object.hasOwn(catalog, kind), 'a kind of alert'))
    .min(1)
    .max(100)
    .nullable()
    .default(null),
  events: z
    .array(z.enum(events))
    .min(1)
    .default([...events])
    .describe('alert: each revision of an alert; escalation: whom the roster calls'),
  secret: z.string().min(16).max(128).optional().describe('absent: one is made'),
})

const shownSchema = z.looseObject({
  id: z.string(),
  fleet: z.string(),
  url: z.string(),
  format: z.enum(formats),
  events: z.array(z.enum(events)),
  dead: z.number().describe('letters that could not be delivered'),
  standing: z.looseObject({}).describe('when one was delivered last, and what goes wrong now'),
})
const deadSchema = z.object({
  ...{ at: z.string(), why: z.string(), alert: z.string(), revision: z.number() },
  event: z.enum(events),
})
const deadShownMax = 500

export function webhookRoutes(deps: WebhookDeps): readonly Route[] {
  const { store, courier } = deps
  const told = (hook: Hook) => shown(deps, hook)
  const own = (who: Who, id: string): Hook | null =>
    store.all().find((hook) => hook.id === id && may(who, hook.fleet, 'administer')) ?? null
  const tests = new PerMinute(testsPerMin)
  return [
    route({
      ...{ method: 'GET', path, role: 'administer', body: null, query: null },
      summary: 'Webhooks, without their secrets',
      answer: z.object({ items: z.array(shownSchema), next: z.null() }),
      handle: ({ who }) => {
        const fleets = fleetsWith(who, 'administer')
        const found = store.all().filter(({ fleet }) => fleets === null || fleets.includes(fleet))
        return ok({ items: found.map(told), next: null })
      },
    }),
    route({
      ...{ method: 'POST', path, role: 'administer', body: wantedSchema, query: null },
      summary: 'Post alerts from now on to an address; the answer holds the secret, once',
      answer: shownSchema,
      handle: ({ who, body }) => {
        if (!may(who, body.fleet, 'administer')) return problem(403, 'fleet', notYours)
        const badUrl = whyNotPosted(body.url, who)
        if (badUrl !== null) return problem(400, 'url', badUrl)
        const many = store.all().filter(({ fleet }) => fleet === body.fleet).length
        if (many >= perFleetMax) return problem(409, 'fleet', tooMany)
        const { secret = randomBytes(32).toString('base64url'), ...rest } = body
        const id = randomBytes(12).toString('hex')
        const createdAt = isoUtc(Math.round(deps.nowMs()))
        // Read in one turn with its being kept: an alert of this very moment is told, not skipped.
        const from = { cursor: deps.lastCursor(), line: deps.lastLine() }
        const hook = { id, ...rest, secret, by: who.name, createdAt, ...from }
        store.put(hook)
        return ok({ ...told(hook), secret })
      },
    }),
    route({
      ...{ method: 'POST', path: `${path}/:id/retry`, role: 'administer', body: null, query: null },
      summary: 'Try what could not be delivered once more',
      answer: z.object({ retried: z.number() }),
      handle: ({ who, params: { id = '' } }) =>
        own(who, id) === null ? notFound('id', hookWord) : ok({ retried: courier.retry(id) }),
    }),
    route({
      ...{ method: 'POST', path: `${path}/:id/test`, role: 'administer', body: null, query: null },
      summary: 'Post one signed letter that says nothing, and tell whether it was taken',
      answer: z.object({ delivered: z.boolean(), why: z.string().nullable() }),
      handle: async ({ who, params: { id = '' } }) => {
        const hook = own(who, id)
        if (hook === null) return notFound('id', hookWord)
        // It may be of a time when this gateway served its own machine alone.
        const badUrl = whyNotPosted(hook.url, who)
        if (badUrl !== null) return problem(400, 'url', badUrl)
        if (tests.beyond(hook.fleet, deps.monoMs())) return problem(429, 'id', tooOften)
        const why = await courier.test(id, who.name)
        return ok({ delivered: why === null, why })
      },
    }),
    route({
      ...{ method: 'GET', path: `${path}/:id/dead`, role: 'administer', body: null, query: null },
      summary: 'What could not be delivered, and why, the newest first',
      answer: z.object({ items: z.array(deadSchema), next: z.null() }),
      handle: ({ who, params: { id = '' } }) => {
        if (own(who, id) === null) return notFound('id', hookWord)
        const letters = store.dead(id).slice(-deadShownMax).toReversed()
        const items = letters.map(({ line, ...letter }) => ({
          ...letter,
          event: line === undefined ? ('alert' as const) : ('escalation' as const),
        }))
        return ok({ items, next: null })
      },
    }),
    route({
      ...{ method: 'DELETE', path: `${path}/:id`, role: 'administer', body: null, query: null },
      summary: 'Post nothing more there',
      answer: z.object({ removed: z.literal(true) }),
      handle: ({ who, params: { id = '' } }) => {
        if (own(who, id) === null) return notFound('id', hookWord)
        store.remove(id)
        return ok({ removed: true })
      },
    }),
  ]
}

function shown({ store, courier }: WebhookDeps, { secret: _secret, ...hook }: Hook) {
  const dead = store.dead(hook.id)
  const standing = courier.standing(hook.id)
  return {
    ...hook,
    events: hook.events ?? [...events],
    dead: dead.length,
    lastDead: dead.at(-1) ?? null,
    standing,
  }
}

/**
 * In the clear only to this machine, and to this machine only for whoever sits before it: an admin who comes from
 * elsewhere could ask it what listens on its inside. Never to the addresses under which clouds tell machines their keys.
 */
function whyNotPosted(text: string, { grants }: Who): Said | null {
  const { protocol, hostname, username } = new URL(text)
  const isHere = isThisMachine(hostname)
  const isReserved = /^169\.254\.|^\[fe80:|^\[fd00:ec2:|^\[::ffff:a9fe:/i.test(hostname)
  if (grants !== null)
    return username !== '' || isReserved || isHere || protocol !== 'https:' ? notHere : null
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isHere)
  return username !== '' || isReserved || !isSafe ? badUrl : null
}

/** As a URL spells it: numbers are dotted already, and IPv4 within IPv6 is hexadecimal. */
const isThisMachine = (hostname: string): boolean =>
  isLoopback(hostname) ||
  /^(?:.*\.)?localhost\.?$|^0\.0\.0\.0$|^\[::\]$|^\[::ffff:(?:7f[0-9a-f]{2}|0):/i.test(hostname)

const hookWord = { zh: '回调', en: 'webhook' }
const badUrl = {
  zh: '应为 https 地址（本机可用 http），不含用户名',
  en: 'an https address without a user name; http on this machine alone',
}
const notHere = {
  zh: '应为其他机器的 https 地址，不含用户名；不能填本机（localhost、127.0.0.1）',
  en: 'an https address of another machine, without a user name; not localhost or 127.0.0.1',
}
const tooOften = {
  zh: `每个车队每分钟最多测试${testsPerMin}次，请稍后再试`,
  en: `at most ${testsPerMin} tests a minute for a fleet; try again in a minute`,
}
const tooMany = { zh: '每个车队最多20个回调', en: 'at most 20 webhooks for a fleet; remove one' }
