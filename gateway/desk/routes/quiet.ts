import { z } from 'zod'
import { may, notFound, ok, problem, type Route, route } from '../../api/route.ts'
import { type QuietReason, quietDaysMax, quietKinds, quietReasons } from '../quiet.ts'
import type { RouteDeps } from './deps.ts'
import { actorIn, listOf, nameless, notYours, pageOf, sees } from './pages.ts'
import { idSchema, instantSchema, pageQuery, textSchema } from './schemas.ts'

const ruleSchema = z.object({
  id: z.string(),
  fleet: z.string(),
  vehicles: z.array(z.string()).nullable(),
  kinds: z.array(z.string()),
  from: z.string(),
  to: z.string(),
  reason: z.enum(quietReasons),
  words: z.string(),
  by: z.string(),
  at: z.string(),
  endedAt: z.string().nullable(),
  endedBy: z.string().nullable(),
})

const newSchema = z
  .strictObject({
    fleet: idSchema,
    vehicles: z.array(idSchema).min(1).max(5000).nullable().default(null).describe('null: all of the fleet'),
    kinds: z.array(idSchema).min(1).max(50).optional().describe('absent: all that the reason can explain'),
    from: instantSchema,
    to: instantSchema,
    reason: z.enum(quietReasons),
    words: textSchema,
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    message: 'must be later than from',
    path: ['to'],
  })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= quietDaysMax * 86_400_000, {
    message: `at most ${quietDaysMax} days after from`,
    path: ['to'],
  })

export function quietRoutes({ quiet, world }: RouteDeps): readonly Route[] {
  const path = '/api/v1/quiet'
  return [
    route({
      ...{ method: 'GET', path, summary: 'Quiet rules, those that were ended too', role: 'look', body: null },
      query: pageQuery.extend({ active: z.literal('1').optional() }),
      answer: listOf(ruleSchema),
      handle: ({ who, query }) => {
        const mine = sees(who, 'look', query.fleet)
        const nowMs = world.nowMs()
        const all = quiet.all().map((rule, at) => ({ cursor: at + 1, rule }))
        const read = (after: number, limit: number) => all.slice(after, after + limit)
        return ok(
          pageOf(query, 0, read, ({ rule }) => {
            const isOver = rule.endedAt !== null || Date.parse(rule.to) <= nowMs
            return mine(rule.fleet) && !(query.active !== undefined && isOver) ? rule : null
          }),
        )
      },
    }),
    route({
      ...{ method: 'POST', path, summary: 'Explain alerts beforehand: they make no sound', role: 'act' },
      ...{ body: newSchema, query: null, answer: ruleSchema },
      handle: ({ who, from, body }) => {
        const { fleet, reason } = body
        if (!may(who, fleet, 'act')) return problem(403, 'fleet', notYours)
        const actor = actorIn({ who, from }, fleet)
        if (actor === null) return problem(400, 'by', nameless)
        const kinds = body.kinds ?? quietKinds[reason]
        const wrong = kinds.find((kind) => !quietKinds[reason].includes(kind))
        if (wrong !== undefined) return problem(400, 'kinds', explainsNot(reason, wrong))
        return ok(quiet.add({ ...body, kinds, by: actor.by }, world.nowMs(), from))
      },
    }),
    route({
      ...{
        method: 'DELETE',
        path: `${path}/:id`,
        summary: 'End a quiet rule; it stays on record',
        role: 'act',
      },
      ...{ body: null, query: null, answer: ruleSchema },
      handle: ({ who, from, params }) => {
        const rule = quiet.all().find(({ id }) => id === params['id'])
        if (rule === undefined || !may(who, rule.fleet, 'look')) return noRule
        if (!may(who, rule.fleet, 'act')) return problem(403, 'fleet', notYours)
        const actor = actorIn({ who, from }, rule.fleet)
        if (actor === null) return problem(400, 'by', nameless)
        return ok(quiet.end(rule, actor.by, world.nowMs(), from))
      },
    }),
  ]
}

const noRule = notFound('id', { zh: '静默规则', en: 'quiet rule' })

const explainsNot = (reason: QuietReason, kind: string) => ({
  zh: `该原因不能说明“${kind}”；可选：${quietKinds[reason].join('、')}`,
  en: `this reason does not explain ${kind}; it explains ${quietKinds[reason].join(', ')}`,
})
