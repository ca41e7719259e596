import { z } from 'zod'
import { caseStatuses } from '../../alerts/case-table.ts'
import {
  type ApiAnswer,
  type ApiRequest,
  may,
  notFound,
  ok,
  problem,
  type Right,
  type Route,
  route,
} from '../../api/route.ts'
import { type Actor, type Complaint, type Complaints, channels } from '../complaints.ts'
import type { RouteDeps } from './deps.ts'
import { actorIn, listOf, nameless, notYours, pageOf, sees } from './pages.ts'
import { idSchema, instantSchema, pageQuery, textSchema } from './schemas.ts'

const severities = ['info', 'minor', 'major', 'critical'] as const

const complaintSchema = z.object({
  id: z.string().describe('also that of its case in the register'),
  fleet: z.string(),
  vehicle: z.string().nullable(),
  plate: z.string().nullable(),
  at: z.string().nullable(),
  receivedAt: z.string(),
  channel: z.enum(channels),
  words: z.string(),
  severity: z.enum(severities),
  takenBy: z.string(),
  informer: z.enum(['sealed', 'anonymous']),
  status: z.enum(caseStatuses),
  revision: z.number(),
  answers: z.array(z.object({ at: z.string(), by: z.string(), words: z.string() })),
  readings: z.number().describe('how often the identity of the informer was read'),
})

const informerSchema = z.strictObject({
  name: z.string().trim().min(1).max(64),
  phone: z.string().trim().max(32).optional(),
  address: z.string().trim().max(256).optional(),
})

const newSchema = z.strictObject({
  fleet: idSchema,
  vehicle: idSchema.nullable().default(null),
  plate: z.string().trim().max(32).nullable().default(null),
  at: instantSchema.nullable().default(null).describe('when it happened, as it was told'),
  channel: z.enum(channels),
  words: z.string().trim().min(1).max(2000).describe('what is complained of'),
  severity: z.enum(severities).default('minor'),
  informer: informerSchema.nullable().default(null).describe('sealed at once; null: anonymous'),
})

/** Without a folder there is nowhere to keep a key, so nothing is taken that must be sealed. */
export function complaintRoutes({ complaints }: RouteDeps): readonly Route[] {
  return complaints === null ? [] : routesOf(complaints)
}

function routesOf(complaints: Complaints): readonly Route[] {
  const path = '/api/v1/complaints'
  return [
    route({
      ...{ method: 'GET', path, summary: 'Complaints from outside, newest first', role: 'look', body: null },
      ...{ query: pageQuery, answer: listOf(complaintSchema) },
      handle: ({ who, query }) => {
        const mine = sees(who, 'look', query.fleet)
        const shown = ({ complaint }: { complaint: Complaint }) => (mine(complaint.fleet) ? complaint : null)
        return ok(pageOf(query, Number.MAX_SAFE_INTEGER, complaints.before, shown))
      },
    }),
    route({
      ...{
        method: 'POST',
        path,
        summary: 'Take a complaint: it becomes a case of the register',
        role: 'act',
      },
      ...{ body: newSchema, query: null, answer: complaintSchema },
      handle: (request) => {
        const { fleet } = request.body
        if (!may(request.who, fleet, 'act')) return problem(403, 'fleet', notYours)
        const actor = actorIn(request, fleet)
        return actor === null ? problem(400, 'by', nameless) : ok(complaints.take(request.body, actor))
      },
    }),
    route({
      ...{ method: 'GET', path: `${path}/:id`, summary: 'One complaint', role: 'look' },
      ...{ body: null, query: null, answer: complaintSchema },
      handle: ({ who, params }) => {
        const complaint = complaints.of(params['id'] ?? '')
        return complaint === null || !may(who, complaint.fleet, 'look') ? noComplaint : ok(complaint)
      },
    }),
    route({
      ...{
        method: 'POST',
        path: `${path}/:id/answer`,
        summary: 'What the informer was answered',
        role: 'act',
      },
      ...{ body: z.strictObject({ words: textSchema }), query: null, answer: complaintSchema },
      handle: (request) =>
        by(complaints, request, 'act', ({ id }, actor) =>
          ok(complaints.answer(id, request.body.words, actor)),
        ),
    }),
    route({
      ...{ method: 'POST', path: `${path}/:id/informer`, role: 'supervise' },
      summary: 'Who informed; that it was read, by whom and why, is kept',
      body: z.strictObject({ words: textSchema.describe('why it is read') }),
      query: null,
      answer: z.object({ informer: informerSchema.nullable().describe('null: anonymous') }),
      handle: (request) =>
        by(complaints, request, 'supervise', ({ id }, actor) => {
          const informer = complaints.informer(id, request.body.words, actor)
          if (informer === null) return problem(503, 'informer', noKey)
          return ok({ informer: informer === 'anonymous' ? null : informer })
        }),
    }),
  ]
}

function by(
  complaints: Complaints,
  request: Pick<ApiRequest, 'who' | 'from' | 'params'>,
  right: Right,
  work: (complaint: Complaint, actor: Actor) => ApiAnswer,
): ApiAnswer {
  const complaint = complaints.of(request.params['id'] ?? '')
  if (complaint === null || !may(request.who, complaint.fleet, 'look')) return noComplaint
  if (!may(request.who, complaint.fleet, right)) return problem(403, 'role', notYours)
  const actor = actorIn(request, complaint.fleet)
  return actor === null ? problem(400, 'by', nameless) : work(complaint, actor)
}

const noComplaint = notFound('id', { zh: '投诉举报', en: 'complaint' })
const noKey = {
  zh: '密封密钥不在此处，请恢复 informer-key',
  en: 'sealed with a key that is not here; restore informer-key',
}
