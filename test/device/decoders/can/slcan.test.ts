import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { slcanEnd, slcanInitial, slcanStep } from '../../../../device/decoders/can/slcan.ts'
import { canLine } from '../../../../device/decoders/index.ts'
import { bytesOf, damaged, readLine, readSlcan, seeded } from '../help.ts'

/** Frames as `id#data`, and how many lines were malformed. */
function read(text: string): { frames: string[]; times: (number | null)[]; malformed: number } {
  const step = slcanStep(slcanInitial, bytesOf(text))
  const end = slcanEnd(step.state)
  const all = [...step.frames, ...end.frames]
  const frames = all.map(({ id, extended, data, special }) => {
    const hex = Buffer.from(data).toString('hex').toUpperCase()
    return `${id
      .toString(16)
      .toUpperCase()
      .padStart(extended ? 8 : 3, '0')}#${special ?? hex}`
  })
  return { frames, times: all.map(({ t }) => t), malformed: step.malformed.length + end.malformed.length }
}

describe('SLCAN lines', () => {
  test('the four frames of the manual', () => {
    expect(read('t10021133\rT0000000121133\rr1002\rR000001002\r')).toEqual({
      frames: ['100#1133', '00000001#1133', '100#remote', '00000100#remote'],
      times: [null, null, null, null],
      malformed: 0,
    })
  })

  test('80 km/h in CCVS1', () => {
    expect(readSlcan('T18FEF1008FF0050FFFFFFFFFF\r')).toMatchObject([
      {
        kind: 'message',
        t: null,
        pgn: 65265,
        sa: 0,
        da: 255,
        signals: { wheelSpeedKmh: 80, brakeSwitch: null },
      },
    ])
  })

  test.each([
    ['a byte missing', 'T18FEF1008FF0050FFFFFFFF\r'],
    ['a byte too many', 'T18FEF1008FF0050FFFFFFFFFFFF\r'],
    ['length 9', 'T18FEF1009FF0050FFFFFFFFFF00\r'],
    ['no length', 'T18FEF100\r'],
    ['no hexadecimal digit in the id', 'T18FEG1008FF0050FFFFFFFFFF\r'],
    ['no hexadecimal digit in the data', 'T18FEF1008FF00G0FFFFFFFFFF\r'],
    ['no hexadecimal digit in the time', 'T18FEF1008FF0050FFFFFFFFFF00G0\r'],
    ['an id of more than 29 bits', 'T38FEF1008FF0050FFFFFFFFFF\r'],
    ['an id of more than 11 bits', 't8001FF\r'],
    ['two frames glued by a lost CR', 'T18FEF1008FF0050FFFFFFFFFFT0CF004008207D87481400F087\r'],
    ['something else', 'hello\r'],
    ['an endless line', `T${'0'.repeat(5000)}\r`],
  ])('%s is malformed, and the next frame is read', (_, line) => {
    expect(read(`${line}t1001AB\r`)).toMatchObject({ frames: ['100#AB'], malformed: 1 })
  })

  test.each([
    '\r',
    '\u0007',
    'z\r',
    'Z\r',
    'V1013\r',
    'N1234\r',
    'F00\r',
    'O\r',
    'S5\r',
    '# a comment\r',
    '\r\n',
  ])('a reply is no frame and no fault: %j', (reply) => {
    expect(read(`${reply}t1001AB\r${reply}`)).toMatchObject({ frames: ['100#AB'], malformed: 0 })
  })

  test('BELL between two frames', () => {
    expect(read('t1001AB\r\u0007t1001AC\r').frames).toEqual(['100#AB', '100#AC'])
  })
})

describe('the clock of the adapter', () => {
  test('starts again each minute and goes on here', () => {
    expect(read('t10000000\rt1000EA5F\rt10000000\rt10000001\rt1000EA5F\rt10000000\r').times).toEqual([
      0, 59.999, 60, 60.001, 119.999, 120,
    ])
  })

  test('of adapters that count to 65 535', () => {
    expect(read('t1000EA60\rt1000FFFF\rt10000000\r').times).toEqual([60, 65.535, 65.536])
  })

  test('frames without a time do not touch it', () => {
    expect(read('t1000EA5F\rt1000\rt10000000\r').times).toEqual([59.999, null, 60])
  })
})

const piece = fc.oneof(
  fc.constantFrom(
    'T18FEF1008FF0050FFFFFFFFFF\r',
    't1001AB\r',
    't1000EA5F\r',
    'T18ECFF00820120002FFCAFE00\r',
    'z\r',
  ),
  fc.constantFrom(
    'T18EBFF008014300FF5B000301\r',
    'T18EBFF008020201020304FFFF\r',
    '\u0007',
    '\r',
    'T18F',
    '#',
    'x'.repeat(70),
  ),
  fc.string({ unit: 'binary-ascii', maxLength: 12 }),
)

test('however the bytes are cut, the messages are the same', () => {
  const line = canLine('slcan')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), fc.array(fc.nat(), { maxLength: 12 }), (pieces, at) => {
      const bytes = bytesOf(pieces.join(''))
      const cuts = at.map((n) => n % (bytes.length + 1))
      expect(readLine(line, bytes, cuts)).toEqual(readLine(line, bytes))
    }),
    { numRuns: 2000, seed: 5 },
  )
})

test('40,000 damaged streams crash nothing', () => {
  const chance = seeded(3)
  const base = bytesOf(
    'T18FEF1008FF0050FFFFFFFFFF\rt1001AB12F0\rT18ECFF00820120002FFCAFE00\rT18EBFF008014300FF5B000301\r',
  )
  const line = canLine('slcan')
  let frames = 0
  for (let i = 0; i < 40_000; i++) frames += line.step(line.initial, damaged(base, chance)).frames
  expect(frames).toBeGreaterThan(40_000)
})

test('random frames, written by the manual, are read back', () => {
  const chance = seeded(4)
  const below = (n: number): number => Math.floor(chance() * n)
  for (let i = 0; i < 5000; i++) {
    const extended = chance() < 0.7
    const id = below(extended ? 0x20000000 : 0x800)
      .toString(16)
      .toUpperCase()
      .padStart(extended ? 8 : 3, '0')
    const data = Array.from({ length: below(9) }, () =>
      below(256).toString(16).padStart(2, '0').toUpperCase(),
    )
    const text = `${extended ? 'T' : 't'}${id}${data.length}${data.join('')}\r`
    expect(read(chance() < 0.5 ? text : text.toLowerCase().replace(/^t/, text[0]!)).frames).toEqual([
      `${id}#${data.join('')}`,
    ])
  }
})
