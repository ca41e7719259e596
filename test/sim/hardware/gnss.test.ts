import { describe, expect, it } from 'vitest'
import { distanceM } from '../../../proto/geo/earth.ts'
import { epochSentences, type Receiver, type Sky } from '../../../sim/hardware/gnss.ts'
import { planOf } from '../../../sim/scenario.ts'
import { scenarios } from '../../../sim/scenarios/index.ts'
import { truthAt } from '../../../sim/vehicle.ts'

const plan = planOf(scenarios.get('night-coach')!)
const receiver: Receiver = { seed: 7, talker: 'GN', latencyMs: 120 }
const quiet = { state: 'ok', speaks: false } as const
const epoch = (second: number, sky: Sky = { is: 'fix' }, talker: Receiver['talker'] = 'GN'): string =>
  epochSentences({ ...receiver, talker }, truthAt(plan, plan.startMs + second * 1000), sky, quiet)

/** Degrees of `ddmm.mmmmm`, split at the decimal point: not how the writer does it. */
function degrees(text: string): number {
  const point = text.indexOf('.')
  return Number(text.slice(0, point - 2)) + Number(text.slice(point - 2)) / 60
}

function place(text: string): { lat: number; lon: number } {
  const fields = text.split(',')
  return { lat: degrees(fields[3]!), lon: degrees(fields[5]!) }
}

describe('the receiver', () => {
  it('is within three metres of the truth, and not on it', () => {
    const errors = Array.from({ length: 600 }, (_, second) =>
      distanceM(place(epoch(second)), truthAt(plan, plan.startMs + second * 1000)),
    )
    expect(Math.max(...errors)).toBeLessThan(3)
    expect(Math.max(...errors)).toBeGreaterThan(0.1)
  })

  it('prints the same bytes for the same seed, in whatever order it is asked', () => {
    expect(epoch(300)).toBe(epoch(300))
    const before = epoch(17)
    epoch(400)
    expect(epoch(17)).toBe(before)
  })

  it('speaks with the talker of its make', () => {
    expect(epoch(1).match(/\$(..)/g)).toEqual(['$GN', '$GN', '$GN', '$GN'])
    expect(epoch(1, { is: 'fix' }, 'BD').match(/\$(..)/g)).toEqual(['$BD', '$BD', '$BD'])
    expect(epoch(1, { is: 'fix' }, 'GB')).toContain('$GBGSA')
  })

  it('loses the place in the void and stands still when frozen', () => {
    expect(epoch(300, { is: 'void' }).split(',')[2]).toBe('V')
    const at = truthAt(plan, plan.startMs + 200_000)
    const frozen = epoch(300, { is: 'frozen', at })
    expect(distanceM(place(frozen), at)).toBeLessThan(3)
    expect(frozen).toBe(epoch(300, { is: 'frozen', at }))
  })

  it('has no place without an antenna, and says why', () => {
    const text = epochSentences(
      receiver,
      truthAt(plan, plan.startMs),
      { is: 'fix' },
      {
        state: 'open',
        speaks: true,
      },
    )
    expect(text.split(',')[2]).toBe('V')
    expect(text).toContain('ANTENNA OPEN*25')
  })
})
