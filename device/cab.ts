import type { Sentence } from '../proto/catalog/entry.ts'
import { catalog } from '../proto/catalog.ts'
import { episodeKey } from '../proto/ids.ts'
import type { Finding, Severity } from '../proto/model.ts'
import type { Settings } from '../proto/settings.ts'
import type { CabEntry } from './cab/diary.ts'

/** The driver's buzzer and voice. */

export type CabOrder = {
  readonly sound: 'notice' | 'warning' | 'alarm'
  readonly kind: string
  readonly words: Sentence
  /** Of an officer's words: version and digest of the command. */
  readonly id?: string
}

/** The device in the cab. */
export type CabPort = {
  /** A promise is fulfilled when it was said, rejected when it could not be. Anything else: it was said at once. */
  readonly order: (order: CabOrder) => unknown
  /** After the start: the driver hears that the terminal watches. */
  readonly beep: () => void
}

/** What concerns the driver at the wheel. Faults of lines and antennas, and the week's hours, concern the office. */
const spokenKinds = new Set([
  'speeding',
  'speeding-warning',
  'approach',
  'speed-mismatch',
  'seat-belt',
  'fatigue',
  'fatigue-warning',
  'off-route',
  'door-open',
  'no-driver',
  'coasting',
  'forbidden-stop',
  'camera-warning',
  'phone',
  'smoking',
  'distraction',
  'driver-absent',
  'forward-collision',
  'lane-departure',
  'headway',
  'pedestrian',
  'blind-spot',
  'tyre-pressure',
])
const unspokenReasons = new Set(['rolling7d', 'sensor', 'battery'])

/** At most so many times in so long: a voice that never stops is switched off by the driver. */
export const repeatsMax = 3
export const repeatWindowMs = 300_000

/**
 * What is said first: whoever or whatever is in front of the bumper, then the order of a recorder (GB/T 19056: over the
 * speed, speed sources disagree, driving too long, nearly too long, nobody logged in), then the rest by severity.
 */
const ranks: { readonly [kind: string]: number } = {
  pedestrian: 0,
  'forward-collision': 0,
  'blind-spot': 0,
  speeding: 1,
  'speed-mismatch': 2,
  fatigue: 3,
  'fatigue-warning': 4,
  command: 4,
  'no-driver': 5,
}
const otherRank = 6
/** What has waited longer for the voice is told no more: its moment has passed. Words of an officer wait. */
const staleMs = 20_000

const order: readonly Severity[] = ['info', 'minor', 'major', 'critical']
const sounds = { info: 'notice', minor: 'notice', major: 'warning', critical: 'alarm' } as const

type Open = { readonly finding: Finding; readonly settings: Settings }
type Waiting = {
  readonly order: CabOrder
  readonly rank: number
  readonly severity: Severity
  readonly atMs: number
  readonly done: (outcome: CabEntry['outcome']) => void
}

/** What was said when, and which episodes go on. Decides; the port speaks, one thing at a time. */
export class Cab {
  readonly #port: CabPort
  readonly #note: (entry: CabEntry) => void
  readonly #said = new Map<string, number[]>()
  readonly #open = new Map<string, Open>()
  #queue: Waiting[] = []
  #speaking = false
  #nowMs = 0

  constructor(port: CabPort, note: (entry: CabEntry) => void = () => {}) {
    this.#port = port
    this.#note = note
  }

  beep(): void {
    this.#port.beep()
  }

  /** Words of the gateway are said as they are; `done` is told whether they were. */
  say(words: string, atMs = this.#nowMs, done: (wasSaid: boolean) => void = () => {}, id = ''): void {
    const order: CabOrder = { sound: 'notice', kind: 'command', words: { zh: words, en: words }, id }
    this.#nowMs = Math.max(this.#nowMs, atMs)
    this.#enqueue(order, 'info', atMs, (outcome) => done(outcome === 'said'))
    this.#next()
  }

  /** Findings of one moment: the first in rank first, one voice per kind. */
  tell(findings: readonly Finding[], settings: Settings, atMs: number): void {
    this.#nowMs = atMs
    const spoken = findings.filter(isSpoken)
    for (const finding of spoken) this.#follow(finding, settings)
    const now = spoken
      .filter(({ phase }) => phase !== 'ended')
      .toSorted((a, b) => order.indexOf(b.severity) - order.indexOf(a.severity))
    const kinds = new Set<string>()
    for (const finding of now) {
      if (kinds.has(finding.kind)) continue
      kinds.add(finding.kind)
      this.#speak(finding, settings, atMs)
    }
    this.#next()
  }

  /** While a grave episode goes on it is said again, as often as the limit lets it. */
  remind(atMs: number): void {
    this.#nowMs = atMs
    for (const { finding, settings } of this.#open.values()) {
      const last = this.#said.get(finding.kind)?.at(-1)
      const isGrave = order.indexOf(finding.severity) >= order.indexOf('major')
      const isDue = last !== undefined && (last > atMs || atMs - last >= repeatWindowMs / repeatsMax)
      if (isGrave && isDue) this.#speak(finding, settings, atMs)
    }
    this.#next()
  }

  #follow(finding: Finding, settings: Settings): void {
    if (finding.phase === 'ended') this.#open.delete(episodeKey(finding))
    else this.#open.set(episodeKey(finding), { finding, settings })
  }

  #speak(finding: Finding, settings: Settings, atMs: number): void {
    const { kind, severity } = finding
    // The first fix may set the clock back: what was said tomorrow is over, and mutes nothing today.
    const said = (this.#said.get(kind) ?? []).filter((saidMs) => saidMs <= atMs)
    const recent = said.filter((saidMs) => atMs - saidMs < repeatWindowMs)
    const spoken: CabOrder = { sound: sounds[severity], kind, words: sentence(finding, settings) }
    if (recent.length >= repeatsMax) {
      this.#write(spoken, atMs, 'limited')
      return
    }
    this.#said.set(kind, [...recent, atMs])
    this.#enqueue(spoken, severity, atMs, () => {})
  }

  #enqueue(spoken: CabOrder, severity: Severity, atMs: number, done: Waiting['done']): void {
    const rank = ranks[spoken.kind] ?? otherRank
    this.#queue = [...this.#queue, { order: spoken, rank, severity, atMs, done }].toSorted(
      (a, b) => a.rank - b.rank || order.indexOf(b.severity) - order.indexOf(a.severity),
    )
  }

  #next(): void {
    while (!this.#speaking) {
      const waiting = this.#queue.shift()
      if (waiting === undefined) return
      const isStale = waiting.order.kind !== 'command' && this.#nowMs - waiting.atMs > staleMs
      if (isStale) this.#over(waiting, 'stale')
      else this.#utter(waiting)
    }
  }

  #utter(waiting: Waiting): void {
    try {
      const speaking = this.#port.order(waiting.order)
      if (!(speaking instanceof Promise)) {
        this.#over(waiting, 'said')
        return
      }
      this.#speaking = true
      speaking
        .then(
          () => this.#over(waiting, 'said'),
          () => this.#over(waiting, 'failed'),
        )
        .finally(() => {
          this.#speaking = false
          this.#next()
        })
    } catch {
      this.#over(waiting, 'failed')
    }
  }

  #over({ order: spoken, atMs, done }: Waiting, outcome: CabEntry['outcome']): void {
    this.#write(spoken, outcome === 'stale' ? atMs : Math.max(atMs, this.#nowMs), outcome)
    done(outcome)
  }

  #write({ kind, sound, words }: CabOrder, atMs: number, outcome: CabEntry['outcome']): void {
    this.#note({ atMs, kind, sound, ...words, outcome })
  }
}

function isSpoken({ kind, reason }: Finding): boolean {
  return spokenKinds.has(kind) && !unspokenReasons.has(reason ?? '')
}

function sentence(finding: Finding, { vehicle, trip, policy }: Settings): Sentence {
  const entry = catalog[finding.kind]
  if (entry === undefined) return { zh: finding.kind, en: finding.kind }
  return entry.sentence(finding, {
    plate: vehicle.plate ?? vehicle.id,
    zone: policy.zone,
    vehicleClass: vehicle.class,
    serviceClass: trip === null ? vehicle.serviceClass : trip.serviceClass,
  })
}
