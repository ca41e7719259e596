import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeColumns, encodeColumns } from '../../proto/columns.ts'
import { roadwarden } from '../../proto/generated/roadwarden.js'
import type { Sky } from '../../proto/model.ts'
import { quantise } from '../../proto/telemetry.ts'
import { sampleAt } from '../help/drive.ts'

const maybe = fc.option(fc.nat(60), { nil: null })
const skies: fc.Arbitrary<Sky> = fc
  .subarray(['gps', 'glonass', 'galileo', 'beidou', 'qzss', 'navic'] as const)
  .chain((names) =>
    fc.tuple(
      ...names.map((system) =>
        fc.record({ system: fc.constant(system), used: maybe, inView: maybe, snrDb: maybe }),
      ),
    ),
  )

const rows = (told: readonly (Sky | null)[]) =>
  told.map((sky, i) =>
    sampleAt(1_790_000_000_000 + i * 1000, sky === null || sky.length === 0 ? {} : { sky }),
  )
const overTheWire = (columns: object): roadwarden.v1.Telemetry =>
  roadwarden.v1.Telemetry.decode(roadwarden.v1.Telemetry.encode(columns).finish())

describe('the sky on the wire', () => {
  it('comes back row by row, whatever changes and whatever is unknown', () => {
    fc.assert(
      fc.property(fc.array(fc.option(skies, { nil: null }), { minLength: 1, maxLength: 30 }), (told) => {
        const samples = rows(told)
        expect(decodeColumns(overTheWire(encodeColumns(samples)), 100)).toEqual(samples.map(quantise))
      }),
      { numRuns: 500 },
    )
  })

  it('is sent where it changes and nowhere else', () => {
    const beidou: Sky = [{ system: 'beidou', used: 9, inView: 12, snrDb: 41 }]
    const same: Sky = [{ system: 'beidou', used: 9, inView: 12, snrDb: 41 }]
    const better: Sky = [{ system: 'beidou', used: 9, inView: 12, snrDb: 42 }]
    const sent = (told: (Sky | null)[]) => (encodeColumns(rows(told)).sky ?? []).map(({ row }) => row)
    expect(sent([null, null])).toEqual([])
    expect(sent([beidou, same, better, null, null, beidou])).toEqual([0, 2, 3, 5])
  })

  it.each([
    ['a row that is not there', [{ row: 2, systems: [] }]],
    [
      'rows out of order',
      [
        { row: 1, systems: [] },
        { row: 1, systems: [] },
      ],
    ],
    ['no system', [{ row: 0, systems: [{ system: 0 }] }]],
    ['a system of the future', [{ row: 0, systems: [{ system: 7 }] }]],
    ['more satellites than there are', [{ row: 0, systems: [{ system: 4, used: 1001 }] }]],
  ])('with %s is no telemetry', (_, sky) => {
    expect(() => decodeColumns(overTheWire({ ...encodeColumns(rows([null, null])), sky }), 100)).toThrow(
      RangeError,
    )
  })
})
