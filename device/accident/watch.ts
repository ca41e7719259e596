import type { Finding, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import type { SignalValue } from '../decoders/messages.ts'
import { type AccidentCause, accidentId } from '../detectors/accident-id.ts'
import { Complaint, type Log } from '../log.ts'
import { fresh } from '../signals/can-state.ts'
import type { SignalInput, SignalState } from '../signals/index.ts'
import { PointRing } from './ring.ts'
import type { AccidentRecord, AccidentStore } from './store.ts'

/**
 * Keeps the seconds around each stop, power cut and suspected crash (GB/T 19056, accident record). The findings name the
 * record before it is written: both call it by cause and moment.
 */
const windowMs = 20_000
/** A crash has an afterwards that tells as much as what came before. */
const afterCrashMs = 10_000

/** A wheel speed older than this is not of this moment. */
const momentAgeMs = 500
type Signals = { readonly [name: string]: SignalValue }
type Lights = {
  leftTurn: boolean | null
  rightTurn: boolean | null
  highBeam: boolean | null
  lowBeam: boolean | null
}

const lightNames: { readonly [signal: string]: keyof Lights } = {
  leftTurnSignal: 'leftTurn',
  rightTurnSignal: 'rightTurn',
  highBeam: 'highBeam',
  lowBeam: 'lowBeam',
}

export class AccidentWatch {
  readonly #store: AccidentStore
  readonly #complaint: Complaint
  readonly #ring = new PointRing()
  #lights: Lights = { leftTurn: null, rightTurn: null, highBeam: null, lowBeam: null }
  #last: Sample | null = null
  /** Since when it moves, and since when it stands after that. */
  #motion: { movingMs: number | null; stillMs: number | null; drove: boolean } = {
    movingMs: null,
    stillMs: null,
    drove: false,
  }

  constructor(store: AccidentStore, log: Log) {
    this.#store = store
    this.#complaint = new Complaint(log, 'an accident record cannot be written')
  }

  #light(signals: Signals): void {
    for (const name in lightNames) {
      const value = signals[name]
      if (value !== undefined) this.#lights[lightNames[name]!] = typeof value === 'boolean' ? value : null
    }
  }

  /** What came between two Samples. Asked for every frame, so that a view is made for few. */
  heard(input: SignalInput, { time, can }: SignalState, slackMs: number): void {
    if (input.is !== 'can' || input.message.kind === 'discarded' || input.message.kind === 'transport') return
    this.#light(input.message.signals)
    const atMs = input.arrivedMs + (time.offsetMs ?? 0)
    if (!this.#ring.isDue(atMs)) return
    const ageMs = momentAgeMs + slackMs
    const wheelKmh = fresh(can.wheelKmh, input.arrivedMs, ageMs)
    if (wheelKmh === null) return
    const brake = fresh(can.brake, input.arrivedMs, ageMs)
    const fix = this.#last?.fix ?? null
    const place = { lat: fix?.lat ?? null, lon: fix?.lon ?? null }
    this.#ring.add({ atMs, speedKmh: wheelKmh, source: 'wheel', brake, ...this.#lights, ...place })
  }

  sample(sample: Sample, settings: Settings): void {
    this.#ring.shift(sample.clockStepMs)
    this.#shiftMotion(sample.clockStepMs)
    const { atMs, fix, sources, brake } = sample
    const gnssKmh = sources?.gnssKmh ?? null
    const wheelKmh = sources?.wheelKmh ?? null
    if (this.#ring.isDue(atMs) && (sample.speedKmh !== null || fix !== null))
      this.#ring.add({
        atMs,
        speedKmh: wheelKmh ?? gnssKmh ?? sample.speedKmh,
        source: wheelKmh !== null ? 'wheel' : sample.speedKmh === null ? null : 'gnss',
        brake,
        ...this.#lights,
        lat: fix?.lat ?? null,
        lon: fix?.lon ?? null,
      })
    this.#last = sample
    this.#stops(sample, settings)
  }

  /** Findings that name a record get it. */
  found(findings: readonly Finding[], settings: Settings): void {
    for (const { kind, phase, evidence, atMs } of findings) {
      const cause = kind === 'power-cut' ? 'power-cut' : kind === 'crash-suspected' ? 'crash' : null
      if (cause === null || phase !== 'started' || evidence['record'] !== accidentId(cause, atMs)) continue
      this.#keep(cause, atMs, settings)
    }
  }

  /** A stop is driving that ended: standing for more than `stopS` after more than `startS` of movement. */
  #stops({ atMs, speedKmh }: Sample, settings: Settings): void {
    if (speedKmh === null) return
    const { noiseKmh, startS, stopS } = settings.policy.fatigue
    const motion = this.#motion
    if (speedKmh >= noiseKmh) {
      motion.movingMs ??= atMs
      motion.stillMs = null
      if (atMs - motion.movingMs > startS * 1000) motion.drove = true
      return
    }
    motion.stillMs ??= atMs
    if (atMs - motion.stillMs <= stopS * 1000) return
    motion.movingMs = null
    if (!motion.drove) return
    motion.drove = false
    this.#keep('stop', motion.stillMs, settings)
  }

  #shiftMotion(byMs: number): void {
    if (byMs === 0) return
    const { movingMs, stillMs, drove } = this.#motion
    const shift = (ms: number | null): number | null => (ms === null ? null : ms + byMs)
    this.#motion = { movingMs: shift(movingMs), stillMs: shift(stillMs), drove }
  }

  #keep(cause: AccidentCause, atMs: number, { vehicle }: Settings): void {
    const toMs = cause === 'crash' ? atMs + afterCrashMs : atMs
    const record: AccidentRecord = {
      id: accidentId(cause, atMs),
      cause,
      fleet: vehicle.fleet,
      vehicle: vehicle.id,
      plate: vehicle.plate ?? null,
      driver: this.#last?.driver ?? null,
      atMs: Math.round(atMs),
      points: this.#ring.between(toMs - windowMs, toMs),
    }
    try {
      this.#store.keep(record)
      this.#complaint.ok()
    } catch (error) {
      this.#complaint.say(error)
    }
  }
}
