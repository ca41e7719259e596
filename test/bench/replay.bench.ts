import process from 'node:process'
import { noAreas } from '../../proto/geo/areas.ts'
import { defaultPolicy, policyDigest } from '../../proto/policy.ts'
import { defaultVehicle } from '../../proto/shapes/vehicle.ts'
import { emissionsOfSecond } from '../../sim/emissions.ts'
import { framesOfSecond } from '../../sim/hardware/can.ts'
import { replayRecording } from '../../sim/replay/recording.ts'
import { planOf } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { truthAt } from '../../sim/vehicle.ts'

/** How many times faster than the road a recorded trip goes through replay, on one core. */

const policy = defaultPolicy('coach')
const documents = {
  vehicle: defaultVehicle,
  trips: [],
  policy,
  policyDigest: policyDigest(policy),
  routes: [],
  areas: noAreas,
  areasSinceMs: null,
}

const plan = planOf(scenarios.get('night-coach')!)
/** The middle of the night drive, sent again and again. */
const driveS = 1800
const blockBytes = 65_536

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0')

function secondOfBus(atMs: number): string {
  return framesOfSecond(atMs, (ms) => truthAt(plan, ms))
    .map(
      ({ atMs: ms, frame }) =>
        `(${(ms / 1000).toFixed(6)}) can0 ${hex(frame.id, 8)}#${[...frame.data].map((byte) => hex(byte, 2)).join('')}\n`,
    )
    .join('')
}

function secondOfReceiver(atMs: number): string {
  return emissionsOfSecond(plan, atMs)
    .filter(({ line }) => line === 'gnss')
    .map(({ text }) => text)
    .join('')
}

const fromMs = plan.startMs + 300_000
const eachSecond = (say: (atMs: number) => string): Buffer =>
  Buffer.from(Array.from({ length: driveS }, (_, second) => say(fromMs + second * 1000)).join(''))

async function* blocksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += blockBytes) yield bytes.subarray(at, at + blockBytes)
}

async function timesRealTime(
  name: string,
  seconds: number,
  chunks: () => AsyncIterable<Uint8Array>,
  head: Uint8Array,
  can: (() => AsyncIterable<Uint8Array>) | null = null,
): Promise<number> {
  const begun = process.cpuUsage()
  const recording = { name, head: head.subarray(0, blockBytes), chunks: chunks(), can: can?.() ?? null }
  const { samples } = await replayRecording(recording, documents, () => {})
  const { user, system } = process.cpuUsage(begun)
  if (samples < seconds * 0.9) throw new Error(`${name}: only ${samples} Samples of ${seconds} s`)
  return seconds / ((user + system) / 1e6)
}

const csvHead = 'time,lat,lon,speedKmh,driver\n'
function csvRows(from: number, count: number): Buffer {
  const rows: string[] = []
  for (let second = from; second < from + count; second++) {
    const kmh = second % 7200 < 6000 ? 75 : 0
    rows.push(
      `${new Date(fromMs + second * 1000).toISOString()},${(28 + (second % 9000) * 2e-4).toFixed(6)},113.000000,${kmh},D1`,
    )
  }
  return Buffer.from(`${rows.join('\n')}\n`)
}

/** The best of some: what the machine did besides is not ours. */
async function best(rounds: number, measure: () => Promise<number>): Promise<number> {
  let found = 0
  for (let round = 0; round < rounds; round++) found = Math.max(found, await measure())
  return found
}

type Row = { readonly name: string; readonly value: number; readonly unit: string }

export async function replayBench(): Promise<readonly Row[]> {
  const nmea = eachSecond(secondOfReceiver)
  const bus = eachSecond(secondOfBus)
  const csv = Buffer.concat([Buffer.from(csvHead), csvRows(0, 86_400)])
  const both = await best(7, () =>
    timesRealTime(
      'nmea + can',
      driveS,
      () => blocksOf(nmea),
      nmea,
      () => blocksOf(bus),
    ),
  )
  const nmeaOnly = await best(7, () => timesRealTime('nmea', driveS, () => blocksOf(nmea), nmea))
  const csvOnly = await best(5, () => timesRealTime('csv', 86_400, () => blocksOf(csv), csv))
  const [firstMiB, lastMiB, longS] = await flatMemory()
  return [
    {
      name: `receiver (7 sentences/s) and bus (${busFramesPerS(bus)} frames/s)`,
      value: both,
      unit: 'x real time',
    },
    { name: 'receiver alone', value: nmeaOnly, unit: 'x real time' },
    { name: '1 Hz CSV rows', value: csvOnly, unit: 'x real time' },
    { name: 'resident after the first tenth of a long CSV', value: firstMiB, unit: 'MiB' },
    { name: `resident at its end (${Math.round(longS / 86_400)} days)`, value: lastMiB, unit: 'MiB' },
  ]
}

const busFramesPerS = (bus: Buffer): number => Math.round(bus.toString('latin1').split('\n').length / driveS)

/** A trip of weeks that is made while it is read: memory must not know how long it was. */
async function flatMemory(): Promise<[number, number, number]> {
  const days = 20
  const resident: number[] = []
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(csvHead)
    for (let hour = 0; hour < days * 24; hour++) {
      yield csvRows(hour * 3600, 3600)
      resident.push(process.memoryUsage.rss() / 2 ** 20)
    }
  }
  const recording = {
    name: 'long',
    head: Buffer.concat([Buffer.from(csvHead), csvRows(0, 100)]),
    chunks: chunks(),
  }
  await replayRecording(recording, documents, () => {})
  return [resident[Math.floor(resident.length / 10)]!, resident.at(-1)!, days * 86_400]
}
