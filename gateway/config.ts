import path from 'node:path'
import { z } from 'zod'
import { BadInput, parseDocument, problemLine } from '../proto/problem.ts'
import { isZone } from '../proto/time.ts'
import { isAddress, tilesTrouble } from './console/map.ts'
import { readJson } from './files.ts'
import { isLoopback } from './listen.ts'

/** The gateway's configuration file (design 9). Paths in it are relative to it. */

const file = z.string().min(1, 'a path')
const host = z.string().min(1, 'a host name or address').default('127.0.0.1')
const port = z.number().int().min(0).max(65_535).describe('0: any free port')
const tls = z
  .strictObject({ cert: file, key: file, ca: file })
  .optional()
  .describe('PEM files: our certificate, its key, and the authority that signs terminals or officers')

/** Never by default: whoever lets anybody in says so. */
const authRemedy = ({ input }: { readonly input?: unknown }): string =>
  `${input === undefined ? 'missing' : 'neither of its two values'}; "loopback" lets in anybody on this machine and nobody else, "tls" asks for certificates and passwords`

const configSchema = z.strictObject({
  dataDir: file.describe('folder of the journal; made when it is not there'),
  zone: z
    .string()
    .refine(isZone, 'a time zone name such as "Asia/Shanghai"')
    .default('Asia/Shanghai')
    .describe('zone of the law and of the journal days'),
  ingest: z.strictObject({ host, port: port.default(1883), tls }).prefault({}),
  alerts: z
    .strictObject({
      host,
      port: port.default(1884),
      wsPort: port.optional().describe('MQTT over WebSocket for browsers; absent: none'),
      tls,
    })
    .prefault({}),
  http: z.strictObject({ host, port: port.default(8080), tls }).prefault({}),
  vehicles: file.describe('folder of vehicle files'),
  trips: file.optional().describe('folder of trip files'),
  drivers: file.optional().describe('folder of files of drivers: papers, qualifications, bans'),
  routes: z.array(file).max(1000).default([]).describe('GeoJSON files of the routes that trips name'),
  areas: z.array(file).max(100).default([]).describe('GeoJSON files of areas'),
  policy: file.optional().describe('a policy file with what differs from the defaults'),
  shadowPolicy: file.optional().describe('a policy file that is tried beside: only differences are reported'),
  auth: z
    .enum(['loopback', 'tls'], { error: authRemedy })
    .describe('loopback: this machine only, anybody on it; tls: certificates, and passwords of officers'),
  users: file.optional().describe('officers with passwords, for auth "tls"; read again when it changes'),
  revoked: file.optional().describe('certificates and names no longer let in; read again when it changes'),
  keepDays: z
    .strictObject({
      positions: z.number().int().min(183).default(200).describe('at least six months by law'),
      handling: z.number().int().min(1096).default(1100).describe('at least three years by law'),
    })
    .prefault({}),
  desk: z
    .strictObject({
      twoPersons: z
        .boolean()
        .optional()
        .describe('who rectified a case may not verify or close it; absent: with auth "tls" only'),
      tiles: file
        .optional()
        .describe('ground of the maps: an address with {z}, {x}, {y}, or an .mbtiles file; absent: a sketch'),
      datum: z.enum(['wgs84', 'gcj02']).default('wgs84').describe('what the tiles are drawn in'),
      attribution: z.string().max(200).default('').describe('whose tiles they are, shown on each map'),
      maxZoom: z.number().int().min(1).max(22).default(18).describe('the finest zoom there are tiles of'),
      base: file.optional().describe('GeoJSON of an own ground, instead of the sketch'),
    })
    .prefault({}),
  world: file.optional().describe('clock of a simulated world'),
})
export type Config = z.infer<typeof configSchema>

/** Reads the file, or throws BadInput with the one line. */
export function readConfig(name: string): Config {
  const config = parseDocument(configSchema, readJson(name), name)
  const trouble = troubleOf(config)
  if (trouble !== null) throw new BadInput(problemLine(name, trouble))
  return resolved(config, path.dirname(path.resolve(name)))
}

/** What only all of it together shows. */
function troubleOf(config: Config): { path: string; remedy: string } | null {
  const tiles = tilesTrouble(config.desk.tiles)
  if (tiles !== null) return { path: 'desk.tiles', remedy: tiles }
  const doors = { ingest: config.ingest, alerts: config.alerts, http: config.http }
  for (const [name, door] of Object.entries(doors)) {
    const open = !isLoopback(door.host)
    if (open && config.auth === 'loopback')
      return {
        path: `${name}.host`,
        remedy: 'auth "loopback" serves this machine only; use 127.0.0.1 or auth "tls"',
      }
  }
  if (config.auth === 'loopback')
    return config.users === undefined
      ? null
      : { path: 'users', remedy: 'auth "loopback" asks nobody for a password; remove it or use auth "tls"' }
  if (config.http.tls === undefined && !isLoopback(config.http.host))
    return { path: 'http.tls', remedy: 'missing; passwords do not travel in the clear; or use 127.0.0.1' }
  for (const name of ['ingest', 'alerts'] as const)
    if (config[name].tls === undefined)
      return { path: `${name}.tls`, remedy: 'missing; auth "tls" needs cert, key and ca' }
  return null
}

const mapFile = (tiles: string | undefined, at: (name: string) => string): string | undefined =>
  tiles === undefined || isAddress(tiles) ? tiles : at(tiles)

function resolved(config: Config, base: string): Config {
  const at = (name: string): string => path.resolve(base, name)
  const maybe = (name: string | undefined): string | undefined => (name === undefined ? undefined : at(name))
  const files = (names: Config['ingest']['tls']): Config['ingest']['tls'] =>
    names === undefined ? undefined : { cert: at(names.cert), key: at(names.key), ca: at(names.ca) }
  return {
    ...config,
    dataDir: at(config.dataDir),
    vehicles: at(config.vehicles),
    trips: maybe(config.trips),
    drivers: maybe(config.drivers),
    routes: config.routes.map(at),
    areas: config.areas.map(at),
    policy: maybe(config.policy),
    shadowPolicy: maybe(config.shadowPolicy),
    world: maybe(config.world),
    users: maybe(config.users),
    revoked: maybe(config.revoked),
    desk: { ...config.desk, tiles: mapFile(config.desk.tiles, at), base: maybe(config.desk.base) },
    http: { ...config.http, tls: files(config.http.tls) },
    ingest: { ...config.ingest, tls: files(config.ingest.tls) },
    alerts: { ...config.alerts, tls: files(config.alerts.tls) },
  }
}
