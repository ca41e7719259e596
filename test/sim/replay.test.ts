import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { root, runTool, scratchFolder } from '../help/tool.ts'

const files = scratchFolder()
const shared = join(root, '../shared/data')
const replay = (args: readonly string[], more: Parameters<typeof runTool>[2] = {}) =>
  runTool('replay', args, more)

/** A drive as CSV: [second, km/h] at 23:40 Beijing time, northward at that speed. */
function csvOf(
  rows: readonly (readonly [second: number, kmh: number])[],
  from = Date.parse('2026-11-22T23:40:00+08:00'),
): string {
  let metres = 0
  let before: readonly [number, number] | null = null
  const lines = rows.map((row) => {
    if (before !== null) metres += ((row[0] - before[0]) * before[1]) / 3.6
    before = row
    return `${new Date(from + row[0] * 1000).toISOString()},${(28 + metres / 110_860).toFixed(7)},113,${row[1]},${(metres / 1000 + 1000).toFixed(3)}`
  })
  return `time,lat,lon,speedKmh,odometerKm\n${lines.join('\n')}\n`
}

const steady = (fromS: number, toS: number, kmh: number): [number, number][] =>
  Array.from({ length: toS - fromS }, (_, index) => [fromS + index, kmh])

const hurried = csvOf([...steady(0, 60, 78), ...steady(60, 120, 95), ...steady(120, 200, 70)])

describe('replay', () => {
  it('prints a line per finding and phase, then the summary', () => {
    const { code, lines, stderr } = replay([files.write('hurried.csv', hurried)])
    expect([code, stderr]).toEqual([0, ''])
    expect(lines.map(({ kind, phase, at, decidedAt }) => [kind, phase, at, decidedAt])).toEqual([
      ['speeding', 'started', '2026-11-22T15:41:00.000Z', '2026-11-22T15:41:10.000Z'],
      ['speeding', 'ended', '2026-11-22T15:41:59.000Z', '2026-11-22T15:42:05.000Z'],
      ['summary', undefined, undefined, undefined],
    ])
    expect(lines[0]).toMatchObject({
      vehicle: 'vehicle',
      fleet: 'fleet',
      late: false,
      supersedes: null,
      evidence: { limitKmh: 80, limitSetBy: 'class' },
    })
    expect(Object.keys(lines[0]!)).toEqual(
      'kind reason phase subject severity grade fleet vehicle plate driver trip at decidedAt late supersedes place rule policyDigest article evidence explain'.split(
        ' ',
      ),
    )
    expect(lines.at(-1)).toEqual({
      kind: 'summary',
      samples: 200,
      rejected: 0,
      drivenSeconds: 199,
      distanceM: 4419,
      findings: { speeding: 1 },
    })
  })

  it('gives the same bytes under any time zone and locale, gzipped and from a pipe', () => {
    const file = files.write('same.csv', hurried)
    const { stdout } = replay([file])
    for (const env of [
      { TZ: 'America/New_York', LC_ALL: 'de_DE.UTF-8' },
      { TZ: 'Pacific/Kiritimati', LANG: 'ar_EG.UTF-8' },
    ]) {
      expect(replay([file], { env }).stdout).toBe(stdout)
    }
    expect(replay([files.write('same.csv.gz', gzipSync(hurried))]).stdout).toBe(stdout)
    expect(replay(['-'], { input: hurried }).stdout).toBe(stdout)
  })

  it('reads the file’s own columns and local times by declaration', () => {
    const mapped = hurried
      .replace('time,lat,lon,speedKmh,odometerKm', 'location_time,lat,lng,gps_speed,km')
      .replaceAll('Z,', ',')
      .replaceAll('T', ' ')
    const file = files.write('mapped.csv', mapped)
    const columns = 'time=location_time,lat=lat,lon=lng,speedKmh=gps_speed,odometerKm=km'
    expect(replay([file, '--columns', columns, '--zone', 'UTC']).stdout).toBe(
      replay([files.write('unmapped.csv', hurried)]).stdout,
    )
  })

  it('takes vehicle, trip, policy, route and areas', () => {
    const vehicle = files.write(
      'v.json',
      JSON.stringify({
        id: 'tanker-1',
        fleet: 'north',
        plate: '湘A12345',
        class: 'hazmat',
        serviceClass: null,
        oneWayKm: null,
        relay: null,
      }),
    )
    const policy = files.write('p.json', JSON.stringify({ speeding: { capKmh: { unknown: 90 } } }))
    const { lines } = replay([files.write('tanker.csv', hurried), '--vehicle', vehicle, '--policy', policy])
    expect(lines[0]).toMatchObject({
      kind: 'speeding',
      vehicle: 'tanker-1',
      plate: '湘A12345',
      evidence: { limitKmh: 90, percentOver: 5.6 },
    })
    const area = {
      type: 'Feature',
      properties: { id: 'bridge', role: 'noEntry' },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [112.9, 28.01],
            [113.1, 28.01],
            [113.1, 28.02],
            [112.9, 28.02],
            [112.9, 28.01],
          ],
        ],
      },
    }
    const entered = replay([
      files.write('bridge.csv', hurried),
      '--areas',
      files.write('a.geojson', JSON.stringify(area)),
    ])
    expect(
      entered.lines.filter(({ kind }) => kind === 'area').map(({ phase, subject }) => [phase, subject]),
    ).toEqual([
      ['started', 'bridge'],
      ['ended', 'bridge'],
    ])
  })

  it('rejects and counts rows that cannot be true', () => {
    const bad = [
      'soon,28,113,70,',
      '2026-11-22T15:40:01Z,28,113,abc,',
      '2026-11-22T15:40:02Z,91,113,70,',
      '2026-11-22T15:40:03Z,28,113,251,',
      '2026-11-22T15:40:04Z,0,0,70,',
      '2026-11-22T15:40:05Z,28,113',
      '1999-01-01T00:00:00Z,28,113,70,',
    ]
    const good = [
      '2026-11-22T15:40:06Z,28,113,70,',
      '2026-11-22T15:40:07Z,,,,',
      '2026-11-22T15:40:07Z,28,113,70,',
    ]
    const file = files.write('bad.csv', ['time,lat,lon,speedKmh,odometerKm', ...bad, ...good].join('\n'))
    expect(replay([file]).lines.at(-1)).toMatchObject({ samples: 2, rejected: 7 })
  })

  it('counts a refused position as rejected and keeps its speed', () => {
    const rows = csvOf(steady(0, 60, 60)).split('\n')
    rows[30] = rows[30]!.replace(',113,', ',114,')
    expect(replay([files.write('jump.csv', rows.join('\n'))]).lines.at(-1)).toMatchObject({
      samples: 59,
      rejected: 1,
      drivenSeconds: 59,
    })
  })

  it.each<[string, string[], RegExp]>([
    ['no arguments', [], /^usage: npm run -s replay/],
    ['an unknown option', ['x.csv', '--speed', '3'], /usage: npm run -s replay/],
    ['an unknown zone', ['x.csv', '--zone', 'Mars/Base'], /^--zone: unknown zone Mars\/Base; usage/],
    ['a file that is not there', ['nowhere.csv'], /^nowhere\.csv: no such file/],
    [
      'a folder',
      ['.'],
      /^\.: is a directory; name a trip in it, or two policies with --policy and --against/,
    ],
    [
      'a number with a dash',
      ['x.csv', '--watch', '--speed', '-5'],
      /^--speed: its value is missing, or begins with a dash; usage/,
    ],
    [
      'an unknown column of ours',
      ['x.csv', '--columns', 'speed=v'],
      /^--columns: speed: unknown column; use time/,
    ],
  ])('ends with 2 and one line for %s', (_, args, line) => {
    const { code, stderr, stdout } = replay(args)
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1])
    expect(stderr).toMatch(line)
  })

  it.each<[string, string, string | null, RegExp]>([
    ['trip', 'time,lat,lon\n', null, /no usable row \(0 rejected\)/],
    ['empty', '', null, /empty\.csv: nothing in it/],
    ['vehicle', hurried, '{"id":"a b"}', /^.*vehicle\.json: (id|fleet): /],
    ['vehicle', hurried, '{', /vehicle\.json: not JSON/],
    ['policy', hurried, '{"speeding":{"limit":3}}', /policy\.json: speeding\.limit: unknown key/],
    ['trip', hurried, '{"id":"t","vehicel":"x"}', /trip\.json: vehicel: unknown key/],
    ['route', hurried, '{"type":"Point"}', /route\.json: /],
    [
      'areas',
      hurried,
      '{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,1],[1,0],[0,0]]]}}',
      /areas\.json: .*self-crossing/,
    ],
  ])('ends with 2 and one line for a wrong %s', (name, trip, document, line) => {
    const args = [files.write(`${name}.csv`, trip)]
    if (document !== null) args.push(`--${name}`, files.write(`${name}.json`, document))
    const { code, stderr, stdout } = replay(args)
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1])
    expect(stderr).toMatch(line)
  })

  it('does not mind a reader that has seen enough', () => {
    const file = files.write('long.csv', csvOf(steady(0, 20_000, 95)))
    const out = execFileSync(
      'sh',
      ['-c', `"${process.execPath}" sim/tools/replay.ts "${file}" | head -c 100 | wc -c`],
      { cwd: root, encoding: 'utf8' },
    )
    expect(Number(out)).toBe(100)
  })
})

/** A route of 4 km through the place, and everything further than 2 km forbidden: where only a jump can lead. */
function fencedIn({ lat, lon }: { lat: number; lon: number }): string[] {
  const ring = (by: number): number[][] =>
    [
      [-by, -by],
      [by, -by],
      [by, by],
      [-by, by],
      [-by, -by],
    ].map(([x, y]) => [lon + x!, lat + y!])
  const area = {
    type: 'Feature',
    properties: { id: 'far' },
    geometry: { type: 'Polygon', coordinates: [ring(0.5), ring(0.02).reverse()] },
  }
  const route = {
    type: 'Feature',
    properties: { id: 'near', halfWidthM: 1500 },
    geometry: {
      type: 'LineString',
      coordinates: [
        [lon - 0.02, lat],
        [lon + 0.02, lat],
      ],
    },
  }
  return [
    '--areas',
    files.write('far.geojson', JSON.stringify(area)),
    '--route',
    files.write('near.geojson', JSON.stringify(route)),
  ]
}

describe.skipIf(!existsSync(shared))('replay of others’ recordings (needs ../shared/data)', () => {
  it('finds no area and no off-route in any receiver’s log, whatever jumps in it', () => {
    const logs = readdirSync(join(shared, 'expected/nmea')).filter((file) => file.endsWith('.rmc.json'))
    let fenced = 0
    for (const log of logs) {
      const { rows } = JSON.parse(readFileSync(join(shared, 'expected/nmea', log), 'utf8')) as {
        rows: [string, number, number][]
      }
      const middle = rows.filter(([utc]) => utc >= '2000')[Math.floor(rows.length / 2)]
      if (middle === undefined) continue
      const name = log.replace(/\.rmc\.json$/, '')
      fenced++
      const { code, lines } = replay([
        join(shared, 'nmea/gpsd', name),
        ...fencedIn({ lat: middle[1], lon: middle[2] }),
      ])
      expect(code, name).toBe(0)
      expect(
        lines.filter(({ kind }) => kind === 'area' || kind === 'off-route'),
        name,
      ).toEqual([])
    }
    expect(fenced).toBeGreaterThan(10)
  })

  it('rides the bus: every row, 14.2 km', () => {
    const expected = JSON.parse(readFileSync(join(shared, 'expected/trips/SUMMARY.json'), 'utf8')) as Record<
      string,
      { n: number; path_km: number }
    >
    for (const [file, { n, path_km: km }] of Object.entries(expected)) {
      const summary = replay([join(shared, '..', 'data', file)]).lines.at(-1) as {
        samples: number
        rejected: number
        distanceM: number
      }
      expect(summary.samples + summary.rejected).toBe(n)
      expect(Math.abs(summary.distanceM / 1000 - km) / km).toBeLessThan(0.05)
    }
  })
})
