import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../device/config.ts'
import { readDbcFile } from '../../device/dbc-file.ts'

const dbc = 'BO_ 500 Drive: 8 E\n SG_ Speed : 0|16@1+ (0.01,0) [0|300] "km/h" D\n'

describe('a bus described by a DBC file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dbc-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const read = (can: object, text = dbc) => {
    const file = join(folder, 'terminal.json')
    writeFileSync(join(folder, 'bus.dbc'), text)
    const ports = { can: { path: '/dev/ttyUSB0', ...can } }
    const gateway = { url: 'mqtt://127.0.0.1:1883' }
    writeFileSync(file, JSON.stringify({ dataDir: 'd', vehicle: 'v.json', ports, gateway }))
    return readDbcFile(readConfig(file).ports.can, file)
  }
  const named = { dbc: 'bus.dbc', dbcSignals: { Speed: 'wheelSpeedKmh' } }

  it('is read beside the configuration', () => {
    expect([...read(named)!.standard.keys()]).toEqual([500])
    expect(read({})).toBeNull()
  })

  it.each([
    [
      'a line that is wrong',
      named,
      `${dbc} SG_ oops`,
      /bus\.dbc: line 3: is no "SG_.*; correct or remove it$/,
    ],
    [
      'a name that is not there',
      { ...named, dbcSignals: { Sped: 'wheelSpeedKmh' } },
      dbc,
      /ports\.can\.dbcSignals\.Sped: no such signal/,
    ],
    [
      'a name that is none of ours',
      { ...named, dbcSignals: { Speed: 'fast' } },
      dbc,
      /dbcSignals\.Speed: "fast" is no signal of ours; one of wheelSpeedKmh/,
    ],
    ['a file that is missing', { ...named, dbc: 'no.dbc' }, dbc, /no\.dbc: no such file/],
    ['names without a file', { dbcSignals: { Speed: 'x' } }, dbc, /ports\.can\.dbcSignals: only with "dbc"/],
    ['a shut mouth that is no answer', { listenOnly: 'yes' }, dbc, /ports\.can\.listenOnly/],
  ])('%s is one line with a remedy', (_, can, text, line) => {
    expect(() => read(can, text)).toThrow(line)
  })

  it('a third line speaks of cameras, and only of kinds we know', () => {
    const file = join(folder, 'terminal.json')
    const config = (devices: unknown) => {
      const ports = { can: { path: '/dev/ttyUSB0' }, peripheral: { path: 'cam', devices } }
      writeFileSync(
        file,
        JSON.stringify({ dataDir: 'd', vehicle: 'v.json', ports, gateway: { url: 'mqtt://h:1' } }),
      )
      return readConfig(file).ports.peripheral
    }
    expect(config(['adas', 'dsm'])).toEqual({
      path: join(folder, 'cam'),
      baud: 115_200,
      devices: ['adas', 'dsm'],
    })
    expect(config(undefined)?.devices).toEqual([])
    expect(() => config(['mirror'])).toThrow(/ports\.peripheral\.devices/)
  })
})
