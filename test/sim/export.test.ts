import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { parseJsonText } from '../../proto/problem.ts'
import { parseRoute } from '../../proto/shapes/route.ts'
import { emissionsOfSecond } from '../../sim/emissions.ts'
import { episodesOf } from '../../sim/export/episodes.ts'
import { xml } from '../../sim/export/tables.ts'
import type { Line } from '../../sim/replay/engine.ts'
import { planOf } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { tapeOf } from '../../sim/tape.ts'
import { root, runTool, scratchFolder } from '../help/tool.ts'

const files = scratchFolder()
const nightCoach = scenarios.get('night-coach')!
/** Its first quarter of an hour, for what does not depend on what is found. */
const plan = planOf({ ...nightCoach, end: '2026-11-22T23:55:00+08:00' })
const tape = files.write('night.rwtape', Buffer.concat([...tapeOf(plan)]))
const shared = join(root, '../shared/data')

function exported(to: string, file = tape, more: readonly string[] = []): string {
  const out = join(files.path, `out.${to}`)
  const { code, stderr, stdout } = runTool('export', [file, '--to', to, out, ...more])
  expect([code, stdout], stderr).toEqual([0, ''])
  return out
}

const summaryOf = (file: string, more: readonly string[] = []) =>
  runTool('replay', [file, ...more]).lines.at(-1)!

describe('export', () => {
  it('as CSV and GeoJSON comes back row by row, switches and drivers too', () => {
    const csv = exported('csv')
    const rows = readFileSync(csv, 'utf8').trim().split('\n')
    expect(rows[0]).toBe(
      'time,lat,lon,speedKmh,courseDeg,odometerKm,driver,ignition,accuracyM,doorOpen,satellites',
    )
    expect(rows).toHaveLength(900 + 1)
    // Exported once more, each says the same: nothing is lost or rounded twice.
    for (const to of ['csv', 'geojson'] as const) {
      const first = exported(to)
      const again = join(files.path, 'again.csv')
      expect(runTool('export', [first, '--to', 'csv', again]).code).toBe(0)
      expect(readFileSync(again, 'utf8').trim().split('\n')).toEqual(rows)
    }
  })

  it('that fails leaves what stood there, and never takes the place of its own trip', () => {
    const kept = files.write('kept.log', 'keepme')
    const text = 'time,lat,lon,speedKmh\n2026-11-22T15:40:00Z,28,113,70\n'
    const trip = files.write('trip.csv', text)
    expect(runTool('export', [trip, '--to', 'candump', kept]).code).toBe(2)
    expect(readFileSync(kept, 'utf8')).toBe('keepme')
    const over = runTool('export', [trip, '--to', 'csv', join(files.path, '.', 'trip.csv')])
    expect([over.code, over.stderr.trim()]).toEqual([2, `${trip}: is the trip itself; name another file`])
    expect(readFileSync(trip, 'utf8')).toBe(text)
    expect(existsSync(`${trip}.part`)).toBe(false)
  })

  it('as GPX comes back with its times, places and speeds', () => {
    const gpx = exported('gpx')
    const text = readFileSync(gpx, 'utf8')
    new SaxesParser({ xmlns: true }).write(text).close()
    expect(text.match(/<trkpt /g)).toHaveLength(900)
    expect(text).toMatch(/<wpt [^>]*><time>2026-11-22T15:45:04\.000Z<\/time><name>speeding<\/name>/)
    const [{ samples, drivenSeconds, distanceM }, after] = [summaryOf(tape), summaryOf(gpx)]
    expect(after).toMatchObject({ samples, drivenSeconds })
    expect(Math.abs(Number(after['distanceM']) / Number(distanceM) - 1)).toBeLessThan(0.002)
  })

  it('as candump has every frame the bus carried, dated, and a span of it by the index', () => {
    const lines = readFileSync(exported('candump'), 'utf8').trim().split('\n')
    let sent = ''
    for (let atMs = plan.startMs; atMs < plan.endMs; atMs += 1000)
      for (const { line, text } of emissionsOfSecond(plan, atMs)) if (line === 'can') sent += text
    const frames = sent.split('\r').filter((text) => text !== '')
    expect(lines).toHaveLength(frames.length)
    for (const [index, frame] of frames.entries()) {
      const [, id, data] = / can0 (\w+)#(\w*)$/.exec(lines[index]!)!
      expect(frame.startsWith(`T${id}${data!.length / 2}${data}`)).toBe(true)
    }
    const span = ['--from', '2026-11-22T23:50:00+08:00', '--until', '2026-11-22T23:50:02+08:00']
    const cut = runTool2(['--to', 'candump', '-', ...span])
    const [from, until] = ['2026-11-22T15:50:00Z', '2026-11-22T15:50:02Z'].map(
      (text) => Date.parse(text) / 1000,
    )
    const within = lines.filter((line) => {
      const t = Number(line.slice(1, line.indexOf(')')))
      return t >= from! && t <= until!
    })
    expect(cut.trim().split('\n')).toEqual(within)
    expect(within.length).toBeGreaterThan(20)
  })

  it('gzipped input is the same', () => {
    const gz = files.write('night.gz', gzipSync(readFileSync(tape)))
    expect(readFileSync(exported('csv', gz), 'utf8')).toBe(readFileSync(exported('csv'), 'utf8'))
  })

  it('refuses in one line what it cannot do', () => {
    const csv = files.write('a.csv', 'time,lat,lon\n2026-11-22T15:40:00Z,28,113\n')
    const shapes = files.write('s.txt', 'shape_id,shape_pt_lat,shape_pt_lon\n')
    for (const [args, why] of [
      [[tape, '--to', 'pdf', 'x'], '--to: one of'],
      [[tape, '--to', 'csv'], 'usage:'],
      [[csv, '--to', 'candump', '-'], 'no recording of a CAN bus'],
      [[shapes, '--to', 'route', '-'], 'shape_pt_sequence: no such column'],
      [[tape, '--to', 'csv', join(files.path, 'no/such/folder')], 'cannot be written'],
      [[tape, '--to', 'csv', '-', '--from', '2026-01-01'], '--from and --until belong'],
    ] as const) {
      const { code, stderr } = runTool('export', args)
      expect(code, why).toBe(2)
      expect(stderr).toContain(why)
      expect(stderr.trim().split('\n')).toHaveLength(1)
    }
  })
})

/** What an export writes to stdout, which is no NDJSON. */
function runTool2(args: readonly string[]): string {
  const out = join(files.path, 'span.out')
  const { code, stderr } = runTool('export', [tape, ...args.map((arg) => (arg === '-' ? out : arg))])
  expect(code, stderr).toBe(0)
  return readFileSync(out, 'utf8')
}

describe('the HTML report', () => {
  const night = files.write('whole.rwtape', Buffer.concat([...tapeOf(planOf(nightCoach))]))
  const html = readFileSync(exported('html', night), 'utf8')

  it('is one page that asks for nothing: no script, no link, no image, no address', () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|src=|href=|https?:/i)
    expect(html).toContain("default-src 'none'")
  })

  it('is whole: every element that opens closes', () => {
    const parser = new SaxesParser()
    const problems: string[] = []
    parser.on('error', (error) => problems.push(error.message))
    parser.write(html.replace(/^<!doctype html>\n/, '').replaceAll(/<(meta|br)([^>]*)>/g, '<$1$2/>')).close()
    expect(problems).toEqual([])
  })

  it('shows the track, the findings in both languages and what was in force', () => {
    const { lines } = runTool('replay', [night])
    const episodes = episodesOf(lines.slice(0, -1) as unknown as Line[])
    expect(episodes.length).toBeGreaterThan(7)
    for (const { last } of episodes)
      for (const words of [last.explain.zh, last.explain.en]) expect(html).toContain(xml(words))
    for (const text of ['凌晨2时至5时', '疑似', 'class="track', 'class="route"', 'excess-bar', '施工大桥'])
      expect(html).toContain(text)
    expect(html).toContain(String(lines[0]!['policyDigest']))
    expect(html).toContain('synthetic')
  })

  it('escapes what a file says', () => {
    const vehicle = files.write(
      'v.json',
      JSON.stringify({
        id: 'v',
        fleet: 'f',
        plate: '<script>"&',
        class: 'coach',
        serviceClass: null,
        oneWayKm: null,
        relay: null,
      }),
    )
    const csv = files.write(
      'x.csv',
      'time,lat,lon,speedKmh,driver\n2026-11-22T15:40:00Z,28,113,60,<b>\n2026-11-22T15:41:00Z,28.01,113,60,<b>\n',
    )
    const out = readFileSync(exported('html', csv, ['--vehicle', vehicle]), 'utf8')
    expect(out).not.toContain('<script>')
    expect(out).not.toContain('<b>')
    expect(out).toContain('&lt;script&gt;')
  })

  it('of a trip without positions or findings says so', () => {
    const csv = files.write('bare.csv', 'time,speedKmh\n2026-11-22T15:40:00Z,0\n2026-11-22T15:40:01Z,0\n')
    const out = readFileSync(exported('html', csv), 'utf8')
    for (const text of ['no positions', 'no driving', 'nothing was found']) expect(out).toContain(text)
  })
})

describe('GTFS shapes', () => {
  const text = `shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled
A,28.00,113.00,0,0
A,28.02,113.00,2,2
A,28.01,113.01,1,1
"B, back",28.02,113.00,1,
"B, back",28.00,113.00,5,
C,91,113.00,1,
`
  it('become routes that our own gate accepts, points in their order', () => {
    const file = files.write('shapes.txt', `\uFEFF${text}`)
    const out = exported('route', file)
    const value = parseJsonText(readFileSync(out, 'utf8'), out)
    const [corridor, ...more] = parseRoute(value, out)
    expect(more).toEqual([])
    expect(corridor!.lines.map(({ points }) => points.map(({ lat }) => lat))).toEqual([
      [28, 28.01, 28.02],
      [28.02, 28],
    ])
    const one = exported('route', file, ['--shape', 'B, back'])
    expect(parseRoute(parseJsonText(readFileSync(one, 'utf8'), one), one)[0]!.id).toBe('B, back')
    const { code, stderr } = runTool('export', [file, '--to', 'route', '-', '--shape', 'Z'])
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('--shape Z: no such shape; the file has A, B, back'),
    ])
  })
})

describe.skipIf(!existsSync(shared))('recordings of others (../shared/data)', () => {
  it('go through every exporter and come back', () => {
    const bus = join(shared, 'trips/bus/limerick_304_to_UL_2019-02-18.gpx')
    const before = summaryOf(bus)
    for (const to of ['csv', 'geojson', 'gpx']) {
      const after = summaryOf(exported(to, bus))
      expect(Number(after['samples'])).toBe(Number(before['samples']))
      expect(Math.abs(Number(after['distanceM']) / Number(before['distanceM']) - 1)).toBeLessThan(0.001)
    }
    expect(readFileSync(exported('html', bus), 'utf8')).toContain('class="track')
  })

  it('of a truck’s bus keep every frame', () => {
    const truck = join(shared, 'can/css/css_11111111_2021-10-25.candump.gz')
    const out = exported('candump', truck)
    const [a, b] = [truck, out].map((file) => runTool('decode', ['can', file]).lines.at(-1))
    expect(b).toEqual(a)
  })
})
