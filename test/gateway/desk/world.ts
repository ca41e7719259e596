import { onTestFinished } from 'vitest'
import type { z } from 'zod'
import { mayAnywhere, type Route, type Who } from '../../../gateway/api/route.ts'
import type { Attributions } from '../../../gateway/desk/attributions.ts'
import { type DeskFolder, type DeskService, openDesk } from '../../../gateway/desk/service.ts'
import type { Role } from '../../../gateway/identity/identity.ts'
import { openRegister } from '../../../gateway/journal/register.ts'
import type { Documents } from '../../../proto/in-force.ts'
import type { Alert } from '../../../proto/model.ts'
import { parseAreas } from '../../../proto/shapes/areas.ts'
import { parseRoute } from '../../../proto/shapes/route.ts'
import { documentsOf, tempFolder } from '../help/world.ts'

/** A desk without sockets: routes are asked as values, by whoever the test says. */

export const startMs = Date.parse('2026-11-22T18:10:00Z')
export const minuteMs = 60_000
export const idOf = (n: number): string => n.toString(16).padStart(32, '0')

export function alertOf(n: number, more: Partial<Alert> = {}): Alert {
  const at = new Date(startMs).toISOString()
  return {
    ...{ id: idOf(n), revision: 1, cursor: n, kind: 'curfew', reason: 'noCertificate', phase: 'started' },
    ...{ subject: 'v1', severity: 'critical', grade: 'sufficient', fleet: 'f1', vehicle: 'v1' },
    ...{ plate: '浙A12345', driver: '张三丰', trip: 't1', at, decidedAt: at, receivedAt: at, late: false },
    ...{ supersedes: null, place: { lat: 30.5, lon: 120.5 }, rule: { id: 'curfew', version: 1 } },
    ...{ policyDigest: 'd', article: '规范38(5)', evidence: {} },
    explain: { zh: '疑似凌晨2时后行驶', en: 'still moving after 02:00' },
    ...more,
  } as Alert
}

const square = (lat: number, lon: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [lon, lat],
      [lon + 0.01, lat],
      [lon + 0.01, lat + 0.01],
      [lon, lat + 0.01],
      [lon, lat],
    ],
  ],
})
const area = (id: string, role: string, lat: number) => ({
  type: 'Feature',
  properties: { id, name: `${id}号`, role },
  geometry: square(lat, 120.5),
})
export const areasFile = {
  type: 'FeatureCollection',
  features: [area('s1', 'serviceArea', 30.6), area('r1', 'relayPoint', 30.7), area('n1', 'noStopping', 30.8)],
}
/** About 9.6 km. */
export const routeFile = {
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { id: 'G60', halfWidthM: 50 },
      geometry: {
        type: 'LineString',
        coordinates: [
          [120.5, 30.5],
          [120.6, 30.5],
        ],
      },
    },
  ],
}

const documents = (fleet: string, vehicle: string): Documents | null =>
  vehicle.startsWith('v')
    ? {
        ...documentsOf(fleet, vehicle),
        areas: parseAreas(areasFile, 'areas'),
        routes: parseRoute(routeFile, 'route'),
      }
    : null

type Said = { fleet: string; vehicle: string; words: string }
export type Reply = { readonly status: number; readonly value: Record<string, unknown> }

export type DeskWorld = {
  readonly desk: DeskService
  readonly clock: { nowMs: number }
  readonly alerts: Map<string, Alert>
  readonly said: Said[]
  readonly told: { topic: string; value: Record<string, unknown> }[]
  readonly complaints: string[]
  /** How often something was approved. */
  readonly approvals: { count: number }
  readonly dataDir: string
  readonly raise: (...alerts: Alert[]) => void
  readonly ask: (who: Who, method: Route['method'], path: string, body?: unknown, query?: object) => Reply
  readonly restart: () => DeskWorld
}

export const officer = (name: string, role: Role, ...fleets: string[]): Who => ({
  name,
  grants: new Map((fleets.length === 0 ? ['f1'] : fleets).map((fleet) => [fleet, role])),
})
export const wang = officer('wang', 'officer')
export const li = officer('li', 'officer')
export const chief = officer('chief', 'supervisor')
/** On loopback, having said a name. */
export const anyone: Who = { name: '王五', grants: null }

export function deskWorld(
  options: {
    folder?: Partial<DeskFolder>
    at?: string
    mute?: boolean
    nowMs?: number
    attributions?: Attributions
  } = {},
): DeskWorld {
  const dataDir = options.at ?? tempFolder()
  const clock = { nowMs: options.nowMs ?? startMs }
  const alerts = new Map<string, Alert>()
  const firsts = new Map<string, Alert>()
  const said: Said[] = []
  const told: DeskWorld['told'] = []
  const complaints: string[] = []
  const approvals = { count: 0 }
  const register = openRegister(dataDir)
  let open = true
  const close = (): void => {
    if (open) register.close()
    open = false
  }
  onTestFinished(close)
  const desk = openDesk({
    register,
    alert: (id) => alerts.get(id) ?? null,
    first: (id) => firsts.get(id) ?? null,
    commands:
      options.mute === true
        ? null
        : {
            listens: () => {},
            waiting: () => 0,
            say: (fleet, vehicle, words) => {
              said.push({ fleet, vehicle, words })
              return 'waiting'
            },
          },
    documents,
    ...(options.attributions === undefined ? {} : { attributions: options.attributions }),
    world: { nowMs: () => clock.nowMs, factor: () => 1 } as never,
    publish: (topic, payload) => {
      told.push({ topic, value: JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown> })
      return Promise.resolve()
    },
    folder: {
      dataDir,
      zone: 'Asia/Shanghai',
      approved: () => approvals.count++,
      twoPersons: false,
      ...options.folder,
    },
    complain: (reason) => complaints.push(reason),
  })
  return {
    ...{ desk, clock, alerts, said, told, complaints, approvals, dataDir },
    raise: (...raised) => {
      for (const alert of raised) {
        alerts.set(alert.id, alert)
        if (!firsts.has(alert.id)) firsts.set(alert.id, alert)
      }
      desk.took(raised)
    },
    ask: (who, method, path, body, query = {}) => asked(desk.routes, who, method, path, body, query),
    restart: () => {
      close()
      const next = deskWorld({ ...options, at: dataDir })
      next.clock.nowMs = clock.nowMs
      for (const [id, alert] of alerts) next.alerts.set(id, alert)
      return next
    },
  }
}

/** What the server does around a handler: finds it, asks for the least right, reads the form; the answer keeps its shape. */
function asked(
  routes: readonly Route[],
  who: Who,
  method: string,
  path: string,
  body: unknown,
  query: object,
): Reply {
  const found = routes
    .filter((route) => route.method === method)
    .map((route) => ({ route, params: paramsOf(route.path, `/api/v1${path}`) }))
    .filter(({ params }) => params !== null)
    .toSorted((a, b) => Object.keys(a.params!).length - Object.keys(b.params!).length)[0]
  if (found === undefined) throw new Error(`no route for ${method} ${path}`)
  const { route, params } = found
  if (!mayAnywhere(who, route.role)) return { status: 403, value: { field: 'role' } }
  const form = read(route.body, body)
  const asking = read(route.query, query)
  if (form === bad || asking === bad) return { status: 400, value: { field: 'form' } }
  const answer = route.handle({
    who,
    params: params!,
    query: asking,
    body: form,
    from: '10.0.0.7',
    headers: {},
  })
  if (answer instanceof Promise || answer.is !== 'json') throw new Error('not a plain answer')
  if (answer.status === 200) route.answer.parse(answer.value)
  else if (typeof (answer.value as { field: unknown }).field !== 'string') throw new Error('names no field')
  return { status: answer.status, value: JSON.parse(JSON.stringify(answer.value)) as Reply['value'] }
}

const bad = Symbol('bad form')
function read(schema: z.ZodType | null, value: unknown): unknown {
  if (schema === null) return null
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : bad
}

function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [at, part] of wanted.entries())
    if (part.startsWith(':')) params[part.slice(1)] = given[at]!
    else if (part !== given[at]) return null
  return params
}
