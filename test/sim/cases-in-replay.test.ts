import { describe, expect, it } from 'vitest'
import { catalog } from '../../proto/catalog.ts'
import type { Phase } from '../../proto/model.ts'
import { placeAt } from '../help/area-road.ts'
import { filedCases, inOrder, whatOf } from '../help/cases-as-files.ts'
import { runTool, scratchFolder } from '../help/tool.ts'
import { replayFiles, type TripFiles } from '../help/trip-files.ts'

/**
 * Every case of `test/cases` as a trip file and documents, through the readers and the engine of replay: what comes
 * out is what the detector or rule itself says on its host.
 */

const all = filedCases()
const sayable = all.filter((one) => one.unsayable === null)

/** What decides whether two hosts said the same: what, why, of whom, how grave, when, and when it was known. */
type Said = { readonly what: string; readonly atMs: number; readonly decidedAtMs: number }

function saidOf(
  finding: {
    kind: string
    phase: Phase
    reason: string | null
    subject: string
    severity: string
    grade: string
  },
  atMs: number,
  decidedAtMs: number,
): Said {
  const { kind, phase, reason, subject, severity, grade } = finding
  return { what: [phase, kind, reason, subject, severity, grade].join(' '), atMs, decidedAtMs }
}

/** Gateway rules see telemetry: a position on the wire is a whole centimetre, which at 20 m/s is half a millisecond. */
const quantumMs = 2

/** The instants of the other list where they differ by no more than the quantum. */
function rounded(found: readonly Said[], expected: readonly Said[]): readonly Said[] {
  const near = (a: number, b: number | undefined): number =>
    b !== undefined && Math.abs(a - b) <= quantumMs ? b : a
  return found.map(({ what, atMs, decidedAtMs }, i) => ({
    what,
    atMs: near(atMs, expected[i]?.atMs),
    decidedAtMs: near(decidedAtMs, expected[i]?.decidedAtMs),
  }))
}

describe('cases say the same in replay as on the host that owns the rule', () => {
  it.each(sayable.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { lines } = await replayFiles(one.files())
    const found = lines
      .filter((line) => one.whats?.has(whatOf(line)) ?? one.kinds.includes(line.kind))
      .map((line) => saidOf(line, Date.parse(line.at), Date.parse(line.decidedAt)))
    const expected = inOrder(one.direct())
      .filter(({ kind }) => catalog[kind]?.driverOnly !== true)
      .map((finding) => saidOf(finding, finding.atMs, finding.decidedAtMs))
    expect(rounded(found, expected)).toEqual(expected)
  })

  it('those that no file can say are few, and each has its reason', () => {
    expect(all.length).toBeGreaterThan(500)
    expect(
      Object.fromEntries(
        all.flatMap(({ name, unsayable }) => (unsayable === null ? [] : [[name, unsayable]])),
      ),
    ).toEqual(notFiles)
  })
})

describe('worked examples that are no case of one vehicle and one file', () => {
  const startedIn = async (files: TripFiles) =>
    (await replayFiles(files)).lines
      .filter(({ phase }) => phase === 'started')
      .map(({ kind, at }) => [kind, at])

  it.each([
    ['17:59:59.999Z', []],
    ['18:00:00.000Z', [['curfew', '2026-11-22T18:00:00.000Z']]],
    ['20:59:29.999Z', [['curfew', '2026-11-22T20:59:29.999Z']]],
    ['20:59:30.000Z', []],
  ])('B2-14: thirty seconds from %s are inside 02:00-05:00 when both ends are', async (from, expected) => {
    const at = Date.parse(`2026-11-22T${from}`)
    const rows = [at, at + 30_000].map((ms) => `${new Date(ms).toISOString()},60`)
    const csv = `time,speedKmh\n${rows.join('\n')}\n`
    const started = await startedIn({ csv })
    expect(started.filter(([kind]) => kind === 'curfew')).toEqual(expected)
  })

  it('B3-4: in the hole of a ring is outside, whichever way the rings run', async () => {
    const ring = (from: number, to: number, reach: number): number[][] =>
      [
        placeAt(from, -reach),
        placeAt(to, -reach),
        placeAt(to, reach),
        placeAt(from, reach),
        placeAt(from, -reach),
      ].map(({ lon, lat }) => [lon, lat])
    const [outer, hole] = [ring(0, 3000, 300), ring(1000, 2000, 100)]
    for (const rings of [
      [outer, hole],
      [outer.toReversed(), hole],
      [outer, hole.toReversed()],
    ]) {
      const areas = { type: 'Polygon', coordinates: rings }
      const told = async (x: number): Promise<number> => {
        const { lat, lon } = placeAt(x)
        return (await startedIn({ csv: `time,lat,lon\n2026-11-20T02:00:00Z,${lat},${lon}\n`, areas })).length
      }
      expect([await told(1500), await told(500), await told(2500)]).toEqual([0, 1, 1])
    }
  })
})

describe('the tool says what the engine says', () => {
  const scratch = scratchFolder()
  const every = Math.floor(sayable.length / 20)
  const some = sayable.filter((_, index) => index % every === 7).slice(0, 20)

  it.each(some.map((one, index) => [one.name, one, index] as const))('%s', async (_, one, index) => {
    const { csv, ...documents } = one.files()
    const args = Object.entries(documents).flatMap(([name, value]) => [
      `--${name}`,
      scratch.write(`${index}-${name}.json`, JSON.stringify(value)),
    ])
    const ran = runTool('replay', [scratch.write(`${index}.csv`, csv), ...args])
    const { text } = await replayFiles(one.files(), 997)
    expect([ran.code, ran.stdout]).toEqual([0, text])
  })
})

const noPush = 'areas of a file are in force from the beginning'
const oneDriver = 'a trip file has one driver column'
const creeping = 'a wheel that creeps is on the bus, not in a trip file'
const ownJudge = 'the jump filter judges positions itself'
const notFiles = {
  'driving-time/gaps.json: a clock without discipline: its Samples neither accrue nor reset':
    'a file has no clock that was never disciplined',
  'driving-time/stops-and-limits.json: a wheel that turns at 0.5 km/h is moving': creeping,
  'curfew/edges.json: moving from 01:59:59.999: the run is clipped at the window':
    'telemetry keeps the first Sample of a second',
  'curfew/relay.json: the relieved driver rides on with the card in the second slot': oneDriver,
  'curfew/relay.json: the relief driver rode along in the second slot': oneDriver,
  'curfew/relay.json: a record whose relief driver rode along': oneDriver,
  'areas/borders.json: no line leads to a position after the jump filter re-seeded': ownJudge,
  'areas/staying.json: a push moves the border over a driving vehicle: not back-dated': noPush,
  'areas/staying.json: crossing the border after the push counts from the crossing': noPush,
  'areas/staying.json: pushed while parked inside, then it leaves without a moving sample inside: nothing':
    noPush,
  'areas/staying.json: forbidden stop: drift below the noise is standing, wheels at 1 km/h are not': creeping,
  'areas/worked-examples.json: 7: inside when the area is pushed: at the first moving sample from the push on':
    noPush,
  'areas/worked-examples.json: 7: parked when the area is pushed: nothing until it moves': noPush,
  'route/off-route.json: a refused position is silence': ownJudge,
  'route/off-route.json: no line leads to a re-seeded position': ownJudge,
  'route/off-route.json: the route is taken away: it ends where it was last seen': 'a route of a file stays',
  'route/off-route.json: 10 km off before and after 100 s of silence: nobody was back in between':
    'the silence is judged by the limit of the jump filter',
}
