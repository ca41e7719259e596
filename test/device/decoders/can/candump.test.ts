import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { candumpEnd, candumpInitial, candumpStep } from '../../../../device/decoders/can/candump.ts'
import { canLine } from '../../../../device/decoders/index.ts'
import { bytesOf, damaged, readLine, seeded } from '../help.ts'

function read(text: string) {
  const step = candumpStep(candumpInitial, bytesOf(text))
  const end = candumpEnd(step.state)
  return { frames: [...step.frames, ...end.frames], malformed: step.malformed.length + end.malformed.length }
}

const ccvs = { id: 0x18fef100, extended: true, data: Uint8Array.of(0xff, 0, 0x50, 1, 2, 3, 4, 5) }

describe('the forms of candump', () => {
  test.each([
    ['log file', '(1635188455.020850) can1 18FEF100#FF00500102030405', 1635188455.02085],
    ['log file with direction', '(1635188455.020850) can1 18FEF100#FF00500102030405 R', 1635188455.02085],
    ['small letters', '(0.5) vcan0 18fef100#ff00500102030405', 0.5],
    ['nanoseconds', '(1635188455.020850123) can1 18FEF100#FF00500102030405', 1635188455.02085],
    ['whole seconds', '(7) vcan0 18FEF100#FF00500102030405', 7],
    ['spaced', ' (010.000001)  can1  18FEF100   [8]  FF 00 50 01 02 03 04 05', 10.000001],
    ['spaced without time', '  can0  18FEF100   [8]  FF 00 50 01 02 03 04 05', null],
    ['spaced with the bytes as text', "  can0  18FEF100   [8]  FF 00 50 01 02 03 04 05   '..P.....'", null],
    ['tabs and trailing blanks', 'can0\t18FEF100 [8] FF 00 50 01 02 03 04 05 \t', null],
  ])('%s', (_, text, t) => {
    expect(read(`${text}\n`)).toEqual({ frames: [{ t, ...ccvs }], malformed: 0 })
    expect(read(`${text}\r\n`).frames).toEqual([{ t, ...ccvs }])
    expect(read(text).frames).toEqual([{ t, ...ccvs }])
  })

  test('three digits are a standard frame, and it may be empty', () => {
    const empty = { t: null, id: 0x123, extended: false, data: new Uint8Array(0) }
    expect(read('(1.0) can0 123#\ncan0  123   [0]\n')).toEqual({
      frames: [{ ...empty, t: 1 }, empty],
      malformed: 0,
    })
  })

  test.each([
    ['remote', '(1.0) can0 18FEF100#R'],
    ['remote', '(1.0) can0 18FEF100#R8'],
    ['remote', 'can0  18FEF100   [8]  remote request'],
    ['fd', '(1.0) can0 18FEF100##1001122334455667788990011'],
    ['fd', 'can0  18FEF100  [12]  00 11 22 33 44 55 66 77 88 99 00 11'],
    ['error', '(1.0) can0 20000004#0001000000000000'],
    ['error', 'can0  20000004   [8]  00 01 00 00 00 00 00 00   ERRORFRAME'],
  ])('%s: %s', (special, text) => {
    expect(read(text)).toMatchObject({ frames: [{ special, extended: true }], malformed: 0 })
    expect(readLine(canLine('candump'), bytesOf(text))).toEqual([])
  })

  test('blank and comment lines are skipped, however long', () => {
    expect(read(`\n\n   \n# a comment\n  # another\n#${'c'.repeat(9000)}\n${' '.repeat(300)}\n`)).toEqual({
      frames: [],
      malformed: 0,
    })
  })

  test.each([
    ['no time before the # form', 'can0 18FEF100#FF00500102030405'],
    ['a line number before it', '1 (1612543138.000000) vcan0 18EF000B#0000001B000000B4'],
    ['no interface', '(1.0) 18FEF100#FF00500102030405'],
    ['an odd number of digits', '(1.0) can0 18FEF100#FF005'],
    ['nine bytes', '(1.0) can0 18FEF100#FF0050010203040506'],
    ['five digits of id', '(1.0) can0 18FEF#FF00'],
    ['an id above 11 bits', '(1.0) can0 800#FF00'],
    ['an id above 29 bits', '(1.0) can0 40000000#FF00'],
    ['a word for a time', '(now) can0 18FEF100#FF00'],
    ['an empty time', '() can0 18FEF100#FF00'],
    ['an open time', '(1.0 can0 18FEF100#FF00'],
    ['fewer bytes than told', 'can0  18FEF100   [8]  FF 00 50 01 02 03 04'],
    ['more bytes than told', 'can0  18FEF100   [2]  FF 00 50'],
    ['glued bytes', 'can0  18FEF100   [2]  FF00'],
    ['length nine', 'can0  18FEF100   [9]  FF 00 50 01 02 03 04 05 06'],
    ['a word behind', '(1.0) can0 18FEF100#FF00 hello'],
    ['cut after the id', '(1.0) can0 18FEF100'],
    ['cut inside FD', '(1.0) can0 18FEF100##'],
    ['65 bytes of FD', `(1.0) can0 18FEF100##1${'00'.repeat(65)}`],
    ['an endless line', `(1.0) can0 18FEF100#${'0'.repeat(5000)}`],
    ['another program', '(0.001232) 18F0090B    06 F009 0B --> FF [0008] FFFFFFFFFFFFFFFF'],
  ])('%s is malformed', (_, text) => {
    expect(read(`${text}\n(1.0) can0 123#AB\n`)).toMatchObject({ frames: [{ id: 0x123 }], malformed: 1 })
  })
})

const piece = fc.oneof(
  fc.constantFrom(
    '(1.5) can0 18FEF100#FF00500102030405\n',
    '  can0  123   [2]  FF 00\r\n',
    '# c\n',
    '\n',
    '(',
  ),
  fc.constantFrom(`#${'c'.repeat(300)}`, ' '.repeat(260), 'x'.repeat(260), '(1.5) can0 18FE'),
  fc.string({ unit: 'binary-ascii', maxLength: 12 }),
)

test('however the bytes are cut, the messages are the same', () => {
  const line = canLine('candump')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 12 }), (pieces, at) => {
      const bytes = bytesOf(pieces.join(''))
      const cuts = at.map((n) => n % (bytes.length + 1))
      expect(readLine(line, bytes, cuts)).toEqual(readLine(line, bytes))
    }),
    { numRuns: 2000, seed: 6 },
  )
})

/** The forms as regular expressions: which lines are frames, and of which id and bytes. */
function plainLine(text: string): string | null {
  const hash =
    /^[ \t]*\((\d{1,16}(?:\.\d*)?)\)[ \t]+[^ \t]+[ \t]+([\dA-F]{3}|[\dA-F]{8})#((?:[\dA-F]{2}){0,8})[ \t]*[TR]?[ \t]*$/i
  const spaced =
    /^[ \t]*(?:\((\d{1,16}(?:\.\d*)?)\)[ \t]+|(?!\())([^ \t]+)[ \t]+([\dA-F]{3}|[\dA-F]{8})[ \t]+\[(\d)\]((?:[ \t]+[\dA-F]{2})*)[ \t]*$/i
  const one = hash.exec(text)
  if (one !== null) return `${one[2]}#${one[3]}`.toUpperCase()
  const two = spaced.exec(text)
  if (two === null) return null
  const bytes = two[5]!.match(/[\dA-F]{2}/gi) ?? []
  return bytes.length === Number(two[4]) && bytes.length <= 8
    ? `${two[3]}#${bytes.join('')}`.toUpperCase()
    : null
}

test('a reader of regular expressions agrees on 20,000 damaged lines', () => {
  const chance = seeded(9)
  const forms = [
    '(1635188455.020850) can1 18F00E00#821639C4FFFFFFFF',
    ' (1.5)  can1  123   [3]  82 16 39',
    ' can0  18F00E00   [2]  AA BB',
  ]
  let frames = 0
  for (let i = 0; i < 20_000; i++) {
    const line = String.fromCharCode(...damaged(bytesOf(forms[i % 3]!), chance)).replace(/[\r\n]/g, ' ')
    if (/##|#R|'|ERROR|remote|^[ \t]*#|^[ \t]*$|\[\d\d\]/i.test(line) || line.length > 255) continue
    const told = read(line).frames.map(({ id, extended, data, special }) =>
      special === undefined
        ? `${id.toString(16).padStart(extended ? 8 : 3, '0')}#${Buffer.from(data).toString('hex')}`.toUpperCase()
        : null,
    )
    const expected = plainLine(line)
    const id = Number.parseInt(expected?.split('#')[0] ?? '0', 16)
    if (id > (expected?.indexOf('#') === 3 ? 0x7ff : 0x1fffffff)) continue
    expect({ line, told }).toEqual({ line, told: expected === null ? [] : [expected] })
    frames += told.length
  }
  expect(frames).toBeGreaterThan(1000)
})

describe('one step inside and one step outside', () => {
  const frame = (text: string) => {
    const { frames, malformed } = read(`${text}\n`)
    return malformed > 0 ? 'malformed' : frames.length === 0 ? 'nothing' : frames[0]
  }

  test.each([
    ['the highest standard id', '(1) can0 7FF#', { id: 0x7ff, extended: false }],
    ['the highest extended id', '(1) can0 1FFFFFFF#', { id: 0x1fffffff, extended: true }],
    ['the lowest error frame', '(1) can0 20000000#', { id: 0, special: 'error' }],
    ['the highest error frame', '(1) can0 3FFFFFFF#', { id: 0x1fffffff, special: 'error' }],
    [
      'eight bytes',
      '(1) can0 001#0011223344556677',
      { data: Uint8Array.of(0, 17, 34, 51, 68, 85, 102, 119) },
    ],
    ['a remote frame of no bytes', '(1) can0 001#R0', { special: 'remote' }],
    ['a small remote letter', '(1) can0 001#r8', { special: 'remote' }],
    ['a remote frame and its direction', '(1) can0 001#R R', { special: 'remote' }],
    ['FD flags F', '(1) can0 001##F00', { special: 'fd', data: Uint8Array.of(0) }],
    ['64 bytes of FD', `(1) can0 001##0${'AB'.repeat(64)}`, { data: new Uint8Array(64).fill(0xab) }],
    ['direction T', '(1) can0 001#00 T', { data: Uint8Array.of(0) }],
    ['direction T and a blank', '(1) can0 001#00 T ', { data: Uint8Array.of(0) }],
    [
      'spaced FD, 64 bytes',
      `can0 001 [64] ${'AB '.repeat(64)}`,
      { special: 'fd', data: new Uint8Array(64).fill(0xab) },
    ],
    ['two digits of length are FD', 'can0 001 [01] AB', { special: 'fd', data: Uint8Array.of(0xab) }],
    [
      'nine bytes of FD',
      'can0 001 [09] 00 01 02 03 04 05 06 07 08',
      { special: 'fd', data: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8) },
    ],
    ['an empty text behind', "can0 001 [1] AB ''", { data: Uint8Array.of(0xab) }],
    ['a remote request and blanks', 'can0 001 [8] remote request  ', { special: 'remote' }],
    ['nine decimals', '(0.123456789) can0 001#', { t: 0.123456789 }],
    ['sixteen digits', '(1234567890.123456) can0 001#', { t: 1234567890.123456 }],
    ['a time of whole seconds with its dot', '(12.) can0 001#', { t: 12 }],
  ])('%s is a frame', (_, text, expected) => {
    expect(frame(text)).toMatchObject(expected)
  })

  test.each([
    ['a standard id beyond', '(1) can0 800#'],
    ['an error frame beyond', '(1) can0 40000000#'],
    ['a remote frame of nine', '(1) can0 001#R9'],
    ['a remote frame of no number', '(1) can0 001#R/'],
    ['FD flags G', '(1) can0 001##G00'],
    ['half a byte of FD', '(1) can0 001##0A'],
    ['direction U', '(1) can0 001#00 U'],
    ['two directions', '(1) can0 001#00 T R'],
    ['spaced FD, 65 bytes', `can0 001 [65] ${'AB '.repeat(65)}`],
    ['a length that is no number', 'can0 001 [/] AB'],
    ['a length that is no number either', 'can0 001 [:] AB'],
    ['a length of three digits', 'can0 001 [001] AB'],
    ['no length', 'can0 001 [] AB'],
    ['no length and no bytes', 'can0 001 []'],
    ['an open length', 'can0 001 [1'],
    ['a length in other brackets', 'can0 001 (1) AB'],
    ['one quote', "can0 001 [1] AB '"],
    ['a quote that is not closed', "can0 001 [1] AB 'a"],
    ['a quote that is not opened', "can0 001 [1] AB a'"],
    ['another word', 'can0 001 [1] AB ERRORFRAMES'],
    ['a word that differs in its first letter', 'can0 001 [1] AB FRRORFRAME'],
    ['another request', 'can0 001 [8] qemote request'],
    ['a shorter word', 'can0 001 [1] AB ERRORFRAM'],
    ['glued to its length', 'can0 001 [1]AB'],
    ['a time with two dots', '(1.2.3) can0 001#'],
    ['a time that begins with its dot', '(.5) can0 001#'],
    ['a time with a sign', '(-5) can0 001#'],
    ['a time with a colon', '(5:0) can0 001#'],
    ['a time with a slash', '(5/0) can0 001#'],
    ['a whole part of seventeen digits', '(12345678901234567) can0 001#'],
    ['no blank behind the time', '(1)can0 001#'],
    ['an interface alone', '(1) can0'],
  ])('%s is malformed', (_, text) => {
    expect(frame(text)).toBe('malformed')
    expect(read(text)).toEqual({ frames: [], malformed: 1 })
  })

  test('a remote request of the spaced form has no bytes', () => {
    expect(frame('can0 001 [8] remote request')).toMatchObject({ data: new Uint8Array(0) })
  })
})

describe('the longest line', () => {
  const note = (length: number): string => {
    const head = "can0 001 [1] AB '"
    return `${head}${'x'.repeat(length - head.length - 1)}'`
  }

  test('255 bytes are read and 256 are not, told or cut', () => {
    expect(read(`${note(255)}\n`)).toMatchObject({ frames: [{ id: 1 }], malformed: 0 })
    expect(read(note(255))).toMatchObject({ frames: [{ id: 1 }], malformed: 0 })
    expect(read(`${note(256)}\n`)).toMatchObject({ frames: [], malformed: 1 })
    expect(read(note(256))).toMatchObject({ frames: [], malformed: 1 })
  })

  test.each([254, 255, 256, 257])('%i blanks before it, and then a word', (blanks) => {
    for (const [behind, malformed] of [
      ['# c', 0],
      ['x', blanks >= 256 ? 0 : 1],
    ] as const)
      expect(read(`${' '.repeat(blanks)}${behind}\n`).malformed).toBe(malformed)
  })
})
