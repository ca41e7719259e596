import type { Leg } from './motion.ts'
import { chance } from './random.ts'
import type { Scenario } from './scenario-schema.ts'

/** How the drive that the legs tell is really driven: what stops, traffic, weather and the driver make of it. Pure. */

export type Driven = Leg & {
  readonly doorOpen: boolean
  readonly ignition: boolean
  readonly neutral: boolean
}

/** A stretch of time, seconds after the beginning, and what it does to the leg that is being driven. */
type Hand = {
  readonly fromS: number
  readonly toS: number
  readonly change: (leg: Driven) => Driven
}

export type Told = Pick<Scenario, 'seed' | 'manner' | 'traffic' | 'stops' | 'weather'>
/** When a time of day of the scenario is, seconds after its beginning. */
export type SecondOf = (clock: string) => number

const noFasterThan =
  (kmh: number) =>
  (leg: Driven): Driven => ({ ...leg, kmh: Math.min(leg.kmh, kmh) })

/** The legs as they are driven, cut where anything changes. */
export function pacedLegs(
  legs: readonly Driven[],
  told: Told,
  secondOf: SecondOf,
  limitIn: (weather: Told['weather'][number]) => number | null,
): readonly Driven[] {
  const endS = legs.at(-1)?.untilS ?? 0
  const hands = [
    ...mannerHands(told, endS),
    ...weatherHands(told, secondOf, limitIn),
    ...trafficHands(told, secondOf),
    ...stopHands(told, secondOf),
  ].filter(({ fromS, toS }) => fromS < toS && fromS < endS)
  if (hands.length === 0) return legs
  const cuts = new Set([
    ...legs.map(({ untilS }) => untilS),
    ...hands.flatMap(({ fromS, toS }) => [fromS, toS]),
  ])
  return [...cuts]
    .filter((untilS) => untilS > 0 && untilS <= endS)
    .sort((a, b) => a - b)
    .map((untilS) => {
      const leg = legs.find((one) => untilS <= one.untilS)!
      const own = hands.filter(({ fromS, toS }) => fromS < untilS && untilS <= toS)
      return { ...own.reduce((driven, { change }) => change(driven), leg), untilS }
    })
}

function stopHands({ stops }: Told, secondOf: SecondOf): Hand[] {
  return stops.map(({ at, minutes, doorOpen }) => {
    const fromS = secondOf(at)
    const change = (leg: Driven): Driven => ({ ...leg, kmh: 0, doorOpen })
    return { fromS, toS: fromS + minutes * 60, change }
  })
}

/** A wave of a jam: it moves for a while, then it creeps or stands. */
const waveS = { from: 40, to: 120 } as const
const standsBelow = 0.4

function trafficHands({ traffic, seed }: Told, secondOf: SecondOf): Hand[] {
  return traffic.flatMap(({ from, to, kmh }, jam) => {
    const hands: Hand[] = []
    const endS = secondOf(to)
    for (let fromS = secondOf(from), wave = 0; fromS < endS; wave++) {
      const lot = (what: string): number => chance(seed, `traffic/${jam}/${what}`, wave)
      const toS = Math.min(endS, fromS + Math.round(waveS.from + (waveS.to - waveS.from) * lot('length')))
      const share = lot('speed')
      hands.push({ fromS, toS, change: noFasterThan(share < standsBelow ? 0 : Math.round(kmh * share)) })
      fromS = toS
    }
    return hands
  })
}

/** Who is not hurried keeps a little below what the weather allows. */
const belowLimitKmh = 5

function weatherHands(
  { weather, manner }: Told,
  secondOf: SecondOf,
  limitIn: (weather: Told['weather'][number]) => number | null,
): Hand[] {
  if (manner === 'hurried') return []
  return weather.flatMap((one) => {
    const limitKmh = limitIn(one)
    if (limitKmh === null) return []
    const change = noFasterThan(Math.max(5, limitKmh - belowLimitKmh))
    return [{ fromS: secondOf(one.from), toS: secondOf(one.to), change }]
  })
}

/** In a hurry: a fifth faster than told, and both pedals as hard as passengers stand up to. */
const hurry = { factor: 1.2, mostKmh: 130, rateMps2: 3.2 } as const
/** A sleepy foot: every few minutes it slackens for a while, and then the time is made up for. */
const sleepy = { everyS: [90, 200], forS: [15, 40], slackKmh: 18 } as const

function mannerHands({ manner, seed }: Told, endS: number): Hand[] {
  if (manner === 'alert') return []
  if (manner === 'hurried') {
    const change = (leg: Driven): Driven => ({
      ...leg,
      kmh: Math.min(hurry.mostKmh, leg.kmh * hurry.factor),
      rateMps2: leg.rateMps2 ?? hurry.rateMps2,
    })
    return [{ fromS: 0, toS: endS, change }]
  }
  const hands: Hand[] = []
  for (let nod = 0, atS = 0; atS < endS; nod++) {
    const between = ([from, to]: readonly [number, number], what: string): number =>
      Math.round(from + (to - from) * chance(seed, `manner/${what}`, nod))
    const fromS = atS + between(sleepy.everyS, 'every')
    const toS = fromS + between(sleepy.forS, 'for')
    const change = (leg: Driven): Driven => ({ ...leg, kmh: Math.max(0, leg.kmh - sleepy.slackKmh) })
    hands.push({ fromS, toS, change })
    atS = toS
  }
  return hands
}
