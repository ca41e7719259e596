import type { Sentence } from '../proto/catalog/entry.ts'
import { catalog } from '../proto/catalog.ts'
import { episodeKey } from '../proto/ids.ts'
import type { Finding, Severity } from '../proto/model.ts'
import type { Settings } from '../proto/settings.ts'
import type { Log } from './log.ts'

/** The driver's buzzer and voice. */

export type CabOrder = {
  readonly sound: 'notice' | 'warning' | 'alarm'
  readonly kind: string
  readonly words: Sentence
}

/** The device in the cab. */
export type CabPort = {
  readonly order: (order: CabOrder) => void
  /** After the start: the driver hears that the terminal watches. */
  readonly beep: () => void
}

/** A cab whose orders are only written down: for a terminal without a voice unit, and for the simulator. */
export function loggingCab(log: Log): CabPort {
  return {
    order: ({ sound, kind, words }) => log.info({ cab: sound, kind, ...words }, 'said to the driver'),
    beep: () => log.info({ cab: 'beep' }, 'self-test done'),
  }
}

/** What concerns the driver at the wheel. Faults of lines and antennas, and the week's hours, concern the office. */
const spokenKinds = new Set([
  'speeding',
  'speeding-warning',
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
])
const unspokenReasons = new Set(['rolling7d'])

/** At most so many times in so long: a voice that never stops is switched off by the driver. */
export const repeatsMax = 3
export const repeatWindowMs = 300_000

const order: readonly Severity[] = ['info', 'minor', 'major', 'critical']
const sounds = { info: 'notice', minor: 'notice', major: 'warning', critical: 'alarm' } as const

type Open = { readonly finding: Finding; readonly settings: Settings }

/** What was said when, and which episodes go on. Decides; the port speaks. */
export class Cab {
  readonly #port: CabPort
  readonly #said = new Map<string, number[]>()
  readonly #open = new Map<string, Open>()

  constructor(port: CabPort) {
    this.#port = port
  }

  beep(): void {
    this.#port.beep()
  }

  /** Words of the gateway are said as they are. */
  say(words: string): void {
    this.#port.order({ sound: 'notice', kind: 'command', words: { zh: words, en: words } })
  }

  /** Findings of one moment: the gravest first, one voice per kind. */
  tell(findings: readonly Finding[], settings: Settings, atMs: number): void {
    const spoken = findings.filter(isSpoken)
    for (const finding of spoken) this.#note(finding, settings)
    const now = spoken
      .filter(({ phase }) => phase !== 'ended')
      .toSorted((a, b) => order.indexOf(b.severity) - order.indexOf(a.severity))
    const kinds = new Set<string>()
    for (const finding of now) {
      if (kinds.has(finding.kind)) continue
      kinds.add(finding.kind)
      this.#speak(finding, settings, atMs)
    }
  }

  /** While a grave episode goes on it is said again, as often as the limit lets it. */
  remind(atMs: number): void {
    for (const { finding, settings } of this.#open.values()) {
      const last = this.#said.get(finding.kind)?.at(-1)
      const isGrave = order.indexOf(finding.severity) >= order.indexOf('major')
      if (isGrave && last !== undefined && atMs - last >= repeatWindowMs / repeatsMax)
        this.#speak(finding, settings, atMs)
    }
  }

  #note(finding: Finding, settings: Settings): void {
    if (finding.phase === 'ended') this.#open.delete(episodeKey(finding))
    else this.#open.set(episodeKey(finding), { finding, settings })
  }

  #speak(finding: Finding, settings: Settings, atMs: number): void {
    const recent = (this.#said.get(finding.kind) ?? []).filter((saidMs) => atMs - saidMs < repeatWindowMs)
    if (recent.length >= repeatsMax) return
    this.#said.set(finding.kind, [...recent, atMs])
    this.#port.order({
      sound: sounds[finding.severity],
      kind: finding.kind,
      words: sentence(finding, settings),
    })
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
