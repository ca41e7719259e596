import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon'
import Flatbush from 'flatbush'
import { areas } from '../../gateway/rules/areas.ts'
import { indexAreas } from '../../proto/geo/area-index.ts'
import { settingsWith } from '../help/area-road.ts'
import { roleArea } from '../help/area-star.ts'
import { sampleAt } from '../help/drive.ts'

/**
 * Looking up areas against flatbush with turf's point in polygon: the same areas and points, taken in turns within
 * one run, median of the turns. Then what the area rule costs where nothing is near, and what 100,000 areas weigh.
 */
export type BenchRow = {
  readonly name: string
  readonly ours: number
  readonly theirs: number | null
  readonly ratio: number | null
  readonly unit: string
}

const turns = 15

export async function areasBench(): Promise<readonly BenchRow[]> {
  const rows = [...lookUps(10_000), ...ruleCost(10_000)]
  return [...rows, ...weight(100_000)]
}

const ms = (work: () => void): number => {
  const from = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - from) / 1e6
}
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Numbers that look random and are the same in every run. */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function lookUps(count: number): BenchRow[] {
  const random = randomOf(1)
  const specs = Array.from({ length: count }, (_, i) => roleArea(`A${i}`, random))
  const rings = specs.map(({ shape }) => (shape.is === 'polygons' ? shape.polygons[0]! : []))
  const polygons = rings.map((polygon) => ({
    type: 'Polygon' as const,
    coordinates: polygon.map((ring) => pairs(ring)),
  }))
  let index = indexAreas([])
  const ourBuildMs = ms(() => {
    index = indexAreas(specs)
  })
  const tree = new Flatbush(count)
  const theirBuildMs = ms(() => {
    for (const { coordinates } of polygons) tree.add(...boxOf(coordinates[0]!))
    tree.finish()
  })
  const points = driving(20_000, random)
  let ours = 0
  let theirs = 0
  const oursMs: number[] = []
  const theirsMs: number[] = []
  for (let turn = 0; turn < turns; turn++) {
    ours = 0
    theirs = 0
    oursMs.push(
      ms(() => {
        for (const [lon, lat] of points) ours += index.at({ lat, lon }).length
      }),
    )
    theirsMs.push(
      ms(() => {
        for (const [lon, lat] of points)
          for (const box of tree.search(lon, lat, lon, lat))
            if (booleanPointInPolygon([lon, lat], polygons[box]!)) theirs++
      }),
    )
  }
  if (ours !== theirs) throw new Error(`${ours} areas found by us, ${theirs} by them`)
  const perPoint = (values: number[]): number => (median(values) * 1e6) / points.length
  return [
    row(
      `areas at a point, ${count} areas, against flatbush and turf`,
      perPoint(oursMs),
      perPoint(theirsMs),
      'ns',
    ),
    row(`building ${count} areas, against flatbush's boxes alone`, ourBuildMs, theirBuildMs, 'ms'),
  ]
}

function row(name: string, ours: number, theirs: number | null, unit: string): BenchRow {
  const rounded = (value: number): number => Math.round(value * 100) / 100
  return {
    name,
    ours: rounded(ours),
    theirs: theirs === null ? null : rounded(theirs),
    ratio: theirs === null ? null : rounded(ours / theirs),
    unit,
  }
}

/** The rule over a vehicle that drives where no area is near. */
function ruleCost(count: number): BenchRow[] {
  const random = randomOf(2)
  const index = indexAreas(Array.from({ length: count }, (_, i) => roleArea(`A${i}`, random)))
  const settings = settingsWith(index)
  const samples = Array.from({ length: 100_000 }, (_, i) =>
    sampleAt(1_790_000_000_000 + i * 1000, {
      fix: { lat: 40 + i * 1e-5, lon: 100 + i * 1e-5, accuracyM: null, satellites: null },
      speedKmh: 80,
    }),
  )
  const runs = Array.from({ length: turns }, () =>
    ms(() => {
      let { initial: state } = areas
      for (const sample of samples) ({ state } = areas.step(state, sample, settings))
    }),
  )
  return [
    row(`area rule per Sample, ${count} areas, none near`, (median(runs) * 1e6) / samples.length, null, 'ns'),
  ]
}

/** Memory of an index after its input is gone. */
function weight(count: number): BenchRow[] {
  const used = (): number => {
    globalThis.gc?.()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return (heapUsed + arrayBuffers) / 1e6
  }
  const before = used()
  let buildMs = 0
  const index = (() => {
    const random = randomOf(3)
    const specs = Array.from({ length: count }, (_, i) => roleArea(`A${i}`, random))
    let made = indexAreas([])
    buildMs = ms(() => {
      made = indexAreas(specs)
    })
    return made
  })()
  const mb = used() - before
  if (index.all.length !== count) throw new Error('areas are missing')
  const note = globalThis.gc === undefined ? ' (run with --expose-gc to measure without garbage)' : ''
  return [
    row(`memory of ${count} areas${note}`, mb, null, 'MB'),
    row(`building ${count} areas`, buildMs, null, 'ms'),
  ]
}

const pairs = (ring: readonly number[]): [number, number][] =>
  Array.from({ length: ring.length / 2 }, (_, i) => [ring[i * 2]!, ring[i * 2 + 1]!])

function boxOf(ring: readonly (readonly number[])[]): [number, number, number, number] {
  const lons = ring.map(([lon]) => lon!)
  const lats = ring.map(([, lat]) => lat!)
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}

/** A thousand vehicles in turn, each 14 m on: what a gateway asks. */
function driving(count: number, random: () => number): readonly (readonly [number, number])[] {
  const vehicles = Array.from({ length: 1000 }, () => ({
    lon: 110 + random() * 5,
    lat: 30 + random() * 5,
    angle: random() * 2 * Math.PI,
  }))
  return Array.from({ length: count }, (_, i) => {
    const vehicle = vehicles[i % vehicles.length]!
    vehicle.lon += Math.cos(vehicle.angle) * 0.00014
    vehicle.lat += Math.sin(vehicle.angle) * 0.00013
    return [vehicle.lon, vehicle.lat] as const
  })
}
