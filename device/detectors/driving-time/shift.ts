import type { Clock, DrivingTime, Ledger, Motion } from './state.ts'

/**
 * The wall clock was corrected: every stored instant moves with it, so that no duration does. What depends on the
 * time of day (the night) is then computed anew by the caller.
 */
export function shifted(state: DrivingTime, byMs: number): DrivingTime {
  const moved = <T extends number | null>(atMs: T): T => (atMs === null ? atMs : ((atMs + byMs) as T))
  return {
    ...state,
    atMs: moved(state.atMs),
    cardOutMs: moved(state.cardOutMs),
    motion: shiftedMotion(state.motion, byMs),
    ledgers: state.ledgers.map((ledger) => shiftedLedger(ledger, moved)),
    noDriver: state.noDriver === null ? null : { ...state.noDriver, fromMs: moved(state.noDriver.fromMs) },
    doubt: state.doubt === null ? null : { ...state.doubt, atMs: moved(state.doubt.atMs) },
    dueMs: 0,
    // Forgetting which policy the marks were made for has them made anew, at the corrected time of day.
    policyDigest: '',
  }
}

type Moved = <T extends number | null>(atMs: T) => T

function shiftedMotion(motion: Motion, byMs: number): Motion {
  if (motion.is === 'starting') return { ...motion, movedMs: motion.movedMs + byMs }
  if (motion.is === 'stopping') return { ...motion, stoodMs: motion.stoodMs + byMs }
  return motion
}

function shiftedLedger(ledger: Ledger, moved: Moved): Ledger {
  return {
    ...ledger,
    proven: shiftedClock(ledger.proven, moved),
    cautious: shiftedClock(ledger.cautious, moved),
    unsureMs: moved(ledger.unsureMs),
    heldMs: moved(ledger.heldMs),
    marks: ledger.marks.map((mark) => ({ ...mark, atMs: moved(mark.atMs) })),
    open: ledger.open.map((episode) => ({ ...episode, atMs: moved(episode.atMs) })),
  }
}

function shiftedClock(clock: Clock, moved: Moved): Clock {
  return {
    stintMs: moved(clock.stintMs),
    runMs: moved(clock.runMs),
    endMs: moved(clock.endMs),
    runs: clock.runs.map((atMs) => moved(atMs)),
  }
}
