/**
 * The shared words: what both ends mean by a Sample, a Finding, an Envelope, an Alert. Types only, no behaviour.
 * Unknown is `null`, never zero. Instants are milliseconds since 1970-01-01T00:00:00Z in event time.
 */

export type SpeedSource = 'wheel' | 'tachograph' | 'gnss' | 'position' | 'file'

/** How the speed sources compare: `single` when there was nothing to compare with. */
export type SpeedAgreement = 'agree' | 'differ' | 'single'

export type Fix = {
  readonly lat: number
  readonly lon: number
  /** Radius the receiver claims, metres; null when it claims nothing. */
  readonly accuracyM: number | null
  readonly satellites: number | null
}

/** What is known of a vehicle at one moment. */
export type Sample = {
  /** Event time. Between trusted Samples it is later than the one before plus this one's `clockStepMs`: it grows unless a clock was corrected. */
  readonly atMs: number
  /** False while the clock was never disciplined in this boot: such Samples neither accrue nor reset driving time. */
  readonly trusted: boolean
  /**
   * By how much the wall clock was corrected between the previous Sample and this one (0 nearly always). Stored
   * instants must be moved by it before they are compared, so that a clock correction never moves a duration.
   */
  readonly clockStepMs: number
  /** The accepted position of this moment; null when there is none or the jump filter refused it. */
  readonly fix: Fix | null
  /** True when a position was there and the jump filter refused it (its speed and odometer stay in use). */
  readonly positionRefused: boolean
  /** True on the first position after the jump filter re-seeded: no line leads to it from the position before. */
  readonly reseeded: boolean
  /** The chosen speed. */
  readonly speedKmh: number | null
  readonly speedSource: SpeedSource | null
  readonly speedAgreement: SpeedAgreement | null
  /** Each source as it was, so that a finding can show all of them. Not on the wire. */
  readonly sources: {
    readonly wheelKmh: number | null
    readonly tachographKmh: number | null
    readonly gnssKmh: number | null
    readonly positionKmh: number | null
  } | null
  readonly courseDeg: number | null
  readonly odometerM: number | null
  /** Driver on duty; null when nobody is identified. */
  readonly driver: string | null
  readonly coDriver: string | null
  readonly ignition: boolean | null
  readonly doorOpen: boolean | null
  readonly brake: boolean | null
  /** Health of the lines; null on hosts that have no such line (a CSV trip, the gateway). Not on the wire. */
  readonly lines: LineHealth | null
}

/** Ages are event-time milliseconds since the last good frame; null when none came since the start. */
export type LineHealth = {
  readonly gnssLineAgeMs: number | null
  readonly gnssFixAgeMs: number | null
  readonly canAgeMs: number | null
  readonly antenna: 'ok' | 'open' | 'short' | null
  /** Which lines the terminal is configured to have. */
  readonly expects: { readonly gnss: boolean; readonly can: boolean }
}

export type Phase = 'started' | 'updated' | 'ended'
export type Severity = 'info' | 'minor' | 'major' | 'critical'
export type Grade = 'sufficient' | 'to-verify'
export type Place = { readonly lat: number; readonly lon: number }
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }
export type Evidence = { readonly [key: string]: Json | undefined }

/** What a detector or a rule concluded (design 5). Numbers are rounded at creation; see `proto/round.ts`. */
export type Finding = {
  readonly kind: string
  readonly reason: string | null
  readonly phase: Phase
  /** What the episode is about: an area's or a route's id, a driver, else the vehicle's id. */
  readonly subject: string
  readonly severity: Severity
  readonly grade: Grade
  /** The instant the offence began or the limit was passed; on `ended`, the instant it ceased. */
  readonly atMs: number
  /** Event time of the Sample that decided. */
  readonly decidedAtMs: number
  readonly place: Place | null
  readonly driver: string | null
  readonly trip: string | null
  readonly rule: { readonly id: string; readonly version: number }
  readonly evidence: Evidence
}

export type StreamName = 'alarm' | 'telemetry'
export type Lane = 'alarm' | 'telemetry' | 'backfill'

export type EnvelopeKey = {
  readonly fleet: string
  readonly vehicle: string
  readonly epoch: number
  readonly stream: StreamName
  readonly seq: number
}

export type Gap = {
  readonly class: string
  readonly firstSeq: number
  readonly lastSeq: number
  readonly count: number
  readonly fromMs: number
  readonly toMs: number
  readonly reason: string
  readonly firstHash: Uint8Array
  readonly lastHash: Uint8Array
}

export type DrivingInterval = {
  readonly driver: string | null
  readonly fromMs: number
  readonly toMs: number
  readonly proven: boolean
}

export type EnvelopeBody =
  | { readonly is: 'finding'; readonly finding: Finding; readonly findingId: string | null }
  | { readonly is: 'telemetry'; readonly samples: readonly Sample[] }
  | { readonly is: 'gap'; readonly gap: Gap }
  | { readonly is: 'driving'; readonly interval: DrivingInterval }

export type Envelope = EnvelopeKey & {
  readonly prevHash: Uint8Array
  readonly bootCount: number
  readonly policyDigest: string
  readonly sealedAtMs: number
  readonly body: EnvelopeBody
}

export type SeqRange = { readonly first: number; readonly last: number }
export type StreamAck = { readonly upto: number; readonly ranges: readonly SeqRange[] }
export type Nack = { readonly stream: StreamName; readonly seq: number; readonly reason: string }
export type Ack = {
  readonly epoch: number
  readonly streams: { readonly alarm: StreamAck; readonly telemetry: StreamAck }
  readonly nacks: readonly Nack[]
  /** Telemetry envelopes per second the terminal may send; 0 for no limit. */
  readonly rate: number
}

export type DocumentPart = {
  readonly version: number
  readonly digest: string
  readonly part: number
  readonly parts: number
  readonly content: Uint8Array
}

/** The object of `alerts-json/v1/...`, of `GET /alerts` and (without id, revision, cursor, receivedAt) of `replay`. */
export type Alert = {
  readonly id: string
  readonly revision: number
  readonly cursor: number
  readonly kind: string
  readonly reason: string | null
  readonly phase: Phase
  readonly subject: string
  readonly severity: Severity
  readonly grade: Grade
  readonly fleet: string
  readonly vehicle: string
  readonly plate: string | null
  readonly driver: string | null
  readonly trip: string | null
  readonly at: string
  readonly decidedAt: string
  readonly receivedAt: string
  readonly late: boolean
  /** Id of the alert that this one replaces after late data; null for nearly all. */
  readonly supersedes: string | null
  readonly place: Place | null
  readonly rule: { readonly id: string; readonly version: number }
  readonly policyDigest: string
  readonly article: string | null
  readonly evidence: Evidence
  readonly explain: { readonly zh: string; readonly en: string }
  readonly movedTo?: Severity
  /** Present and true on the last revision of an alert that late data took back. */
  readonly withdrawn?: boolean
}
