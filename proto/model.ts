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

/** One satellite system of the receiver's sky. The law asks for BeiDou by name. */
export type SkySystem = {
  readonly system: SatelliteSystem
  /** Satellites the fix was made with; null where the receiver does not say. */
  readonly used: number | null
  readonly inView: number | null
  /** Mean signal of the tracked ones, dB-Hz. */
  readonly snrDb: number | null
}
export type SatelliteSystem = 'gps' | 'glonass' | 'galileo' | 'beidou' | 'qzss' | 'navic'
export type Sky = readonly SkySystem[]

/** What a camera saw, as it said it (T/JSATL 12). */
export type CameraEvent = {
  /** `fatigue`, `phone`, `forward-collision` ... as the decoder names them. */
  readonly what: string
  readonly device: string
  readonly alarmId: number
  readonly flag: 'event' | 'start' | 'end'
  /** 1 or 2; null where the camera leaves that to the terminal. */
  readonly level: 1 | 2 | null
  readonly fatigueDegree: number | null
  readonly frontSpeedKmh: number | null
  readonly distanceS: number | null
  readonly side: 'left' | 'right' | null
  readonly speedKmh: number | null
  /** The camera's own clock. */
  readonly sentAt: string | null
  readonly attachments: number
  /** When it was heard, event time. */
  readonly atMs: number
}
/** What a tyre said of itself (T/JSATL 12, 0x66): `tyre` counts from 0 in a Z, from the left front one. */
export type TyreEvent = {
  readonly tyre: number
  /** `high`, `low`, `hot`, `sensor`, `imbalance`, `slow-leak`, `battery`. */
  readonly alarms: readonly string[]
  /** `all`: what is not among the alarms is well; `some`: nothing is said of it; `end`: these alarms are over. */
  readonly tells: 'all' | 'some' | 'end'
  readonly pressureKpa: number | null
  readonly temperatureC: number | null
  readonly batteryPct: number | null
  /** When it was heard, event time. */
  readonly atMs: number
}
export type CameraView = {
  /** Since the Sample before. */
  readonly events: readonly CameraEvent[]
  /** Since the Sample before; absent where no tyre said anything. */
  readonly tyres?: readonly TyreEvent[]
  /** Those that spoke or are expected; `ageMs` null: not since the start. */
  readonly devices: readonly {
    readonly name: string
    readonly ageMs: number | null
    readonly faults: readonly string[]
  }[]
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
  /** What only the terminal's own detectors of conduct ask; null where nobody says anything of it. Not on the wire. */
  readonly conduct: Conduct | null
  /** The receiver's sky, looked at every 10 s; absent where nobody tells. */
  readonly sky?: Sky
  /** What the cameras say; absent where there is none. Not on the wire. */
  readonly camera?: CameraView
  /** Health of the lines; null on hosts that have no such line (a CSV trip, the gateway). Not on the wire. */
  readonly lines: LineHealth | null
}

/** What the vehicle says of its drive line, its load, its power supply and its buttons. */
export type Conduct = {
  /** 0 is neutral. */
  readonly gear: number | null
  /** True while the pedal is pressed. */
  readonly clutch: boolean | null
  /** The heaviest statement of the vehicle's own weight: the whole, or the sum of its axles. */
  readonly massKg: number | null
  readonly batteryV: number | null
  readonly keySwitchV: number | null
  /** The terminal's own supply line; false at the last gasp. */
  readonly mainPower: boolean | null
  /** True on the first Sample of a boot before which the machine lost its power without an orderly stop. */
  readonly afterPowerLoss: boolean
  /** Pressed since the Sample before, or held. */
  readonly emergency: EmergencyReason | null
}
export const emergencyReasons = ['accident', 'attack', 'illness', 'button'] as const
/** `button`: a vehicle with one button for everything. */
export type EmergencyReason = (typeof emergencyReasons)[number]

/** Ages are milliseconds since the last good frame, or since the start while none came; null where nobody counts. */
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

/** Seconds a driver may still drive, by the least and by the most driving that the data allow. */
export type Left = { readonly provenS: number; readonly cautiousS: number }

/** How things stand for the driver: what only the terminal's ledgers and its place on the route can tell. */
export type Outlook = {
  readonly atMs: number
  /** Whose times these are: the last known driver; null when nobody was ever identified. */
  readonly driver: string | null
  /** False while no card proves that he is the one who drives. */
  readonly confirmed: boolean
  /** Null where the limit does not bind this class of vehicle. */
  readonly left: {
    readonly continuousDay: Left | null
    readonly continuousNight: Left | null
    readonly rolling24h: Left | null
    readonly rolling7d: Left | null
  }
  /** Driving under way, as far as it is proven. */
  readonly driving: readonly DrivingInterval[]
  /** Of the metres driven on this trip, 0..1; null before any. */
  readonly unknownLimitShare: number | null
  readonly route: {
    readonly routeId: string
    readonly alongM: number
    readonly remainingM: number
  } | null
  /** Nearest first. */
  readonly safeStops: readonly SafeStop[]
}
export type SafeStop = {
  readonly areaId: string
  readonly area: string
  readonly role: string
  readonly km: number
  /** At the speed of the moment; null while standing. */
  readonly etaMs: number | null
}

/** A document that a gateway pushes and a terminal puts in force. */
export type DocumentInForce = {
  readonly name: PushedName
  /** As pushed; 0 without a digest. */
  readonly version: number
  /** Hex SHA-256 of what was pushed; null: what the terminal was configured with holds. */
  readonly digest: string | null
  /** Event time of the first Sample it may decide; null without a digest. */
  readonly sinceMs: number | null
  /** The last push that was not taken, until one is. */
  readonly refused: Refusal | null
}
export type PushedName = 'policy' | 'route' | 'areas' | 'trip'
export type Refusal = {
  readonly version: number
  readonly digest: string
  readonly reason: string
  readonly atMs: number
}

/** Words of an officer that were for the cab: `again` when they had been said before a restart. */
export type Spoken = {
  /** As in the command document. */
  readonly version: number
  readonly digest: string
  readonly atMs: number
  readonly outcome: SpokenOutcome
}
/** `received`: the terminal has the words and will say them; one of the others follows. */
export type SpokenOutcome = 'said' | 'again' | 'failed' | 'received'

export type EnvelopeBody =
  | { readonly is: 'finding'; readonly finding: Finding; readonly findingId: string | null }
  | { readonly is: 'telemetry'; readonly samples: readonly Sample[]; readonly outlook?: Outlook }
  | { readonly is: 'gap'; readonly gap: Gap }
  | { readonly is: 'driving'; readonly interval: DrivingInterval }
  | { readonly is: 'spoken'; readonly spoken: Spoken }
  | { readonly is: 'inForce'; readonly atMs: number; readonly documents: readonly DocumentInForce[] }

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
  /** Ed25519, 64 bytes; absent or empty: not signed. */
  readonly signature?: Uint8Array
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
