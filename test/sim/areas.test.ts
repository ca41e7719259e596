import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** `npm run -s areas`, as other people's programs call it. */
const tool = new URL('../../sim/tools/areas.ts', import.meta.url).pathname
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'areas-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(args: readonly string[], input?: string) {
  const env = { ...process.env, INIT_CWD: folder }
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], {
    env,
    input,
    encoding: 'utf8',
  })
  const lines = stdout.split('\n').filter((line) => line !== '')
  return { status, documents: lines.map((line) => JSON.parse(line) as unknown), stderr }
}
function file(name: string, content: unknown): string {
  const text =
    typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content)
  writeFileSync(join(folder, name), text)
  return name
}
const square = (id: string, west: number) => ({
  type: 'Feature',
  properties: { id, stroke: '#f00' },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [west, 0],
        [west + 2, 0],
        [west + 2, 2],
        [west, 2],
        [west, 0],
      ],
    ],
  },
})
const good = { type: 'FeatureCollection', features: [square('b', 0), square('a', 1)] }

describe('areas check', () => {
  it('ends with 0 and a summary when all is well, and says once what it ignored', () => {
    const { status, documents, stderr } = run(['check', file('good.geojson', good)])
    expect(status).toBe(0)
    expect(documents).toEqual([{ kind: 'summary', areas: 2, valid: 2, problems: 0 }])
    expect(stderr).toBe(
      'good.geojson: 2 properties that are not ours ignored (stroke)\n' +
        'good.geojson: 2 features without a role: each is taken for noEntry, where to be is a finding; give them a role\n',
    )
  })

  it('asks whether a line without a role is a route; a role is enough', () => {
    const line = {
      type: 'LineString',
      coordinates: [
        [0, 0],
        [1, 1],
      ],
    }
    const route = { type: 'Feature', properties: { halfWidthM: 50 }, geometry: line }
    const { status, documents, stderr } = run(['check', file('route.geojson', route)])
    expect([status, documents]).toEqual([0, [{ kind: 'summary', areas: 1, valid: 1, problems: 0 }]])
    expect(stderr).toBe(
      'route.geojson: 1 feature without a role: each is taken for noEntry, where to be is a finding; give it a role; a line that is a route belongs to --route\n',
    )
    const corridor = { ...route, properties: { halfWidthM: 50, role: 'noEntry' } }
    expect(run(['check', file('corridor.geojson', corridor)]).stderr).toBe('')
  })

  it('prints each problem and ends with 1', () => {
    const bow = {
      ...square('bow', 0),
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [2, 2],
            [2, 0],
            [0, 2],
            [0, 0],
          ],
        ],
      },
    }
    const { status, documents } = run([
      'check',
      file('bad.geojson', { ...good, features: [...good.features, bow, square('a', 5)] }),
    ])
    expect(status).toBe(1)
    expect(documents).toEqual([
      {
        kind: 'problem',
        id: 'bow',
        index: 2,
        path: 'features[2].geometry.coordinates[0]',
        reason: 'self-crossing',
        remedy: 'the ring crosses or touches itself; draw it without (near longitude 1, latitude 1)',
      },
      {
        kind: 'problem',
        id: 'a',
        index: 3,
        path: 'features[3].properties.id',
        reason: 'duplicate-id',
        remedy: 'feature 1 has the id "a" already; give each area its own',
      },
      { kind: 'summary', areas: 4, valid: 2, problems: 2 },
    ])
  })

  it('reads gzip and standard input', () => {
    expect(run(['check', file('good.geojson.gz', gzipSync(JSON.stringify(good)))]).status).toBe(0)
    expect(run(['check', '-'], JSON.stringify(good)).status).toBe(0)
  })

  it.each([
    [['check', 'nowhere.geojson'], /^nowhere\.geojson: /],
    [['check', '.'], /^\.: /],
    [['check'], /usage: npm run -s areas/],
    [['verify', 'x'], /usage: npm run -s areas/],
    [['check', 'a', '--points', 'b'], /--points belongs to locate/],
    [['locate', 'good.geojson'], /--points is missing/],
  ])('ends %j with 2 and one line', (args, line) => {
    const { status, documents, stderr } = run(args)
    expect([status, documents]).toEqual([2, []])
    expect(stderr).toMatch(line)
    expect(stderr.trimEnd()).not.toContain('\n')
  })

  it('calls text that is not JSON unreadable', () => {
    const { status, stderr } = run(['check', file('text.geojson', 'hello')])
    expect(status).toBe(2)
    expect(stderr).toMatch(/^text\.geojson: not JSON/)
  })
})

describe('areas locate', () => {
  it('names the areas of each point, sorted, an edge inside', () => {
    file('good.geojson', good)
    const points = file('points.csv', 'id,lat,lon\np1,1,1.5\n"p,2",1,0\n,0,3\np4,5,5\n')
    const { status, documents } = run(['locate', 'good.geojson', '--points', points])
    expect(status).toBe(0)
    expect(documents).toEqual([
      { kind: 'point', row: 1, id: 'p1', areas: ['a', 'b'] },
      { kind: 'point', row: 2, id: 'p,2', areas: ['b'] },
      { kind: 'point', row: 3, id: null, areas: ['a'] },
      { kind: 'point', row: 4, id: 'p4', areas: [] },
    ])
  })

  it('takes columns without names, and rejects rows that are nowhere', () => {
    file('good.geojson', good)
    const points = file('plain.csv', '1,1.5\r\n91,1\r\nx,1\r\n0.5,0.5')
    const { documents, stderr } = run(['locate', 'good.geojson', '--points', points])
    expect(documents).toEqual([
      { kind: 'point', row: 1, id: null, areas: ['a', 'b'] },
      { kind: 'point', row: 4, id: null, areas: ['b'] },
    ])
    expect(stderr).toBe('plain.csv: 2 rows without a place on the earth rejected\n')
  })

  it('refuses a file of areas that is wrong, and a table without places', () => {
    const open = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ],
      ],
    }
    const points = file('points.csv', 'lat,lon\n1,1\n')
    expect(run(['locate', file('open.geojson', open), '--points', points]).stderr).toBe(
      'open.geojson: geometry.coordinates[0]: open-ring: the last vertex is not the first one again; close the ring\n',
    )
    file('good.geojson', good)
    const nameless = run(['locate', 'good.geojson', '--points', file('bad.csv', 'a,b\n1,2\n')])
    expect([nameless.status, nameless.stderr]).toEqual([
      2,
      'bad.csv: lat: missing; the first row names the columns lat, lon, id\n',
    ])
  })
})
