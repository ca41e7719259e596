import { candumpInitial, candumpStep } from '../../device/decoders/can/candump.ts'
import { slcanInitial, slcanStep } from '../../device/decoders/can/slcan.ts'
import { physicalValue } from '../../device/decoders/dbc/read.ts'
import { canLine, gnssLine, peripheralLine } from '../../device/decoders/index.ts'
import { j1939Initial, j1939Step } from '../../device/decoders/j1939/step.ts'
import type { CanFrame } from '../../device/decoders/messages.ts'
import { alarmReport, tyreReport } from '../../sim/hardware/jsatl.ts'
import { plainRaw } from '../device/decoders/dbc/plain.ts'
import { bytesOf, sealed } from '../device/decoders/help.ts'
import { plainAlarm, plainFrames, plainTyres } from '../device/decoders/jsatl/plain.ts'
import {
  type PlainFrame,
  type PlainPart,
  plainCandump,
  plainSlcan,
  plainTransports,
} from '../reference/decoders/can.ts'
import { parameters, plainParameter, tabled } from '../reference/decoders/j1939.ts'
import { plainSentence, plainTypes } from '../reference/decoders/nmea.ts'
import { framing } from './peripheral-agreement.ts'

/**
 * Each decoder beside a second one that is written from the standard alone. A subject makes one random valid frame, reads it
 * with both, and answers how they differ: null when they do not.
 */
export type Chance = () => number
export type Agreement = { readonly name: string; readonly one: (chance: Chance) => string | null }

const below = (chance: Chance, n: number): number => Math.floor(chance() * n)
const pick = <T>(chance: Chance, list: readonly T[]): T => list[below(chance, list.length)]!

/** Equal but for the last bits of a multiplication. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return a === b || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => same((a as never)[key], (b as never)[key]))
}

const difference = (given: string, ours: unknown, theirs: unknown): string | null =>
  same(ours, theirs) ? null : `${given}: ${JSON.stringify(ours)} and ${JSON.stringify(theirs)}`

function field(chance: Chance): string {
  const digits = (n: number): string => String(below(chance, 10 ** n)).padStart(n, '0')
  const kinds: readonly (() => string)[] = [
    () => '',
    () => `${digits(4)}.${digits(1 + below(chance, 6))}`,
    () => `${digits(5)}.${digits(1 + below(chance, 6))}`,
    () =>
      `${digits(2)}${pick(chance, ['15', '59', '60'])}${pick(chance, ['00', '30', '59', '60'])}.${digits(2)}`,
    () => digits(1 + below(chance, 6)),
    () => `${digits(2)}.${digits(1)}`,
    () => `-${digits(2)}.${digits(1)}`,
    () => pick(chance, ['A', 'V', 'N', 'S', 'E', 'W', 'T', 'M', 'K', 'D', 'AANN', 'NNNN']),
    () => pick(chance, ['.5', '5.', '.', '1.2.3', '1e3', '0x1', ' 1', '1000.01']),
  ]
  return pick(chance, kinds)()
}

/** What a receiver would write there; one field in ten is anything. */
const shapes: { readonly [type: string]: string } = {
  RMC: 't A p k c d , , A',
  GGA: 't p q n h a M a M , ,',
  GNS: 't p m n h a a , , V',
  GLL: 'p t A A',
  GSA: 'A q i i i i , , , , , , , , h h h q',
  GSV: 'q q n i e c s i e c s i e c s',
  VTG: 'c T c M k N k K A',
  ZDA: 't D O Y , ,',
  GST: 't h h h c h h h',
  HDT: 'c T',
  THS: 'c A',
  TXT: 'q q q X',
}

function shaped(chance: Chance, letter: string): string {
  const n = (max: number, width = 1): string => String(below(chance, max)).padStart(width, '0')
  switch (letter) {
    case 't':
      return `${n(24, 2)}${n(60, 2)}${n(60, 2)}.${n(1000, 3)}`
    case 'p':
      return `${n(90, 2)}${n(60, 2)}.${n(1e5, 5)},${pick(chance, 'NS'.split(''))},${n(180, 3)}${n(60, 2)}.${n(1e5, 5)},${pick(chance, 'EW'.split(''))}`
    case 'k':
      return `${n(1000)}.${n(1000, 3)}`
    case 'c':
      return chance() < 0.5 ? n(361) : `${n(360)}.${n(10)}`
    case 'd':
      return `${n(32, 2)}${n(14, 2)}${n(100, 2)}`
    case 'q':
      return n(10)
    case 'n':
    case 'i':
      return n(300, 2)
    case 'h':
      return `${n(30)}.${n(100, 2)}`
    case 'a':
      return `${chance() < 0.2 ? '-' : ''}${n(4000)}.${n(10)}`
    case 'm':
      return pick(chance, ['AANN', 'NNNN', 'AADA', 'R', 'N', 'A'])
    case 'e':
      return n(91, 2)
    case 's':
      return chance() < 0.2 ? '' : n(60, 2)
    case 'D':
      return n(33, 2)
    case 'O':
      return n(14, 2)
    case 'Y':
      return String(1975 + below(chance, 100))
    case 'X':
      return pick(chance, ['ANTENNA OPEN', 'ANTENNA SHORT', 'ANTENNA OK', 'ANTSTATUS=OK', 'HW UBX-M8030', ''])
    case ',':
      return ''
    default:
      return letter
  }
}

function nmea(chance: Chance): string | null {
  const type = pick(chance, plainTypes)
  const fields = shapes[type]!.split(' ').map((letter) =>
    chance() < 0.1 ? field(chance) : shaped(chance, letter),
  )
  const cut = chance() < 0.05 ? fields.slice(0, below(chance, fields.length)) : fields
  const body = [
    `${pick(chance, ['GP', 'GN', 'GL', 'GA', 'BD', 'GB', 'GQ', 'QZ', 'II'])}${type}`,
    ...cut,
  ].join(',')
  const { messages } = gnssLine.step(gnssLine.initial, bytesOf(`${sealed(body)}\r\n`))
  return messages.length === 1
    ? difference(body, messages[0], plainSentence(body))
    : `${body}: ${messages.length}`
}

const hex = (chance: Chance, digits: number): string =>
  Array.from({ length: digits }, () => '0123456789abcdef'[below(chance, 16)]).join('')
const cased = (chance: Chance, text: string): string => (chance() < 0.5 ? text : text.toUpperCase())

function told(frames: readonly CanFrame[], ms: number): PlainFrame | null {
  const [frame] = frames
  if (frame === undefined) return null
  const { id, extended, data, t, special } = frame
  const remote = special === 'remote'
  return { id, extended, data: Buffer.from(data).toString('hex'), t: t === null ? null : t * ms, remote }
}

function idText(chance: Chance, extended: boolean): string {
  return extended
    ? below(chance, 0x20000000).toString(16).padStart(8, '0')
    : below(chance, 0x800).toString(16).padStart(3, '0')
}

function slcan(chance: Chance): string | null {
  const extended = chance() < 0.7
  const remote = chance() < 0.1
  const length = below(chance, 9)
  const stamp = chance() < 0.5 ? '' : below(chance, 60_000).toString(16).padStart(4, '0')
  const letter = remote ? (extended ? 'R' : 'r') : extended ? 'T' : 't'
  const digits = `${idText(chance, extended)}${length}${remote ? '' : hex(chance, 2 * length)}${stamp}`
  const text = letter + cased(chance, digits)
  const { frames } = slcanStep(slcanInitial, bytesOf(`${text}\r`))
  return difference(text, told(frames, 1000), plainSlcan(text))
}

function candump(chance: Chance): string | null {
  const extended = chance() < 0.7
  const data = chance() < 0.1 ? 'R' : hex(chance, 2 * below(chance, 9))
  const id = idText(chance, extended)
  const t = `${below(chance, 2e9)}.${String(below(chance, 1e6)).padStart(6, '0')}`
  const text = `(${t}) can${below(chance, 3)} ${cased(chance, id)}#${data === 'R' ? data : cased(chance, data)}`
  const { frames } = candumpStep(candumpInitial, bytesOf(`${text}\n`))
  return difference(text, told(frames, 1), plainCandump(text))
}

function groups(chance: Chance): string | null {
  const pgn = pick(chance, tabled)
  const byte = (): number => (chance() < 0.3 ? 0xf8 + below(chance, 8) : below(chance, 256))
  const data = Uint8Array.from({ length: chance() < 0.9 ? 8 : below(chance, 9) }, byte)
  const id = 0x18000000 + pgn * 256 + below(chance, 256)
  const [message] = j1939Step(j1939Initial, { t: null, id, extended: true, data }).messages
  if (message?.kind !== 'message') return `no message of ${pgn}`
  for (const parameter of parameters) {
    if (parameter[0] !== pgn) continue
    const name = parameter[1]
    const expected = plainParameter(data, parameter)
    const ours = message.errors.includes(name) ? 'error' : message.signals[name]
    const wrong = difference(`${pgn} ${Buffer.from(data).toString('hex')} ${name}`, ours, expected)
    if (wrong !== null) return wrong
  }
  return null
}

/** Three messages in parts, in time with one another, each from another sender. */
function transport(chance: Chance): string | null {
  const queues = [1, 2, 3].map((n) => session(chance, n * 16 + below(chance, 16)))
  const frames: PlainPart[] = []
  while (queues.some((queue) => queue.length > 0)) {
    const queue = pick(chance, queues)
    const next = queue.shift()
    if (next !== undefined) frames.push(next)
  }
  let state = j1939Initial
  const ours: string[] = []
  frames.forEach(({ pgn, sa, da, data }, i) => {
    const id = 0x1c000000 + pgn * 256 + da * 256 + sa
    const step = j1939Step(state, {
      t: i * 0.01,
      id,
      extended: true,
      data: new Uint8Array(Buffer.from(data, 'hex')),
    })
    state = step.state
    for (const m of step.messages)
      if (m.kind === 'transport')
        ours.push(`${m.session} ${m.sa} ${m.da} ${m.pgn} ${Buffer.from(m.payload).toString('hex')}`)
  })
  return difference(JSON.stringify(frames).slice(0, 400), ours, plainTransports(frames))
}

function session(chance: Chance, sa: number): PlainPart[] {
  const size = 9 + below(chance, 60)
  const count = Math.ceil(size / 7)
  const da = chance() < 0.5 ? 255 : 200 + below(chance, 50)
  const le = (value: number, bytes: number): string => {
    const buffer = Buffer.alloc(4)
    buffer.writeUInt32LE(value)
    return buffer.toString('hex', 0, bytes)
  }
  const opening = `${da === 255 ? '20' : '10'}${le(size, 2)}${le(count, 1)}ff${le(below(chance, 2 ** 18), 3)}`
  const parts = Array.from({ length: count }, (_, i) => ({
    pgn: 60_160,
    sa,
    da,
    data: le(i + 1, 1) + hex(chance, 14),
  }))
  return [{ pgn: 60_416, sa, da, data: opening }, ...parts]
}

function jsatl(chance: Chance): string | null {
  const bytes = alarmReport({
    ...{
      device: pick(chance, ['adas', 'dsm', 'bsd'] as const),
      type: below(chance, 20),
      alarmId: below(chance, 2 ** 32),
    },
    ...(chance() < 0.5 ? {} : { level: pick(chance, [1, 2] as const) }),
    ...{ own: Array.from({ length: 5 }, () => below(chance, 256)), speedKmh: below(chance, 256) },
    ...{ atMs: below(chance, 4e12), attachments: below(chance, 4), sequence: below(chance, 65_536) },
    ...{ lat: chance() * 90, lon: chance() * 180 },
  })
  const { messages } = peripheralLine.step(peripheralLine.initial, bytes)
  const ours = messages.flatMap((m) =>
    m.kind === 'alarm'
      ? [
          {
            alarmId: m.alarmId,
            type: m.type,
            level: m.level,
            speedKmh: m.speedKmh,
            attachments: m.attachments,
            sentAt: m.sentAt,
          },
        ]
      : [],
  )
  return difference(Buffer.from(bytes).toString('hex'), ours, plainFrames(bytes).frames.map(plainAlarm))
}

const bits = ['regular', 'high', 'low', 'hot', 'sensor', 'imbalance', 'slow-leak', 'battery'] as const

function tyres(chance: Chance): string | null {
  const bytes = tyreReport({
    ...{ alarmId: below(chance, 2 ** 32), flag: below(chance, 3) as 0 | 1 | 2, speedKmh: below(chance, 256) },
    tyres: Array.from({ length: below(chance, 8) }, () => ({
      ...{
        tyre: below(chance, 256),
        bits: bits.filter(() => chance() < 0.3),
        pressureKpa: below(chance, 65_536),
      },
      ...{ temperatureC: below(chance, 65_536) - 32_768, batteryPct: below(chance, 65_536) },
    })),
  })
  const { messages } = peripheralLine.step(peripheralLine.initial, bytes)
  const ours = messages.flatMap((m) =>
    m.kind === 'tyres' ? [{ alarmId: m.alarmId, flag: m.flag, speedKmh: m.speedKmh, tyres: m.tyres }] : [],
  )
  return difference(Buffer.from(bytes).toString('hex'), ours, plainFrames(bytes).frames.map(plainTyres))
}

function dbc(chance: Chance): string | null {
  const order = pick(chance, ['intel', 'motorola'] as const)
  const signed = chance() < 0.5
  const [start, bits] = [below(chance, 64), 1 + below(chance, 64)]
  const data = new Uint8Array(Buffer.from(hex(chance, 2 * below(chance, 9)), 'hex'))
  const form = signed ? ('signed' as const) : ('unsigned' as const)
  const shape = { name: 's', start, bits, order, form, factor: 1, offset: 0, range: null, unit: '' }
  const ours = physicalValue({ ...shape, multiplex: { is: 'always' } }, data, data.length)
  const theirs = plainRaw({ start, bits, order, signed }, data)
  return difference(`${order} ${start}|${bits} ${signed}`, ours, theirs === null ? null : Number(theirs))
}

export const agreements: readonly Agreement[] = [
  { name: 'NMEA, 12 sentences', one: nmea },
  { name: 'SLCAN', one: slcan },
  { name: 'candump', one: candump },
  { name: 'J1939, groups', one: groups },
  { name: 'J1939, transport (three messages each)', one: transport },
  {
    name: 'T/JSATL 12, framing (0x64 to 0x67, any other)',
    one: (chance) => {
      const { given, ours, theirs } = framing(chance)
      return difference(given, ours, theirs)
    },
  },
  { name: 'T/JSATL 12, alarms', one: jsatl },
  { name: 'T/JSATL 12, tyres', one: tyres },
  { name: 'DBC, signals', one: dbc },
]

/** The line of the vehicle's bus, for those who damage it. */
export const busLines = { slcan: canLine('slcan'), candump: canLine('candump') }
