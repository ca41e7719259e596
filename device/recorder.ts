import { catalog } from '../proto/catalog.ts'
import type { WorldClock } from '../proto/clocks.ts'
import { type AnyDetector, type States, stepAll } from '../proto/detector.ts'
import { makeFinding } from '../proto/finding.ts'
import { type Documents, settingsAt } from '../proto/in-force.ts'
import type { DrivingInterval, EnvelopeBody, Finding, Outlook, Sample, StreamName } from '../proto/model.ts'
import { roundMs } from '../proto/round.ts'
import type { Settings } from '../proto/settings.ts'
import { type ThinState, thin } from '../proto/telemetry.ts'
import { Complaint, type Log } from './log.ts'
import { classOf } from './outbox/evict.ts'
import type { Checkpoint, Outbox, Seal } from './outbox/outbox.ts'
import { noTally, type Tally, unsavedMax } from './tally.ts'

/**
 * Samples -> findings -> the disk. A finding commits together with the state that produced it; without findings the
 * state is stored with the telemetry batch. A disk that refuses is said once and tried again: the vehicle is still
 * watched, the driver still warned, and what could not be written waits in memory, bounded.
 */
export type ClosedIntervals = (before: States, after: States) => readonly DrivingInterval[]
/** How things stand for the driver after a Sample. */
export type OutlookOf = (states: States, sample: Sample, settings: Settings) => Outlook | null

export type RecorderDeps = {
  readonly outbox: Outbox
  readonly world: WorldClock
  readonly detectors: readonly AnyDetector[]
  /** Driving intervals that one step closed, for the gateway's ledgers. */
  readonly closedIntervals: ClosedIntervals
  /** Sent with each batch of telemetry; absent: nothing is. */
  readonly outlook?: OutlookOf | undefined
  readonly documents: () => Documents
  readonly log: Log
  /** Counts what is left out; absent: nobody does. */
  readonly tally?: Tally | undefined
  /** The findings of one moment, for the cab. */
  readonly tell: (findings: readonly Finding[], settings: Settings, atMs: number) => void
  /** Something new waits in the outbox. */
  readonly sealed: (lane: StreamName) => void
}

/** A batch is sealed with so many telemetry samples, or after so much world time. */
const batchSamples = 10
const batchMs = 10_000

export class Recorder {
  /** State of signals, for the checkpoint; set by the terminal before each Sample. */
  signals: unknown = null
  readonly #deps: RecorderDeps
  readonly #complaint: Complaint
  readonly #fault: Complaint
  readonly #overflow: Complaint
  readonly #tally: Tally
  #states: States = {}
  #openFindings: Checkpoint['openFindings'] = {}
  #atMs: number | null = null
  #seen: { readonly sample: Sample; readonly settings: Settings } | null = null
  #thin: ThinState = null
  #batched = 0
  #batchSinceMs: number
  #unsaved: EnvelopeBody[] = []
  #standing: EnvelopeBody | null = null
  /** Bodies that were lost and are not yet counted on the disk. */
  #refused = { low: 0, alarm: 0 }
  #reset: Outbox['reset']

  constructor(deps: RecorderDeps) {
    this.#deps = deps
    this.#complaint = new Complaint(deps.log, 'the outbox cannot be written; findings wait in memory')
    this.#fault = new Complaint(
      deps.log,
      'a fault of this program: what it hit is left out, the rest goes on',
    )
    this.#overflow = new Complaint(deps.log, 'the disk has refused for so long that findings are lost')
    this.#tally = deps.tally ?? noTally
    this.#batchSinceMs = deps.world.nowMs()
    this.#reset = deps.outbox.reset
  }

  /**
   * Takes up where the last boot ended: the checkpoint, then the Samples that came after it, folded again. Their
   * findings are stored and not said to the driver: it is too late for that. Answers with the state of signals.
   */
  restore(): unknown {
    const { checkpoint, samples } = this.#deps.outbox.restore()
    this.signals = checkpoint?.signals ?? null
    this.#states = checkpoint?.states ?? {}
    this.#openFindings = checkpoint?.openFindings ?? {}
    this.#atMs = samples.findLast(({ trusted }) => trusted)?.atMs ?? checkpoint?.atMs ?? null
    const bodies = samples.flatMap((sample) => this.#fold(sample).bodies)
    if (bodies.length > 0) this.#save(bodies)
    return this.signals
  }

  /** States of the detectors, for a tape that begins here. */
  get states(): States {
    return this.#states
  }

  /** Event time of the last Sample with a trusted time that is on the disk or in the states; null before the first. */
  get lastAtMs(): number | null {
    return this.#atMs
  }

  take(sample: Sample): void {
    const { settings, findings, bodies } = this.#fold(sample)
    this.#deps.outbox.pend([sample])
    this.#count(sample)
    this.#deps.tell(findings, settings, sample.atMs)
    if (bodies.length > 0) this.#save(bodies)
    if (this.#batched >= batchSamples) this.#seal()
  }

  /** What the gateway is to know beside findings: as durable as they are when this returns. */
  report(body: EnvelopeBody): void {
    this.#save([body])
  }

  /** How something stands by now: sealed within a second, and till then a newer word takes its place. */
  reportSoon(body: EnvelopeBody): void {
    this.#standing = body
  }

  /** Something the gateway is to know beside findings, sealed at once as they are. */
  record(body: EnvelopeBody): void {
    this.#save([body])
  }

  /** Each second of world time. */
  tick(): void {
    if (this.#deps.world.nowMs() - this.#batchSinceMs >= batchMs) this.#seal()
  }

  /** Each second of host time: collected Samples become durable, and what the disk refused is tried again. */
  sync(): void {
    const reports = this.#dueReports()
    if (this.#unsaved.length + reports.length > 0) this.#save(reports)
    else this.#guarded(() => this.#deps.outbox.sync())
  }

  /** What is pending leaves as an envelope: the last act before a stop. */
  flush(): void {
    this.#save(this.#dueReports())
    this.#seal()
  }

  #dueReports(): readonly EnvelopeBody[] {
    const standing = this.#standing
    this.#standing = null
    return standing === null ? [] : [standing]
  }

  #fold(sample: Sample): { settings: Settings; findings: readonly Finding[]; bodies: EnvelopeBody[] } {
    const settings = settingsAt(this.#deps.documents(), sample.atMs)
    const before = this.#states
    const detected = this.#detect(sample, settings)
    // A date that nobody vouches for may be tomorrow's: every Sample of today would count as an old one.
    if (sample.trusted) this.#atMs = sample.atMs
    this.#seen = { sample, settings }
    const findings = [...this.#resetFindings(sample, settings), ...detected]
    const lasting = findings.filter(({ kind }) => catalog[kind]?.driverOnly !== true)
    const bodies: EnvelopeBody[] = [
      ...lasting.map((finding): EnvelopeBody => ({ is: 'finding', finding, findingId: null })),
      ...this.#deps.closedIntervals(before, this.#states).map(drivingBody),
    ]
    return { settings, findings, bodies }
  }

  /**
   * A detector that throws is a fault of ours. It must not end the watch over the vehicle, nor end every start
   * after it when the same Sample is folded again.
   */
  #detect(sample: Sample, settings: Settings): readonly Finding[] {
    const beganMs = performance.now()
    try {
      const step = stepAll(this.#deps.detectors, this.#states, sample, settings)
      this.#states = step.state
      return step.findings
    } catch (error) {
      this.#fault.say(error)
      return []
    } finally {
      this.#tally.detected((performance.now() - beganMs) / 1000)
    }
  }

  /** The first Sample after a lost outbox says that there was one: an episode that is over at once. */
  #resetFindings(sample: Sample, settings: Settings): Finding[] {
    const reset = this.#reset
    if (reset === null) return []
    this.#reset = null
    const { epoch } = this.#deps.outbox
    const evidence = {
      why: reset.reason,
      epoch,
      previousEpoch: reset.previousEpoch,
      setAside: reset.setAside,
    }
    return (['started', 'ended'] as const).map((phase) =>
      makeFinding(
        { kind: 'epoch-reset', phase, severity: 'minor', atMs: sample.atMs, evidence },
        sample,
        settings,
      ),
    )
  }

  #count(sample: Sample): void {
    const { state, taken } = thin(this.#thin, sample)
    this.#thin = state
    if (taken) this.#batched++
  }

  #save(bodies: readonly EnvelopeBody[]): void {
    this.#unsaved.push(...bodies)
    this.#lose(Math.max(0, this.#unsaved.length - unsavedMax))
    this.#guarded(() => {
      if (!this.#append(this.#unsaved)) this.#appendEach(this.#unsaved)
      this.#unsaved = []
      this.#overflow.ok()
      this.#deps.sealed('alarm')
    })
    this.#tally.unsaved(this.#unsaved.length)
  }

  /** The oldest of what the disk did not take. */
  #lose(over: number): void {
    for (const body of this.#unsaved.splice(0, over)) {
      this.#refused[classOf(body, 'alarm') === 'low' ? 'low' : 'alarm']++
      this.#tally.dropped(whatOf(body), 'unsaved-full')
    }
    if (over > 0) this.#overflow.say('see dropped_total')
  }

  /** False when one of the bodies cannot be an envelope; throws when the disk refuses. */
  #append(bodies: readonly EnvelopeBody[]): boolean {
    try {
      const { low, alarm } = this.#refused
      const seal = low + alarm === 0 ? this.#sealing() : { ...this.#sealing(), refused: { low, alarm } }
      const { openFindings } = this.#deps.outbox.append(bodies, this.#checkpoint(), seal)
      this.#refused = { low: 0, alarm: 0 }
      this.#openFindings = openFindings
      return true
    } catch (error) {
      if (!isOurs(error)) throw error
      this.#fault.say(error)
      return false
    }
  }

  /** One body that cannot be sealed must not keep the others from the disk. */
  #appendEach(bodies: readonly EnvelopeBody[]): void {
    for (const body of bodies) {
      if (this.#append([body])) continue
      this.#tally.dropped(whatOf(body), 'unsealable')
      this.#deps.log.error({ body }, 'this cannot be sealed and is left out')
    }
  }

  #seal(): void {
    this.#batched = 0
    this.#batchSinceMs = this.#deps.world.nowMs()
    // A checkpoint that is ahead of findings still in memory would lose them at the next start.
    if (this.#unsaved.length > 0) this.#save([])
    if (this.#unsaved.length > 0) return
    this.#guarded(() => {
      const sealed = this.#deps.outbox.sealPending(this.#checkpoint(), this.#sealingTelemetry())
      if (sealed.length > 0) this.#deps.sealed('telemetry')
    })
  }

  #checkpoint(): Checkpoint {
    return {
      atMs: this.#atMs ?? 0,
      states: this.#states,
      openFindings: this.#openFindings,
      signals: this.signals,
    }
  }

  #sealing(): Seal {
    return { policyDigest: this.#deps.documents().policyDigest, sealedAtMs: this.#deps.world.nowMs() }
  }

  #sealingTelemetry(): Seal {
    const { outlook } = this.#deps
    if (outlook === undefined || this.#seen === null) return this.#sealing()
    const { sample, settings } = this.#seen
    try {
      return { ...this.#sealing(), outlook: outlook(this.#states, sample, settings) ?? undefined }
    } catch (error) {
      // What it is asked of is a convenience: telemetry goes without it.
      this.#fault.say(error)
      return this.#sealing()
    }
  }

  #guarded(work: () => void): void {
    try {
      work()
      this.#complaint.ok()
    } catch (error) {
      this.#complaint.say(error)
    }
  }
}

const whatOf = (body: EnvelopeBody): 'findings' | 'records' =>
  body.is === 'finding' ? 'findings' : 'records'

function drivingBody(interval: DrivingInterval): EnvelopeBody {
  const { fromMs, toMs } = interval
  return { is: 'driving', interval: { ...interval, fromMs: roundMs(fromMs), toMs: roundMs(toMs) } }
}

/** A failed assertion is an error of this program, not of the disk. */
function isOurs(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_ASSERTION'
}
