import { z } from 'zod'
import { maskDriver } from '../../../proto/catalog/entry.ts'
import type { Alert } from '../../../proto/model.ts'
import { isoUtc } from '../../../proto/time.ts'
import { mayRead } from '../../access.ts'
import { caseOf, type StepFields } from '../../alerts/case.ts'
import { caseStatuses } from '../../alerts/case-table.ts'
import { languageQuery, tableOf } from '../../api/csv.ts'
import {
  type ApiAnswer,
  type ApiRequest,
  may,
  notFound,
  ok,
  problem,
  type Route,
  route,
  seesNames,
  type Who,
} from '../../api/route.ts'
import type { Standing } from '../../journal/register.ts'
import { type CaseView, maskedView, viewOfCase } from '../case-view.ts'
import { escalatesAtMs } from '../escalation.ts'
import { noticeOf } from '../notice.ts'
import type { Taken, Wanted } from '../office.ts'
import { quietOf } from '../quiet.ts'
import { caseColumns } from './case-columns.ts'
import type { RouteDeps } from './deps.ts'
import { noticeSchema } from './notice-schema.ts'
import { actorIn, listOf, nameless, notYours, pageOf, sees } from './pages.ts'
import {
  bulkSchema,
  caseSchema,
  didSchema,
  fieldNames,
  idSchema,
  listedSchema,
  pageQuery,
  stepSchema,
} from './schemas.ts'

/** The register: cases, steps of one and of many, the notice. */
export function caseRoutes(deps: RouteDeps): readonly Route[] {
  const { office, world, zone } = deps
  return [
    route({
      method: 'GET',
      path: '/api/v1/cases',
      summary: 'Cases about which something was done, the one dealt with longest ago first',
      role: 'devices',
      body: null,
      query: pageQuery.extend({ status: z.enum(caseStatuses).optional() }),
      answer: listOf(listedSchema),
      handle: ({ who, query }) => ok(list(deps, who, query)),
    }),
    route({
      ...{ method: 'GET', path: '/api/v1/cases.csv', role: 'devices', body: null, file: 'text/csv' },
      summary: 'The register as a table',
      query: z.object({
        ...{ fleet: idSchema.optional(), status: z.enum(caseStatuses).optional() },
        ...languageQuery,
      }),
      answer: z.string(),
      handle: ({ who, query }) =>
        tableOf('register.csv', caseColumns(zone), all(deps, who, query), query.lang),
    }),
    route({
      method: 'POST',
      path: '/api/v1/cases/steps',
      summary: 'One action with one reason for many cases; each is answered by itself',
      role: 'act',
      body: bulkSchema,
      query: null,
      answer: z.object({
        items: z.array(z.looseObject({ alert: z.string(), status: z.number() })),
      }),
      handle: (request) => bulk(deps, request),
    }),
    route({
      method: 'GET',
      path: '/api/v1/cases/:alert',
      summary: 'Where one case stands, and everything that was done',
      role: 'devices',
      body: null,
      query: null,
      answer: listedSchema,
      handle: ({ who, params }) => {
        const alert = known(deps, who, params['alert'])
        return alert === null ? noAlert : ok(listed(deps, who, alert))
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/cases/:alert/steps',
      summary: 'One step of one case; 409 when another officer was faster',
      role: 'act',
      body: stepSchema,
      query: null,
      answer: z.object({ case: caseSchema, did: didSchema }),
      handle: (request) => {
        const alert = known(deps, request.who, request.params['alert'])
        if (alert === null) return noAlert
        const wanted = wantedOf(request, alert, request.body)
        return 'is' in wanted ? wanted : answered(office.take(wanted))
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/cases/:alert/notice',
      summary: 'The rectification notice (整改单) as data',
      role: 'look',
      body: null,
      query: null,
      answer: noticeSchema,
      handle: ({ who, params }) => {
        const alert = known(deps, who, params['alert'])
        if (alert === null || !may(who, alert.fleet, 'look')) return noAlert
        const printing = { nowMs: world.nowMs(), by: who.name, zone, seesNames: seesNames(who, alert.fleet) }
        return ok(noticeOf(alert, office.viewOf(alert), printing))
      },
    }),
  ]
}

const noAlert: ApiAnswer = notFound('alert', { zh: '报警', en: 'alert' })

/** Null also for what belongs to others: not even that it is there is told. */
function known({ office }: RouteDeps, who: Who, id: string | undefined): Alert | null {
  const alert = id === undefined ? null : office.alertOf(id)
  return alert !== null && mayRead(who, alert.fleet, alert.kind) ? alert : null
}

type Listing = {
  readonly after?: string | undefined
  readonly limit: number
  readonly fleet?: string | undefined
  readonly status?: Standing['status'] | undefined
}

function list(deps: RouteDeps, who: Who, query: Listing) {
  const read = (cursor: number, limit: number): readonly Standing[] =>
    deps.register.handledAfter(cursor, limit, query.status)
  return pageOf(query, 0, read, (standing) => shownOf(deps, who, query.fleet, standing))
}

function shownOf(
  deps: RouteDeps,
  who: Who,
  asked: string | undefined,
  { alertId, fleet, kind }: Standing,
): ListedCase | null {
  if (!sees(who, 'devices', asked)(fleet) || !mayRead(who, fleet, kind)) return null
  const alert = deps.office.alertOf(alertId)
  return alert === null ? null : listed(deps, who, alert)
}

const rowsAtOnce = 200

/** Page by page, so that a register of years is never in memory as a whole. Null: a case of others, passed by. */
function* all(
  deps: RouteDeps,
  who: Who,
  query: Pick<Listing, 'fleet' | 'status'>,
): Generator<ListedCase | null> {
  for (let cursor = 0; ; ) {
    const rows = deps.register.handledAfter(cursor, rowsAtOnce, query.status)
    for (const row of rows) {
      yield shownOf(deps, who, query.fleet, row)
      ;({ cursor } = row)
    }
    if (rows.length < rowsAtOnce) return
  }
}

export type ListedCase = ReturnType<typeof listed>

function listed({ office, register, rosters, quiet }: RouteDeps, who: Who, alert: Alert) {
  const lines = register.of(alert.id)
  const view = viewOfCase(alert, lines, register.standing(alert.id)?.cursor ?? null)
  const shows = seesNames(who, alert.fleet)
  const rule = quietOf(quiet.all(), alert)
  const { plate, severity, grade, phase, at, article, driver, explain, reason } = alert
  const roster = rule === null ? (rosters?.of(alert.fleet) ?? null) : null
  const dueMs = escalatesAtMs(roster, alert, office.raisedMs(alert), caseOf(lines))
  return {
    ...(shows ? view : maskedView(view)),
    about: {
      ...{ plate, severity, grade, phase, at, article, explain, reason },
      driver: driver === null || shows ? driver : maskDriver(driver).zh,
    },
    quiet: rule === null ? null : { id: rule.id, reason: rule.reason, words: rule.words },
    escalatesAt: dueMs === null ? null : isoUtc(dueMs),
  }
}

type Form = { readonly action: Wanted['action']; readonly words: string; readonly revision: number } & {
  readonly [name in (typeof fieldNames)[number]]?: unknown
}

/** A step of whoever asks; the answer that turns him away when he may not. Fields of other actions are told, not lost. */
function wantedOf(
  request: Pick<ApiRequest, 'who' | 'from'>,
  alert: Alert,
  { action, words, revision, ...form }: Form,
): Wanted | ApiAnswer {
  if (!may(request.who, alert.fleet, 'act')) return problem(403, 'role', notYours)
  const actor = actorIn(request, alert.fleet)
  if (actor === null) return problem(400, 'by', nameless)
  const fields = Object.fromEntries(
    fieldNames.flatMap((name) => (form[name] === undefined ? [] : [[name, form[name]]])),
  ) as StepFields
  return { alert, revision, action, words, fields, ...actor }
}

function answered(taken: Taken): ApiAnswer {
  switch (taken.is) {
    case 'done':
      return ok({ case: taken.view, did: taken.did })
    case 'conflict':
      return problem(409, 'revision', faster, { case: taken.view })
    case 'refused':
      return problem(taken.status, taken.field, taken.remedy)
  }
}

const faster = {
  zh: '另一名安全员已先处理，请看最新状态',
  en: 'another officer was faster; see where it stands now',
}

type Bulk = z.infer<typeof bulkSchema>
type Answered = { readonly alert: string; readonly status: number } & { readonly [name: string]: unknown }

/** Who may not, or what is not there, is answered beside the others: one wrong line does not stop the rest. */
function bulk(deps: RouteDeps, request: ApiRequest<Bulk, null>): ApiAnswer {
  const { alerts, ...form } = request.body
  const asked = alerts.map(({ alert: id, revision }) => {
    const alert = known(deps, request.who, id)
    return { id, wanted: alert === null ? noAlert : wantedOf(request, alert, { ...form, revision }) }
  })
  const taken = deps.office.takeAll(asked.flatMap(({ wanted }) => ('is' in wanted ? [] : [wanted])))
  let at = 0
  const items = asked.map(({ id, wanted }) => told(id, 'is' in wanted ? wanted : answered(taken[at++]!)))
  return ok({ items })
}

function told(alert: string, answer: ApiAnswer): Answered {
  if (answer.is !== 'json') return { alert, status: 500 }
  return { alert, status: answer.status, ...(answer.value as { case?: CaseView }) }
}
