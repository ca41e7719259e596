import { describe, expect, test } from 'vitest'
import { gnssLine } from '../../../../device/decoders/index.ts'
import type { NmeaMessage } from '../../../../device/decoders/messages.ts'
import { bytesOf, damaged, readLine, sealed, seeded } from '../help.ts'

/**
 * A second reader, written from the standard with texts and regular expressions, slow and plain. It knows RMC and GGA, and
 * which sentences are valid; on random streams, whole or damaged, both readers must say the same.
 */
function plainRead(text: string): { valid: number; discardedBytes: number; positions: unknown[] } {
  const result = { valid: 0, discardedBytes: text.length, positions: [] as unknown[] }
  for (const [, sentence = '', ends = ''] of text.matchAll(/([$!][^$!\r\n]*)([\r\n]*)/g)) {
    const match = /^[$!]([\x20-\x7e]*)\*([0-9A-Fa-f]{2})$/.exec(sentence)
    if (match === null || sentence.length > 255) continue
    const sum = [...match[1]!].reduce((xor, letter) => xor ^ letter.charCodeAt(0), 0)
    if (sum !== Number.parseInt(match[2]!, 16)) continue
    result.valid++
    result.discardedBytes -= sentence.length + ends.length
    const fields = match[1]!.split(',')
    if (/^[^P].RMC$/.test(fields[0]!) && sentence.startsWith('$')) result.positions.push(plainRmc(fields))
    if (/^[^P].GGA$/.test(fields[0]!) && sentence.startsWith('$')) result.positions.push(plainGga(fields))
  }
  return result
}

function plainAngle(text = '', hemisphere = '', letters = 'NS', max = 90): number | null {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text) || !(hemisphere.length === 1 && letters.includes(hemisphere)))
    return null
  const degrees = Math.floor(Number(text) / 100)
  const minutes = Number(text) - degrees * 100
  const value = degrees + minutes / 60
  if (minutes >= 60 || value > max) return null
  return hemisphere === letters[1] ? -value : value
}

function plainTime(text = ''): number | null {
  const match = /^(\d\d)(\d\d)(\d\d)(\.\d*)?$/.exec(text)
  if (match === null) return null
  const [hour, minute, second] = match.slice(1, 4).map(Number) as [number, number, number]
  if (hour > 23 || minute > 59 || second > 60 || (second === 60 && (hour !== 23 || minute !== 59)))
    return null
  return hour * 3_600_000 + minute * 60_000 + second * 1000 + Math.round(Number(`0${match[4] ?? ''}`) * 1000)
}

function plainDate(text = ''): number | null {
  const match = /^(\d\d)(\d\d)(\d\d)$/.exec(text)
  if (match === null) return null
  const [day, month, yy] = match.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(yy >= 80 ? 1900 + yy : 2000 + yy, month - 1, day))
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 ? date.getTime() : null
}

const plainNumber = (text = '', max = Number.POSITIVE_INFINITY): number | null =>
  /^(\d+\.?\d*|\.\d+)$/.test(text) && Number(text) <= max ? Number(text) : null

function plainRmc(fields: readonly string[]) {
  const lat = plainAngle(fields[3], fields[4])
  const lon = plainAngle(fields[5], fields[6], 'EW', 180)
  const time = plainTime(fields[1])
  const date = plainDate(fields[9])
  const nothing = { valid: false, utcMs: null, lat: null, lon: null, speedKmh: null, courseDeg: null }
  if (fields[2] !== 'A' || fields[12] === 'N') return nothing
  if (lat === null || lon === null || time === null || date === null) return nothing
  const knots = plainNumber(fields[7], 1000)
  const speedKmh = knots === null ? null : knots * 1.852
  return { valid: true, utcMs: date + time, lat, lon, speedKmh, courseDeg: plainNumber(fields[8], 360) }
}

function plainGga(fields: readonly string[]) {
  const quality = /^0*[0-8]$/.test(fields[6] ?? '') ? Number(fields[6]) : null
  const lat = quality ? plainAngle(fields[2], fields[3]) : null
  const lon = lat === null ? null : plainAngle(fields[4], fields[5], 'EW', 180)
  return { quality, lat: lon === null ? null : lat, lon, timeOfDayMs: plainTime(fields[1]) }
}

function agree(bytes: Uint8Array): void {
  const expected = plainRead(String.fromCharCode(...bytes))
  const messages = readLine(gnssLine, bytes)
  const told = messages.filter(({ kind }) => kind === 'rmc' || kind === 'gga')
  expect(messages.filter(({ kind }) => kind !== 'discarded')).toHaveLength(expected.valid)
  expect(messages.reduce((sum, m) => sum + (m.kind === 'discarded' ? m.bytes : 0), 0)).toBe(
    expected.discardedBytes,
  )
  expect(told).toHaveLength(expected.positions.length)
  for (const [i, message] of told.entries())
    closeTo(message, expected.positions[i] as { [key: string]: unknown })
}

function closeTo(message: NmeaMessage, expected: { [key: string]: unknown }): void {
  const told: { [key: string]: unknown } = { ...message }
  for (const [key, value] of Object.entries(expected)) {
    if (typeof value === 'number') expect(told[key]).toBeCloseTo(value, 7)
    else expect(told[key]).toBe(value)
  }
}

/** Random sentences, most of them sensible, with fields that are empty, at an edge or nonsense now and then. */
function randomStream(chance: () => number): string {
  const digits = (n: number, below: number): string => String(Math.floor(chance() * below)).padStart(n, '0')
  const odd = (text: string): string => {
    const roll = chance()
    if (roll < 0.03) return ''
    if (roll < 0.05) return 'x'
    if (roll < 0.06) return `-${text}`
    return roll < 0.07 ? '9999999.99' : text
  }
  const time = () => odd(`${digits(2, 24)}${digits(2, 60)}${digits(2, 61)}.${digits(3, 1000)}`)
  const position = () => [
    odd(`${digits(2, 91)}${digits(2, 61)}.${digits(5, 1e5)}`),
    odd(chance() < 0.5 ? 'N' : 'S'),
    odd(`${digits(3, 182)}${digits(2, 61)}.${digits(5, 1e5)}`),
    odd(chance() < 0.5 ? 'E' : 'W'),
  ]
  const talker = ['GP', 'GN', 'BD', 'GB', 'GA'][Math.floor(chance() * 5)]!
  const rmc = () => [
    ...[
      `${talker}RMC`,
      time(),
      chance() < 0.9 ? 'A' : 'V',
      ...position(),
      odd(`${digits(1, 80)}.${digits(2, 100)}`),
    ],
    ...[odd(`${digits(3, 362)}.1`), odd(`${digits(2, 33)}${digits(2, 14)}${digits(2, 100)}`), '', ''],
    ...(chance() < 0.8 ? [chance() < 0.9 ? 'A' : 'N'] : []),
  ]
  const gga = () => [
    `${talker}GGA`,
    time(),
    ...position(),
    odd(digits(1, 10)),
    '08',
    '1.0',
    '12.3',
    'M',
    '',
    'M',
    '',
    '',
  ]
  const sentences = Array.from(
    { length: 12 },
    () => `${sealed((chance() < 0.6 ? rmc() : gga()).join(','))}\r\n`,
  )
  return sentences.join('')
}

describe('two readers, one from the standard', () => {
  test('agree on 20,000 random sentences', () => {
    const chance = seeded(2026)
    for (let i = 0; i < 1700; i++) agree(bytesOf(randomStream(chance)))
  })

  test('agree on 6,000 damaged streams', () => {
    const chance = seeded(8131)
    for (let i = 0; i < 6000; i++) agree(damaged(bytesOf(randomStream(chance).slice(0, 300)), chance))
  })
})

test('60,000 damaged streams crash nothing and lose no byte', () => {
  const chance = seeded(1)
  const base = bytesOf(randomStream(chance).slice(0, 400))
  for (let i = 0; i < 60_000; i++) {
    const bytes = damaged(base, chance)
    let discarded = 0
    for (const message of readLine(gnssLine, bytes, [i % bytes.length]))
      if (message.kind === 'discarded') discarded += message.bytes
    if (discarded > bytes.length) throw new Error(`mutation ${i}: ${discarded} of ${bytes.length} bytes`)
  }
})
