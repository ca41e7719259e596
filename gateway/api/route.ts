import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import type { Granted } from '../access.ts'
import type { Role } from '../identity/identity.ts'

/**
 * A route of the desk's API as a value: what it takes, what it answers, who may ask. Whoever writes one knows nothing
 * of the server that mounts it, so a test calls `handle` and needs no socket.
 */

/** What somebody may do in a fleet. `anybody`: nobody is asked who he is; nothing of a fleet may be in the answer. */
export type Right = 'anybody' | 'devices' | 'look' | 'act' | 'supervise' | 'administer'

const holders: { readonly [right in Exclude<Right, 'anybody'>]: readonly Role[] } = {
  /** Faults of devices and their papers: everybody who belongs to the fleet, its service provider too. */
  devices: ['officer', 'supervisor', 'admin', 'provider', 'auditor', 'authority'],
  /** How people drove. */
  look: ['officer', 'supervisor', 'admin', 'auditor', 'authority'],
  act: ['officer', 'supervisor', 'admin'],
  supervise: ['supervisor', 'admin'],
  administer: ['admin'],
}

/** Who asks. On loopback `grants` is null and the name is what the officer said, empty when nothing was said. */
export type Who = Granted & { readonly name: string }

export type ApiRequest<Body = unknown, Query = unknown> = {
  readonly who: Who
  /** Of the path, decoded. */
  readonly params: { readonly [name: string]: string }
  readonly query: Query
  readonly body: Body
  /** The address it came from. */
  readonly from: string
  readonly headers: { readonly [name: string]: string | undefined }
  /** For sessions alone, which are of connections and cookies. */
  readonly raw?: IncomingMessage
}

export type ApiAnswer =
  | {
      readonly is: 'json'
      readonly status: number
      readonly value: unknown
      readonly headers?: { readonly [name: string]: string }
    }
  /** A file: `name` is what it is called when it is kept. Pieces are written as the reader takes them. */
  | {
      readonly is: 'file'
      readonly type: string
      readonly name: string
      readonly content: string | AsyncIterable<string>
    }

export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Under `/api/v1`, with `:name` for parts that vary. */
  readonly path: string
  /** One line for the document of the API. */
  readonly summary: string
  /** The least that must be held in some fleet; of which fleet something is, the handler asks with `may`. */
  readonly role: Right
  readonly body: z.ZodType | null
  readonly query: z.ZodType | null
  /** What a 200 holds. */
  readonly answer: z.ZodType
  /** Content types that a body may also have, besides JSON: it is then handed over as text. */
  readonly texts?: readonly string[]
  /** Content type of the file that a 200 is, where it is one. */
  readonly file?: string
  /** What a body may have at most, bytes; absent: 1 MiB. */
  readonly bodyMax?: number
  /** Asked for by whoever tries names and passwords, so counted by itself. */
  readonly isLogin?: boolean
  readonly handle: (request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>
}

type Out<Schema extends z.ZodType | null> = Schema extends z.ZodType ? z.infer<Schema> : null

/** Writes a route down with the types of its schemas in its handler. */
export function route<Body extends z.ZodType | null, Query extends z.ZodType | null>(
  one: Omit<Route, 'body' | 'query' | 'handle'> & {
    readonly body: Body
    readonly query: Query
    readonly handle: (request: ApiRequest<Out<Body>, Out<Query>>) => ApiAnswer | Promise<ApiAnswer>
  },
): Route {
  return one as unknown as Route
}

export type Said = { readonly zh: string; readonly en: string }

export const ok = (value: unknown, headers: { readonly [name: string]: string } = {}): ApiAnswer => ({
  is: 'json',
  status: 200,
  value,
  headers,
})

/** Every 4xx names the field and the remedy; `more` stands beside them, as the case that another officer was faster with. */
export const problem = (
  status: number,
  field: string,
  remedy: Said,
  more: { readonly [name: string]: unknown } = {},
): ApiAnswer => ({ is: 'json', status, value: { field, remedy, ...more } })

export const notFound = (field: string, what: Said): ApiAnswer =>
  problem(404, field, { zh: `没有此${what.zh}`, en: `there is no such ${what.en}` })

/** What belongs to another fleet does not exist: not its name, not whether it is there. */
export function may({ grants }: Granted, fleet: string, right: Right): boolean {
  if (right === 'anybody' || grants === null) return true
  const role = grants.get(fleet)
  return role !== undefined && holders[right].includes(role)
}

/** Whether somebody holds a right in any fleet at all. */
export function mayAnywhere({ grants }: Granted, right: Right): boolean {
  if (right === 'anybody' || grants === null) return true
  return [...grants.values()].some((role) => holders[right].includes(role))
}

/** Fleets in which somebody holds a right; null: all there are. */
export function fleetsWith({ grants }: Granted, right: Right): readonly string[] | null {
  if (grants === null) return null
  return [...grants].flatMap(([fleet, role]) =>
    right === 'anybody' || holders[right].includes(role) ? [fleet] : [],
  )
}

/** Names of drivers are for those who speak with them; others read 张**. */
export const seesNames = (who: Granted, fleet: string): boolean => may(who, fleet, 'act')
