/**
 * The truth about time (design 4). Wall time is disciplined by GNSS; between epochs it runs on with the
 * terminal's own clock. Decoders print dates as sent; week rollover and jumps are judged here and nowhere else.
 */

/** 1024 weeks: a receiver past its pivot reports dates that much too early. */
export const rolloverMs = 1024 * 7 * 86_400_000
const dayMs = 86_400_000
/** A jump beyond this is a clock conflict. */
export const conflictMs = 3000
/** So many epochs must agree on a jump before it is believed: one wrong sentence must not move the clock. */
const confirmEpochs = 3
/** Epochs that arrive in one burst are one claim: a late machine reads many at once, and each looks like a jump. */
const claimApartMs = 500

export type TimeState = {
  /** Event time minus arrival time; null until the first trusted epoch of this boot. */
  readonly offsetMs: number | null
  /** A jump that waits for confirmation: the offset it claims, and how many epochs claimed it. */
  readonly claimed: { readonly offsetMs: number; readonly epochs: number; readonly arrivedMs: number } | null
  /** Refused dates and unconfirmed jumps so far. */
  readonly conflicts: number
}

export const untrustedTime: TimeState = { offsetMs: null, claimed: null, conflicts: 0 }

export type TimeConfig = {
  /** Dates before this are impossible: build date on a terminal, 2000-01-01 in replay. */
  readonly notBeforeMs: number
  /** What to allow when comparing with arrival time. */
  readonly slackMs: number
}

export type EpochTime = {
  readonly state: TimeState
  /** Event time of the epoch; null when its date cannot be believed. */
  readonly atMs: number | null
  /** By how much the clock was corrected by this epoch; 0 nearly always. */
  readonly stepMs: number
}

/** Judges the date of one epoch. `fallbackMs` is the best other source: the held time, or the host's clock. */
export function judgeEpoch(
  state: TimeState,
  utcMs: number,
  arrivedMs: number,
  config: TimeConfig,
): EpochTime {
  const other = arrivedMs + (state.offsetMs ?? 0)
  const atMs = undoRollover(utcMs, other, config)
  if (atMs === null) return { state: { ...state, conflicts: state.conflicts + 1 }, atMs: null, stepMs: 0 }
  const offsetMs = atMs - arrivedMs
  if (state.offsetMs === null) return { state: { ...state, offsetMs, claimed: null }, atMs, stepMs: 0 }
  const jumpMs = offsetMs - state.offsetMs
  if (Math.abs(jumpMs) <= conflictMs + config.slackMs) {
    return { state: { ...state, offsetMs: follow(state.offsetMs, offsetMs), claimed: null }, atMs, stepMs: 0 }
  }
  return judgeJump(state, offsetMs, arrivedMs, config)
}

function judgeJump(state: TimeState, offsetMs: number, arrivedMs: number, config: TimeConfig): EpochTime {
  const { claimed } = state
  const agrees = claimed !== null && Math.abs(claimed.offsetMs - offsetMs) <= conflictMs + config.slackMs
  const doubted = { ...state, conflicts: state.conflicts + 1 }
  if (agrees && arrivedMs - claimed.arrivedMs < claimApartMs) return { state: doubted, atMs: null, stepMs: 0 }
  const epochs = agrees ? claimed.epochs + 1 : 1
  if (epochs < confirmEpochs) {
    return { state: { ...doubted, claimed: { offsetMs, epochs, arrivedMs } }, atMs: null, stepMs: 0 }
  }
  const stepMs = offsetMs - (state.offsetMs ?? offsetMs)
  return { state: { ...doubted, offsetMs, claimed: null }, atMs: arrivedMs + offsetMs, stepMs }
}

/** A date too early is tried 1024 weeks later and believed only when another source says the same day. */
function undoRollover(utcMs: number, otherMs: number, config: TimeConfig): number | null {
  if (utcMs >= config.notBeforeMs) return utcMs
  const later = utcMs + rolloverMs
  return later >= config.notBeforeMs && Math.abs(later - otherMs) <= dayMs + config.slackMs ? later : null
}

/**
 * Bytes only ever arrive late, so the largest offset is the truest; a lower one is followed slowly, for the drift
 * of the terminal's own clock.
 */
function follow(heldMs: number, offsetMs: number): number {
  return offsetMs >= heldMs ? offsetMs : heldMs + (offsetMs - heldMs) * 0.01
}
