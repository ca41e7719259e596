import type { TripEntry, TripEvent } from '../trips/entry.ts'
import { createOrder } from '../trips/order.ts'
import type { CanFeed } from './can-feed.ts'
import type { Engine } from './engine.ts'

/** Trip entries in order, each given to the engine after the bus messages that came before it. */

const secondMs = 1000

/** Folds a trip with positions; the bus, when there is a recording of it, goes along by time. */
export async function runTrip(
  engine: Engine,
  events: AsyncIterable<TripEvent>,
  can: CanFeed | null,
): Promise<void> {
  let ready: TripEntry[] = []
  let lastMs: number | null = null
  const order = createOrder<TripEntry>(
    (entry) => ready.push(entry),
    () => engine.rejected(),
  )
  const drain = async (): Promise<void> => {
    const entries = ready
    ready = []
    for (const entry of entries) {
      if (can !== null) {
        if (lastMs === null) await can.align(entry.atMs)
        const reading = catchUp(engine, can, lastMs, entry.atMs)
        if (reading !== undefined) await reading
      }
      give(engine, entry)
      lastMs = entry.atMs
    }
  }
  for await (const event of events) {
    if (event.is === 'rejected') engine.rejected()
    else order.push(event)
    if (ready.length > 0) await drain()
  }
  order.end()
  await drain()
  if (can !== null) await catchUp(engine, can, lastMs, Number.POSITIVE_INFINITY)
}

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
