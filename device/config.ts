import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { BadInput, parseDocument } from '../proto/problem.ts'
import { readInput, readJson } from './files.ts'
import type { MqttOptions } from './link/mqtt.ts'
import { canBitrates } from './ports/open.ts'
import { parseTcpPath } from './ports/tcp.ts'
import { inputNames } from './signals/conduct.ts'
import { isPem } from './signature.ts'

/** The terminal's configuration file (design 9). Paths in it are relative to it. */

const path = z.string().min(1, 'a path')
const portPath = path.refine(
  (text) => !text.startsWith('tcp:') || parseTcpPath(text) !== null,
  'a tty such as "/dev/ttyUSB0", or "tcp://host:port"',
)
const baud = z
  .number()
  .int()
  .min(300)
  .max(4_000_000)
  .default(115_200)
  .describe('bits per second of the line; without meaning for tcp')

const configSchema = z.strictObject({
  dataDir: path.describe('folder of the outbox and of pushed documents; made when it is not there'),
  vehicle: path.describe('the vehicle file'),
  trip: path.optional().describe('a trip file, or a list of trips, until the gateway pushes others'),
  route: path.optional().describe('a route file (GeoJSON), likewise'),
  areas: z
    .union([path, z.array(path).min(1)])
    .optional()
    .describe('area files (GeoJSON), likewise'),
  policy: path.optional().describe('a policy file with what differs from the defaults, likewise'),
  ports: z
    .strictObject({
      gnss: z.strictObject({ path: portPath, baud }).optional(),
      can: z
        .strictObject({
          path: portPath,
          baud,
          format: z.enum(['slcan', 'candump']).default('slcan'),
          bitrate: z
            .number()
            .refine((rate) => canBitrates.includes(rate), `one of ${canBitrates.join(', ')}`)
            .optional()
            .describe(
              'of the vehicle bus: the adapter is then set to it, listen-only; absent: it sets up itself',
            ),
          listenOnly: z
            .boolean()
            .default(true)
            .describe(
              'false for an adapter that refuses to listen only: it then acknowledges frames, the terminal sends none',
            ),
          dbc: path.optional().describe('a DBC file that describes signals of this bus'),
          dbcSignals: z
            .record(z.string(), z.string())
            .optional()
            .describe('its signals ("Signal" or "Message.Signal") by the names this terminal knows'),
        })
        .optional(),
      peripheral: z
        .strictObject({
          path: portPath,
          baud,
          devices: z
            .array(z.enum(['adas', 'dsm', 'tpms', 'bsd']))
            .default([])
            .describe('that must speak on the line; one that spoke once is expected anyway'),
        })
        .optional(),
    })
    .refine(({ gnss, can }) => gnss !== undefined || can !== undefined, 'at least one of "gnss" and "can"'),
  gateway: z.strictObject({
    url: z.string().regex(/^mqtts?:\/\/[^\s/]+$/, 'mqtt://host:port or mqtts://host:port'),
    ack: z
      .enum(['gateway', 'puback'])
      .default('gateway')
      .describe('who vouches for durability: our gateway by its acks, or any broker by PUBACK'),
    tls: z
      .strictObject({ ca: path.optional(), cert: path.optional(), key: path.optional() })
      .optional()
      .describe('PEM files of the authority, of this terminal and of its key; for mqtts'),
    publicKey: z
      .string()
      .min(1)
      .optional()
      .describe('of the gateway (PEM, or its file): pushed documents must then be signed by it'),
  }),
  cab: z
    .strictObject({
      voice: z
        .array(z.string().min(1))
        .min(1)
        .optional()
        .describe('a speech program and its arguments; the text is its standard input'),
      buzzer: path.optional().describe('a file that sounds the buzzer while "1" is in it'),
    })
    .optional()
    .describe('devices of the cab; absent: what would be said is only written down'),
  inputs: z
    .partialRecord(z.enum(inputNames), z.strictObject({ file: path, on: z.string().min(1).default('1') }))
    .optional()
    .describe("the terminal's own inputs, each a file that shows its state"),
  world: path.optional().describe('clock of a simulated world; a vehicle has none'),
  oracle: path.optional().describe('test use: a log of every sealed envelope, before and after its commit'),
  blackBox: z
    .strictObject({
      dir: path,
      capMiB: z.number().min(1).max(1_048_576).describe('what its tapes may take on the disk, all together'),
    })
    .optional()
    .describe('folder where the bytes of the last hours are kept; the oldest give way'),
  metrics: z
    .strictObject({ port: z.number().int().min(0).max(65_535) })
    .optional()
    .describe('Prometheus and /readyz on 127.0.0.1; absent: none'),
  outboxBytesMax: z
    .number()
    .int()
    .min(65_536)
    .default(256 * 2 ** 20)
    .describe('what waits for the gateway, at most; the oldest telemetry goes first'),
})
export type Config = z.infer<typeof configSchema>

/** Reads the file, or throws BadInput with the one line. */
export function readConfig(file: string): Config {
  const config = parseDocument(configSchema, readJson(file), file)
  const { tls, url } = config.gateway
  if (tls !== undefined && !url.startsWith('mqtts:'))
    throw new BadInput(
      `${file}: gateway.tls: only with a url that begins with mqtts://; remove it or correct the url`,
    )
  if ((tls?.cert === undefined) !== (tls?.key === undefined))
    throw new BadInput(`${file}: gateway.tls: "cert" and "key" go together; give both or none`)
  return withPaths(config, dirname(file))
}

function withPaths(config: Config, folder: string): Config {
  const at = (name: string): string => resolve(folder, name)
  const maybe = (name: string | undefined): string | undefined => (name === undefined ? undefined : at(name))
  const tty = <P extends { path: string }>(port: P | undefined): P | undefined =>
    port === undefined || port.path.startsWith('tcp:') ? port : { ...port, path: at(port.path) }
  return {
    ...config,
    dataDir: at(config.dataDir),
    vehicle: at(config.vehicle),
    trip: maybe(config.trip),
    route: maybe(config.route),
    areas: config.areas === undefined ? undefined : [config.areas].flat().map(at),
    policy: maybe(config.policy),
    ports: {
      gnss: tty(config.ports.gnss),
      can: withDbc(tty(config.ports.can), at),
      peripheral: tty(config.ports.peripheral),
    },
    gateway: {
      ...config.gateway,
      tls: config.gateway.tls && {
        ca: maybe(config.gateway.tls.ca),
        cert: maybe(config.gateway.tls.cert),
        key: maybe(config.gateway.tls.key),
      },
      publicKey: publicKeyAt(config.gateway.publicKey, at),
    },
    cab: config.cab && { ...config.cab, buzzer: maybe(config.cab.buzzer) },
    inputs: config.inputs && mapped(config.inputs, (input) => ({ ...input, file: at(input.file) })),
    world: maybe(config.world),
    blackBox: config.blackBox && { ...config.blackBox, dir: at(config.blackBox.dir) },
    oracle: maybe(config.oracle),
  }
}

function publicKeyAt(key: string | undefined, at: (name: string) => string): string | undefined {
  return key === undefined || isPem(key) ? key : at(key)
}

function withDbc(can: Config['ports']['can'], at: (name: string) => string): Config['ports']['can'] {
  return can?.dbc === undefined ? can : { ...can, dbc: at(can.dbc) }
}

type Inputs = NonNullable<Config['inputs']>
type Input = NonNullable<Inputs[keyof Inputs]>

function mapped(inputs: Inputs, change: (input: Input) => Input): Inputs {
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input && change(input)]))
}

/** The PEM files of the configuration, as the link takes them. */
export function readTls(tls: Config['gateway']['tls']): MqttOptions['tls'] {
  if (tls === undefined) return undefined
  const { ca, cert, key } = tls
  return {
    ...(ca === undefined ? {} : { ca: readInput(ca) }),
    ...(cert === undefined ? {} : { cert: readInput(cert) }),
    ...(key === undefined ? {} : { key: readInput(key) }),
  }
}
