import type { Sample, SpeedAgreement, SpeedSource } from '../../proto/model.ts'
import type { Policy } from '../../proto/policy.ts'

export type SpeedChoice = Pick<Sample, 'speedKmh' | 'speedSource' | 'speedAgreement' | 'sources'>

/** Sources further apart than 11 % disagree (GB/T 19056 speed-state judgement), small speeds excepted. */
const disagreeShare = 0.11

/**
 * Chooses the speed: the wheels, the tachograph, GNSS Doppler, and only then what two positions imply (design 4).
 * A file's own speed stands where a receiver's would; with `speedFrom: gnss` it comes first.
 */
export function chooseSpeed(
  sources: NonNullable<Sample['sources']>,
  gnssName: 'gnss' | 'file',
  { disagreeKmh, speedFrom }: Pick<Policy['signals'], 'disagreeKmh' | 'speedFrom'>,
): SpeedChoice {
  const bus: readonly Known[] = [
    ['wheel', sources.wheelKmh],
    ['tachograph', sources.tachographKmh],
  ]
  const receiver: Known = [gnssName, sources.gnssKmh]
  const ordered: readonly Known[] = [
    ...(speedFrom === 'can' ? [...bus, receiver] : [receiver, ...bus]),
    ['position', sources.positionKmh],
  ]
  const known = ordered.filter((entry): entry is readonly [SpeedSource, number] => entry[1] !== null)
  const first = known[0]
  if (first === undefined) return { speedKmh: null, speedSource: null, speedAgreement: null, sources }
  const measured = known.filter(([name]) => name !== 'position')
  return {
    speedKmh: first[1],
    speedSource: first[0],
    speedAgreement: agreement(measured, disagreeKmh),
    sources,
  }
}

type Known = readonly [SpeedSource, number | null]

/** Speeds of 1 Hz positions are too coarse to contradict a measured one, so they are not asked. */
function agreement(
  measured: readonly (readonly [SpeedSource, number])[],
  disagreeKmh: number,
): SpeedAgreement {
  if (measured.length < 2) return 'single'
  const speeds = measured.map(([, kmh]) => kmh)
  const low = Math.min(...speeds)
  const high = Math.max(...speeds)
  return high - low > disagreeKmh && high - low > disagreeShare * high ? 'differ' : 'agree'
}
