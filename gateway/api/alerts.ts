import { z } from 'zod'
import type { Alert, Envelope } from '../../proto/model.ts'
import { isoUtc } from '../../proto/time.ts'
import { deviceKinds } from '../access.ts'
import { maskedView } from '../desk/case-view.ts'
import type { Listed, Place } from '../journal/alert-index.ts'
import { masked } from '../masking.ts'
import { alertFor, alertOf, begunOf, type Facts, fleetsOf, nameFor } from './facts.ts'
import { limitSchema, pageOf, pageSchema, severitySchema, untilSchema } from './lists.ts'
import { may, notFound, ok, problem, type Route, route, seesNames, type Who } from './route.ts'
import { seriesRoute } from './series.ts'
import { envelopesOf } from './stretch.ts'

/** Alerts as a desk asks for them: lists by what they are, and everything about one. */

const severities = ['info', 'minor', 'major', 'critical'] as const

const listQuery = z.object({
  open: z.enum(['0', '1']).default('0').describe('1: nothing settled about it, and not withdrawn'),
  fleet: z.string().optional(),
  kind: z.string().max(500).optional().describe('one or more, by commas'),
  severity: severitySchema(severities).optional(),
  vehicle: z.string().optional(),
  from: untilSchema.optional(),
  to: untilSchema.optional(),
  after: z.string().max(100).optional(),
  limit: limitSchema(500, 100),
})
type ListQuery = z.infer<typeof listQuery>

export const alertSchema = z
  .looseObject({
    id: z.string(),
    revision: z.number(),
    kind: z.string(),
    reason: z.string().nullable(),
    phase: z.enum(['started', 'updated', 'ended']),
    severity: z.enum(severities),
    grade: z.enum(['sufficient', 'to-verify']),
    fleet: z.string(),
    vehicle: z.string(),
    plate: z.string().nullable(),
    driver: z.string().nullable(),
    at: z.string(),
    decidedAt: z.string(),
    receivedAt: z.string(),
    explain: z.object({ zh: z.string(), en: z.string() }),
  })
  .describe('as published on alerts-json/v1')

const unknownAlert = { zh: '报警', en: 'alert' }

export function alertRoutes(facts: Facts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/alerts',
      summary: 'Alerts, newest first: the last revision of each, and where its case stands',
      role: 'devices',
      body: null,
      query: listQuery,
      answer: pageSchema(z.object({ alert: alertSchema, status: z.string(), case: z.unknown() })),
      handle: ({ who, query }) => list(facts, who, query),
    }),
    route({
      method: 'GET',
      path: '/api/v1/alerts/:id',
      summary: 'One alert with its case, its vehicle now, what the cab said, and the driver',
      role: 'devices',
      body: null,
      query: null,
      answer: z.object({
        alert: alertSchema,
        case: z.unknown(),
        vehicleState: z.unknown(),
        begun: z
          .object({ at: z.string(), place: z.unknown() })
          .nullable()
          .describe('at and place of an ended alert are its end; null: nothing was heard before it'),
        cabSaid: z.array(z.unknown()),
        driver: z.unknown(),
      }),
      handle: async ({ who, params }) => {
        const alert = alertOf(facts, who, params['id'] ?? '')
        return alert === null ? notFound('id', unknownAlert) : ok(await whole(facts, who, alert))
      },
    }),
    seriesRoute(facts),
  ]
}

async function list(facts: Facts, who: Who, query: ListQuery) {
  await facts.index.follow()
  const after = query.after === undefined ? null : placeOf(query.after)
  if (query.after !== undefined && after === null) return problem(400, 'after', badCursor)
  const found = fleetsOf(facts, who, 'devices', query.fleet).flatMap((fleet) =>
    facts.index.places({
      ...{ fleet, after, limit: query.limit + 1, open: query.open === '1' },
      kinds: kindsFor(who, fleet, query.kind),
      severities: query.severity ?? null,
      vehicle: query.vehicle ?? null,
      fromMs: query.from ?? null,
      toMs: query.to ?? null,
    }),
  )
  const page = pageOf(found.toSorted(newestFirst), query.limit, ({ atMs, id }) => `${atMs}.${id}`)
  const items = page.items.flatMap(({ id }) => facts.index.find(id) ?? [])
  return ok({ items: items.map((one) => listed(facts, who, one)), next: page.next })
}

/** What somebody did about it comes with it; of one that nobody touched there is nothing to tell. */
function listed(facts: Facts, who: Who, { alert, status }: Listed) {
  const view = status === 'raised' ? null : caseFor(facts, who, alert)
  return { alert: alertFor(who, alert), status, case: view }
}

function caseFor(facts: Facts, who: Who, alert: Alert) {
  const view = facts.caseOf(alert)
  return view === null || seesNames(who, alert.fleet) ? view : maskedView(view)
}

/** Whoever maintains devices is told of devices, whatever he asks for. */
function kindsFor(who: Who, fleet: string, asked: string | undefined): readonly string[] | null {
  const kinds = asked === undefined ? null : asked.split(',')
  if (may(who, fleet, 'look')) return kinds
  return kinds === null ? deviceKinds : kinds.filter((kind) => deviceKinds.includes(kind))
}

const newestFirst = (a: Place, b: Place): number => b.atMs - a.atMs || (a.id < b.id ? 1 : -1)

function placeOf(cursor: string): Place | null {
  const [, ms, id] = /^(\d{1,16})\.([0-9a-f]{32})$/.exec(cursor) ?? []
  return ms === undefined || id === undefined ? null : { atMs: Number(ms), id }
}
const badCursor = { zh: '应为上一页的 next', en: 'the "next" of the page before' }

async function whole(facts: Facts, who: Who, alert: Alert) {
  const { fleet, vehicle } = alert
  const sees = may(who, fleet, 'look')
  const state = sees ? facts.state(fleet, vehicle) : null
  const named = seesNames(who, fleet)
  const outlook = sees ? facts.outlook(fleet, vehicle) : null
  return {
    alert: alertFor(who, alert),
    case: caseFor(facts, who, alert),
    vehicleState: named ? state : masked(state),
    begun: begunOf(facts, alert),
    cabSaid: sees ? await saidInCab(facts, alert) : [],
    driver: {
      name: nameFor(who, fleet, alert.driver),
      remaining: outlook !== null && outlook.driver === alert.driver ? outlook.left : null,
    },
  }
}

/** What the driver was told, by the terminal itself or by officers: from half an hour before until now. */
const saidBeforeMs = 1_800_000
const saidMax = 50

async function saidInCab({ journal, world }: Facts, { fleet, vehicle, at }: Alert) {
  const fromMs = Date.parse(at) - saidBeforeMs
  const stretch = { fleet, vehicle, stream: 'alarm', fromMs, toMs: world.nowMs(), envelopesMax: 500 } as const
  const said: { at: string; by: string; what: string; outcome: string | null }[] = []
  for await (const envelope of envelopesOf(journal, stretch)) said.push(...heardInCab(envelope))
  return said.toSorted((a, b) => (a.at < b.at ? -1 : 1)).slice(-saidMax)
}

function heardInCab({ body }: Envelope) {
  if (body.is === 'finding' && body.finding.phase === 'started')
    return [{ at: isoUtc(body.finding.atMs), by: 'terminal', what: body.finding.kind, outcome: null }]
  if (body.is === 'spoken' && body.spoken.outcome !== 'received')
    return [
      { at: isoUtc(body.spoken.atMs), by: 'officer', what: body.spoken.digest, outcome: body.spoken.outcome },
    ]
  return []
}
