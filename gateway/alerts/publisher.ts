import { encodeAlert } from '../../proto/codec.ts'
import type { Alert, Severity } from '../../proto/model.ts'
import { alertJsonTopic, alertTopic } from '../../proto/topics.ts'
import { failPoint } from '../fail-point.ts'
import type { Journal } from '../journal.ts'

/** Sends journaled alert revisions to the officers, oldest first, and begins again where it stopped. */
export type Publisher = {
  /** There may be something to send. */
  readonly poke: () => void
  /** Resolves when all there was is sent. */
  readonly idle: () => Promise<void>
  readonly stop: () => void
  /** Revisions that are on their way to officers' connections. */
  readonly underWay: () => number
}

export type Publish = (topic: string, payload: Uint8Array, retain: boolean) => Promise<void>

const batchMax = 256
/** An officer who does not read holds up the others so long for each batch, until he is cut off and catches up by cursor. */
const patienceMs = 100
/** Batches that are still on their way to somebody: what they hold in memory is bounded. */
const unfinishedMax = 16
export const underWayMax = unfinishedMax * batchMax

export function createPublisher(
  journal: Journal,
  publish: Publish,
  onSent: (count: number) => void,
): Publisher {
  let running: Promise<void> | null = null
  let again = false
  let stopped = false
  const unfinished = new Map<Promise<unknown>, number>()

  const offer = async (batch: readonly Alert[]): Promise<void> => {
    const sent: Promise<unknown> = Promise.all(batch.flatMap((alert) => send(journal, publish, alert)))
    unfinished.set(sent, batch.length)
    void sent.finally(() => unfinished.delete(sent))
    await within(sent, patienceMs)
    if (unfinished.size >= unfinishedMax) await Promise.race(unfinished.keys())
  }
  const run = async (): Promise<void> => {
    while (!stopped) {
      again = false
      const batch = journal.unpublished(batchMax)
      if (batch.length > 0) failPoint('before-publish')
      await offer(batch)
      const last = batch.at(-1)
      if (last !== undefined) {
        failPoint('after-publish')
        journal.markPublished(last.cursor)
      }
      onSent(batch.length)
      if (batch.length === 0 && !again) break
    }
  }
  const start = (): void => {
    if (stopped) return
    running ??= run().finally(() => {
      running = null
      if (again) start()
    })
  }
  return {
    poke: () => {
      again = true
      start()
    },
    idle: async () => {
      while (running !== null) await running
      await Promise.all(unfinished.keys())
    },
    underWay: () => [...unfinished.values()].reduce((sum, count) => sum + count, 0),
    stop: () => {
      stopped = true
    },
  }
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}

/** Both forms on the topic of its severity; after a change of severity on the old topic as well, saying where it went. */
function send(journal: Journal, publish: Publish, alert: Alert): Promise<void>[] {
  const before = alert.revision > 1 ? journal.revision(alert.id, alert.revision - 1) : null
  const sent = sendOn(publish, alert, alert.severity)
  if (before === null || before.severity === alert.severity) return sent
  return [...sent, ...sendOn(publish, { ...alert, movedTo: alert.severity }, before.severity)]
}

function sendOn(publish: Publish, alert: Alert, severity: Severity): Promise<void>[] {
  const { fleet, kind, vehicle } = alert
  // The desk reads JSON: a person waits for that one.
  return [
    publish(alertJsonTopic(fleet, severity, kind, vehicle), Buffer.from(JSON.stringify(alert)), false),
    publish(alertTopic(fleet, severity, kind, vehicle), encodeAlert(alert), false),
  ]
}
