import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'

/** The command as a person runs it: a real process, its output, its exit code. */
const tool = fileURLToPath(new URL('../../sim/tools/decode.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'rw-decode-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const env = { ...process.env, INIT_CWD: folder }

function decode(args: readonly string[], input?: string | Uint8Array): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [tool, ...args], {
    env,
    input: input ?? '',
    encoding: 'utf8',
    timeout: 120_000,
  })
}

const lines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return name
}

const rmc = '$GNRMC,063012.000,A,2234.87140,N,11357.22414,E,0.69,171.74,240419,,,A*7A\r\n'
const recording = `# a note\n${rmc}$GPTXT,01,01,01,ANTENNA OPEN*25\r\n$GNRMC,,V,,,,,,,,,,M*4E\r\n$PMTK010,001*2E\r\n$GPGGA,1*00\r\n$GPG`
const recordingLines = [
  {
    ...{ kind: 'rmc', utc: '2019-04-24T06:30:12.000Z', valid: true, lat: 22.58119, lon: 113.953735667 },
    ...{ speedKmh: 1.27788, courseDeg: 171.74 },
  },
  { kind: 'antenna', state: 'open' },
  { kind: 'rmc', utc: null, valid: false, lat: null, lon: null, speedKmh: null, courseDeg: null },
  {
    kind: 'summary',
    sentences: { valid: 4, badChecksum: 1, truncated: 1 },
    discardedBytes: 9 + 13 + 4,
    talkers: { GN: 2, GP: 1 },
    rmc: { valid: 1, void: 1 },
  },
]

const log = [
  '# a note',
  '(1.000000) can0 18FEF100#F70050FFFFFFFFFF',
  '(1.100000) can0 123#00',
  '(1.200000) can0 18FEF100#F700FEFFFFFFFFFF',
  '(2.000000) can0 18ECFFEE#20120003FFECFE00',
  '(2.100000) can0 18EBFFEE#014C5A5954424741',
  '(2.200000) can0 18EBFFEE#0257354531303132',
  '(2.300000) can0 18EBFFEE#033334352AFFFFFF',
  'nonsense',
  '',
].join('\n')

describe('decode nmea', () => {
  test('says each RMC and antenna text, and counts the rest', () => {
    const { stdout, stderr, status } = decode(['nmea', put('drive.nmea', recording)])
    expect(lines(stdout)).toEqual(recordingLines)
    expect(
      stdout.startsWith('{"kind":"rmc","utc":"2019-04-24T06:30:12.000Z","valid":true,"lat":22.58119,'),
    ).toBe(true)
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  })

  test('reads standard input, gzip by content and by name', () => {
    expect(lines(decode(['nmea', '-'], recording).stdout)).toEqual(recordingLines)
    expect(lines(decode(['nmea', '-'], gzipSync(recording)).stdout)).toEqual(recordingLines)
    expect(lines(decode(['nmea', put('drive.nmea.gz', gzipSync(recording))]).stdout)).toEqual(recordingLines)
    const two = Buffer.concat([gzipSync(recording.slice(0, 100)), gzipSync(recording.slice(100))])
    expect(lines(decode(['nmea', put('unnamed', two)]).stdout)).toEqual(recordingLines)
  })

  test.each([
    ['empty', ''],
    [
      'junk',
      new Uint8Array(70_000).map((_, i) => (i * 7919) & 255).filter((byte) => byte !== 0x24 && byte !== 0x21),
    ],
  ])('an %s file ends well', (_, content) => {
    const { stdout, status } = decode(['nmea', put('junk', content)])
    expect(status).toBe(0)
    expect(lines(stdout)).toEqual([
      {
        ...{
          kind: 'summary',
          sentences: { valid: 0, badChecksum: 0, truncated: 0 },
          discardedBytes: content.length,
        },
        ...{ talkers: {}, rmc: { valid: 0, void: 0 } },
      },
    ])
  })

  test('a damaged gzip is read up to the damage, and people are told', () => {
    const whole = gzipSync(rmc.repeat(5000), { level: 1 })
    for (const cut of [
      whole.subarray(0, whole.length - 12),
      Buffer.concat([whole.subarray(0, 700), Buffer.alloc(400, 0xff)]),
    ]) {
      const { stdout, stderr, status } = decode(['nmea', put('cut.gz', cut)])
      expect(status).toBe(0)
      expect(lines(stdout).at(-1).rmc.valid).toBeGreaterThan(100)
      expect(stderr).toMatch(/^cut\.gz: damaged gzip near byte \d+; read up to the damage\n$/)
    }
  })
})

describe('decode can', () => {
  const groups = [
    expect.objectContaining({ kind: 'message', t: 1, pgn: 65265, sa: 0, da: 255, errors: [] }),
    expect.objectContaining({ kind: 'message', t: 1.2, errors: ['wheelSpeedKmh'] }),
    {
      ...{ kind: 'transport', t: 2.3, session: 'bam', sa: 238, da: 255, pgn: 65260, size: 18 },
      payload: `4c5a59${'**'.repeat(15)}`,
    },
    {
      kind: 'message',
      t: 2.3,
      pgn: 65260,
      sa: 238,
      da: 255,
      signals: { vin: 'LZY**************' },
      errors: [],
    },
  ]
  const summary = {
    frames: 7,
    standardFrames: 1,
    malformedLines: 1,
    pgns: { '60160': 3, '60416': 1, '65265': 2 },
  }

  test('says each group and session, and counts frames', () => {
    const { stdout, status } = decode(['can', put('drive.log', log)])
    const told = lines(stdout)
    expect(told).toEqual([...groups, { kind: 'summary', ...summary }])
    expect(told[0].signals).toMatchObject({ wheelSpeedKmh: 80, parkingBrake: true, brakeSwitch: null })
    expect(told[1].signals).not.toHaveProperty('wheelSpeedKmh')
    expect(status).toBe(0)
  })

  test('reads SLCAN', () => {
    const text = 'T18FEF1008F70050FFFFFFFFFF\r\u0007t10010003E8\rT18FEF1008F700\rV1013\r'
    const { stdout, status } = decode(['can', put('drive.slcan', text), '--format', 'slcan'])
    expect(lines(stdout)).toEqual([
      expect.objectContaining({ kind: 'message', t: null, pgn: 65265 }),
      { kind: 'summary', frames: 2, standardFrames: 1, malformedLines: 1, pgns: { '65265': 1 } },
    ])
    expect(status).toBe(0)
  })

  test('an empty file ends well', () => {
    const { stdout, status } = decode(['can', put('empty', '')])
    expect(lines(stdout)).toEqual([
      { kind: 'summary', frames: 0, standardFrames: 0, malformedLines: 0, pgns: {} },
    ])
    expect(status).toBe(0)
  })
})

describe('how it ends', () => {
  const usage =
    'usage: npm run -s decode -- nmea FILE | can FILE [--format candump|slcan] [--dbc FILE [--dbc-signals CONFIG.json|"Theirs=ours,..."]]\n'

  test.each([
    [[], usage],
    [['nmea'], usage],
    [['gps', 'x'], usage],
    [['nmea', 'a', 'b'], usage],
    [['nmea', 'x', '--format', 'slcan'], `--format is for can; ${usage}`],
    [['can', 'x', '--format', 'asc'], `unknown format asc; ${usage}`],
    [['can', 'x', '--fromat', 'slcan'], `Unknown option '--fromat'; ${usage}`],
    [['nmea', 'nowhere.log'], 'nowhere.log: no such file; check the path\n'],
    [['nmea', 'drive.d'], 'drive.d: is a directory; name a file in it\n'],
    [['can', 'drive.d/x'], 'drive.d/x: no such file; check the path\n'],
  ])('%j: one line and 2', (args, line) => {
    mkdirSync(join(folder, 'drive.d'), { recursive: true })
    expect(decode(args)).toMatchObject({ stdout: '', stderr: line, status: 2 })
  })

  test('a fifo is read until its writer has finished', async () => {
    const fifo = join(folder, 'fifo')
    spawnSync('bash', ['-c', `mkfifo "${fifo}"`])
    const child = spawn(process.execPath, [tool, 'nmea', fifo], { env })
    const writer = createWriteStream(fifo)
    writer.write(recording.slice(0, 60))
    setTimeout(() => writer.end(recording.slice(60)), 50)
    let stdout = ''
    for await (const chunk of child.stdout) stdout += String(chunk)
    expect(lines(stdout)).toEqual(recordingLines)
  })

  test('a reader that has seen enough ends it quietly', () => {
    put('long.nmea', rmc.repeat(200_000))
    const head = `"${process.execPath}" "${tool}" nmea long.nmea | head -n 1; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', head], { env, encoding: 'utf8', cwd: folder })
    const [first, status] = stdout.trimEnd().split('\n')
    expect(JSON.parse(first!)).toEqual(recordingLines[0])
    expect({ status, stderr }).toEqual({ status: '0', stderr: '' })
  })

  test('what is said of a live line comes at once, not at its end', async () => {
    const child = spawn(process.execPath, [tool, 'nmea', '-'], { env })
    child.stdin.write(rmc)
    const [chunk] = await child.stdout.take(1).toArray()
    expect(JSON.parse(String(chunk))).toEqual(recordingLines[0])
    child.stdin.end()
    await new Promise((done) => child.once('close', done))
    expect(child.exitCode).toBe(0)
  })
})
