import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import compress from '@fastify/compress'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifySchema,
  fastify,
} from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { type ZodType, z } from 'zod'
import { programVersion } from '../../proto/program-version.ts'
import { troubleOf, validated } from './faults.ts'
import { problemSchema } from './problem-schema.ts'
import type { ApiAnswer, Route, Who } from './route.ts'
import { type VisitorDeps, visit } from './visitors.ts'

/** The HTTP server of the desk's API, and the only door to fastify. It mounts routes; what they do is theirs. */

export type ApiDeps = VisitorDeps & {
  readonly routes: readonly Route[]
  /** Requests of one address in a minute; of logging in. */
  readonly perMinute: { readonly requests: number; readonly logins: number }
  readonly count: (path: string) => void
}

export type Api = {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  /** OpenAPI 3.1. */
  readonly document: () => object
  readonly close: () => Promise<void>
}

const prefix = '/api/v1'
const bodyBytesMax = 1 << 20

export async function createApi(deps: ApiDeps): Promise<Api> {
  const app = fastify({
    bodyLimit: bodyBytesMax,
    logger: false,
    exposeHeadRoutes: true,
    requestTimeout: 10_000,
  })
  app.setValidatorCompiler(
    ({ schema }) =>
      (data) =>
        validated(schema as unknown as ZodType, data),
  )
  // Answers are made here and tested against their schemas; an officer is never refused one because of its shape.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.setErrorHandler((error, _request, reply) => send(reply, troubleOf(error)))
  app.setNotFoundHandler((_request, reply) => send(reply, troubleOf({ statusCode: 404 })))
  await furnish(app, deps)
  takeTexts(app, deps.routes)
  app.after(() => {
    for (const route of deps.routes) mount(app, route, deps)
    app.get(`${prefix}/openapi.json`, { schema: { hide: true } as FastifySchema }, () => app.swagger())
  })
  await app.ready()
  return {
    handle: (request, response) => app.routing(request, response),
    document: () => app.swagger(),
    close: () => app.close(),
  }
}

async function furnish(app: FastifyInstance, { perMinute }: ApiDeps): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
    },
    // Said by the listener that has a certificate; on loopback a browser would keep it for every port.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
  await app.register(compress, { threshold: 1024, encodings: ['br', 'gzip'] })
  await app.register(rateLimit, {
    max: perMinute.requests,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { statusCode }) => ({ statusCode }),
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Roadwarden',
        version: programVersion,
        description:
          'What the desk of safety officers asks and does. Lists: items and the cursor of the next page, `after` and `limit`.',
      },
      components: {
        securitySchemes: {
          cookie: { type: 'apiKey', in: 'cookie', name: 'roadwarden' },
          basic: { type: 'http', scheme: 'basic' },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform: jsonSchemaTransform,
  })
}

/** Bodies that are no JSON reach the routes that take them as text. */
function takeTexts(app: FastifyInstance, routes: readonly Route[]): void {
  const types = new Set(routes.flatMap(({ texts = [] }) => texts))
  for (const type of types)
    app.addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.addContentTypeParser(
    'application/geo+json',
    { parseAs: 'string' },
    app.getDefaultJsonParser('error', 'error'),
  )
}

const asked = Symbol('who asks')
type Asked = FastifyRequest & { [asked]?: Who }

function mount(app: FastifyInstance, route: Route, deps: ApiDeps): void {
  const { method, path, bodyMax } = route
  app.route({
    method,
    url: path,
    ...(bodyMax === undefined ? {} : { bodyLimit: bodyMax }),
    schema: schemaOf(route),
    config: route.isLogin === true ? { rateLimit: { max: deps.perMinute.logins, timeWindow: 60_000 } } : {},
    onRequest: async (request, reply) => {
      deps.count(path)
      const visitor = await visit(deps, request.raw, route)
      if (visitor.is === 'refused') return send(reply, visitor.answer)
      ;(request as Asked)[asked] = visitor.who
    },
    handler: async (request, reply) => send(reply, await answerTo(route, request as Asked)),
  })
}

function answerTo(route: Route, request: Asked): ApiAnswer | Promise<ApiAnswer> {
  const { params, query, body, raw, headers } = request
  return route.handle({
    who: request[asked]!,
    params: params as { [name: string]: string },
    query,
    body: body ?? null,
    from: raw.socket.remoteAddress ?? 'unknown',
    headers: headers as { [name: string]: string | undefined },
    raw,
  })
}

function schemaOf({ summary, body, query, answer, path, role, file }: Route): FastifySchema {
  const [tag = 'desk'] = path.slice(prefix.length + 1).split('/')
  const success =
    file === undefined ? answer : { content: { [file]: { schema: z.string() } }, description: summary }
  return {
    summary,
    tags: [tag],
    security: role === 'anybody' ? [] : [{ cookie: [] }, { basic: [] }, { bearer: [] }],
    ...(body === null ? {} : { body }),
    ...(query === null ? {} : { querystring: query }),
    response: { 200: success, '4xx': problemSchema },
  } as FastifySchema
}

function send(reply: FastifyReply, answer: ApiAnswer): FastifyReply {
  reply.header('cache-control', 'no-store')
  if (answer.is === 'json') {
    for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value)
    return reply
      .status(answer.status)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(answer.value))
  }
  const { type, name, content } = answer
  reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
  return reply.type(type).send(typeof content === 'string' ? content : Readable.from(content))
}
