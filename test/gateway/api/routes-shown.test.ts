import { describe, expect, test } from 'vitest'
import type { Facts } from '../../../gateway/api/facts.ts'
import type { Who } from '../../../gateway/api/route.ts'
import { shownRoutes } from '../../../gateway/api/routes-shown.ts'
import type { Role } from '../../../gateway/identity/identity.ts'
import type { Corridor } from '../../../proto/geo/corridor.ts'
import { parseRoute } from '../../../proto/shapes/route.ts'
import { documentsOf } from '../help/world.ts'

/** Every approved road of the fleets somebody may see, in one answer of bounded size. */

const lineOf = (id: string, coordinates: readonly (readonly number[])[]): object => ({
  type: 'Feature',
  properties: { id, name: `${id} 线` },
  geometry: { type: 'LineString', coordinates },
})
const roadOf = (id: string, coordinates = straight): Corridor =>
  parseRoute({ type: 'FeatureCollection', features: [lineOf(id, coordinates)] }, `${id}.geojson`)[0]!
const straight: readonly (readonly number[])[] = [
  [120, 30],
  [120.1, 30],
]
/** 60 m up and down every 200 m. */
const winding = (count: number) =>
  Array.from({ length: count }, (_, at) => [110 + at * 0.002, 30 + (at % 2) * 0.00054])

type Item = {
  readonly properties: { readonly id: string; readonly name: string; readonly fleets: readonly string[] }
  readonly geometry: { readonly coordinates: readonly (readonly (readonly number[])[])[] }
}
type Answer = { readonly items: readonly Item[]; readonly withinM: number; readonly next: string | null }

/** Vehicles, `fleet/id`, with the roads their trips name. */
function office(cars: { readonly [key: string]: readonly Corridor[] }) {
  const all = Object.entries(cars).map(([key, routes]) => {
    const [fleet = '', id = ''] = key.split('/')
    return { ...documentsOf(fleet, id), routes }
  })
  const facts = { vehicles: () => all, index: { fleets: () => [] } } as unknown as Facts
  const [roads] = shownRoutes(facts)
  return async (who: Who, query: object = {}): Promise<Answer> => {
    const read = roads!.query!.parse(query)
    const asked = { who, params: {}, query: read, body: null, from: '127.0.0.1', headers: {} }
    const answer = await roads!.handle(asked)
    if (answer.is !== 'json') throw new Error('a file')
    return answer.value as Answer
  }
}
const one = (grants: { readonly [fleet: string]: Role }): Who => ({
  name: '王五',
  grants: new Map(Object.entries(grants)),
})
const here: Who = { name: '', grants: null }
const ids = ({ items }: Answer) => items.map(({ properties }) => properties.id)
const pointsIn = ({ items }: Answer) =>
  items.flatMap(({ geometry }) => geometry.coordinates).reduce((sum, { length }) => sum + length, 0)

describe('the approved routes of a map', () => {
  const [a, b, both] = [roadOf('a'), roadOf('b'), roadOf('both')]
  const ask = office({ 'f1/v1': [a, both], 'f1/v2': [both], 'f2/v3': [b, both] })

  test('are those of the own fleets: of another fleet neither its roads nor that it drives a shared one', async () => {
    const mine = await ask(one({ f1: 'officer' }))
    expect(mine.items.map(({ properties }) => properties)).toEqual([
      { id: 'a', name: 'a 线', fleets: ['f1'] },
      { id: 'both', name: 'both 线', fleets: ['f1'] },
    ])
    const theirs = await ask(one({ f2: 'auditor' }))
    expect(theirs.items.map(({ properties }) => properties.fleets)).toEqual([['f2'], ['f2']])
    expect(ids(theirs)).toEqual(['b', 'both'])
    expect(ids(await ask(one({ f1: 'officer' }), { fleet: 'f2' }))).toEqual([])
    // One role in one fleet is none in the other.
    expect(ids(await ask(one({ f1: 'officer', f2: 'provider' })))).toEqual(['a', 'both'])
  })

  test('are each drawn once, whoever drives them', async () => {
    const all = await ask(here)
    expect(ids(all)).toEqual(['a', 'b', 'both'])
    expect(all.items[2]!.properties.fleets).toEqual(['f1', 'f2'])
    expect(all.items[0]!.geometry.coordinates).toEqual([straight])
    expect(ids(await ask(here, { fleet: 'f2' }))).toEqual(['b', 'both'])
  })

  test('come in pages, each once', async () => {
    const first = await ask(here, { limit: 2 })
    expect([ids(first), first.next]).toEqual([['a', 'b'], 'b'])
    const second = await ask(here, { limit: 2, after: 'b' })
    expect([ids(second), second.next]).toEqual([['both'], null])
  })

  test('of two thousand vehicles on one road are one road', async () => {
    const many = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`f1/v${at}`, [a]]))
    expect(ids(await office(many)(here))).toEqual(['a'])
  })

  test('are exact where they are few, and coarser only as far as their number asks for', async () => {
    const few = await office({ 'f1/v1': [roadOf('w', winding(1000))] })(here)
    expect([few.withinM, pointsIn(few)]).toEqual([10, 1000])
    const roads = Array.from({ length: 60 }, (_, at) => roadOf(`w${at}`, winding(1000)))
    const many = await office({ 'f1/v1': roads })(here)
    expect(ids(many)).toHaveLength(60)
    // 60 m up and down are told at 40 m and no more at 160 m: what is left are ends of stretches.
    expect(many.withinM).toBe(160)
    expect(pointsIn(many)).toBeLessThan(60 * 10)
  })
})
