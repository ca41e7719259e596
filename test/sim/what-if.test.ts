import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Line } from '../../sim/replay/engine.ts'
import { compareLines, tellDifference } from '../../sim/what-if/compare.ts'
import { beijing, cruise } from '../help/drive.ts'
import { runSim } from '../help/sim.ts'
import { runTool, scratchFolder } from '../help/tool.ts'
import { csvOf } from '../help/trip-files.ts'

const line = (at: string, more: Partial<Line> = {}): Line => ({
  kind: 'speeding',
  reason: null,
  phase: 'started',
  subject: 'bus-1',
  severity: 'minor',
  grade: 'sufficient',
  fleet: 'f',
  vehicle: 'bus-1',
  plate: null,
  driver: null,
  trip: null,
  at: `2026-11-23T${at}.000Z`,
  decidedAt: `2026-11-23T${at}.000Z`,
  late: false,
  supersedes: null,
  place: null,
  rule: { id: 'speeding', version: 1 },
  policyDigest: 'a',
  article: null,
  evidence: { limitKmh: 80 },
  explain: { zh: '', en: '' },
  ...more,
})
const told = (before: readonly Line[], after: readonly Line[]): string[] =>
  compareLines(before, after).map(tellDifference)

describe('what became of findings', () => {
  it('another policy alone is no difference', () => {
    const other = { policyDigest: 'b', explain: { zh: '另', en: 'other' } }
    expect(told([line('10:00:00')], [line('10:00:00', other)])).toEqual([])
  })

  it('one that is there only before is removed, only after added', () => {
    expect(told([line('10:00:00')], [line('12:00:00')])).toEqual([
      '- started speeding bus-1 2026-11-23T10:00:00.000Z (minor)',
      '+ started speeding bus-1 2026-11-23T12:00:00.000Z (minor)',
    ])
  })

  it('one that began up to half an hour elsewhere has moved, a second more is another', () => {
    expect(told([line('10:00:00')], [line('10:30:00')])).toEqual([
      '~ started speeding bus-1 2026-11-23T10:30:00.000Z: at "2026-11-23T10:00:00.000Z" -> "2026-11-23T10:30:00.000Z"; decidedAt "2026-11-23T10:00:00.000Z" -> "2026-11-23T10:30:00.000Z"',
    ])
    expect(compareLines([line('10:00:00')], [line('10:30:01')]).map(({ change }) => change)).toEqual([
      'removed',
      'added',
    ])
  })

  it('one at the same instant is changed, and only what differs is told, to the leaf', () => {
    const after = line('10:00:00', { severity: 'major', evidence: { limitKmh: 60 } })
    expect(told([line('10:00:00')], [after])).toEqual([
      '~ started speeding bus-1 2026-11-23T10:00:00.000Z: severity "minor" -> "major"; evidence.limitKmh 80 -> 60',
    ])
  })

  it('the equal ones are paired before the near ones', () => {
    const [early, late] = [line('10:00:00'), line('10:10:00')]
    expect(told([early, late], [late])).toEqual(['- started speeding bus-1 2026-11-23T10:00:00.000Z (minor)'])
  })

  it('a finding about somebody else is another finding', () => {
    const kinds = compareLines([line('10:00:00')], [line('10:00:00', { subject: 'bus-2' })])
    expect(kinds.map(({ change }) => change).toSorted()).toEqual(['added', 'removed'])
  })
})

describe('npm run replay -- DIR --policy NEW --against OLD', () => {
  const scratch = scratchFolder()
  const month = join(scratch.path, 'month')
  for (const folder of ['', 'a', 'b']) mkdirSync(join(month, folder), { recursive: true })
  const at = beijing('2026-11-23 10:00:00')
  const drive = (kmh: number) => csvOf(cruise(at, at + 600_000, { speedKmh: kmh, driver: 'D1' }))
  scratch.write('month/a/fast.csv', drive(110))
  scratch.write('month/a/near.csv', drive(103))
  scratch.write('month/b/slow.csv', drive(70))
  scratch.write(
    'month/b/vehicle.json',
    JSON.stringify({
      id: 'bus-2',
      fleet: 'f',
      class: 'coach',
      serviceClass: null,
      oneWayKm: null,
      relay: null,
    }),
  )
  const oldPolicy = scratch.write('old.json', '{}')
  const newPolicy = scratch.write('new.json', '{"speeding":{"toleranceKmh":5}}')
  const args = [month, '--policy', newPolicy, '--against', oldPolicy]

  it('tells which suspicions would be gone, by rule, vehicle and driver', () => {
    const { code, lines, stderr } = runTool('replay', args)
    expect(code).toBe(0)
    expect(lines.filter(({ kind }) => kind === 'difference')).toMatchObject([
      { trip: 'a/near.csv', vehicle: 'vehicle', change: 'removed', after: null },
    ])
    expect(lines.filter(({ kind }) => kind === 'sum')).toMatchObject([
      { by: 'all', name: 'all', removed: 1, added: 0 },
      { by: 'rule', name: 'speeding', removed: 1 },
      { by: 'vehicle', name: 'vehicle', removed: 1 },
      { by: 'driver', name: 'D1', removed: 1 },
    ])
    expect(lines.at(-1)).toMatchObject({ kind: 'summary', trips: 3, failed: 0, removed: 1 })
    expect(stderr).toContain('per 1,000 km')
  })

  it('goes on where it was interrupted, whatever tore the last line, and says the same', () => {
    const html = join(scratch.path, 'page.html')
    const first = runTool('replay', [...args, '--html', html])
    const page = readFileSync(html, 'utf8')
    const state = `${html}.state`
    const size = statSync(state).size
    appendFileSync(state, '{"key":"torn","outc')
    const second = runTool('replay', [...args, '--html', html])
    expect(second.stderr).toContain('3 of 3 trips were compared before')
    expect(second.stdout).toBe(first.stdout)
    expect(readFileSync(html, 'utf8')).toBe(page)
    expect(page).not.toMatch(/https?:|src=|<link/)
    // A changed trip is compared anew, the others are not.
    scratch.write('month/a/fast.csv', drive(104))
    const third = runTool('replay', [...args, '--html', html])
    expect(third.stderr).toContain('2 of 3 trips were compared before')
    expect(third.lines.at(-1)).toMatchObject({ removed: 2 })
    expect(statSync(state).size).toBeGreaterThan(size)
  })

  it('ends with 2 and one line for what cannot be compared', () => {
    const file = join(month, 'a/fast.csv')
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [[month], 'is a directory; name a trip in it, or two policies with --policy and --against'],
      [[month, '--against', oldPolicy], 'name the new policy with --policy'],
      [[file, '--policy', newPolicy, '--against', oldPolicy], 'name the folder it is in'],
      [[join(month, 'c'), '--policy', newPolicy, '--against', oldPolicy], 'no such folder'],
      [
        [month, '--policy', scratch.write('bad.json', '{"speed":1}'), '--against', oldPolicy],
        'speed: unknown key',
      ],
    ]
    for (const [words, remedy] of wrong) {
      const { code, stdout, stderr } = runTool('replay', words)
      expect([code, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1])
      expect(stderr).toContain(remedy)
    }
  })

  it('a file of another kind gets no lines of progress, and a folder of which nothing could be read is no comparison', () => {
    const other = scratch.write('notes.txt', 'what I want to keep')
    const { code, stderr } = runTool('replay', [...args, '--state', other])
    expect([code, stderr.trim().split('\n').at(-1)]).toEqual([
      2,
      `${other}: holds something else than the progress of a comparison; name another file`,
    ])
    expect(readFileSync(other, 'utf8')).toBe('what I want to keep')
    mkdirSync(join(scratch.path, 'junk'))
    scratch.write('junk/a.csv', 'no,columns\n1,2\n')
    const none = runTool('replay', [join(scratch.path, 'junk'), ...args.slice(1)])
    expect(none.code).toBe(2)
    expect(none.stderr).toContain('none of its 1 trips could be compared')
  })

  it('a trip that cannot be read is told of and does not stop the others', () => {
    scratch.write('month/b/broken.csv', 'a,b\n1,2\n')
    const { code, lines, stderr } = runTool('replay', args)
    expect(code).toBe(0)
    expect(stderr).toContain('b/broken.csv')
    expect(lines.at(-1)).toMatchObject({ trips: 4, failed: 1 })
  })
})

describe('what-if over tapes', () => {
  const scratch = scratchFolder()
  mkdirSync(join(scratch.path, 'nights'))
  const tape = join(scratch.path, 'nights/night.rwtape')
  const empty = scratch.write('empty.json', '{}')
  const strict = scratch.write('strict.json', '{"fatigue":{"nightContinuousS":3600}}')
  const nights = join(scratch.path, 'nights')
  const compare = (...more: string[]) =>
    runTool('replay', [nights, '--policy', strict, '--against', empty, ...more])
  type Told = { readonly trip: string | null; readonly vehicle: string }
  const startsOf = (lines: readonly Record<string, unknown>[]): unknown[] =>
    lines.flatMap(({ kind, phase, at }) => (phase === 'started' ? [`${String(at)} ${String(kind)}`] : []))

  beforeAll(() => {
    expect(runSim(['run', 'legal-relay', '--tape', tape]).code).toBe(0)
  })

  it('a tape is judged by the documents that it has with it, as by replay of it alone', () => {
    const alone = runTool('replay', [tape, '--policy', strict])
    const [first] = alone.lines as unknown as readonly [Told]
    const { code, lines, stderr } = compare()
    expect([code, stderr.includes('recorded under another policy')]).toEqual([0, false])
    const added = lines.flatMap(({ change, after }) => (change === 'added' ? [after as never] : []))
    expect(added.length).toBeGreaterThan(0)
    for (const one of added as readonly Told[])
      expect([one.vehicle, one.trip]).toEqual([first.vehicle, first.trip])
    const without = startsOf(runTool('replay', [tape, '--policy', empty]).lines)
    expect(startsOf(added)).toEqual(startsOf(alone.lines).filter((start) => !without.includes(start)))
  })

  it('a file beside it says otherwise, but for the policy', () => {
    const vehicle = {
      id: 'other',
      fleet: 'f',
      class: 'coach',
      serviceClass: null,
      oneWayKm: null,
      relay: null,
    }
    scratch.write('nights/vehicle.json', JSON.stringify(vehicle))
    scratch.write('nights/policy.json', '{"speeding":{"toleranceKmh":200}}')
    const { lines } = compare()
    const vehicles = lines.flatMap(({ kind, vehicle: id }) => (kind === 'difference' ? [id] : []))
    expect(new Set(vehicles)).toEqual(new Set(['other']))
  })

  it.each([['--html'], ['--state']])('%s that cannot be written is told before any work', (option) => {
    for (const place of [join(scratch.path, 'no/such/file'), scratch.path, '/proc/nowhere']) {
      const { code, stdout, stderr } = compare(option, place)
      expect([code, stdout, stderr.trimEnd().split('\n').length]).toEqual([2, '', 1])
      expect(stderr).toMatch(/: cannot be written \((?:ENOENT|EISDIR)\); name another place\n$/)
    }
  })
})
