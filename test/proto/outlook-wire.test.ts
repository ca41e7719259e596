import fc from 'fast-check'
import { expect, it } from 'vitest'
import { roadwarden } from '../../proto/generated/roadwarden.js'
import type { Outlook } from '../../proto/model.ts'
import { decodeOutlook, encodeOutlook } from '../../proto/outlook-wire.ts'

/** What the terminal says of hours and road, over the wire and back. */

const seconds = fc.integer({ min: 0, max: 604_800 })
const instant = fc.integer({ min: 0, max: 4_000_000_000_000 })
const left = fc.option(fc.record({ provenS: seconds, cautiousS: seconds }))
const name = fc.string({ minLength: 1, maxLength: 40 })
const outlooks: fc.Arbitrary<Outlook> = fc.record({
  atMs: instant,
  driver: fc.option(name),
  confirmed: fc.boolean(),
  left: fc.record({ continuousDay: left, continuousNight: left, rolling24h: left, rolling7d: left }),
  driving: fc.array(
    fc
      .record({ driver: fc.option(name), fromMs: instant, forMs: fc.nat(86_400_000), proven: fc.boolean() })
      .map(({ forMs, ...run }) => ({ ...run, toMs: run.fromMs + forMs })),
    { maxLength: 3 },
  ),
  unknownLimitShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true }).map((share) => share + 0)),
  route: fc.option(fc.record({ routeId: name, alongM: fc.nat(), remainingM: fc.nat() })),
  safeStops: fc.array(
    fc.record({
      areaId: name,
      area: name,
      role: fc.constantFrom('serviceArea', 'station', 'exit'),
      km: fc.integer({ min: 0, max: 900_000 }).map((m) => m / 1000),
      etaMs: fc.option(instant),
    }),
    { maxLength: 3 },
  ),
})

const sent = (outlook: object): Outlook => {
  const bytes = roadwarden.v1.Outlook.encode(outlook).finish()
  return decodeOutlook(roadwarden.v1.Outlook.decode(bytes))
}

it('says the same after the wire, unknown staying unknown', () => {
  fc.assert(
    fc.property(outlooks, (outlook) => {
      expect(sent(encodeOutlook(outlook))).toEqual(outlook)
    }),
  )
})

const empty: Outlook = {
  atMs: 1,
  driver: null,
  confirmed: false,
  left: { continuousDay: null, continuousNight: null, rolling24h: null, rolling7d: null },
  driving: [],
  unknownLimitShare: null,
  route: null,
  safeStops: [],
}

it.each<[string, object]>([
  ['a share above 1', { unknownLimitShare: 1.01 }],
  ['a share that is no number', { unknownLimitShare: Number.NaN }],
  ['driving that ends before it begins', { driving: [{ driver: 'A', fromMs: 2, toMs: 1, proven: true }] }],
  [
    'more runs than a vehicle has drivers',
    { driving: new Array(17).fill({ driver: 'A', fromMs: 1, toMs: 2 }) },
  ],
  ['a name without an end', { driver: 'x'.repeat(129) }],
  ['an instant before 1970', { atMs: -1 }],
  ['more seconds than a week has', { continuousDay: { provenS: 700_000, cautiousS: 0 } }],
])('refuses %s', (_, wrong) => {
  expect(() => sent({ ...encodeOutlook(empty), ...wrong })).toThrow(RangeError)
})
