/** What the decoders say. Unknown is null, never zero; nothing here was corrected or guessed. */

/**
 * Position and time as one receiver sentence told them. `utcMs` is the date AS SENT (two digits: >= 80 is 19yy);
 * week rollover is the business of time quality, not of a decoder.
 */
export type Rmc = {
  readonly kind: 'rmc'
  readonly talker: string
  readonly utcMs: number | null
  /** Status A with position, date and time; everything else of an invalid one is null. */
  readonly valid: boolean
  readonly lat: number | null
  readonly lon: number | null
  readonly speedKmh: number | null
  readonly courseDeg: number | null
}

export type Gga = {
  readonly kind: 'gga'
  readonly talker: string
  /** Milliseconds after UTC midnight: GGA has no date. */
  readonly timeOfDayMs: number | null
  /** 0 invalid, 1 GNSS, 2 differential, 3 PPS, 4-5 RTK, 6 estimated, 7 manual, 8 simulator. */
  readonly quality: number | null
  readonly lat: number | null
  readonly lon: number | null
  readonly satellites: number | null
  readonly hdop: number | null
  readonly altitudeM: number | null
}

export type Gsa = {
  readonly kind: 'gsa'
  readonly talker: string
  /** 1 none, 2 2D, 3 3D. */
  readonly fixType: number | null
  readonly satelliteIds: readonly number[]
  readonly pdop: number | null
  readonly hdop: number | null
  readonly vdop: number | null
  /** 1 GPS, 2 GLONASS, 3 Galileo, 4 BeiDou, 5 QZSS, 6 NavIC. */
  readonly system: number | null
}

export type Zda = { readonly kind: 'zda'; readonly talker: string; readonly utcMs: number | null }
export type Vtg = {
  readonly kind: 'vtg'
  readonly talker: string
  readonly courseDeg: number | null
  readonly speedKmh: number | null
}

/** Position of several systems together. `modes` has one letter per system: GPS, GLONASS, Galileo, BeiDou, QZSS. */
export type Gns = {
  readonly kind: 'gns'
  readonly talker: string
  readonly timeOfDayMs: number | null
  readonly modes: string
  readonly lat: number | null
  readonly lon: number | null
  readonly satellites: number | null
  readonly hdop: number | null
  readonly altitudeM: number | null
}
export type Gll = {
  readonly kind: 'gll'
  readonly talker: string
  readonly timeOfDayMs: number | null
  /** Status A; position is null otherwise. */
  readonly valid: boolean
  readonly lat: number | null
  readonly lon: number | null
}
/** Error statistics of the fix, one sigma. */
export type Gst = {
  readonly kind: 'gst'
  readonly talker: string
  readonly timeOfDayMs: number | null
  readonly latErrorM: number | null
  readonly lonErrorM: number | null
  readonly altitudeErrorM: number | null
}
export type SatelliteInView = {
  readonly id: number | null
  readonly elevationDeg: number | null
  readonly azimuthDeg: number | null
  /** Null while the satellite is not tracked. */
  readonly snrDb: number | null
}
export type Gsv = {
  readonly kind: 'gsv'
  readonly talker: string
  readonly total: number | null
  readonly number: number | null
  readonly inView: number | null
  readonly satellites: readonly SatelliteInView[]
}
export type Hdt = { readonly kind: 'hdt'; readonly talker: string; readonly headingDeg: number | null }
export type Ths = {
  readonly kind: 'ths'
  readonly talker: string
  readonly headingDeg: number | null
  /** A autonomous, E estimated, M manual, S simulator, V not valid. */
  readonly mode: string
}

export type Antenna = {
  readonly kind: 'antenna'
  readonly state: 'open' | 'short' | 'ok'
  readonly talker?: string
}

/** A sentence that is valid but that nobody here reads. */
export type OtherSentence = { readonly kind: 'sentence'; readonly talker: string; readonly type: string }

export type Discarded = {
  readonly kind: 'discarded'
  readonly bytes: number
  readonly why: 'noise' | 'badChecksum' | 'truncated' | 'malformed' | 'overflow'
}

export type NmeaMessage =
  | Rmc
  | Gga
  | Gsa
  | Zda
  | Vtg
  | Gns
  | Gll
  | Gst
  | Gsv
  | Hdt
  | Ths
  | Antenna
  | OtherSentence
  | Discarded

export type CanFrame = {
  /** Seconds as the log or the adapter's timestamp says; null where neither does. */
  readonly t: number | null
  readonly id: number
  readonly extended: boolean
  readonly data: Uint8Array
  /** Set on frames that carry no parameter group: a remote request, a controller's error report, a CAN FD frame. */
  readonly special?: 'remote' | 'error' | 'fd'
}

/** A decoded parameter group: named signals, null where the sender says "not available". */
export type GroupMessage = {
  readonly kind: 'message'
  readonly t: number | null
  readonly pgn: number
  readonly sa: number
  readonly da: number
  readonly signals: { readonly [name: string]: SignalValue }
  /** Names of the signals whose sender says "error": they are not in `signals`. */
  readonly errors: readonly string[]
}

/** Lists are trouble codes (DM1). */
export type SignalValue = number | boolean | string | null | readonly TroubleCode[]
export type TroubleCode = { readonly spn: number; readonly fmi: number; readonly count: number | null }

export type TransportMessage = {
  readonly kind: 'transport'
  readonly t: number | null
  readonly session: 'bam' | 'rts'
  readonly sa: number
  readonly da: number
  readonly pgn: number
  readonly size: number
  readonly payload: Uint8Array
}

/** Signals of a frame that a DBC file describes, under our names: of a bus that is not J1939, or beside it. */
export type DbcMessage = {
  readonly kind: 'dbc'
  readonly t: number | null
  readonly id: number
  readonly signals: { readonly [name: string]: SignalValue }
}

export type CanMessage = GroupMessage | TransportMessage | DbcMessage | Discarded

/** What every frame of the peripheral line says of itself; `peripheral` is null where the number is none we know. */
export type PeripheralHead = {
  readonly sequence: number
  readonly vendor: number
  readonly peripheral: 'adas' | 'dsm' | 'tpms' | 'bsd' | null
}
export type PeripheralAlarm = PeripheralHead & {
  readonly kind: 'alarm'
  readonly peripheral: 'adas' | 'dsm' | 'bsd'
  readonly alarmId: number
  /** `event` has no end of its own. */
  readonly flag: 'event' | 'start' | 'end'
  readonly type: number
  /** The type by name; null where nobody has named it. */
  readonly what: string | null
  /** 1 below the level's speed, 2 above it; null where the camera leaves that to the terminal. */
  readonly level: 1 | 2 | null
  readonly fatigueDegree: number | null
  readonly frontSpeedKmh: number | null
  /** To the vehicle or the person ahead, as time. */
  readonly distanceS: number | null
  readonly side: 'left' | 'right' | null
  readonly speedKmh: number | null
  readonly lat: number | null
  readonly lon: number | null
  /** The camera's own clock, as it was sent. */
  readonly sentAt: string | null
  readonly attachments: number
}
/** What one tyre said of itself. `tyre` counts from 0 in a Z, from the left front one. */
export type TyreReading = {
  readonly tyre: number
  /** One of the regular reports: what it does not name is well. */
  readonly regular: boolean
  readonly alarms: readonly TyreAlarm[]
  readonly pressureKpa: number | null
  readonly temperatureC: number | null
  readonly batteryPct: number | null
}
export type TyreAlarm = 'high' | 'low' | 'hot' | 'sensor' | 'imbalance' | 'slow-leak' | 'battery'
export type PeripheralTyres = PeripheralHead & {
  readonly kind: 'tyres'
  readonly alarmId: number
  readonly flag: 'event' | 'start' | 'end'
  readonly speedKmh: number | null
  readonly lat: number | null
  readonly lon: number | null
  readonly sentAt: string | null
  readonly tyres: readonly TyreReading[]
}
export type PeripheralStatus = PeripheralHead & {
  readonly kind: 'status'
  readonly work: string | null
  readonly faults: readonly string[]
}
/** A heartbeat, or anything else that nobody here reads: the peripheral is alive. */
export type PeripheralHeard = PeripheralHead & { readonly kind: 'heard'; readonly code: number }

export type PeripheralMessage =
  | PeripheralAlarm
  | PeripheralTyres
  | PeripheralStatus
  | PeripheralHeard
  | Discarded
