import type { TripEntry, TripEvent } from '../trips/entry.ts'
import { createOrder } from '../trips/order.ts'
import type { CanFeed } from './can-feed.ts'
import type { Engine } from './engine.ts'

/** Trip entries in order, each given to the engine after the bus messages that came before it. */

const secondMs = 1000

/** Folds a trip with positions; the bus, when there is a recording of it, goes along by time. */
export async function runTrip(
  engine: Engine,
  events: AsyncIterable<TripEvent | readonly TripEvent[]>,
  can: CanFeed | null,
): Promise<void> {
  let ready: TripEntry[] = []
  let lastMs: number | null = null
  const order = createOrder<TripEntry>(
    (entry) => ready.push(entry),
    () => engine.rejected(),
  )
  /** Waits only for the bus: what needs no other recording is folded at once. */
  const drain = (): Promise<void> | undefined => {
    const entries = ready
    ready = []
    if (can !== null) return drainWith(can, entries)
    for (const entry of entries) give(engine, entry)
    return undefined
  }
  const drainWith = async (bus: CanFeed, entries: readonly TripEntry[]): Promise<void> => {
    for (const entry of entries) {
      if (lastMs === null) await bus.align(entry.atMs)
      const reading = catchUp(engine, bus, lastMs, entry.atMs)
      if (reading !== undefined) await reading
      give(engine, entry)
      lastMs = entry.atMs
    }
  }
  const take = (event: TripEvent): Promise<void> | undefined => {
    if (event.is === 'rejected') engine.rejected()
    else order.push(event)
    return ready.length > 0 ? drain() : undefined
  }
  for await (const block of events)
    for (const event of isBlock(block) ? block : [block]) {
      const folding = take(event)
      if (folding !== undefined) await folding
    }
  order.end()
  await drain()
  if (can !== null) await catchUp(engine, can, lastMs, Number.POSITIVE_INFINITY)
}

const isBlock = (events: TripEvent | readonly TripEvent[]): events is readonly TripEvent[] =>
  Array.isArray(events)

function give(engine: Engine, entry: TripEntry): void {
  if (entry.is === 'row') engine.row(entry.row)
  else if (entry.is === 'epoch') engine.gnss(entry.messages, entry.atMs)
  else {
    engine.gnss(entry.messages, entry.atMs)
    engine.tick(entry.atMs, false)
  }
}

/** Bus messages up to an instant, with a tick in each second, so that time passes while no receiver speaks. */
function catchUp(
  engine: Engine,
  can: CanFeed,
  fromMs: number | null,
  untilMs: number,
): Promise<void> | undefined {
  // Before the first row there is no trip yet: the bus is listened to, but no second is counted.
  let second = fromMs === null ? Number.POSITIVE_INFINITY : Math.floor(fromMs / secondMs)
  return can.upTo(untilMs, (message, atMs) => {
    const at = Math.floor(atMs / secondMs)
    if (at > second) {
      engine.tick(at * secondMs, false)
      second = at
    }
    engine.can(message, atMs)
  })
}

/** Folds a recording that has nothing but the bus: one row for each second of it. */
export async function runBus(engine: Engine, can: CanFeed): Promise<void> {
  let second: number | null = null
  let lastMs = 0
  await can.upTo(Number.POSITIVE_INFINITY, (message, atMs) => {
    const at = Math.floor(atMs / secondMs)
    if (second !== null && at > second) engine.tick(at * secondMs, true)
    second = at
    lastMs = atMs
    engine.can(message, atMs)
  })
  if (second !== null) engine.tick(lastMs, true)
}
