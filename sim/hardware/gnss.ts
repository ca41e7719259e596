import { chance, spread, wander } from '../random.ts'
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

/**
 * `fix` sees the sky, `void` prints time without a position, `frozen` repeats the last position while moving. `multipath`
 * hears echoes: few satellites, places that jump. `jammed` hears noise, and now and then a poor fix. `spoofed` believes
 * somebody else's signals, whose place and speed move away from its own.
 */
export type Sky =
  | { readonly is: 'fix' }
  | { readonly is: 'void' }
  | { readonly is: 'frozen'; readonly at: Truth }
  | { readonly is: 'multipath'; readonly offM: number }
  | { readonly is: 'jammed' }
  | { readonly is: 'spoofed'; readonly forS: number; readonly dragMps: number; readonly dragDeg: number }

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
  const motion = isBlind(receiver, truth, sky) || antenna.state !== 'ok' ? null : seen(receiver, truth, sky)
  const quality = qualityOf(sky)
  const { talker } = receiver
  return (
    rmc(talker, truth.atMs, motion) +
    gga(talker, truth.atMs, motion, quality) +
    skySentences(talker, motion === null ? 0 : quality.satellites, quality) +
    (antenna.speaks ? antennaText(antenna.state) : '')
  )
}

/** Combined receivers list GPS and BeiDou apart; BeiDou ids are 1-63 under their own system number. */
function skySentences(talker: Talker, satellites: number, quality: Quality): string {
  const gps = [2, 5, 12, 15, 18, 24, 25, 29].slice(0, satellites)
  const beidou = [1, 3, 6, 8, 13, 19, 22, 38, 40].slice(0, Math.max(0, satellites - gps.length))
  if (talker === 'GP') return gsa('GP', 1, gps, quality)
  if (talker === 'BD' || talker === 'GB') return gsa(talker, 4, beidou, quality)
  return gsa('GN', 1, gps, quality) + gsa('GN', 4, beidou, quality)
}

/** Of a jammed receiver one epoch in so many still comes to a fix. */
const jammedFixes = 0.08

function isBlind({ seed }: Receiver, truth: Truth, sky: Sky): boolean {
  if (sky.is === 'jammed') return chance(seed, 'jammed', Math.floor(truth.atMs / 1000)) >= jammedFixes
  return sky.is === 'void'
}

const good: Quality = { satellites: 17, hdop: 0.7, altitudeM: 62.4 }
const poor: Quality = { satellites: 4, hdop: 6.4, altitudeM: 91.7 }
const qualityOf = ({ is }: Sky): Quality => (is === 'multipath' || is === 'jammed' ? poor : good)

function seen(receiver: Receiver, truth: Truth, sky: Sky): Motion {
  const motion = measured(receiver, truth, sky)
  if (sky.is === 'multipath') return echoed(receiver, truth, motion, sky.offM)
  return sky.is === 'spoofed' ? dragged(motion, sky) : motion
}

/** Echoes come and go with the houses: each place stands for some seconds, then another one. */
const echoS = 4

function echoed({ seed }: Receiver, { atMs }: Truth, motion: Motion, offM: number): Motion {
  const house = Math.floor(atMs / 1000 / echoS)
  const towards = (channel: string): number => spread(seed, channel, house) * offM
  return {
    ...moved(motion, towards('echoNorth'), towards('echoEast')),
    speedKmh: Math.max(0, motion.speedKmh + spread(seed, 'echoSpeed', house) * echoSpeedKmh),
  }
}
const echoSpeedKmh = 3

function dragged(
  motion: Motion,
  { forS, dragMps, dragDeg }: { readonly forS: number; readonly dragMps: number; readonly dragDeg: number },
): Motion {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180
  const [north, east] = [Math.cos(radians(dragDeg)) * dragMps, Math.sin(radians(dragDeg)) * dragMps]
  const ownMps = motion.speedKmh / 3.6
  const northMps = Math.cos(radians(motion.courseDeg)) * ownMps + north
  const eastMps = Math.sin(radians(motion.courseDeg)) * ownMps + east
  return {
    ...moved(motion, north * forS, east * forS),
    speedKmh: Math.hypot(northMps, eastMps) * 3.6,
    courseDeg: ((Math.atan2(eastMps, northMps) * 180) / Math.PI + 360) % 360,
  }
}

function moved(motion: Motion, northM: number, eastM: number): Motion {
  const lonScale = metresPerDegreeLat * Math.cos((motion.lat * Math.PI) / 180)
  return { ...motion, lat: motion.lat + northM / metresPerDegreeLat, lon: motion.lon + eastM / lonScale }
}

function measured(receiver: Receiver, truth: Truth, sky: Sky): Motion {
  const from = sky.is === 'frozen' ? sky.at : truth
  const { seed } = receiver
  const atS = Math.floor(from.atMs / 1000)
  const northM = wander(seed, 'north', atS) * wanderM + spread(seed, 'northJitter', atS) * jitterM
  const eastM = wander(seed, 'east', atS) * wanderM + spread(seed, 'eastJitter', atS) * jitterM
  const speedKmh = Math.max(0, from.speedKmh + spread(seed, 'doppler', atS) * speedNoiseKmh)
  const motion = {
    lat: from.lat,
    lon: from.lon,
    speedKmh: from.speedKmh === 0 ? speedKmh / 3 : speedKmh,
    courseDeg: from.courseDeg,
  }
  return moved(motion, northM, eastM)
}
