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

describe('SLCAN, one step inside and one step outside', () => {
  test.each([
    ['t7FF0\r', '7FF#'],
    ['T1FFFFFFF0\r', '1FFFFFFF#'],
    ['t00180011223344556677\r', '001#0011223344556677'],
    ['t0011fF\r', '001#FF'],
    ['r0018\r', '001#remote'],
    ['t0010ABCD\r', '001#'],
  ])('%s', (line, frame) => {
    expect(read(line)).toMatchObject({ frames: [frame], malformed: 0 })
  })

  test.each([
    't8000\r',
    'T200000000\r',
    't001\r',
    't0011\r',
    't0011F\r',
    't0011G0\r',
    't00110G\r',
    't0010ABC\r',
    't0010ABCDE\r',
    't0010ABCG\r',
    'r0019\r',
    't0019001122334455667788\r',
  ])('%s is malformed', (line) => {
    expect(read(line)).toMatchObject({ frames: [], malformed: 1 })
  })

  test('an answer of the adapter has at most nine bytes', () => {
    const answer = (length: number): string => `V${'1'.repeat(length - 1)}\r`
    expect(read(answer(9))).toMatchObject({ malformed: 0 })
    expect(read(answer(10))).toMatchObject({ malformed: 1 })
    expect(read(`t0010\r${answer(9)}`)).toMatchObject({ frames: ['001#'], malformed: 0 })
    expect(read(`t0010\r${answer(10)}`)).toMatchObject({ frames: ['001#'], malformed: 1 })
  })

  test('blanks and tabs are nothing, and so is a remark behind them', () => {
    expect(read(' \r\t\r \t# c\r\t x\r')).toMatchObject({ frames: [], malformed: 1 })
  })

  test('stamps tell which clock the adapter has: a minute, or sixteen bits', () => {
    const stamped = (ms: number): string => `t0010${ms.toString(16).toUpperCase().padStart(4, '0')}\r`
    const at = (...stamps: number[]) => read(stamps.map(stamped).join('')).times
    expect(at(59_999, 0)).toEqual([59.999, 60])
    expect(at(60_000, 0)).toEqual([60, 65.536])
    expect(at(60_000, 0, 10, 5)).toEqual([60, 65.536, 65.546, 131.077])
    expect(at(5, 5)).toEqual([0.005, 0.005])
  })

  test('a line that is told whole has its length told', () => {
    const step = slcanStep(slcanInitial, bytesOf('t0010\rhello\r'))
    expect(step.malformed).toEqual([{ kind: 'discarded', bytes: 5, why: 'malformed' }])
  })
})
