import { describe, expect, it } from 'vitest'
import { approach } from '../../../device/detectors/approach.ts'
import type { Area } from '../../../proto/geo/areas.ts'
import type { Sample } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { boxAreas, deepFreeze, settingsFor } from '../../help/road.ts'
import { brief, fixAt, seconds, told } from '../../help/seconds.ts'

/** Boxes along the road, each with its reach; null for an area of which nobody is told before. */
function reaching(
  boxes: readonly { id: string; fromM: number; toM: number; approachM: number | null }[],
): Settings {
  const plain = boxAreas(
    boxes.map(({ id, fromM, toM }) => ({ id, fromM, toM, role: 'riskSection' as const })),
  )
  const reach = (id: string): number | null => boxes.find((box) => box.id === id)?.approachM ?? null
  const all = plain.all.map((area): Area => {
    const approachM = reach(area.id)
    return approachM === null ? area : { ...area, more: { approachM } as NonNullable<Area['more']> }
  })
  const areas = {
    ...plain,
    all,
    byId: new Map(all.map((area) => [area.id, area])),
    near: (point: Parameters<typeof plain.near>[0], metres: number) =>
      all.filter((area) => area.signedDistanceM(point) <= metres),
  }
  return deepFreeze(settingsFor('coach', null, { areas }))
}

const slope = reaching([{ id: 'slope', fromM: 1000, toM: 1500, approachM: 500 }])
const ride = (at: (s: number) => Partial<Sample> | null, count = 100, inForce = slope): unknown[] =>
  told(approach, seconds(count, at), inForce).map((finding) => [finding.subject, ...brief(finding)])
const at20 = (fromM: number) => (s: number) => ({ fix: fixAt(fromM + s * 20), speedKmh: 72 })

describe('a word before a risk section', () => {
  it('is said to whoever drives, from 3 km/h on, or of unknown speed', () => {
    const at = (speedKmh: number | null) => ride((s) => ({ fix: fixAt(400 + s * 20), speedKmh }), 20)
    expect(at(3)).toEqual([['slope', 'started', 'info', 5, 5]])
    expect(at(null)).toEqual([['slope', 'started', 'info', 5, 5]])
    expect(at(2.9)).toEqual([])
  })

  it('is not said again before 625 m, a quarter more than its reach, lie behind', () => {
    // Up to it, back to where the vehicle stays a while, and up to it again.
    const placeM = (s: number, backM: number): number =>
      s < 10 ? 400 + s * 20 : s < 20 ? backM : 400 + (s - 20) * 20
    const back = (backM: number) => ride((s) => ({ fix: fixAt(placeM(s, backM)), speedKmh: 72 }), 40)
    expect(back(380)).toEqual([['slope', 'started', 'info', 5, 5]])
    expect(back(370)).toEqual([
      ['slope', 'started', 'info', 5, 5],
      ['slope', 'started', 'info', 25, 25],
    ])
  })

  it('is not said to whoever comes no nearer', () => {
    expect(ride((s) => ({ fix: fixAt(600 - s), speedKmh: 72 }), 20)).toEqual([])
    expect(ride(() => ({ fix: fixAt(600), speedKmh: 72 }), 20)).toEqual([])
  })

  it('looks as far as the farthest reach, and at each area as far as its own', () => {
    const two = reaching([
      { id: 'far', fromM: 3000, toM: 3100, approachM: 2000 },
      { id: 'near', fromM: 2000, toM: 2100, approachM: 100 },
      { id: 'silent', fromM: 1100, toM: 1200, approachM: null },
    ])
    expect(ride(at20(930), 100, two)).toEqual([
      ['far', 'started', 'info', 4, 4],
      ['near', 'started', 'info', 49, 49],
    ])
  })

  it('needs nothing where no area has a reach', () => {
    expect(ride(at20(0), 100, reaching([{ id: 'silent', fromM: 500, toM: 600, approachM: null }]))).toEqual(
      [],
    )
  })

  it('waits where nobody knows the place, and goes on where somebody does', () => {
    const blind = (hole: Partial<Sample>) =>
      ride((s) => ({ ...at20(440)(s), ...(s >= 2 && s < 6 ? hole : {}) }), 20)
    expect(blind({ fix: null })).toEqual([['slope', 'started', 'info', 6, 6]])
    expect(blind({ fix: { ...fixAt(540)!, accuracyM: 101 } })).toEqual([['slope', 'started', 'info', 6, 6]])
  })

  it('names the area, how far it is, and its limit', () => {
    const [finding] = told(approach, seconds(20, at20(400)), slope)
    expect(finding?.evidence).toEqual({
      areaId: 'slope',
      areaName: 'slope',
      role: 'riskSection',
      aheadM: 500,
      limitKmh: null,
    })
  })

  it('is said inside at once to whoever begins there, even where the reach is a metre', () => {
    const inside = (approachM: number) => {
      const near = reaching([{ id: 'slope', fromM: 1000, toM: 1500, approachM }])
      return told(approach, seconds(3, at20(1200)), near)
    }
    for (const approachM of [1, 500]) {
      expect(inside(approachM).map(brief)).toEqual([['started', 'info', 0, 0]])
      expect(inside(approachM)[0]?.evidence['aheadM']).toBe(0)
    }
  })

  it('remembers only what reaches, and nothing at all where nothing does', () => {
    const two = reaching([
      { id: 'slope', fromM: 1000, toM: 1500, approachM: 500 },
      { id: 'silent', fromM: 1000, toM: 1500, approachM: null },
    ])
    const [sample] = seconds(1, at20(1200))
    expect(approach.step(approach.initial, sample!, two).state).toEqual({
      near: { slope: { awayM: 0, told: true } },
    })
    const none = reaching([{ id: 'silent', fromM: 1000, toM: 1500, approachM: null }])
    expect(approach.step({ near: {} }, sample!, none).state).toBe(approach.initial)
  })
})
