import type { Sample, SpeedAgreement, SpeedSource } from '../../proto/model.ts'

export type SpeedChoice = Pick<Sample, 'speedKmh' | 'speedSource' | 'speedAgreement' | 'sources'>

/** Sources further apart than 11 % disagree (GB/T 19056 speed-state judgement), small speeds excepted. */
const disagreeShare = 0.11

/**
 * Chooses the speed: the wheels, the tachograph, GNSS Doppler, and only then what two positions imply (design 4).
 * A file's own speed stands where a receiver's would.
 */
export function chooseSpeed(
  sources: NonNullable<Sample['sources']>,
  gnssName: 'gnss' | 'file',
  disagreeKmh: number,
): SpeedChoice {
  const ordered: readonly [SpeedSource, number | null][] = [
    ['wheel', sources.wheelKmh],
    ['tachograph', sources.tachographKmh],
    [gnssName, sources.gnssKmh],
    ['position', sources.positionKmh],
  ]
  const known = ordered.filter((entry): entry is [SpeedSource, number] => entry[1] !== null)
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
