import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../device/config.ts'
import { readDocuments } from '../../device/documents.ts'
import { slcanGreeting } from '../../device/ports/open.ts'

describe('terminal configuration', () => {
  let folder: string
  let file: string
  const minimal = {
    dataDir: 'data',
    vehicle: 'v.json',
    ports: {
      gnss: { path: '/dev/ttyUSB0', baud: 9600 },
      can: { path: 'tcp://10.0.0.2:4001', baud: 115_200 },
    },
    gateway: { url: 'mqtt://gateway.example:1883' },
  }
  const vehicle = {
    id: 'c',
    fleet: 'f',
    class: 'coach',
    serviceClass: 'scheduled',
    oneWayKm: 300,
    relay: null,
  }
  const write = (name: string, value: unknown): void =>
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value))
  const read = (config: unknown) => {
    write('terminal.json', config)
    return readConfig(file)
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'))
    file = join(folder, 'terminal.json')
    write('v.json', vehicle)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('finds files beside itself, leaves absolute paths and tcp alone, and fills in what is usual', () => {
    expect(read({ ...minimal, areas: 'a.geojson', world: '/w/world.json' })).toMatchObject({
      dataDir: join(folder, 'data'),
      vehicle: join(folder, 'v.json'),
      areas: [join(folder, 'a.geojson')],
      world: '/w/world.json',
      ports: {
        gnss: { path: '/dev/ttyUSB0', baud: 9600 },
        can: { path: 'tcp://10.0.0.2:4001', baud: 115_200, format: 'slcan' },
      },
      gateway: { ack: 'gateway' },
    })
  })

  it.each([
    ['an unknown key before a missing one', { datadir: 'x' }, /: datadir: unknown key/],
    ['a missing key', { ...minimal, vehicle: undefined }, /: vehicle: missing/],
    ['no port at all', { ...minimal, ports: {} }, /: ports: at least one/],
    [
      'a wrong tcp path',
      { ...minimal, ports: { gnss: { path: 'tcp://nowhere', baud: 1200 } } },
      /: ports\.gnss\.path: /,
    ],
    ['a wrong url', { ...minimal, gateway: { url: 'http://x' } }, /: gateway\.url: mqtt/],
    ['an unknown ack', { ...minimal, gateway: { url: 'mqtt://x:1', ack: 'maybe' } }, /: gateway\.ack: /],
    [
      'tls without mqtts',
      { ...minimal, gateway: { url: 'mqtt://x:1', tls: {} } },
      /: gateway\.tls: only with/,
    ],
    [
      'a certificate without its key',
      { ...minimal, gateway: { url: 'mqtts://x:1', tls: { cert: 'c.pem' } } },
      /: gateway\.tls: "cert" and "key"/,
    ],
    ['text that is not JSON', '{', /: not JSON/],
  ])('refuses %s in one line', (_what, config, line) => {
    let said = ''
    try {
      read(config)
    } catch (error) {
      said = (error as Error).message
    }
    expect(said).toMatch(line)
    expect(said.startsWith(`${file}: `)).toBe(true)
    expect(said).not.toContain('\n')
  })

  it('reads the documents it names, and says which file and key is wrong', () => {
    write('p.json', { version: 4, speeding: { holdS: 7 } })
    const documents = readDocuments(read({ ...minimal, policy: 'p.json' }))
    expect(documents.policy).toMatchObject({ version: 4, speeding: { holdS: 7, releaseKmh: 5 } })
    write('p.json', { speeding: { holdSeconds: 7 } })
    expect(() => readDocuments(read({ ...minimal, policy: 'p.json' }))).toThrow(
      /p\.json: speeding\.holdSeconds: unknown key/,
    )
    expect(() => readDocuments(read({ ...minimal, route: 'gone.geojson' }))).toThrow(
      /gone\.geojson: no such file/,
    )
  })

  it('takes one trip or several, and refuses the trip of another vehicle', () => {
    const trip = {
      id: 't1',
      vehicle: 'c',
      from: '2026-11-22T14:00:00+08:00',
      to: '2026-11-23T06:00:00+08:00',
      drivers: ['A'],
      serviceClass: 'scheduled',
      oneWayKm: 300,
    }
    write('t.json', trip)
    expect(readDocuments(read({ ...minimal, trip: 't.json' })).trips).toHaveLength(1)
    write('t.json', [trip, { ...trip, id: 't2' }])
    expect(readDocuments(read({ ...minimal, trip: 't.json' })).trips).toHaveLength(2)
    write('t.json', { ...trip, vehicle: 'd' })
    expect(() => readDocuments(read({ ...minimal, trip: 't.json' }))).toThrow(
      /t\.json: vehicle: trip t1 is of d/,
    )
  })

  it('sets an adapter up to listen only, and only when the bit rate is known', () => {
    expect(slcanGreeting(undefined)).toBe('')
    expect(slcanGreeting(250_000)).toBe('C\rS5\rL\r')
    const can = { path: '/dev/ttyACM0', baud: 115_200, bitrate: 300_000 }
    expect(() => read({ ...minimal, ports: { can } })).toThrow(/: ports\.can\.bitrate: one of 10000/)
  })
})
