import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDbc } from '../../../../device/decoders/dbc/parse.ts'
import {
  type DbcReader,
  dbcReader,
  physicalValue,
  readDbcFrame,
} from '../../../../device/decoders/dbc/read.ts'
import { canLine } from '../../../../device/decoders/index.ts'
import type { CanMessage } from '../../../../device/decoders/messages.ts'
import { bytesOf, haveRecordings, readLine, recordings } from '../help.ts'
import { plainRaw } from './plain.ts'

const dbcOf = (text: string) => {
  const result = parseDbc(text)
  if (result.is === 'bad') throw new Error(`line ${result.problem.line}: ${result.problem.reason}`)
  return result.dbc
}
const problemOf = (text: string) => {
  const result = parseDbc(text)
  return result.is === 'bad' ? result.problem : null
}
const readerOf = (text: string, names: { [theirs: string]: string }): DbcReader => {
  const result = dbcReader(dbcOf(text), names)
  if (result.is === 'bad') throw new Error(result.reason)
  return result.reader
}
const refusal = (text: string, names: { [theirs: string]: string }) => {
  const result = dbcReader(dbcOf(text), names)
  return result.is === 'bad' ? result : null
}
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))

const bus = `VERSION "1"
NS_ :
	CM_
	BA_
BS_:
BU_: ECU Dash

BO_ 500 Drive: 8 ECU
 SG_ Speed : 0|16@1+ (0.01,0) [0|300] "km/h" Dash
 SG_ Torque : 23|12@0- (0.5,-100) [-1124|923.5] "Nm" Dash,Other
 SG_ Doors : 40|2@1+ (1,0) [0|0] "" Dash

BO_ 501 Cells: 8 ECU
 SG_ Which M : 0|8@1+ (1,0) [0|255] "" Dash
 SG_ VoltA m0 : 8|16@1+ (0.001,0) [0|65] "V" Dash
 SG_ VoltB m1 : 8|16@1+ (0.001,0) [0|65] "V" Dash
 SG_ Nested m2M : 24|8@1+ (1,0) [0|0] "" Dash

BO_ 2147484148 Wide: 8 ECU
 SG_ Ratio : 0|32@1- (1,0) [0|0] "" Dash
 SG_ Precise : 7|64@0- (1,0) [0|0] "" Dash
BO_ 3221225472 VECTOR__INDEPENDENT_SIG_MSG: 0 Vector__XXX
 SG_ Orphan : 0|8@1+ (1,0) [0|0] "" Vector__XXX

CM_ SG_ 500 Speed "of the wheels;
BO_ is written here, over
SG_ three lines";
BA_DEF_ "BusType" STRING ;
VAL_ 500 Doors 0 "shut" 1 "open" ;
SIG_VALTYPE_ 2147484148 Ratio : 1;
SIG_VALTYPE_ 2147484148 Precise : 2;
`

describe('a DBC file', () => {
  test('is read as far as it says where signals lie', () => {
    const [drive, cells, wide] = dbcOf(bus).messages
    expect(drive).toMatchObject({ name: 'Drive', id: 500, extended: false, j1939: false, bytes: 8 })
    expect(drive!.signals[1]).toEqual({
      ...{
        name: 'Torque',
        start: 23,
        bits: 12,
        order: 'motorola',
        form: 'signed',
        factor: 0.5,
        offset: -100,
      },
      ...{ range: { min: -1124, max: 923.5 }, unit: 'Nm', multiplex: { is: 'always' } },
    })
    expect(drive!.signals[2]!.range).toBeNull()
    expect(cells!.signals.map(({ multiplex }) => multiplex)).toEqual([
      { is: 'selector' },
      { is: 'selected', by: 0 },
      { is: 'selected', by: 1 },
      { is: 'nested' },
    ])
    expect(wide).toMatchObject({ id: 500, extended: true, j1939: false })
    expect(wide!.signals.map(({ form }) => form)).toEqual(['float', 'double'])
  })

  test('marks groups by its attribute, its default or the null address', () => {
    const two = (rest: string) =>
      dbcOf(`BO_ 2566844672 A: 8 E\nBO_ 2566844673 B: 8 E\nBO_ 2566844926 C: 8 E\nBO_ 5 D: 8 E\n${rest}`)
        .messages.filter(({ j1939 }) => j1939)
        .map(({ name }) => name)
    const formats = 'BA_DEF_ BO_ "VFrameFormat" ENUM "StandardCAN","ExtendedCAN","J1939PG";\n'
    expect(two('')).toEqual(['C'])
    expect(two(`${formats}BA_ "VFrameFormat" BO_ 2566844673 2;`)).toEqual(['B', 'C'])
    expect(two(`${formats}BA_ "VFrameFormat" BO_ 2566844673 1;`)).toEqual(['C'])
    expect(
      two(`${formats}BA_DEF_DEF_ "VFrameFormat" "J1939PG";\nBA_ "VFrameFormat" BO_ 2566844672 1;`),
    ).toEqual(['B', 'C'])
    expect(two(`${formats}BA_ "VFrameFormat" BO_ 77 2;`)).toEqual(['C'])
  })

  test('with line ends of any kind, a mark at its head, or nothing in it', () => {
    const plain = dbcOf(bus).messages
    expect(dbcOf(bus.replaceAll('\n', '\r\n')).messages).toEqual(plain)
    expect(dbcOf(`\uFEFF${bus}`).messages).toEqual(plain)
    expect(dbcOf('')).toEqual({ messages: [], ignored: 0 })
  })

  test.each([
    ['BO_ 500 Drive 8 ECU', 1, /no "BO_/],
    ['\n\nBO_ 500 A: 8 E\n SG_ Speed : 0|16@2+ (1,0) [0|0] "" D', 4, /no "SG_/],
    [' SG_ Speed : 0|16@1+ (1,0) [0|0] "" D', 1, /before the first message/],
    ['BO_ 2048 A: 8 E', 1, /no id/],
    ['BO_ 2684354560 A: 8 E', 1, /no id/],
    ['BO_ 4294967296 A: 8 E', 1, /no id/],
    ['BO_ 5 A: 1786 E', 1, /1785/],
    ['BO_ 5 A: 8 E\nBO_ 5 B: 8 E', 2, /second time/],
    ['BO_ 5 A: 1 E\n SG_ S : 0|9@1+ (1,0) [0|0] "" D', 2, /beyond/],
    ['BO_ 5 A: 1 E\n SG_ S : 7|9@0+ (1,0) [0|0] "" D', 2, /beyond/],
    ['BO_ 5 A: 8 E\n SG_ S : 0|0@1+ (1,0) [0|0] "" D', 2, /0 bits/],
    ['BO_ 5 A: 20 E\n SG_ S : 0|65@1+ (1,0) [0|0] "" D', 2, /65 bits/],
    ['BO_ 5 A: 8 E\n SG_ S : 0|8@1+ (0,0) [0|0] "" D', 2, /factor 0/],
    ['BO_ 5 A: 8 E\n SG_ S : 0|8@1+ (1,0) [0|0] "" D\n SG_ S : 8|8@1+ (1,0) [0|0] "" D', 3, /second time/],
    ['BO_ 5 A: 8 E\n SG_ S M : 0|8@1+ (1,0) [0|0] "" D\n SG_ T M : 8|8@1+ (1,0) [0|0] "" D', 3, /selector/],
    ['BO_ 5 A: 8 E\nSIG_VALTYPE_ 5 S : 1;', 2, /no signal S/],
    ['BO_ 5 A: 8 E\n SG_ S : 0|16@1+ (1,0) [0|0] "" D\nSIG_VALTYPE_ 5 S : 1;', 3, /no float/],
    ['SIG_VALTYPE_ 5 S : 7;', 1, /no "SIG_VALTYPE_/],
  ])('that is wrong is told with the line: %j', (text, line, reason) => {
    expect(problemOf(text)?.line).toBe(line)
    expect(problemOf(text)?.reason).toMatch(reason)
  })

  test('just inside these limits is right', () => {
    expect(problemOf('BO_ 2047 A: 1785 E')).toBeNull()
    expect(problemOf('BO_ 2684354559 A: 8 E')).toBeNull()
    expect(
      problemOf('BO_ 5 A: 1 E\n SG_ S : 0|8@1+ (1,0) [0|0] "" D\n SG_ T : 7|8@0+ (1,0) [0|0] "" D'),
    ).toBeNull()
    expect(problemOf('BO_ 5 A: 8 E\n SG_ S : 0|64@1+ (1e-3,-2.5E2) [-1.5|.5] "" D')).toBeNull()
  })

  test('whatever it holds is answered, never thrown', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom(...bus.split('\n')),
      fc.constantFrom('BO_', 'SG_', '"', 'CM_ "', 'BO_ 1 A: 8 E', ' SG_ S m1 : 0|8@1+ (1,0) [0|0] "" D'),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const result = parseDbc(lines.join('\n'))
        if (result.is === 'bad') expect(result.problem.line).toBeLessThanOrEqual(lines.length)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('names of ours', () => {
  test.each([
    ['Nothing', /no such/],
    ['Drive.VoltA', /no such/],
    ['Nested', /selector inside/],
  ])('cannot stand for %s', (name, reason) => {
    expect(refusal(bus, { [name]: 'wheelSpeedKmh' })).toMatchObject({
      name,
      reason: expect.stringMatching(reason),
    })
  })

  test('need the message where two have the signal, and a selector where one is named', () => {
    const twice =
      'BO_ 1 A: 8 E\n SG_ S : 0|8@1+ (1,0) [0|0] "" D\nBO_ 2 B: 8 E\n SG_ S : 0|8@1+ (2,0) [0|0] "" D'
    expect(refusal(twice, { S: 'x' })?.reason).toMatch(/write A\.S/)
    expect(readDbcFrame(readerOf(twice, { 'B.S': 'x' }), 2, false, hex('05'), 1)).toEqual({ x: 10 })
    expect(readDbcFrame(readerOf(twice, { 'B.S': 'x' }), 1, false, hex('05'), 1)).toBeNull()
    const lost = 'BO_ 1 A: 8 E\n SG_ S m1 : 0|8@1+ (1,0) [0|0] "" D'
    expect(refusal(lost, { S: 'x' })?.reason).toMatch(/does not have/)
  })
})

describe('signals of a frame', () => {
  const reader = readerOf(bus, {
    ...{ Speed: 'wheelSpeedKmh', Torque: 'torque', Doors: 'doorOpen', VoltA: 'a', VoltB: 'b' },
    ...{ Ratio: 'ratio', Precise: 'precise' },
  })
  const drive = (data: string) => readDbcFrame(reader, 500, false, hex(data), data.length / 2)

  test('of both orders, signed, by hand', () => {
    // Speed 0x2134 = 8500 -> 85 km/h; torque bits 0x801 = -2047 -> -1123.5; doors 1.
    expect(drive('3421801000010000')).toEqual({ wheelSpeedKmh: 85, torque: -1123.5, doorOpen: 1 })
    expect(drive('34217ff000000000')).toMatchObject({ torque: 923.5 })
  })

  test('outside their range are unknown; half a step beyond its end is rounding', () => {
    expect(drive('30750000000000')).toMatchObject({ wheelSpeedKmh: 300 })
    expect(drive('31750000000000')).toMatchObject({ wheelSpeedKmh: null })
  })

  test('of a frame too short for them are unknown', () => {
    expect(drive('34')).toEqual({ wheelSpeedKmh: null, torque: null, doorOpen: null })
    expect(drive('3421')).toMatchObject({ wheelSpeedKmh: 85, torque: null })
  })

  test('are those that the selector selects', () => {
    const cells = (data: string) => readDbcFrame(reader, 501, false, hex(data), 8)
    expect(cells('0010270000000000')).toEqual({ a: 10 })
    expect(cells('0110270000000000')).toEqual({ b: 10 })
    expect(cells('0210270000000000')).toBeNull()
  })

  test('are found by the whole id: 11 and 29 bits are two worlds', () => {
    const wide = (id: number, extended: boolean) =>
      readDbcFrame(reader, id, extended, hex('0000c03f00000000'), 8)
    expect(wide(500, true)).toMatchObject({ ratio: 1.5 })
    expect(wide(501, true)).toBeNull()
    expect(wide(502, false)).toBeNull()
  })

  test('as doubles, and as a double that is no number', () => {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setFloat64(0, -1234.5678)
    expect(readDbcFrame(reader, 500, true, bytes, 8)).toMatchObject({ precise: -1234.5678 })
    expect(readDbcFrame(reader, 500, true, hex('7ff8000000000000'), 8)).toMatchObject({ precise: null })
  })

  test('agree with bits laid in a row, for every place and length', () => {
    const signal = fc.record({
      start: fc.integer({ min: 0, max: 63 }),
      bits: fc.integer({ min: 1, max: 64 }),
      order: fc.constantFrom('intel' as const, 'motorola' as const),
      signed: fc.boolean(),
      data: fc.uint8Array({ minLength: 0, maxLength: 8 }),
    })
    fc.assert(
      fc.property(signal, ({ start, bits, order, signed, data }) => {
        const form = signed ? ('signed' as const) : ('unsigned' as const)
        const shape = { name: 's', start, bits, order, form, factor: 1, offset: 0, range: null, unit: '' }
        const expected = plainRaw({ start, bits, order, signed }, data)
        const told = physicalValue({ ...shape, multiplex: { is: 'always' } }, data, data.length)
        expect(told).toBe(expected === null ? null : Number(expected))
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('a line with a DBC file', () => {
  const reader = readerOf(bus, { Speed: 'wheelSpeedKmh' })

  test('tells 11-bit frames beside the groups, whatever way they were cut', () => {
    const text = 't1F4834210000000000001234\rT18FEF1008FF0050FFFFFFFFFF\rr1F48\r'
    const told = readLine(canLine('slcan', reader), bytesOf(text))
    expect(told.map(({ kind }) => kind)).toEqual(['dbc', 'message'])
    expect(told[0]).toEqual({ kind: 'dbc', t: 4.66, id: 500, signals: { wheelSpeedKmh: 85 } })
    for (let cut = 0; cut < text.length; cut++)
      expect(readLine(canLine('slcan', reader), bytesOf(text), [cut])).toEqual(told)
  })

  test('reads a group that came in pieces', () => {
    const long = `BO_ 2566841342 EC1: 40 E
 SG_ Point5 : 96|16@1+ (0.125,0) [0|8031.875] "rpm" E`
    const payload = new Uint8Array(40)
    payload.set([0x40, 0x1f], 12)
    const packet = (n: number) => {
      const bytes = new Uint8Array(7).fill(0xff)
      bytes.set(payload.subarray((n - 1) * 7, n * 7))
      return `T18EBFF008${n.toString(16).padStart(2, '0')}${Buffer.from(bytes).toString('hex')}\r`
    }
    const text = `T18ECFF00820280006FFE3FE00\r${[1, 2, 3, 4, 5, 6].map(packet).join('')}`
    const told = readLine(canLine('slcan', readerOf(long, { Point5: 'rpm' })), bytesOf(text))
    expect(told.map(({ kind }) => kind)).toEqual(['transport', 'dbc'])
    expect(told[1]).toMatchObject({ signals: { rpm: 1000 } })
  })
})

describe.skipIf(!haveRecordings)(
  'a recording with the DBC file that came with it (../shared/data/can/css)',
  () => {
    const folder = new URL('can/css/', recordings)
    const text = (name: string) => readFileSync(new URL(name, folder), 'utf8')

    test('says what the groups say, signal by signal', () => {
      const names = { EngineSpeed: 'rpm', WheelBasedVehicleSpeed: 'kmh' }
      const reader = readerOf(text('CSS-Electronics-SAE-J1939-DEMO.dbc'), names)
      const log = gunzipSync(readFileSync(new URL('css_11111111_2021-10-25.candump.gz', folder)))
      const told = readLine(canLine('candump', reader), log.subarray(0, 4_000_000))
      const groups = (pgn: number, name: string): unknown[] =>
        told.flatMap((m: CanMessage) =>
          m.kind === 'message' && m.pgn === pgn ? [m.signals[name] ?? null] : [],
        )
      const dbc = (name: string): unknown[] =>
        told.flatMap((m: CanMessage) => (m.kind === 'dbc' && name in m.signals ? [m.signals[name]] : []))
      expect(dbc('rpm').length).toBeGreaterThan(100)
      expect(dbc('rpm')).toEqual(groups(61_444, 'engineSpeedRpm'))
      expect(dbc('kmh').length).toBeGreaterThan(100)
      expect(dbc('kmh')).toEqual(groups(65_265, 'wheelSpeedKmh'))
    })

    test('of the transport protocol is read too', () => {
      const [message] = dbcOf(text('tp_j1939.dbc')).messages
      expect(message).toMatchObject({ name: 'EC1', bytes: 40, j1939: true })
    })
  },
)

describe('at the edge of what a file may say', () => {
  const one = (signal: string, message = 'BO_ 500 Drive: 8 ECU'): string => `${message}\n SG_ ${signal}\n`
  const reason = (text: string): string | null => problemOf(text)?.reason ?? null

  test.each([
    ['BO_ 2047 A: 8 E', null],
    ['BO_ 2048 A: 8 E', '2048 is no id of 11 or 29 bits'],
    ['BO_ 2147483648 A: 8 E', null],
    ['BO_ 2684354559 A: 8 E', null],
    ['BO_ 2684354560 A: 8 E', '2684354560 is no id of 11 or 29 bits'],
    ['BO_ 4294967296 A: 8 E', '4294967296 is no id of 11 or 29 bits'],
  ])('%s', (text, expected) => {
    expect(reason(text)).toBe(expected)
  })

  test.each([
    ['intel, the first bit', 'A : 0|1@1+ (1,0) [0|0] "" X', true],
    ['intel, the last bit', 'A : 63|1@1+ (1,0) [0|0] "" X', true],
    ['intel, one beyond', 'A : 63|2@1+ (1,0) [0|0] "" X', false],
    ['intel, all of them', 'A : 0|64@1+ (1,0) [0|0] "" X', true],
    ['intel, no bit', 'A : 0|0@1+ (1,0) [0|0] "" X', false],
    ['intel, too many bits', 'A : 0|65@1+ (1,0) [0|0] "" X', false],
    ['motorola, all of them', 'A : 7|64@0+ (1,0) [0|0] "" X', true],
    ['motorola, one beyond', 'A : 6|64@0+ (1,0) [0|0] "" X', false],
    ['motorola, the last bit', 'A : 56|1@0+ (1,0) [0|0] "" X', true],
    ['motorola, one beyond the last byte', 'A : 56|2@0+ (1,0) [0|0] "" X', false],
    ['motorola, the last byte', 'A : 63|8@0+ (1,0) [0|0] "" X', true],
    ['motorola, nine bits from there', 'A : 63|9@0+ (1,0) [0|0] "" X', false],
    ['motorola, over three bytes', 'A : 40|18@0+ (1,0) [0|0] "" X', false],
    ['motorola, over three bytes that are there', 'A : 40|17@0+ (1,0) [0|0] "" X', true],
  ])('%s', (_, signal, good) => {
    expect(reason(one(signal)) === null).toBe(good)
  })

  test('the slack of a range is half a step, not more', () => {
    const signal = dbcOf(one('A : 0|16@1+ (2,0) [10|20] "" X')).messages[0]!.signals[0]!
    const value = (raw: number) => physicalValue(signal, Uint8Array.of(raw & 255, raw >> 8), 2)
    expect([4, 5, 10, 11].map(value)).toEqual([null, 10, 20, null])
    const narrow = dbcOf(one('A : 0|16@1+ (1,0) [9.5|20.5] "" X')).messages[0]!.signals[0]!
    const near = (raw: number) => physicalValue(narrow, Uint8Array.of(raw, 0), 2)
    expect([8, 9, 21, 22].map(near)).toEqual([null, 9, 21, null])
  })

  test('an id of the file goes before the group that has the same number', () => {
    const group = `BO_ 2566844926 Group: 8 E
 SG_ A : 0|8@1+ (1,0) [0|0] "" X
BO_ 2566844672 Own: 8 E
 SG_ B : 8|8@1+ (1,0) [0|0] "" X
BA_DEF_ BO_ "VFrameFormat" ENUM "StandardCAN","ExtendedCAN","reserved","J1939PG";
BA_ "VFrameFormat" BO_ 2566844926 3;
`
    const reader = readerOf(group, { A: 'a', B: 'b' })
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
    expect(readDbcFrame(reader, 0x18fef100, true, data, 8)).toEqual({ b: 2 })
    expect(readDbcFrame(reader, 0x18fef17f, true, data, 8)).toEqual({ a: 1 })
    expect(readDbcFrame(reader, 0x18fef200, true, data, 8)).toBeNull()
  })

  test('numbers of more than 32 bits, with and without a sign', () => {
    const value = (sign: '+' | '-', bits: number, bytes: string): number | null => {
      const text = one(`A : 0|${bits}@1${sign} (1,0) [0|0] "" X`)
      return physicalValue(dbcOf(text).messages[0]!.signals[0]!, hex(bytes), 8)
    }
    expect(value('+', 33, 'FFFFFFFF01000000')).toBe(2 ** 33 - 1)
    expect(value('-', 33, 'FFFFFFFF01000000')).toBe(-1)
    expect(value('-', 33, 'FFFFFFFF00000000')).toBe(2 ** 32 - 1)
    expect(value('-', 33, '0000000001000000')).toBe(-(2 ** 32))
    expect(value('+', 48, '010000000080FFFF')).toBe(2 ** 47 + 1)
    expect(value('-', 48, '010000000080FFFF')).toBe(-(2 ** 47) + 1)
    expect(value('-', 48, 'FFFFFFFFFF7F0000')).toBe(2 ** 47 - 1)
    expect(value('-', 32, 'FFFFFFFF00000000')).toBe(-1)
    expect(value('-', 32, 'FFFFFF7F00000000')).toBe(2 ** 31 - 1)
    expect(value('-', 64, 'FEFFFFFFFFFFFFFF')).toBe(-2)
    expect(value('-', 1, '0100000000000000')).toBe(-1)
  })
})
