import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gnssLine } from '../../../../device/decoders/index.ts'
import { nmeaEnd, nmeaInitial, nmeaStep } from '../../../../device/decoders/nmea/framer.ts'
import { bytesOf, readLine, readNmea, sealed, sumOf } from '../help.ts'

const good = '$GPGLL,3926.7952,N,12000.5947,W,022732,A,A*58'

/** The counts a summary is made of. */
function tally(text: string) {
  const counts = { valid: 0, badChecksum: 0, truncated: 0, discardedBytes: 0 }
  for (const message of readNmea(text)) {
    if (message.kind !== 'discarded') counts.valid++
    else {
      counts.discardedBytes += message.bytes
      if (message.why === 'badChecksum') counts.badChecksum++
      else if (message.why !== 'noise') counts.truncated++
    }
  }
  return counts
}

describe('a sentence', () => {
  test('with the right sum is valid, its line end belongs to it', () => {
    expect(tally(`${good}\r\n`)).toEqual({ valid: 1, badChecksum: 0, truncated: 0, discardedBytes: 0 })
    expect(tally(`${good}\n${good}\r${good}`)).toEqual({
      ...{ valid: 3, badChecksum: 0, truncated: 0, discardedBytes: 0 },
    })
  })

  test('may have its sum in small letters', () => {
    const body = 'GPTXT,01,01,02,oh'
    expect(sumOf(body)).toMatch(/[A-F]/)
    expect(tally(`$${body}*${sumOf(body).toLowerCase()}\r\n`).valid).toBe(1)
  })

  test('with a wrong sum is counted and its bytes are not believed', () => {
    expect(tally(`${good.replace('*58', '*59')}\r\n`)).toEqual({
      ...{ valid: 0, badChecksum: 1, truncated: 0, discardedBytes: good.length + 2 },
    })
  })

  test.each([
    ['cut before its sum', good.slice(0, 20)],
    ['cut inside its sum', good.slice(0, -1)],
    ['with a sum that is no number', good.replace('*58', '*5G')],
    ['with more after its sum', `${good} `],
    ['with a byte that cannot be printed', good.replace('N', '\u0001')],
    ['with a byte above ASCII', good.replace('N', '\u00ff')],
    ['that is only a dollar', '$'],
    ['that is only a sum', '*58'.replace('*', '$')],
  ])('%s is truncated', (_, text) => {
    expect(tally(`${text}\r\n`)).toEqual({
      ...{ valid: 0, badChecksum: 0, truncated: 1, discardedBytes: text.length + 2 },
    })
  })

  test('is cut by the next one, which counts', () => {
    expect(tally(`${good.slice(0, 12)}${good}\r\n`)).toEqual({
      ...{ valid: 1, badChecksum: 0, truncated: 1, discardedBytes: 12 },
    })
    expect(tally(`${good.slice(0, 12)}!AIVDM,1,1,,A,13M@ah0025QdPDTCOl\`K6nV00Sv,0*52\n`).truncated).toBe(1)
  })

  test('needs no line end when the next begins, or nothing follows', () => {
    expect(tally(good + good)).toEqual({ valid: 2, badChecksum: 0, truncated: 0, discardedBytes: 0 })
  })

  test.each([
    [254, 1],
    [255, 1],
    [256, 0],
    [257, 0],
    [4000, 0],
  ])('of %i bytes: %i is valid', (length, valid) => {
    const text = sealed(`GPTXT,01,01,02,${'x'.repeat(length - 19)}`)
    expect(text).toHaveLength(length)
    const counts = tally(`${text}\r\n${good}\r\n`)
    expect(counts.valid).toBe(valid + 1)
    expect(counts.truncated).toBe(1 - valid)
    expect(counts.discardedBytes).toBe(valid === 1 ? 0 : length + 2)
  })

  test('in a comment is no comment', () => {
    expect(tally(`# see ${good}\n`)).toEqual({ valid: 1, badChecksum: 0, truncated: 0, discardedBytes: 6 })
  })
})

describe('what is not a sentence', () => {
  test('is noise, counted to the byte', () => {
    expect(readNmea(`abc\r\n${good}\r\nxyz`)).toEqual([
      { kind: 'discarded', bytes: 5, why: 'noise' },
      expect.objectContaining({ kind: 'gll' }),
      { kind: 'discarded', bytes: 3, why: 'noise' },
    ])
  })

  test('is told while it goes on for ever', () => {
    const messages = gnssLine.step(gnssLine.initial, new Uint8Array(10_000)).messages
    expect(messages).toEqual(
      Array.from({ length: 2 }, () => ({ kind: 'discarded', bytes: 4096, why: 'noise' })),
    )
  })

  test('a UBX message between two sentences costs neither', () => {
    const ubx = '\u00b5\u0062\u0001\u0007\u0004\u0000\u0001\u0002\u0003\u0004\u0016\u0099'
    expect(tally(`${good}\r\n${ubx}${good}\r\n`)).toEqual({
      ...{ valid: 2, badChecksum: 0, truncated: 0, discardedBytes: ubx.length },
    })
  })

  test('an endless sentence keeps no bytes', () => {
    let state = gnssLine.initial
    for (let i = 0; i < 1000; i++)
      state = gnssLine.step(state, bytesOf(i === 0 ? '$GP' : 'x'.repeat(1000))).state
    expect(state).toEqual({ is: 'overflow', bytes: 999_003 })
  })
})

test('a step keeps nothing of the buffer it was given and does not change its state', () => {
  const buffer = Buffer.from(good)
  const { state } = gnssLine.step(gnssLine.initial, buffer.subarray(0, 20))
  const before = structuredClone(state)
  buffer.fill(0)
  expect(state).toEqual(before)
  const first = gnssLine.step(state, bytesOf(good.slice(20)))
  const again = gnssLine.step(state, bytesOf(good.slice(20)))
  expect(gnssLine.end(first.state)).toEqual(gnssLine.end(again.state))
  expect(gnssLine.end(again.state)).toEqual([expect.objectContaining({ kind: 'gll', valid: true })])
})

const piece = fc.oneof(
  fc.constantFrom('\r\n', '\n', '\r\r\n\n', '$', '!', '*', good, `${good}\r\n`, good.slice(0, 30), '#'),
  fc.constantFrom(
    sealed('GPTXT,01,01,01,ANTENNA OPEN'),
    sealed(`GP${'y'.repeat(260)}`),
    `$${'z'.repeat(300)}`,
  ),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replace(/[^\0-\u00ff]/gu, '?')),
)

test('however the bytes are cut, the messages are the same', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 12 }), (pieces, at) => {
      const bytes = bytesOf(pieces.join(''))
      const cuts = at.map((n) => n % (bytes.length + 1))
      expect(readLine(gnssLine, bytes, cuts)).toEqual(readLine(gnssLine, bytes))
    }),
    { numRuns: 2000, seed: 11 },
  )
})

test('cut at every single byte, and into single bytes', () => {
  const bytes = bytesOf(`noise\r\n${good}\r\n\u00b5b$GP${'w'.repeat(300)}${good}\n${good.slice(0, 40)}`)
  const whole = readLine(gnssLine, bytes)
  for (let cut = 0; cut <= bytes.length; cut++) expect(readLine(gnssLine, bytes, [cut])).toEqual(whole)
  expect(readLine(gnssLine, bytes, [...bytes.keys()])).toEqual(whole)
})

describe('at the very edge of a sentence', () => {
  test('good sentences are counted, what is discarded is not', () => {
    const step = (text: string): number => gnssLine.step(gnssLine.initial, bytesOf(text)).frames
    expect(step('')).toBe(0)
    expect(step('noise$GPFOO*00\r\n')).toBe(0)
    expect(step(`${good}\r\n`)).toBe(1)
    expect(step(`${good}\r\nnoise${good}\r\n$GPFOO*00\r\n`)).toBe(2)
  })

  test('the shortest one has a sum and nothing else', () => {
    expect(readNmea('$*00\r\n')).toMatchObject([{ kind: 'sentence' }])
    expect(readNmea('$00\r\n')[0]).toMatchObject({ kind: 'discarded', why: 'truncated' })
  })

  test.each([0x00, 0x1f, 0x7f, 0xff])(
    'byte %i inside makes it no sentence, though the sum is right',
    (byte) => {
      const good = sealed('GPFOO,1')
      const sum = Number.parseInt(good.slice(-2), 16) ^ '1'.charCodeAt(0) ^ byte
      const tail = `*${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`
      const bytes = Buffer.concat([Buffer.from('$GPFOO,'), Buffer.of(byte), Buffer.from(tail)])
      expect(nmeaStep(nmeaInitial, bytes).messages).toEqual([
        { kind: 'discarded', bytes: 11, why: 'truncated' },
      ])
    },
  )

  test('255 bytes are a sentence and 256 are too long', () => {
    const body = (length: number): string => `GPFOO,${'1'.repeat(length - 10)}`
    expect(sealed(body(255))).toHaveLength(255)
    expect(readNmea(`${sealed(body(255))}\r\n`)).toMatchObject([{ kind: 'sentence' }])
    expect(readNmea(`${sealed(body(256))}\r\n`)[0]).toMatchObject({
      kind: 'discarded',
      bytes: 256,
      why: 'overflow',
    })
  })

  test.each([4095, 4096, 4097, 8192])('%i bytes of noise are told whole, a page at a time', (bytes) => {
    const { state, messages } = nmeaStep(nmeaInitial, Buffer.alloc(bytes, 'x'))
    expect(messages).toHaveLength(Math.floor(bytes / 4096))
    const all = [...messages, ...nmeaEnd(state)]
    expect(all.reduce((sum, one) => sum + (one.kind === 'discarded' ? one.bytes : 0), 0)).toBe(bytes)
  })

  test('the digits of the sum are hexadecimal in either case, and nothing else', () => {
    // The XOR of each of these ends in a letter.
    const good = sealed('GPFOO,l')
    const body = good.slice(0, -2)
    const told = good.slice(-2)
    expect(readNmea(`${body}${told.toLowerCase()}\r\n`)).toMatchObject([{ kind: 'sentence' }])
    for (const bad of ['/0', ':0', '@0', 'G0', 'g0', '`0', '0/', '0:', '0@', '0G', '0g', '0`'])
      expect(readNmea(`${body}${bad}\r\n`)[0]).toMatchObject({ kind: 'discarded', why: 'truncated' })
  })
})
