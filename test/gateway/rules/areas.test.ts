import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { areas } from '../../../gateway/rules/areas.ts'
import { drive } from '../../../proto/detector.ts'
import { parseAreas } from '../../../proto/shapes/areas.ts'
import { type Case, lineOf, placeAt, runCase, samplesOf, settingsWith } from '../../help/area-road.ts'

/** Drives written as data: what happened, and what must be told of it. */
const folder = new URL('../../cases/areas/', import.meta.url)

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const cases = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Case[]
  describe(`areas, ${file}`, () => {
    it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
      const findings = runCase(one)
      expect(findings.map(lineOf)).toEqual(one.expect)
      if (one.evidence !== undefined) expect(findings[0]?.evidence).toMatchObject(one.evidence)
    })
  })
}

describe('areas, worked examples that need more than a rectangle', () => {
  const ring = (from: number, to: number, reach: number, reversed: boolean): number[][] => {
    const corners = [
      placeAt(from, -reach),
      placeAt(to, -reach),
      placeAt(to, reach),
      placeAt(from, reach),
      placeAt(from, -reach),
    ].map(({ lon, lat }) => [lon, lat])
    return reversed ? corners.toReversed() : corners
  }
  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('4: in the hole is outside, its edge is inside, whichever way the rings run (%s, %s)', (outer, hole) => {
    const coordinates = [ring(0, 3000, 300, outer), ring(1000, 2000, 100, hole)]
    const settings = settingsWith(parseAreas({ type: 'Polygon', coordinates }, 'hole.geojson'))
    const told = (x: number): number =>
      drive(areas, samplesOf([{ at: '10:00:00', x }]), settings).findings.length
    expect([told(1500), told(1999.999), told(500), told(2500)]).toEqual([0, 0, 1, 1])
    for (let again = 0; again < 3; again++) expect([told(1000), told(2000)]).toEqual([1, 1])
  })

  it('12: leaving unseen tells the open interval', () => {
    const [, ended] = runCase({
      name: '',
      expect: [],
      areas: [{ id: 'A', from: 0, to: 2000 }],
      rows: [
        { at: '10:00:00', x: 1000 },
        { at: '10:30:00', x: 42_000 },
      ],
    })
    expect(ended?.evidence).toMatchObject({
      basis: 'fix',
      from: '2026-11-20T02:00:00.000Z',
      to: '2026-11-20T02:30:00.000Z',
    })
  })

  it('tells of a charter and of an area by their own subjects when both are left at once', () => {
    const findings = runCase({
      name: '',
      expect: [],
      areas: [{ id: 'S', from: 0, to: 1000, role: 'stayWithin' }],
      charter: { areas: ['S'], from: '09:00:00', to: '12:00:00' },
      rows: [
        { at: '10:00:00', x: 900, kmh: 72 },
        { at: '10:00:10', x: 1100, kmh: 72 },
      ],
    })
    expect(new Set(findings.map(({ subject }) => subject)).size).toBe(2)
  })
})

describe('what the evidence of an area says', () => {
  const evidence = (rows: Parameters<typeof samplesOf>[0], area: object = {}, more: object = {}) =>
    runCase({ name: '', expect: [], areas: [{ id: 'A', from: 1000, to: 2000, ...area }], rows, ...more }).map(
      (finding) => [finding.phase, finding.severity, finding.evidence],
    )

  it('of entering and leaving over the border: how long, and no other reason', () => {
    expect(
      evidence([
        { at: '10:00:00', x: 900 },
        { at: '10:00:20', x: 1300 },
        { at: '10:01:00', x: 2100 },
      ]),
    ).toEqual([
      ['started', 'major', { areaId: 'A', role: 'noEntry', areaName: 'A', basis: 'crossing' }],
      ['ended', 'major', { areaId: 'A', role: 'noEntry', areaName: 'A', basis: 'crossing', durationS: 50 }],
    ])
  })

  it('of an hour that strikes: why it began and why it ended', () => {
    const hour = { windows: [{ from: '10:01', to: '10:02' }] }
    const there = ['10:00:30', '10:01:00', '10:01:30', '10:02:00', '10:02:30'].map((at) => ({
      at,
      x: 1500,
      kmh: 9,
    }))
    expect(evidence(there, hour)).toMatchObject([
      ['started', 'major', { basis: 'window', why: '时段生效' }],
      ['ended', 'major', { basis: 'window', why: '不再生效', durationS: 60 }],
    ])
  })

  it('of a first position inside, and of one after a gap: since when it may have been', () => {
    expect(evidence([{ at: '10:00:00', x: 1500 }])).toMatchObject([
      ['started', 'major', { basis: 'first', why: '首个定位已在其中' }],
    ])
    expect(
      evidence([
        { at: '10:00:00', x: 0 },
        { at: '10:30:00', x: 1500 },
      ]),
    ).toMatchObject([
      [
        'started',
        'major',
        { basis: 'fix', from: '2026-11-20T02:00:00.000Z', to: '2026-11-20T02:30:00.000Z' },
      ],
    ])
  })

  it('of a push: from the first movement on', () => {
    const rows = [
      { at: '10:00:00', x: 1500, kmh: 0 },
      { at: '10:00:20', x: 1500, kmh: 0 },
      { at: '10:00:40', x: 1510, kmh: 30 },
    ]
    expect(evidence(rows, {}, { pushed: '10:00:10' })).toMatchObject([
      ['started', 'major', { basis: 'push', why: '区域下发后行驶' }],
    ])
  })

  it('of leaving what must not be left: how far, the farthest, and how long', () => {
    const found = evidence(
      [
        { at: '10:00:00', x: 1900 },
        { at: '10:00:20', x: 2100 },
        { at: '10:00:40', x: 2500 },
        { at: '10:01:00', x: 2200 },
        { at: '10:01:20', x: 1900 },
      ],
      { role: 'stayWithin' },
    )
    expect(found).toMatchObject([
      ['started', 'minor', { role: 'stayWithin', basis: 'crossing', distanceM: 100 }],
      ['ended', 'minor', { distanceM: 500, durationS: 63.333 }],
    ])
  })

  it('is critical for dangerous goods', () => {
    expect(evidence([{ at: '10:00:00', x: 1500 }], {}, { class: 'hazmat' })).toMatchObject([
      ['started', 'critical', {}],
    ])
  })
})
