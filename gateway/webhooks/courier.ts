import type { Alert } from '../../proto/model.ts'
import { isoUtc } from '../../proto/time.ts'
import { letterOf } from './letter.ts'
import type { Hook, HookStore } from './store.ts'

/**
 * Carries alerts to webhooks, in their order, at least once. A receiver that does not answer is asked again with
 * growing pauses; after the last one the alert lies among its dead letters and the next is tried. While a receiver is
 * down each further alert gets one try, so that the newest is never days behind.
 */
export type Courier = {
  readonly stop: () => void
  /** Dead letters are tried again, then what is new. */
  readonly retry: (id: string) => number
}

export type CourierDeps = {
  readonly store: HookStore
  readonly alertsAfter: (cursor: number, limit: number, fleet: string) => Promise<readonly Alert[]>
  /** The newest alert there is. */
  readonly lastCursor: () => Promise<number>
  /** One revision of an alert. */
  readonly revision: (id: string, revision: number) => Alert | null
  /** As it may leave the house. */
  readonly outward: (alert: Alert) => Alert
  /** Null: delivered; else why not. */
  readonly post: (
    url: string,
    body: string,
    headers: { readonly [name: string]: string },
  ) => Promise<string | null>
  readonly nowMs: () => number
  readonly count: (outcome: 'delivered' | 'failed' | 'dead') => void
}

/** After the first try. Together some twenty minutes. */
export const pausesMs = [1000, 5000, 15_000, 60_000, 300_000, 300_000, 600_000] as const
const everyMs = 1000
const pageMax = 100

type Running = { busy: boolean; down: boolean; tries: number; notBeforeMs: number; again: Alert[] }

export function createCourier(deps: CourierDeps): Courier & { readonly tick: () => Promise<void> } {
  const running = new Map<string, Running>()
  const of = (id: string): Running => {
    const known = running.get(id) ?? { busy: false, down: false, tries: 0, notBeforeMs: 0, again: [] }
    running.set(id, known)
    return known
  }
  // Asked before anything new can come in: a journal never goes back while it is open.
  let heldBack = holdBack(deps)
  const tick = async (): Promise<void> => {
    if (!(await heldBack)) {
      heldBack = holdBack(deps)
      return
    }
    await Promise.all(deps.store.all().map((hook) => round(deps, hook, of(hook.id))))
  }
  const timer = setInterval(() => void tick().catch(() => {}), everyMs)
  timer.unref()
  return {
    tick,
    stop: () => clearInterval(timer),
    retry: (id) => {
      const letters = deps.store.exhume(id)
      const own = of(id)
      own.again.push(...letters.flatMap(({ alert, revision }) => deps.revision(alert, revision) ?? []))
      Object.assign(own, { tries: 0, down: false, notBeforeMs: 0 })
      return letters.length
    },
  }
}

/** A journal that was restored from a copy is behind what its webhooks were told: they go on from its newest alert. */
async function holdBack({ store, lastCursor }: CourierDeps): Promise<boolean> {
  try {
    const known = new Set(store.all().map(({ id }) => id))
    const newest = known.size === 0 ? 0 : await lastCursor()
    for (const hook of store.all())
      if (known.has(hook.id) && hook.cursor > newest) store.put({ ...hook, cursor: newest })
    return true
  } catch {
    // The journal could not be read: asked again at the next round, before anything is posted.
    return false
  }
}

/** What is due of one receiver; a round that is still under way is not joined by another. */
async function round(deps: CourierDeps, hook: Hook, own: Running): Promise<void> {
  if (own.busy || deps.nowMs() < own.notBeforeMs) return
  own.busy = true
  try {
    while (own.again.length > 0) {
      if (!(await carried(deps, hook, own, own.again[0]!))) return
      own.again.shift()
    }
    await news(deps, hook, own)
  } finally {
    own.busy = false
  }
}

async function news(deps: CourierDeps, hook: Hook, own: Running): Promise<void> {
  let cursor = hook.cursor
  try {
    for (const alert of await deps.alertsAfter(cursor, pageMax, hook.fleet)) {
      if (isWanted(hook, alert) && !(await carried(deps, hook, own, alert))) return
      cursor = alert.cursor
    }
  } finally {
    // Somebody may have taken the hook away meanwhile: it does not come back.
    const isThere = deps.store.all().some(({ id }) => id === hook.id)
    if (isThere && cursor !== hook.cursor) deps.store.put({ ...hook, cursor })
  }
}

const isWanted = ({ severities, kinds }: Hook, { severity, kind }: Alert): boolean =>
  (severities === null || severities.includes(severity)) && (kinds === null || kinds.includes(kind))

/** True when there is nothing more to do about this alert: it is there, or among the dead letters. */
async function carried(deps: CourierDeps, hook: Hook, own: Running, alert: Alert): Promise<boolean> {
  const letter = letterOf(deps.outward(alert), hook.format, hook.secret, Math.floor(deps.nowMs() / 1000))
  const why = await deps.post(hook.url, letter.body, letter.headers)
  if (why === null) {
    deps.count('delivered')
    Object.assign(own, { down: false, tries: 0, notBeforeMs: 0 })
    return true
  }
  deps.count('failed')
  const pauseMs = own.down ? undefined : pausesMs[own.tries]
  own.tries++
  if (pauseMs !== undefined) {
    own.notBeforeMs = deps.nowMs() + pauseMs
    return false
  }
  Object.assign(own, { down: true, tries: 0 })
  deps.store.bury(hook.id, { at: isoUtc(deps.nowMs()), why, alert: alert.id, revision: alert.revision })
  deps.count('dead')
  return true
}
