import { describe, expect, it } from 'vitest'
import { dice } from '../../prove/drives/agreement.ts'
import { nightOf, ruleOf } from '../../prove/drives/curfew.ts'
import { curfewOfNight } from '../../reference/curfew.ts'

describe('the rule and a naive second one over the whole history', () => {
  const seen = new Map<string, number>()
  const blocks = [0, 250, 500, 750, 1000, 1250, 1500, 1750]

  it.each(blocks)('agree on 250 nights of gaps, unknown drivers and odd steps, from seed %i on', (first) => {
    for (let seed = first + 1; seed <= first + 250; seed++) {
      const night = nightOf(dice(seed))
      const lines = ruleOf(night, night.samples)
      expect(lines, `seed ${seed}`).toEqual(curfewOfNight(night))
      for (const { kind, phase, reason } of lines) {
        const key = `${kind} ${phase} ${reason ?? ''}`.trim()
        seen.set(key, (seen.get(key) ?? 0) + 1)
      }
      if (lines.length === 0) seen.set('nothing', (seen.get('nothing') ?? 0) + 1)
    }
  })

  it('and the nights were of every sort', () => {
    for (const reason of [
      'serviceClassUnknown',
      'oneWayKmUnknown',
      'noCertificate',
      'certificateExpired',
      'relayOutsideWindow',
      'relayNotFiledPoint',
      'reliefNotFresh',
      'intoSafeStop',
    ])
      expect(seen.get(`curfew ended ${reason}`) ?? 0, reason).toBeGreaterThan(2)
    expect(seen.get('curfew updated intoSafeStop') ?? 0).toBeGreaterThan(5)
    expect(seen.get('curfew-warning started') ?? 0).toBeGreaterThan(100)
    expect(seen.get('nothing') ?? 0).toBeGreaterThan(50)
  })
})
