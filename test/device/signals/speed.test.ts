import { describe, expect, it } from 'vitest'
import { chooseSpeed } from '../../../device/signals/speed.ts'

/** Whose speed counts where several speak. */

const sources = { wheelKmh: 80, tachographKmh: 81, gnssKmh: 84, positionKmh: 60 }
const bus = { disagreeKmh: 5, speedFrom: 'can' } as const
const receiver = { disagreeKmh: 5, speedFrom: 'gnss' } as const
const chosen = (known: Partial<typeof sources>, policy: typeof bus | typeof receiver) => {
  const unknown = { wheelKmh: null, tachographKmh: null, gnssKmh: null, positionKmh: null }
  const { speedKmh, speedSource, speedAgreement } = chooseSpeed({ ...unknown, ...known }, 'gnss', policy)
  return [speedKmh, speedSource, speedAgreement]
}

describe('the chosen speed', () => {
  it('is the recorder’s by default, and the receiver’s where the policy says so', () => {
    expect(chosen(sources, bus)).toEqual([80, 'wheel', 'agree'])
    expect(chosen(sources, receiver)).toEqual([84, 'gnss', 'agree'])
    expect(chosen({ tachographKmh: 81, gnssKmh: 84 }, bus)).toEqual([81, 'tachograph', 'agree'])
  })

  it('is whoever speaks, where only one does; what positions imply comes last', () => {
    for (const policy of [bus, receiver]) {
      expect(chosen({ gnssKmh: 84, positionKmh: 60 }, policy)).toEqual([84, 'gnss', 'single'])
      expect(chosen({ wheelKmh: 80, positionKmh: 60 }, policy)).toEqual([80, 'wheel', 'single'])
      expect(chosen({ positionKmh: 60 }, policy)).toEqual([60, 'position', 'single'])
      expect(chosen({}, policy)).toEqual([null, null, null])
    }
  })
})
