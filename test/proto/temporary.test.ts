import { describe, expect, it } from 'vitest'
import { noAreas } from '../../proto/geo/areas.ts'
import { settingsAt } from '../../proto/in-force.ts'
import { mergePolicy, policyDigest, policyFileSchema } from '../../proto/policy.ts'
import { parseDocument } from '../../proto/problem.ts'
import { defaultVehicle } from '../../proto/shapes/vehicle.ts'
import { fogLimitKmh, temporaryLimitsOf } from '../../proto/temporary.ts'

const entry = {
  id: 'fog-1',
  from: '2026-11-23T09:00:00+08:00',
  to: '2026-11-23T12:00:00+08:00',
  cause: 'fog',
  visibilityM: 80,
} as const
const read = (file: unknown) => parseDocument(policyFileSchema, file, 'p.json')
const policyOf = (...entries: object[]) => mergePolicy('coach', read({ temporaryLimits: entries }))

describe('fog by visibility (Implementing Regulations art. 81)', () => {
  const { fogSteps } = mergePolicy('coach', null).speeding
  it.each([
    [0, 20],
    [49.9, 20],
    [50, 40],
    [99.9, 40],
    [100, 60],
    [199.9, 60],
    [200, null],
    [5000, null],
  ])('%s m of visibility: %s km/h', (visibilityM, limitKmh) => {
    expect(fogLimitKmh(visibilityM, fogSteps)).toBe(limitKmh)
  })

  it('a policy may have other steps, or none', () => {
    expect(fogLimitKmh(80, [{ belowM: 500, limitKmh: 80 }])).toBe(80)
    expect(fogLimitKmh(80, [])).toBeNull()
  })
})

describe('temporary limits of a policy', () => {
  it('one for each area, the fog beside the sign', () => {
    const policy = policyOf({ ...entry, limitKmh: 50, areas: ['a', 'b'] })
    expect(
      temporaryLimitsOf(policy).map(({ areaId, limitKmh, visibilityM }) => [areaId, limitKmh, visibilityM]),
    ).toEqual([
      ['a', 50, undefined],
      ['a', 40, 80],
      ['b', 50, undefined],
      ['b', 40, 80],
    ])
  })

  it('a visibility that limits nothing is no limit', () => {
    expect(temporaryLimitsOf(policyOf({ ...entry, visibilityM: 300 }))).toEqual([])
  })

  it('are in the settings in force, and in the digest', () => {
    const policy = policyOf(entry)
    const documents = {
      vehicle: defaultVehicle,
      trips: [],
      policy,
      policyDigest: policyDigest(policy),
      routes: [],
      areas: noAreas,
      areasSinceMs: null,
    }
    expect(settingsAt(documents, 0).temporaryLimits).toEqual([
      {
        id: 'fog-1',
        areaId: null,
        limitKmh: 40,
        visibilityM: 80,
        cause: 'fog',
        fromMs: Date.parse(entry.from),
        toMs: Date.parse(entry.to),
      },
    ])
    expect(policyDigest(policy)).not.toBe(policyDigest(mergePolicy('coach', null)))
  })

  it.each([
    [{ ...entry, to: entry.from }, 'p.json: temporaryLimits[0].to: must be later than from'],
    [
      { ...entry, visibilityM: undefined },
      'p.json: temporaryLimits[0].limitKmh: missing; limitKmh or visibilityM is needed',
    ],
    [{ ...entry, cause: 'snow' }, /^p\.json: temporaryLimits\[0\]\.cause: /],
    [
      { ...entry, speed: 3 },
      /^p\.json: temporaryLimits\[0\]\.speed: unknown key; remove it or correct its spelling \(known here: .*limitKmh/,
    ],
    [{ ...entry, from: 'tomorrow' }, /^p\.json: temporaryLimits\[0\]\.from: an ISO instant/],
  ])('refuses %j', (bad, line) => {
    expect(() => read({ temporaryLimits: [bad] })).toThrow(line)
  })

  it('refuses a detour that ends before it begins', () => {
    const detour = { id: 'D', routeId: 'R', fromM: 5, toM: 5, from: entry.from, to: entry.to, by: 'x' }
    expect(() => read({ detours: [detour] })).toThrow('p.json: detours[0].toM: must be above fromM')
  })
})
