import { describe, expect, it } from 'vitest'
import { decides, follow, nowhere, type Whereabouts } from '../../../device/detectors/whereabouts.ts'
import type { Fix } from '../../../proto/model.ts'
import { parseRoute } from '../../../proto/shapes/route.ts'
import { sampleAt } from '../../help/drive.ts'
import { roadPoint, roadRoute, settingsFor } from '../../help/road.ts'
import { fixAt, startMs } from '../../help/seconds.ts'

const settings = settingsFor('coach')
const at = (s: number, fix: Fix | null, stepMs = 0) =>
  sampleAt(startMs + s * 1000, { fix, clockStepMs: stepMs })

describe('where the vehicle was last known to be', () => {
  it.each([
    [null, true],
    [0, true],
    [50, true],
    [100, true],
    [100.1, false],
  ])('a fix that claims %d m decides: %s', (accuracyM, yes) => {
    const fix = { ...fixAt(0)!, accuracyM }
    expect(decides(fix, settings)).toBe(yes)
    expect(follow(nowhere, at(0, fix), settings).fix).toEqual(yes ? fix : null)
  })

  it('stays good for ten seconds, and not for five milliseconds more', () => {
    const seen = follow(nowhere, at(0, fixAt(0)), settings)
    expect(seen).toEqual({ fix: fixAt(0), fixAtMs: startMs, routeId: null, near: null })
    expect(follow(seen, at(10, null), settings)).toMatchObject({ fix: fixAt(0), fixAtMs: startMs })
    expect(follow(seen, at(10.005, null), settings).fix).toBeNull()
    expect(follow(seen, at(5, { ...fixAt(900)!, accuracyM: 101 }), settings).fix).toEqual(fixAt(0))
  })

  it('moves with a corrected clock', () => {
    const seen = follow(nowhere, at(0, fixAt(0)), settings)
    const forward = follow(seen, at(3609, null, 3_600_000), settings)
    expect(forward).toMatchObject({ fix: fixAt(0), fixAtMs: startMs + 3_600_000 })
    expect(follow(forward, at(3611, null), settings).fix).toBeNull()
  })

  it('keeps nothing of tunnels where none is drawn', () => {
    const inForce = settingsFor('coach', null, { route: roadRoute({}) })
    let where: Whereabouts = nowhere
    for (const [s, fix] of [
      [0, fixAt(0)],
      [1, null],
      [2, fixAt(40)],
    ] as const)
      where = follow(where, at(s, fix), inForce)
    expect(where).not.toHaveProperty('reckoning')
    expect(where).toMatchObject({ routeId: 'route-1', near: { line: 0, segment: 0 } })
  })

  it('looks for the next place on a route from the last one on it, on another route everywhere', () => {
    const asked: (number | null)[] = []
    const watched = (id: string) => {
      const [route] = parseRoute(
        {
          type: 'Feature',
          properties: { id },
          geometry: {
            type: 'LineString',
            coordinates: [0, 5000].map((x) => [roadPoint(x).lon, roadPoint(x).lat]),
          },
        },
        'r',
      )
      return settingsFor('coach', null, {
        route: {
          ...route!,
          nearest: (point, hint) => {
            asked.push(hint === null ? null : Math.round(hint.alongM))
            return route!.nearest(point, hint)
          },
        },
      })
    }
    const [one, other] = [watched('one'), watched('other')]
    let where = follow(nowhere, at(0, fixAt(100)), one)
    where = follow(where, at(1, fixAt(120)), one)
    where = follow(where, at(2, fixAt(140)), other)
    follow(where, at(3, fixAt(160)), other)
    expect(asked).toEqual([null, 100, null, 140])
  })
})
