import { spread, wander } from '../random.ts'
import type { Truth } from '../vehicle.ts'
import {
  type AntennaState,
  antennaText,
  gga,
  gsa,
  type Motion,
  type Quality,
  rmc,
  type Talker,
} from './nmea.ts'

/** A GNSS receiver: what it prints for one epoch of the truth. */
export type Receiver = {
  readonly seed: number
  readonly talker: Talker
  /** How long after the epoch the sentences leave the receiver. */
  readonly latencyMs: number
}

/** `fix` sees the sky, `void` prints time without a position, `frozen` repeats the last position while moving. */
export type Sky =
  | { readonly is: 'fix' }
  | { readonly is: 'void' }
  | { readonly is: 'frozen'; readonly at: Truth }

/** Position error of a good receiver in the open: metres, slow wander and a little noise on top. */
const wanderM = 1.2
const jitterM = 0.2
/** Doppler speed of a good receiver: 0.1 m/s. */
const speedNoiseKmh = 0.3
const metresPerDegreeLat = 111_000

/** The sentences of one epoch. The antenna speaks every ten seconds and whenever it has news. */
export function epochSentences(
  receiver: Receiver,
  truth: Truth,
  sky: Sky,
  antenna: { readonly state: AntennaState; readonly speaks: boolean },
): string {
  const motion = sky.is === 'void' || antenna.state !== 'ok' ? null : seen(receiver, truth, sky)
  const quality = { satellites: 17, hdop: 0.7, altitudeM: 62.4 }
  const { talker } = receiver
  return (
    rmc(talker, truth.atMs, motion) +
    gga(talker, truth.atMs, motion, quality) +
    skySentences(talker, motion !== null, quality) +
    (antenna.speaks ? antennaText(antenna.state) : '')
  )
}

/** Combined receivers list GPS and BeiDou apart; BeiDou ids are 1-63 under their own system number. */
function skySentences(talker: Talker, fixed: boolean, quality: Quality): string {
  const gps = fixed ? [2, 5, 12, 15, 18, 24, 25, 29] : []
  const beidou = fixed ? [1, 3, 6, 8, 13, 19, 22, 38, 40] : []
  if (talker === 'GP') return gsa('GP', 1, gps, quality)
  if (talker === 'BD' || talker === 'GB') return gsa(talker, 4, beidou, quality)
  return gsa('GN', 1, gps, quality) + gsa('GN', 4, beidou, quality)
}

function seen(receiver: Receiver, truth: Truth, sky: Sky): Motion {
  const from = sky.is === 'frozen' ? sky.at : truth
  const { seed } = receiver
  const atS = Math.floor(from.atMs / 1000)
  const northM = wander(seed, 'north', atS) * wanderM + spread(seed, 'northJitter', atS) * jitterM
  const eastM = wander(seed, 'east', atS) * wanderM + spread(seed, 'eastJitter', atS) * jitterM
  const lonScale = metresPerDegreeLat * Math.cos((from.lat * Math.PI) / 180)
  const speedKmh = Math.max(0, from.speedKmh + spread(seed, 'doppler', atS) * speedNoiseKmh)
  return {
    lat: from.lat + northM / metresPerDegreeLat,
    lon: from.lon + eastM / lonScale,
    speedKmh: from.speedKmh === 0 ? speedKmh / 3 : speedKmh,
    courseDeg: from.courseDeg,
  }
}
