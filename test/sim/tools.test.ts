import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, runTool, scratchFolder } from '../help/tool.ts'

/** What all commands do alike. */

const commands = [
  ['replay', 'sim/tools/replay.ts'],
  ['decode', 'sim/tools/decode.ts'],
  ['areas', 'sim/tools/areas.ts'],
  ['export', 'sim/tools/export.ts'],
  ['verify', 'gateway/verify.ts'],
  ['gateway', 'gateway/main.ts'],
  ['device', 'device/main.ts'],
  ['sim', 'sim/main.ts'],
  ['start', 'sim/start.ts'],
  ['prove', 'test/prove/run.ts'],
  ['bench', 'test/bench/run.ts'],
  ['build', 'device/build.ts'],
] as const

describe.concurrent('--help', () => {
  it.each(commands)('of %s is its usage on stdout, and that was all', async (name, script) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), '--help'], {
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(new RegExp(`^usage: npm (run )?(-s )?${name}(?: \\[?--| \\()`))
  })
})

describe('a file that is no trip', () => {
  const files = scratchFolder()
  it.each([
    ['list.json', '[]', 'a JSON list, which is no recording'],
    ['empty', '', 'nothing in it; name a recording'],
    [
      'sum.nmea',
      '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*00\r\n',
      'no RMC or GGA with a right checksum',
    ],
    ['torn.rwtape', 'RWTH', 'a tape without a readable header'],
    [
      'notes.md',
      '# Notes\n\nTired, fast, lost: read on,\nand, then, some more, of it, here\nend\n',
      'not a known recording; name a tape, NMEA',
    ],
    ['picture.png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'not a known recording; name a tape, NMEA'],
    ['word', 'hello\n', 'not a known recording; name a tape, NMEA'],
    ['settings.json', '{"zone":"UTC"}', 'JSON that is no GeoJSON; name a tape, NMEA'],
    ['table.csv', 'a,b\n1,2\n', '--columns "time=NAME'],
    ['torn.geojson', '{"type":"FeatureCollection","features":[', 'not JSON from here on'],
  ])('%s is refused in one line that says what to do', (name, content, words) => {
    const file = files.write(name, content)
    const { code, stdout, stderr } = runTool('replay', [file])
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1])
    expect(stderr).toContain(words)
  })

  it('is named by the columns of it that nobody reads', () => {
    const rows = 'time,lat,lon,foo,bar\n2026-11-22T00:00:00Z,28,113,1,2\n2026-11-22T00:00:01Z,28,113,1,2\n'
    const file = files.write('foreign.csv', rows)
    const { code, stderr } = runTool('replay', [file])
    expect([code, stderr]).toEqual([
      0,
      `${file}: 2 columns that are not ours are ignored: foo, bar; --columns says what they mean\n`,
    ])
  })
})
