import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { headBytes, replayRecording } from '../../sim/replay/recording.ts'
import { planOf, type Scenario } from '../../sim/scenario.ts'
import { loadScenario } from '../../sim/scenario-file.ts'
import { scenarioSchema } from '../../sim/scenario-schema.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { tapeOf } from '../../sim/tape.ts'
import { runSim } from '../help/sim.ts'
import { root, scratchFolder } from '../help/tool.ts'

/** The examples: each finds what it says, is told of in the README, and a field nobody knows is refused by name. */

const readme = readFileSync(join(root, 'sim/README.md'), 'utf8')
const files = scratchFolder()
const town = readFileSync(join(root, 'sim/scenarios/roads/town.txt'), 'utf8')

async function foundIn(scenario: Scenario): Promise<string[]> {
  const tape = Buffer.concat([...tapeOf(planOf(scenario))])
  const kinds = new Set<string>()
  async function* chunks() {
    yield tape
  }
  const recording = { name: scenario.name, head: tape.subarray(0, headBytes), chunks: chunks() }
  const reader = { read: async () => '', tell: () => {} }
  await replayRecording(recording, { files: {}, reader }, ({ kind }) => kinds.add(kind))
  return [...kinds].sort()
}

describe.each([...scenarios.values()].map((scenario) => [scenario.name, scenario] as const))(
  '%s',
  (name, scenario) => {
    it('finds what it says, and nothing else', async () => {
      expect(await foundIn(scenario)).toEqual(scenario.finds)
    })

    it('stands in the table of the README, with what must be found', () => {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``))
      const found = row?.split('|').at(-2)?.trim()
      const finds = scenario.finds ?? []
      expect(found).toBe(finds.length === 0 ? 'nothing' : finds.join(', '))
    })
  },
)

/** Every field of the schema, whatever it lies in. */
function fieldsOf(schema: z.ZodType, found = new Set<string>(), seen = new Set<unknown>()): Set<string> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return
    seen.add(node)
    const { properties } = node as { properties?: object }
    for (const key of Object.keys(properties ?? {})) found.add(key)
    for (const child of Object.values(node)) walk(child)
  }
  walk(json)
  return found
}

describe('the fields of a scenario', () => {
  it('are each explained in the README', () => {
    const { vehicle, trip, policy: _policy, beside, ...own } = scenarioSchema.shape
    const fields = fieldsOf(z.object(own))
    const papers = [...fieldsOf(vehicle), ...fieldsOf(trip)]
    for (const field of fieldsOf(z.object({ beside }))) if (!papers.includes(field)) fields.add(field)
    expect(fields).toContain('odometerKm')
    expect(fields.size).toBeGreaterThan(40)
    expect([...fields].filter((field) => !readme.includes(`\`${field}\``))).toEqual([])
  })

  it('are refused when nobody knows them, by name and with the remedy, wherever they stand', () => {
    const fog = scenarios.get('fog')!
    const cases: readonly (readonly [change: object, path: string, known: string])[] = [
      [{ ...fog, wether: [] }, 'wether', 'weather'],
      [{ ...fog, weather: [{ ...fog.weather[0], visibility: 3 }] }, 'weather[0].visibility', 'visibilityM'],
      [{ ...fog, faults: { gps: [] } }, 'faults.gps', 'gnss'],
      [{ ...fog, road: { ...fog.road, widthM: 3 } }, 'road.widthM', 'waypoints'],
    ]
    for (const [index, [scenario, path, known]] of cases.entries()) {
      const file = files.write(`bad-${index}.json`, JSON.stringify(scenario))
      const { code, stderr } = runSim(['run', file, '--tape', join(files.path, 'never.rwtape')])
      const [line, keys] = stderr.split(' (known here: ')
      expect([code, line]).toEqual([2, `${file}: ${path}: unknown key; remove it or correct its spelling`])
      expect(keys?.match(/\w+/g)).toContain(known)
    }
  })
})

describe('the road of a scenario', () => {
  const { waypoints: _waypoints, ...road } = scenarios.get('town-shift')!.road
  const load = (change: object) => {
    files.write('town.txt', town)
    const file = files.write(
      'own.json',
      JSON.stringify({ ...scenarios.get('town-shift')!, road: { ...road, ...change } }),
    )
    return loadScenario(file, 'own.json')
  }

  it('comes from the shapes of a GTFS feed or a GeoJSON line beside it', async () => {
    expect((await load({ gtfs: 'town.txt', shape: 'town-7' })).road.waypoints).toHaveLength(31)
    files.write(
      'line.geojson',
      JSON.stringify({
        type: 'LineString',
        coordinates: [
          [113, 28],
          [113.2, 28.1],
        ],
      }),
    )
    expect((await load({ geojson: 'line.geojson' })).road.waypoints).toEqual([
      [28, 113],
      [28.1, 113.2],
    ])
  })

  it.each([
    [{}, 'own.json: road: no line; give one of waypoints, geojson, gtfs'],
    [{ gtfs: 'town.txt' }, 'own.json: road.gtfs: 2 shapes fit; name one of town-7, town-8 in road.shape'],
    [
      { geojson: 'no.geojson' },
      /^own\.json: road\.geojson: no file .*\/no\.geojson; name a GeoJSON file beside the scenario$/,
    ],
    [{ geojson: 'line.geojson', shape: 'x' }, 'own.json: road.shape: belongs to gtfs; remove it'],
    [{ geojson: 'own.json' }, 'own.json: road.geojson: no LineString in it; name a file with one'],
  ])('%j is refused in one line', async (change, line) => {
    await expect(load(change)).rejects.toThrow(line)
  })
})

describe('npm run sim -- run', () => {
  it('refuses a speed that the lines do not hold, and a folder that cannot be written', () => {
    const fast = runSim(['run', 'fog', '--speed', '600'])
    expect([fast.code, fast.stderr.split(';')[0]]).toEqual([2, '--speed 600: a number from 0.1 to 240'])
    const file = files.write('a-file', '')
    const shut = runSim(['run', 'fog', '--data', join(file, 'data')])
    expect([shut.code, shut.stderr.includes('cannot be written (ENOTDIR)')]).toEqual([2, true])
    expect(shut.stderr.trim().split('\n')).toHaveLength(1)
  })
})
