import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDocuments } from '../../gateway/documents.ts'
import { settingsAt } from '../../proto/in-force.ts'
import { tempFolder } from './help/world.ts'

const vehicle = {
  id: 'v1',
  fleet: 'f1',
  class: 'coach',
  serviceClass: 'scheduled',
  oneWayKm: null,
  relay: null,
}
const trip = {
  id: 't1',
  vehicle: 'v1',
  from: '2026-11-22T18:00:00+08:00',
  to: '2026-11-23T06:00:00+08:00',
  drivers: ['d1'],
  serviceClass: 'charterTour',
  oneWayKm: 300,
}

function files(documents: Record<string, unknown> = { 'vehicles/a.json': vehicle }) {
  const folder = tempFolder()
  for (const name of ['vehicles', 'trips']) mkdirSync(path.join(folder, name))
  const write = (name: string, value: unknown) =>
    writeFileSync(path.join(folder, name), JSON.stringify(value))
  for (const [name, value] of Object.entries(documents)) write(name, value)
  const at = (name: string) => path.join(folder, name)
  return {
    at,
    write,
    config: { zone: 'Asia/Shanghai', vehicles: at('vehicles'), trips: at('trips'), areas: [] },
  }
}

describe('documents', () => {
  test('a vehicle with its trips and the policy of its class', () => {
    const { config } = files({
      'vehicles/a.json': vehicle,
      'trips/x.json': [trip],
      'trips/y.json': { ...trip, id: 't2', vehicle: 'v2' },
    })
    const documents = openDocuments(config).of('f1', 'v1')!
    expect(documents.trips.map(({ id }) => id)).toEqual(['t1'])
    expect(settingsAt(documents, Date.parse('2026-11-22T23:00:00+08:00')).trip?.id).toBe('t1')
    expect(documents.policy.speeding.capKmh.motorway).toBe(100)
  })

  test('trips may come as a table, in local time of the zone, beside documents; a wrong row keeps what there was', () => {
    const { config, at } = files({ 'vehicles/a.json': vehicle, 'trips/x.json': [trip] })
    const table = (from: string): void =>
      writeFileSync(at('trips/week.csv'), `id,vehicle,from,to\nt9,v1,${from},2026-11-24 06:00\n`)
    table('2026-11-23 18:00')
    const store = openDocuments(config)
    const trips = () => store.of('f1', 'v1')!.trips.map(({ id, from }) => [id, from])
    expect(trips()).toEqual([
      ['t9', '2026-11-23T10:00:00.000Z'],
      ['t1', trip.from],
    ])
    table('yesterday')
    utimesSync(at('trips/week.csv'), 1, 1)
    expect(() => store.refresh()).toThrow(/week\.csv: line 2: from: an ISO instant/)
    expect(trips()).toHaveLength(2)
    rmSync(at('trips/week.csv'))
    expect(store.refresh()).toBe(true)
    expect(trips()).toEqual([['t1', trip.from]])
  })

  test('a vehicle nobody provisioned, or of another fleet, is none of ours', () => {
    const store = openDocuments(files().config)
    expect([store.of('f1', 'v2'), store.of('f2', 'v1')]).toEqual([null, null])
  })

  test('the zone of the configuration holds unless the policy names one', () => {
    const { config, at, write } = files()
    expect(openDocuments({ ...config, zone: 'UTC' }).of('f1', 'v1')?.policy.zone).toBe('UTC')
    write('policy.json', { zone: 'Asia/Tokyo' })
    const store = openDocuments({ ...config, zone: 'UTC', policy: at('policy.json') })
    expect(store.of('f1', 'v1')?.policy.zone).toBe('Asia/Tokyo')
    expect(store.wanted('f1', 'v1', 'policy')?.value).toEqual({ zone: 'Asia/Tokyo' })
  })

  test('folders that changed are read again; a wrong file keeps what there was', () => {
    const { config, at, write } = files()
    const store = openDocuments(config)
    expect(store.refresh()).toBe(false)
    write('vehicles/b.json', { ...vehicle, id: 'v2' })
    expect(store.refresh()).toBe(true)
    expect(store.of('f1', 'v2')?.vehicle.id).toBe('v2')
    write('vehicles/b.json', { ...vehicle, id: 'v2', class: 'bus' })
    utimesSync(at('vehicles/b.json'), 1, 1)
    expect(() => store.refresh()).toThrow(/b\.json: class/)
    expect(store.of('f1', 'v2')?.vehicle.id).toBe('v2')
    rmSync(at('vehicles/b.json'))
    store.refresh()
    expect(store.of('f1', 'v2')).toBeNull()
  })

  test('the same vehicle in two files is told', () => {
    const { config } = files({ 'vehicles/a.json': vehicle, 'vehicles/b.json': vehicle })
    expect(() => openDocuments(config)).toThrow(/b\.json: id: f1\/v1 is in another file/)
  })
})
