import { isDeepStrictEqual } from 'node:util'
import {
  type Decoded,
  decodeAck,
  decodeAlert,
  decodeDocumentPart,
  decodeEnvelope,
  encodeAck,
  encodeEnvelope,
} from '../../proto/codec.ts'
import { mergePolicy, policyFileSchema } from '../../proto/policy.ts'
import { BadInput, parseDocument, parseJsonText } from '../../proto/problem.ts'
import { parseAreaFiles } from '../../proto/shapes/areas.ts'
import { parseRoute } from '../../proto/shapes/route.ts'
import { tripSchema } from '../../proto/shapes/trip.ts'
import { vehicleSchema } from '../../proto/shapes/vehicle.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { alarm as alarmEnvelope, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import { ackOf } from '../help/envelopes.ts'
import { mutated } from './mutate.ts'
import { processorMs } from './processor.ts'

/** Inputs gone wrong, in this process: messages of the wire, and the files a person writes. */
export type FuzzReport = {
  readonly inputs: number
  /** Mutants that were good all the same: a fuzzer whose mutants are all refused at the door tests the door alone. */
  readonly accepted: number
  readonly slowestMs: number
  readonly complaints: readonly string[]
}

/**
 * A single input that keeps the processor longer than this is a way to hold a gateway up. The clock on the wall would also tell
 * how long others had the processor.
 */
const hangMs = 1000
const complaintsMax = 20

type Target = { readonly name: string; readonly seeds: readonly Uint8Array[]; readonly take: Take }
/** Answers whether the input was accepted; throws, or says what is wrong with the answer. */
type Take = (bytes: Buffer) => boolean | string

function fuzz(targets: readonly Target[], inputs: number, seed: number): FuzzReport {
  const dice = new Dice(seed)
  const complaints: string[] = []
  let accepted = 0
  let slowestMs = 0
  for (let n = 0; n < inputs && complaints.length < complaintsMax; n++) {
    const target = targets[n % targets.length]!
    const bytes = mutated(dice, dice.pick('fuzz/seed', target.seeds), target.seeds)
    const fromMs = processorMs()
    const verdict = attempt(target.take, bytes)
    const tookMs = processorMs() - fromMs
    slowestMs = Math.max(slowestMs, tookMs)
    if (verdict === true) accepted++
    const slow = tookMs > hangMs ? `took ${Math.round(tookMs)} ms` : null
    const trouble = typeof verdict === 'string' ? verdict : slow
    if (trouble !== null)
      complaints.push(`${target.name}, input ${n} of seed ${seed}: ${trouble}: ${bytes.toString('base64')}`)
  }
  return { inputs, accepted, slowestMs: Math.round(slowestMs), complaints }
}

function attempt(take: Take, bytes: Buffer): boolean | string {
  try {
    return take(bytes)
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message).slice(0, 300) : String(error)}`
  }
}

const samples = [0, 1, 2, 3].map((n) => sampleAt(startMs + n * 1000, { speedKmh: 60 + n }))
const envelopes = [
  telemetry(3, samples),
  telemetry(1, samples.slice(0, 1)),
  alarmEnvelope(1, {}, null),
  alarmEnvelope(2, { phase: 'ended' }, 'f1/v1/7/alarm/1'),
].map(encodeEnvelope)
const acks = [
  encodeAck(ackOf(7, { alarm: { upto: 5, ranges: [{ first: 8, last: 9 }] } })),
  encodeAck(ackOf(7, {}, { nacks: [{ stream: 'alarm', seq: 3, reason: 'conflict' }] })),
]

/** What was accepted says the same after a further journey. */
const stable =
  <T>(decode: (bytes: Uint8Array) => Decoded<T>, encode: ((value: T) => Uint8Array) | null): Take =>
  (bytes) => {
    const first = decode(bytes)
    if (!first.ok || encode === null) return first.ok
    const again = decode(encode(first.value))
    if (!again.ok) return `accepted, and refused when encoded again: ${again.reason}`
    return isDeepStrictEqual(first.value, again.value) || 'says something else when encoded again'
  }

export function fuzzMessages(inputs: number, seed: number): FuzzReport {
  const all = [...envelopes, ...acks]
  const targets: Target[] = [
    { name: 'envelope', seeds: envelopes, take: stable(decodeEnvelope, encodeEnvelope) },
    { name: 'envelope', seeds: envelopes, take: stable(decodeEnvelope, encodeEnvelope) },
    { name: 'ack', seeds: acks, take: stable(decodeAck, encodeAck) },
    { name: 'document part', seeds: all, take: stable(decodeDocumentPart, null) },
    { name: 'alert', seeds: all, take: stable(decodeAlert, null) },
  ]
  return fuzz(targets, inputs, seed)
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const line = {
  type: 'LineString',
  coordinates: [
    [110, 30],
    [110.1, 30.02],
    [110.2, 30],
  ],
}
const ring = [
  [110, 30],
  [110.1, 30],
  [110.1, 30.1],
  [110, 30.1],
  [110, 30],
]
const feature = (geometry: object, properties: object) => ({ type: 'Feature', properties, geometry })
const collection = (...features: object[]) => json({ type: 'FeatureCollection', features })

/** A person's file is taken, or refused with one line of ours. */
const asFile =
  (read: (value: unknown) => unknown): Take =>
  (bytes) => {
    try {
      read(parseJsonText(bytes.toString('utf8'), 'file.json'))
      return true
    } catch (error) {
      if (!(error instanceof BadInput)) throw error
      return error.message.includes('\n')
        ? `a message of several lines: ${error.message.slice(0, 200)}`
        : false
    }
  }

const vehicle = {
  id: 'v1',
  fleet: 'f1',
  plate: '浙A12345',
  class: 'coach',
  serviceClass: 'scheduled',
  oneWayKm: 1150,
  relay: null,
}
const trip = {
  id: 't',
  vehicle: 'v1',
  from: '2026-11-22T20:00:00+08:00',
  to: '2026-11-23T08:00:00+08:00',
  drivers: ['A', 'B'],
  serviceClass: 'scheduled',
  oneWayKm: 1150,
}
const policy = {
  version: '3',
  zone: 'Asia/Shanghai',
  speeding: { holdS: 12, night: { from: '22:00', to: '06:00' } },
  fatigue: { restS: 1200 },
}

export function fuzzFiles(inputs: number, seed: number): FuzzReport {
  const areas = collection(
    feature(
      { type: 'Polygon', coordinates: [ring] },
      { id: 'a', role: 'noEntry', windows: [{ from: '22:00', to: '06:00' }] },
    ),
    feature({ type: 'Point', coordinates: [110, 30] }, { id: 'b', radiusM: 300, role: 'relayPoint' }),
    feature(line, { id: 'c', halfWidthM: 50, role: 'speedZone', limitKmh: 60 }),
  )
  const route = collection(
    feature(line, {
      id: 'r',
      halfWidthM: 100,
      limits: [{ fromM: 0, toM: 900, dayKmh: 80, nightKmh: null, roadClass: 'motorway' }],
    }),
  )
  const targets: Target[] = [
    {
      name: 'vehicle',
      seeds: [json(vehicle)],
      take: asFile((value) => parseDocument(vehicleSchema, value, 'file.json')),
    },
    {
      name: 'trip',
      seeds: [json(trip)],
      take: asFile((value) => parseDocument(tripSchema, value, 'file.json')),
    },
    { name: 'policy', seeds: [json(policy)], take: asFile((value) => merged(value)) },
    {
      name: 'areas',
      seeds: [areas],
      take: asFile((value) => parseAreaFiles([{ value, file: 'file.json' }])),
    },
    {
      name: 'route',
      seeds: [route],
      take: asFile((value) => parseRoute(value, 'file.json', { halfWidthM: 200 })),
    },
  ]
  return fuzz(targets, inputs, seed)
}

/** As both programs do: a policy that cannot be merged is a person's mistake too. */
function merged(value: unknown): void {
  const partial = parseDocument(policyFileSchema, value, 'file.json')
  try {
    mergePolicy('coach', partial)
  } catch {
    throw new BadInput('file.json: not a policy')
  }
}
