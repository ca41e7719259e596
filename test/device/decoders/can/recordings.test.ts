import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { candumpInitial, candumpStep } from '../../../../device/decoders/can/candump.ts'
import { slcanInitial, slcanStep } from '../../../../device/decoders/can/slcan.ts'
import { canLine } from '../../../../device/decoders/index.ts'
import { splitId } from '../../../../device/decoders/j1939/id.ts'
import { j1939Initial, j1939Step } from '../../../../device/decoders/j1939/step.ts'
import type { CanFrame, CanMessage, GroupMessage } from '../../../../device/decoders/messages.ts'
import { bytesOf, haveRecordings, readLine, recordings, seeded } from '../help.ts'

type Summary = {
  readonly frames: number
  readonly malformed_lines: number
  readonly std11: number
  readonly t_first: number | null
  readonly t_last: number | null
  readonly distinct_pgn: number
  readonly pgn_counts: { readonly [pgn: string]: number }
  readonly ccvs_speed: Range | null
  readonly eec1_rpm: Range | null
  readonly brake_switch_counts: { readonly [value: string]: number }
  readonly parking_brake_counts: { readonly [value: string]: number }
  readonly total_vehicle_distance_km_spn245: number | null
  readonly tp_completed: number
}
type Range = { readonly n: number; readonly min: number; readonly max: number; readonly mean: number }
type Session = readonly [
  t: number,
  kind: string,
  sa: number,
  da: number,
  pgn: number,
  size: number,
  payload: string,
]

const json = (path: string) => JSON.parse(readFileSync(new URL(path, recordings), 'utf8'))
const summary: { [file: string]: Summary } = haveRecordings ? json('expected/can/SUMMARY.json') : {}
const files = Object.keys(summary)

const logs = new Map<string, Uint8Array>()
function log(file: string): Uint8Array {
  const known = logs.get(file)
  if (known !== undefined) return known
  const stored = readFileSync(new URL(file, recordings))
  const bytes = file.endsWith('.gz') ? gunzipSync(stored) : stored
  logs.set(file, bytes)
  return bytes
}

function messagesOf(frames: readonly CanFrame[]): CanMessage[] {
  let state = j1939Initial
  return frames.flatMap((frame) => {
    const step = j1939Step(state, frame)
    state = step.state
    return step.messages
  })
}

const groupsOf = (messages: readonly CanMessage[], pgn: number): GroupMessage[] =>
  messages.filter((message) => message.kind === 'message').filter((message) => message.pgn === pgn)

function values(messages: readonly CanMessage[], pgn: number, name: string): number[] {
  return groupsOf(messages, pgn)
    .map(({ signals }) => signals[name])
    .filter((value) => typeof value === 'number')
}

function expectRange(told: readonly number[], expected: Range | null): void {
  expect(told).toHaveLength(expected?.n ?? 0)
  if (expected === null) return
  expect(Math.min(...told)).toBeCloseTo(expected.min, 6)
  expect(Math.max(...told)).toBeCloseTo(expected.max, 6)
  expect(told.reduce((sum, value) => sum + value, 0) / told.length).toBeCloseTo(expected.mean, 2)
}

function switchCounts(messages: readonly CanMessage[], name: string): { [value: string]: number } {
  const counts: { [value: string]: number } = {}
  for (const { signals } of groupsOf(messages, 65265)) {
    const key = String(Number(signals[name]))
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

describe.skipIf(!haveRecordings)('logs of real vehicles (needs ../shared/data)', () => {
  test.each(files)('%s: frames and groups as another reader counts them', (file) => {
    const expected = summary[file]!
    const { frames, malformed } = candumpStep(candumpInitial, log(file))
    expect(frames).toHaveLength(expected.frames)
    expect(malformed).toHaveLength(expected.malformed_lines)
    expect(frames.filter(({ extended }) => !extended)).toHaveLength(expected.std11)
    expect(frames.at(0)?.t ?? null).toBe(expected.t_first)
    expect(frames.at(-1)?.t ?? null).toBe(expected.t_last)
    const pgns: { [pgn: string]: number } = {}
    for (const { id, extended } of frames)
      if (extended) pgns[splitId(id).pgn] = (pgns[splitId(id).pgn] ?? 0) + 1
    expect(pgns).toMatchObject(expected.pgn_counts)
    expect(Object.keys(pgns)).toHaveLength(expected.distinct_pgn)
  })

  test.each(files)('%s: signals as another reader reads them', (file) => {
    const expected = summary[file]!
    const messages = messagesOf(candumpStep(candumpInitial, log(file)).frames)
    expectRange(values(messages, 65265, 'wheelSpeedKmh'), expected.ccvs_speed)
    expectRange(values(messages, 61444, 'engineSpeedRpm'), expected.eec1_rpm)
    expect(switchCounts(messages, 'brakeSwitch')).toEqual(expected.brake_switch_counts)
    expect(switchCounts(messages, 'parkingBrake')).toEqual(expected.parking_brake_counts)
    expect(values(messages, 65248, 'totalDistanceKm').at(-1) ?? null).toBe(
      expected.total_vehicle_distance_km_spn245,
    )
  })

  test.each(files)('%s: the first speed and engine speed of each second', (file) => {
    const expected: { [second: string]: { readonly rpm?: number; readonly v?: number } } = json(
      `expected/can/${file.split('/').at(-1)}.1hz.json`,
    )
    const { frames } = candumpStep(candumpInitial, log(file))
    const told: { [second: string]: { rpm?: number; v?: number } } = {}
    const start = frames[0]?.t ?? 0
    for (const message of messagesOf(frames)) {
      if (message.kind !== 'message') continue
      const second = String(Math.floor(message.t! - start))
      const { engineSpeedRpm: rpm, wheelSpeedKmh: v } = message.signals
      if (typeof rpm === 'number') (told[second] ??= {}).rpm ??= rpm
      if (typeof v === 'number') (told[second] ??= {}).v ??= v
    }
    expect(told).toEqual(expected)
  })

  test.each(files)('%s: every transport session, byte for byte', (file) => {
    const rows: readonly Session[] = json(`expected/can/${file.split('/').at(-1)}.tp.json`).rows
    const done = messagesOf(candumpStep(candumpInitial, log(file)).frames).filter(
      ({ kind }) => kind === 'transport',
    )
    const told = done.map((message) => {
      if (message.kind !== 'transport') throw new Error('not a session')
      const { t, session, sa, da, pgn, size, payload } = message
      return [t, session.toUpperCase(), sa, da, pgn, size, Buffer.from(payload).toString('hex')]
    })
    expect(told).toEqual(rows)
    expect(told).toHaveLength(summary[file]!.tp_completed)
  })

  test('the line in one go says the same as its two steps, however it is cut', () => {
    const line = canLine('candump')
    const bytes = log('can/css/css_11111111_2021-10-25.candump.gz').subarray(0, 300_000)
    const chance = seeded(77)
    const cuts = Array.from({ length: 3000 }, () => Math.floor(chance() * bytes.length))
    const apart = messagesOf(candumpStep(candumpInitial, bytes).frames)
    expect(readLine(line, bytes).filter(({ kind }) => kind !== 'discarded')).toEqual(apart)
    expect(readLine(line, bytes, cuts)).toEqual(readLine(line, bytes))
  })

  test('the same log as an adapter would write it says the same', () => {
    const { frames } = candumpStep(
      candumpInitial,
      log('can/css/css_11111111_2021-10-25.candump.gz').subarray(0, 300_000),
    )
    const text = frames.map(({ id, extended, data }) => {
      const digits = id
        .toString(16)
        .toUpperCase()
        .padStart(extended ? 8 : 3, '0')
      return `${extended ? 'T' : 't'}${digits}${data.length}${Buffer.from(data).toString('hex').toUpperCase()}\r`
    })
    const untimed = frames.map((frame) => ({ ...frame, t: null }))
    const bytes = bytesOf(text.join(''))
    expect(slcanStep(slcanInitial, bytes).frames).toEqual(untimed)
    expect(readLine(canLine('slcan'), bytes)).toEqual(messagesOf(untimed))
  })

  test('logs of boats, which speak another language on the same bus, are frames without our groups', () => {
    for (const file of ['candump-fast.txt', 'candumpSample2.txt']) {
      const step = canLine('candump').step(canLine('candump').initial, log(`can/canboat/${file}`))
      expect(step.frames).toBeGreaterThan(10)
      expect(step.messages.filter(({ kind }) => kind === 'discarded')).toEqual([])
    }
  })
})
