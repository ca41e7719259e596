import { areaRoles } from '../../proto/geo/areas.ts'
import { parseScenario, type Scenario, type ScenarioFile } from '../scenario.ts'
import { Dice } from '../swarm/dice.ts'

/**
 * Any scenario: the same seed makes the same one. What the ten examples tell one by one meets here by chance: roads, drivers,
 * traffic, stops, shifts, relays, weather, hardware and whatever can go wrong.
 */
export function scenarioOfSeed(seed: number): Scenario {
  return parseScenario(new Maker(seed).scenario(), `scenario of seed ${seed}`)
}

/** The hours at which something begins to hold, or ends, and some at which nothing does. */
const startClocks = ['01:24', '01:48', '01:57', '04:56', '05:57', '09:12', '13:30', '17:45', '21:56', '23:57']
const classes = ['coach', 'coach', 'hazmat', 'truck'] as const
const services = ['scheduled', 'charterTour', 'shortFeeder', 'airportRailExpress'] as const
const zoneOffsetMs = 8 * 3_600_000
const secondMs = 1000
const drivers = ['H430-10571', 'H430-20833', 'H430-30994'] as const
type Faults = NonNullable<ScenarioFile['faults']>

class Maker {
  readonly #dice: Dice
  readonly #seed: number
  readonly #startMs: number
  readonly #seconds: number

  constructor(seed: number) {
    this.#seed = seed
    this.#dice = new Dice(seed)
    const day = String(this.#dice.whole('day', 10, 28))
    this.#startMs = Date.parse(`2026-11-${day}T${this.#dice.pick('clock', startClocks)}:00+08:00`)
    this.#seconds = this.#dice.happens('long', 0.05)
      ? this.#dice.whole('seconds', 1200, 1800)
      : this.#dice.whole('seconds', 150, 480)
  }

  scenario(): ScenarioFile {
    const dice = this.#dice
    const roadKm = Math.ceil(this.#seconds * 0.04) + 6
    const startKm = dice.between('startKm', 0.5, 2)
    const base = {
      name: `seed-${this.#seed}`,
      about: 'Made by chance.',
      origin: 'Synthetic: everything about it is made up by chance.',
      seed: this.#seed,
      start: this.#instant(0),
      end: this.#instant(this.#seconds),
      road: this.#road(roadKm),
      startKm,
      startKmh: dice.pick('startKmh', [0, 0, 42, 72, 95]),
      odometerKm: dice.between('odometer', 10, 900_000),
      areas: this.#areas(startKm),
      legs: this.#legs(),
      detours: this.#detours(startKm),
      cards: this.#cards(),
      policy: this.#policy(),
      manner: dice.pick('manner', ['alert', 'alert', 'drowsy', 'hurried'] as const),
      traffic: this.#some('traffic', 0.25, 1, () => ({
        ...this.#span('traffic', 60, 240),
        kmh: dice.whole('traffic/kmh', 10, 50),
      })),
      stops: this.#some('stops', 0.25, 2, () => ({
        at: this.#clock(dice.whole('stops/at', 10, this.#seconds - 20)),
        minutes: dice.pick('stops/minutes', [0.2, 0.5, 1, 2.5]),
        doorOpen: dice.happens('stops/door', 0.7),
      })),
      weather: this.#some('weather', 0.2, 1, () => ({
        ...this.#span('weather', 90, 400),
        ...dice.pick('weather/is', [
          { is: 'fog' as const, visibilityM: 180 },
          { is: 'fog' as const, visibilityM: 70 },
          { is: 'ice' as const, limitKmh: 40 },
        ]),
      })),
      receiver: {
        talker: dice.pick('talker', ['GN', 'GP', 'BD', 'GB'] as const),
        latencyMs: dice.whole('latency', 20, 400),
        rateHz: dice.pick('rate', [1, 1, 1, 5, 10] as const),
      },
      faults: this.#faults(),
    }
    return { ...base, ...this.#vehicle(), ...(dice.happens('mass', 0.1) ? { massKg: 21_000 } : {}) }
  }

  #some<T>(what: string, probability: number, most: number, make: () => T): T[] {
    if (!this.#dice.happens(what, probability)) return []
    return Array.from({ length: this.#dice.whole(`${what}/count`, 1, most) }, make)
  }

  #instant(second: number): string {
    return new Date(this.#startMs + second * secondMs).toISOString()
  }

  /** The time of day so many seconds after the beginning. */
  #clock(second: number): string {
    return new Date(this.#startMs + second * secondMs + zoneOffsetMs).toISOString().slice(11, 19)
  }

  #span(what: string, fromS: number, toS: number): { from: string; to: string } {
    const begin = this.#dice.whole(`${what}/begin`, 5, this.#seconds - 30)
    const length = this.#dice.whole(`${what}/length`, fromS, toS)
    return { from: this.#clock(begin), to: this.#clock(Math.min(this.#seconds, begin + length)) }
  }

  #vehicle() {
    const dice = this.#dice
    const is = dice.pick('class', classes)
    const serviceClass = is === 'coach' ? dice.pick('service', services) : null
    const oneWayKm = is === 'coach' ? dice.pick('oneWay', [120, 320, 1150]) : null
    const relay = {
      certificate: 'SYN-JB-0002',
      validTo: '2027-06-30',
      window: ['22:00', '02:00'] as [string, string],
      points: ['area-1'],
    }
    const vehicle = {
      id: 'seeded',
      fleet: 'demo',
      plate: '湘A0T699',
      class: is,
      serviceClass,
      oneWayKm,
      relay: is === 'coach' && dice.happens('relay', 0.3) ? relay : null,
      approvedMassKg: 18_000,
    }
    const waybill = { goodsClass: dice.pick('goods', ['1.1', '3', '8']), escort: drivers[2] }
    const trip = {
      id: `trip-${this.#seed}`,
      vehicle: 'seeded',
      from: this.#instant(-1800),
      to: this.#instant(7200),
      drivers: dice.pick('trip/drivers', [[drivers[0]], [drivers[0], drivers[1]]]),
      serviceClass,
      oneWayKm,
      route: 'road',
      ...(is === 'hazmat' && dice.happens('waybill', 0.6) ? { waybill } : {}),
    }
    return { vehicle, trip }
  }

  #road(km: number): ScenarioFile['road'] {
    const dice = this.#dice
    const waypoints: [number, number][] = [
      [dice.between('road/lat', 24, 40), dice.between('road/lon', 104, 118)],
    ]
    let courseDeg = dice.between('road/course', 0, 360)
    const stepKm = 4
    for (let at = 0; at < km; at += stepKm) {
      const [lat, lon] = waypoints.at(-1)!
      const radians = (courseDeg * Math.PI) / 180
      const perLon = 111 * Math.cos((lat * Math.PI) / 180)
      waypoints.push([lat + (Math.cos(radians) * stepKm) / 111, lon + (Math.sin(radians) * stepKm) / perLon])
      courseDeg += dice.between('road/turn', -30, 30)
    }
    const limit = (fromKm: number, toKm: number) => ({
      fromKm,
      toKm,
      ...dice.pick('road/limit', [
        { dayKmh: 100, nightKmh: 80, roadClass: 'motorway' as const },
        { dayKmh: 80, nightKmh: null, roadClass: 'other' as const },
        { dayKmh: 60, nightKmh: 40, roadClass: 'other' as const },
        { dayKmh: null, nightKmh: null, roadClass: 'motorway' as const },
      ]),
    })
    const middle = km / 3
    return {
      id: 'road',
      name: '合成道路',
      waypoints,
      vertexM: dice.pick('road/vertex', [60, 200, 500]),
      halfWidthM: dice.pick('road/width', [40, 100, 250]),
      limits: dice.pick('road/limits', [[], [limit(0, km)], [limit(0, middle), limit(middle, km)]]),
    }
  }

  #areas(startKm: number): NonNullable<ScenarioFile['areas']> {
    const dice = this.#dice
    const aheadKm = this.#seconds * 0.02
    const count = dice.whole('areas', 0, 4)
    return Array.from({ length: count }, (_, index) => {
      const fromKm = Math.max(0, startKm + dice.between('areas/from', -1, aheadKm))
      const begins = this.#span('areas/window', 60, 300)
      return {
        id: `area-${index + 1}`,
        name: `合成区域${index + 1}`,
        role:
          index === 0
            ? dice.pick('areas/first', ['relayPoint', 'noEntry'] as const)
            : dice.pick('areas/role', areaRoles),
        fromKm,
        toKm: fromKm + dice.between('areas/length', 0.3, 5),
        halfWidthM: dice.pick('areas/width', [60, 200, 800]),
        ...(dice.happens('areas/windows', 0.3) ? { windows: [begins] } : {}),
        ...(dice.happens('areas/limit', 0.3) ? { limitKmh: dice.pick('areas/kmh', [30, 50, 70]) } : {}),
        ...(dice.happens('areas/dwell', 0.3) ? { dwellS: dice.pick('areas/dwellS', [20, 120]) } : {}),
      }
    })
  }

  #legs(): ScenarioFile['legs'] {
    const dice = this.#dice
    const legs: ScenarioFile['legs'] = []
    for (let atS = 0; atS < this.#seconds; ) {
      atS = Math.min(this.#seconds, atS + dice.whole('legs/length', 15, 150))
      const kmh = dice.pick('legs/kmh', [0, 0, 18, 45, 62, 78, 84, 96, 104, 116])
      legs.push({
        until: this.#clock(atS),
        kmh,
        ...(dice.happens('legs/hard', 0.15) ? { rateMps2: dice.between('legs/rate', 2, 6) } : {}),
        ...(dice.happens('legs/door', kmh === 0 ? 0.3 : 0.05) ? { doorOpen: true } : {}),
        ...(kmh === 0 && dice.happens('legs/ignition', 0.3) ? { ignition: false } : {}),
        ...(kmh > 0 && dice.happens('legs/neutral', 0.08) ? { neutral: true } : {}),
      })
    }
    return legs
  }

  #detours(startKm: number): NonNullable<ScenarioFile['detours']> {
    const dice = this.#dice
    return this.#some('detours', 0.25, 1, () => {
      const fromKm = startKm + dice.between('detours/from', 0.5, this.#seconds * 0.01)
      const rampM = dice.pick('detours/ramp', [400, 900])
      const toKm = fromKm + 2.2 + dice.between('detours/length', 0, 3)
      return { fromKm, toKm, rightM: dice.pick('detours/right', [-900, -150, 300, 1200]), rampM }
    })
  }

  #cards(): ScenarioFile['cards'] {
    const dice = this.#dice
    const first = {
      driver: dice.happens('cards/none', 0.1) ? null : drivers[0],
      coDriver: dice.pick('cards/co', [null, drivers[1]]),
    }
    const changes = this.#some('cards', 0.3, 2, () => dice.whole('cards/at', 10, this.#seconds - 10))
    return [
      first,
      ...changes
        .toSorted((a, b) => a - b)
        .map((atS) => ({ at: this.#clock(atS), driver: dice.pick('cards/driver', [null, ...drivers]) })),
    ]
  }

  /** Hours are too long for a scenario, so that half of them are given minutes. */
  #policy(): NonNullable<ScenarioFile['policy']> {
    const dice = this.#dice
    const fatigue = {
      continuousS: dice.whole('policy/continuous', 90, 420),
      nightContinuousS: dice.whole('policy/night', 90, 300),
      warnBeforeS: 45,
      restS: dice.pick('policy/rest', [40, 90]),
    }
    const banned = {
      id: 'night-ban',
      notice: 'SYN-1',
      from: '22:00',
      to: '06:00',
      classes: ['hazmat' as const, 'truck' as const],
    }
    return {
      ...(dice.happens('policy/fatigue', 0.5) ? { fatigue } : {}),
      ...(dice.happens('policy/banned', 0.4) ? { bannedHours: [banned] } : {}),
    }
  }

  #faults(): Faults {
    const faults: { [name in keyof Faults]-?: NonNullable<Faults[name]> } = {
      gnss: [],
      can: [],
      power: [],
      emergency: [],
      antenna: [],
      cell: [],
      flash: [],
      terminal: [],
    }
    const count = this.#dice.whole('faults', 0, 4)
    for (let n = 0; n < count; n++)
      this.#dice.pick('faults/which', faultMakers)(faults, this.#dice, this.#fault())
    return faults
  }

  #fault(): { from: string; to: string } {
    return this.#span('fault', 8, 120)
  }
}

type Mutable = { [name in keyof Faults]-?: NonNullable<Faults[name]> }
type FaultMaker = (faults: Mutable, dice: Dice, span: { from: string; to: string }) => void

const sky =
  (how: Mutable['gnss'][number]['how']): FaultMaker =>
  (faults, dice, span) => {
    faults.gnss.push({
      ...span,
      how,
      ...(how === 'clock' ? { shiftS: dice.pick('fault/shift', [-3600, -5, 7, 40]) } : {}),
      ...(how === 'multipath' ? { offM: dice.pick('fault/off', [30, 120, 600]) } : {}),
      ...(how === 'spoof'
        ? { dragMps: dice.pick('fault/drag', [2, 8, 30]), dragDeg: dice.whole('fault/deg', 0, 359) }
        : {}),
    })
  }

const faultMakers: readonly FaultMaker[] = [
  sky('void'),
  sky('tunnel'),
  sky('frozen'),
  sky('multipath'),
  sky('jammer'),
  sky('spoof'),
  sky('unplug'),
  sky('clock'),
  (faults, _dice, span) => faults.can.push({ ...span, how: 'silent' }),
  (faults, _dice, span) => faults.can.push({ ...span, how: 'unplug' }),
  (faults, dice, span) =>
    faults.can.push({ ...span, how: 'scale', factor: dice.pick('fault/scale', [0.8, 1.3]) }),
  (faults, dice, span) => faults.power.push({ ...span, volts: dice.pick('fault/volts', [0, 9, 18]) }),
  (faults, dice, span) =>
    faults.emergency.push({
      ...span,
      reason: dice.pick('fault/reason', ['accident', 'attack', 'illness'] as const),
    }),
  (faults, dice, span) =>
    faults.antenna.push({ ...span, state: dice.pick('fault/antenna', ['open', 'short'] as const) }),
  (faults, _dice, span) => faults.cell.push(span),
  (faults, _dice, span) => faults.flash.push(span),
]
