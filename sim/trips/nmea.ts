import { gnssLine } from '../../device/decoders/index.ts'
import type { Gga, NmeaMessage, Rmc, Zda } from '../../device/decoders/messages.ts'
import { rolloverMs } from '../../device/signals/time-quality.ts'
import { notBeforeMs, type TripEvent } from './entry.ts'

/**
 * Epochs of a receiver's log. A sentence belongs to the epoch of the RMC that follows it. Sentences without a fix
 * let time pass: when the next fix comes, the seconds between are made into moments at which there was none.
 */
type Epochs = {
  readonly push: (message: NmeaMessage) => readonly TripEvent[]
}

const secondMs = 1000
const dayMs = 86_400_000
/** No sentence flood before a fix may grow without bound. */
const messagesMax = 256
const voidsMax = 86_400

/** `otherMs` is a time that another recording of the same trip gives, for dates 1024 weeks early; null without one. */
export function createEpochs(otherMs: number | null): Epochs {
  let messages: NmeaMessage[] = []
  let lastMs: number | null = null
  /** What was said at each epoch without a fix since the last one with. */
  let voids: (readonly NmeaMessage[])[] = []
  let rmcSeen = false
  let dateMs: number | null = null

  const close = (utcMs: number, last: NmeaMessage): TripEvent[] => {
    const atMs = believable(utcMs, otherMs)
    const own = [...messages, last]
    messages = []
    if (atMs === null) return [{ is: 'rejected', why: 'time before 2000' }]
    const events: TripEvent[] = voidMoments(lastMs, atMs, voids)
    events.push({ is: 'epoch', atMs, messages: own })
    lastMs = atMs
    voids = []
    return events
  }

  const onRmc = (rmc: Rmc): readonly TripEvent[] => {
    rmcSeen = true
    if (!rmc.valid || rmc.utcMs === null) {
      // Before the first fix, and in a silence that no vehicle outlasts, nobody asks what each moment said.
      if (voids.length < voidsMax) voids.push(telling(messages))
      messages = []
      return []
    }
    return close(rmc.utcMs, rmc)
  }

  /** A log without RMC: the date comes from ZDA, the rest from GGA. */
  const onGga = (gga: Gga): readonly TripEvent[] => {
    if (rmcSeen || dateMs === null || gga.timeOfDayMs === null || !gga.quality || gga.lat === null)
      return keep(gga)
    let utcMs = dateMs + gga.timeOfDayMs
    if (lastMs !== null && utcMs < lastMs - dayMs / 2) utcMs += dayMs
    return close(utcMs, gga)
  }

  const onZda = (zda: Zda): readonly TripEvent[] => {
    if (zda.utcMs !== null) dateMs = Math.floor(zda.utcMs / dayMs) * dayMs
    return []
  }

  const keep = (message: NmeaMessage): readonly TripEvent[] => {
    if (messages.length < messagesMax) messages.push(message)
    return []
  }

  return {
    push: (message) => {
      if (message.kind === 'rmc') return onRmc(message)
      if (message.kind === 'gga') return onGga(message)
      if (message.kind === 'zda') return onZda(message)
      return message.kind === 'discarded' ? [] : keep(message)
    },
  }
}

/** What matters of an epoch without a fix: the antenna, and that the line is alive. */
function telling(messages: readonly NmeaMessage[]): readonly NmeaMessage[] {
  return messages.filter(({ kind }, i) => kind === 'antenna' || i === messages.length - 1)
}

function believable(utcMs: number, otherMs: number | null): number | null {
  if (utcMs >= notBeforeMs) return utcMs
  const later = utcMs + rolloverMs
  return otherMs !== null && Math.abs(later - otherMs) <= dayMs ? later : null
}

/** A receiver without a fix may still say why: an antenna is heard at the moment it was told of. */
function voidMoments(
  fromMs: number | null,
  toMs: number,
  voids: readonly (readonly NmeaMessage[])[],
): TripEvent[] {
  if (fromMs === null || voids.length === 0) return []
  const moments: TripEvent[] = []
  const count = Math.min(voids.length, Math.floor((toMs - fromMs) / secondMs) - 1)
  for (let second = 1; second <= count; second++)
    moments.push({ is: 'void', atMs: fromMs + second * secondMs, messages: voids[second - 1] ?? [] })
  return moments
}

export async function* readNmea(
  source: AsyncIterable<Uint8Array>,
  otherMs: number | null,
): AsyncGenerator<TripEvent> {
  const epochs = createEpochs(otherMs)
  let state = gnssLine.initial
  for await (const chunk of source) {
    const result = gnssLine.step(state, chunk)
    state = result.state
    // Most sentences make no event, and `yield*` over nothing would still wait.
    for (const message of result.messages) for (const event of epochs.push(message)) yield event
  }
  for (const message of gnssLine.end(state)) yield* epochs.push(message)
}
