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
