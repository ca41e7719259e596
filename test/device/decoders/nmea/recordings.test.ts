import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { gnssLine } from '../../../../device/decoders/index.ts'
import type { NmeaMessage, Rmc } from '../../../../device/decoders/messages.ts'
import { haveRecordings, readLine, recordings, seeded } from '../help.ts'

type Counts = {
  readonly valid?: number
  readonly type_P?: number
  readonly rmc_A?: number
  readonly rmc_V?: number
  readonly checksum_bad?: number
  readonly no_or_truncated_checksum?: number
  readonly talkers?: { readonly [talker: string]: number }
}
type Row = readonly [utc: string, lat: number, lon: number, knots: number | null, course: number | null]

const json = (path: string) => JSON.parse(readFileSync(new URL(path, recordings), 'utf8'))
const summary: { [file: string]: Counts } = haveRecordings ? json('expected/nmea/SUMMARY.json') : {}
const bytesOfFile = (file: string): Uint8Array => readFileSync(new URL(`nmea/gpsd/${file}`, recordings))

const fixesOf = (messages: readonly NmeaMessage[]): Rmc[] =>
  messages.filter((message) => message.kind === 'rmc').filter(({ valid }) => valid)

describe.skipIf(!haveRecordings)('recordings of real receivers (needs ../shared/data)', () => {
  test.each(Object.keys(summary))(
    '%s: sentences, talkers and fixes as another reader counts them',
    (file) => {
      const expected = summary[file]!
      const messages = readLine(gnssLine, bytesOfFile(file))
      const good = messages.filter((message) => message.kind !== 'discarded')
      const bad = messages.filter((message) => message.kind === 'discarded')
      expect(good).toHaveLength(expected.valid ?? 0)
      expect(bad.filter(({ why }) => why === 'badChecksum')).toHaveLength(expected.checksum_bad ?? 0)
      expect(bad.filter(({ why }) => why === 'truncated' || why === 'overflow')).toHaveLength(
        expected.no_or_truncated_checksum ?? 0,
      )
      const talkers: { [talker: string]: number } = {}
      for (const { talker = '' } of good) if (talker !== 'P') talkers[talker] = (talkers[talker] ?? 0) + 1
      expect(talkers).toEqual(expected.talkers ?? {})
      expect(fixesOf(messages)).toHaveLength(expected.rmc_A ?? 0)
      expect(good.filter(({ kind }) => kind === 'rmc')).toHaveLength(
        (expected.rmc_A ?? 0) + (expected.rmc_V ?? 0),
      )
    },
  )

  test.each(Object.keys(summary))('%s: every fix where another reader puts it', (file) => {
    const rows: readonly Row[] = json(`expected/nmea/${file}.rmc.json`).rows
    const fixes = fixesOf(readLine(gnssLine, bytesOfFile(file)))
    expect(fixes).toHaveLength(rows.length)
    for (const [i, [utc, lat, lon, knots, course]] of rows.entries()) {
      const fix = fixes[i]!
      expect(Math.abs(fix.utcMs! - Date.parse(utc))).toBeLessThanOrEqual(1)
      expect(Math.abs(fix.lat! - lat)).toBeLessThan(1e-6)
      expect(Math.abs(fix.lon! - lon)).toBeLessThan(1e-6)
      if (knots === null) expect(fix.speedKmh).toBeNull()
      else expect(Math.abs(fix.speedKmh! - knots * 1.852)).toBeLessThan(0.02)
      if (course === null) expect(fix.courseDeg).toBeNull()
      else expect(Math.abs(fix.courseDeg! - course)).toBeLessThan(0.01)
    }
  })

  test.each(Object.keys(summary))('%s: the same however it is cut', (file) => {
    const bytes = bytesOfFile(file)
    const whole = readLine(gnssLine, bytes)
    const chance = seeded(file.length)
    const cuts = Array.from({ length: 500 }, () => Math.floor(chance() * bytes.length))
    expect(readLine(gnssLine, bytes, cuts)).toEqual(whole)
    const steps = Array.from({ length: Math.floor(bytes.length / 37) }, (_, i) => i * 37)
    expect(readLine(gnssLine, bytes, steps)).toEqual(whole)
  })

  test('every byte of a recording is in a good sentence, its line end, or discarded', () => {
    for (const file of Object.keys(summary)) {
      const bytes = bytesOfFile(file)
      const text = Buffer.from(bytes).toString('latin1')
      let discarded = 0
      for (const message of readLine(gnssLine, bytes))
        if (message.kind === 'discarded') discarded += message.bytes
      let believed = 0
      for (const [whole, start] of text.matchAll(/([$!][^$!\r\n]*)[\r\n]*/g)) {
        const [, body = '', sum = ''] = /^.([ -~]*)\*([\dA-Fa-f]{2})$/.exec(start!) ?? []
        let xor = 0
        for (const letter of body) xor ^= letter.charCodeAt(0)
        if (sum !== '' && xor === Number.parseInt(sum, 16) && start!.length <= 255) believed += whole.length
      }
      expect(discarded).toBe(bytes.length - believed)
    }
  })
})
