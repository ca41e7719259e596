import { describe, expect, it } from 'vitest'
import { bodyDbc, buttons } from '../../sim/hardware/j1939.ts'
import { planOf } from '../../sim/scenario.ts'
import { causes } from '../../sim/scenarios/causes.ts'
import { tapeOf } from '../../sim/tape.ts'
import { rmcSentence } from '../help/nmea.ts'
import { runTool, scratchFolder } from '../help/tool.ts'

const folder = scratchFolder()
const dbc = folder.write(
  'bus.dbc',
  [
    'BO_ 500 Drive: 8 ECU',
    ' SG_ VehicleSpeed : 0|16@1+ (0.01,0) [0|300] "km/h" Dash',
    ' SG_ Gear : 16|4@1+ (1,0) [0|15] "" Dash',
    'BO_ 501 Other: 8 ECU',
    ' SG_ Gear : 0|4@1+ (1,0) [0|15] "" Dash',
    '',
  ].join('\n'),
)
const broken = folder.write('broken.dbc', 'BO_ 500 Drive: 8 E\n SG_ oops\n')
const startS = Date.UTC(2026, 10, 23, 2) / 1000
/** 117.60 km/h as 11,760 = 0x2DF0, third gear. */
const log = folder.write(
  'bus.log',
  Array.from({ length: 60 }, (_, s) => `(${startS + s - 1}.500000) can0 1F4#F02D030000000000\n`).join(''),
)
const trip = folder.write(
  'trip.nmea',
  Array.from({ length: 60 }, (_, s) =>
    rmcSentence({ atMs: (startS + s) * 1000, lat: 28 + (s * 32.7) / 111_195, lon: 113, speedKmh: 117.6 }),
  ).join(''),
)

describe('decode with a DBC file', () => {
  it('tells every signal by its own name, with its message’s where several have it', () => {
    const { code, lines } = runTool('decode', ['can', log, '--dbc', dbc])
    expect(code).toBe(0)
    expect(lines[0]).toEqual({
      ...{ kind: 'dbc', t: startS - 0.5, id: 500, signals: { VehicleSpeed: 117.6, 'Drive.Gear': 3 } },
    })
    expect(lines.at(-1)).toMatchObject({ kind: 'summary', frames: 60, standardFrames: 60 })
    expect(runTool('decode', ['can', log]).lines).toHaveLength(1)
  })

  it('tells those of a mapping alone, from a list or from a terminal’s configuration', () => {
    const config = folder.write(
      'terminal.json',
      JSON.stringify({ dataDir: 'd', ports: { can: { dbcSignals: { VehicleSpeed: 'wheelSpeedKmh' } } } }),
    )
    const plain = folder.write('names.json', JSON.stringify({ VehicleSpeed: 'wheelSpeedKmh' }))
    for (const mapping of ['VehicleSpeed = wheelSpeedKmh', config, plain]) {
      const { lines } = runTool('decode', ['can', log, '--dbc', dbc, '--dbc-signals', mapping])
      expect(lines[0]!['signals']).toEqual({ wheelSpeedKmh: 117.6 })
    }
  })

  it('reads the lines of a tape as well, with the file that is on it', () => {
    const cause = causes.find(({ scenario }) => scenario.name === 'cause-speeding')!
    const tape = folder.write('trip.rwtape', Buffer.concat([...tapeOf(planOf(cause.scenario))]))
    const can = runTool('decode', ['can', tape]).lines
    expect(can.at(-1)).toMatchObject({ kind: 'summary', malformedLines: 0 })
    expect(can.some(({ pgn }) => pgn === 65265)).toBe(true)
    const nmea = runTool('decode', ['nmea', tape]).lines
    expect(nmea.at(-1)).toMatchObject({ kind: 'summary', rmc: { valid: 120, void: 0 } })
  })

  it('reads 29-bit frames that are groups too', () => {
    const body = folder.write('body.dbc', bodyDbc)
    const { id, data } = buttons('attack')
    const frame = `(1.0) can0 ${id.toString(16).toUpperCase()}#${Buffer.from(data).toString('hex')}\n`
    const { lines } = runTool('decode', ['can', folder.write('body.log', frame), '--dbc', body])
    expect(lines.find(({ kind }) => kind === 'dbc')).toMatchObject({
      signals: { PanicAccident: 0, PanicAttack: 1, PanicIllness: 0 },
    })
  })
})

describe('replay with a DBC file', () => {
  const kinds = (args: string[]) => runTool('replay', [trip, '--can', log, ...args])

  it('takes its signals for ours: wheels speak of the speed that is found', () => {
    const without = kinds([]).lines.find(({ kind }) => kind === 'speeding')
    expect(without!['evidence']).toMatchObject({ agreement: 'single' })
    const { lines, stderr } = kinds(['--dbc', dbc, '--dbc-signals', 'VehicleSpeed=wheelSpeedKmh'])
    expect(lines.find(({ kind }) => kind === 'speeding')!['evidence'], stderr).toMatchObject({
      agreement: 'agree',
    })
  })

  it.each([
    [['--dbc-signals', 'a=b'], /--dbc-signals a=b: only with --dbc/],
    [['--dbc', dbc], /no signal bears a name of ours; say with --dbc-signals/],
    [['--dbc', dbc, '--dbc-signals', 'VehicleSpeed=velocity'], /"velocity" is no signal of ours; one of /],
    [['--dbc', dbc, '--dbc-signals', 'Speed=wheelSpeedKmh'], /Speed: no such signal in the file/],
    [['--dbc', dbc, '--dbc-signals', 'Gear=gear,'], /no mapping of signals/],
    [['--dbc', broken], /broken\.dbc: line 2: .+; correct or remove it/],
  ])('what cannot be meant is refused in one line (%#)', (args, why) => {
    const { code, stderr, stdout } = kinds(args)
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1])
    expect(stderr).toMatch(why)
  })
})
