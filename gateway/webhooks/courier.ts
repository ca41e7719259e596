import type { Alert } from '../../proto/model.ts'
import { isoUtc } from '../../proto/time.ts'
import { type Escalation, letterOf, type News } from './letter.ts'
import type { DeadLetter, Hook, HookStore } from './store.ts'

/**
 * Carries alerts, and the calls of the roster, to webhooks, each in their order, at least once. A receiver that does not
 * answer is asked again with growing pauses; after the last one the letter lies among its dead letters and the next is
 * tried. While a receiver is down each further one gets one try, so that the newest is never days behind.
 */
export type Courier = {
  readonly stop: () => void
  /** Dead letters are tried again, then what is new. They lie where they lay until they are delivered. */
  readonly retry: (id: string) => number
  /** One letter that says nothing, now; null: it was taken, else why not. */
  readonly test: (id: string, by: string) => Promise<string | null>
  /** There is something new. */
  readonly poke: () => void
  readonly standing: (id: string) => Standing
}

/** How it goes with a receiver since this start. */
export type Standing = {
  readonly deliveredAt: string | null
  readonly failedAt: string | null
  readonly why: string | null
  readonly tries: number
  readonly nextTryAt: string | null
}

export type CourierDeps = {
  readonly store: HookStore
  readonly alertsAfter: (cursor: number, limit: number, fleet: string) => Promise<readonly Alert[]>
  /** Of the newest alert that is journaled, at this moment: whatever is made of the journal may be behind. */
  readonly lastCursor: () => number
  /** One revision of an alert. */
  readonly revision: (id: string, revision: number) => Alert | null
  /** Absent: no register, so nobody is called. */
  readonly escalations?: EscalationSource | undefined
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

export type EscalationSource = {
  readonly after: (line: number, limit: number, fleet: string) => readonly Escalation[]
  readonly of: (line: number) => Escalation | null
  readonly last: () => number
}

/** After the first try. Together some twenty minutes. */
export const pausesMs = [1000, 5000, 15_000, 60_000, 300_000, 300_000, 600_000] as const
const everyMs = 1000
const pageMax = 100

type Running = {
  busy: boolean
  down: boolean
  tries: number
  notBeforeMs: number
  again: DeadLetter[]
  deliveredMs: number | null
  failed: { readonly atMs: number; readonly why: string } | null
}
const fresh = (): Running => ({
  ...{ busy: false, down: false, tries: 0, notBeforeMs: 0 },
  ...{ again: [], deliveredMs: null, failed: null },
})

export function createCourier(deps: CourierDeps): Courier & { readonly tick: () => Promise<void> } {
  const running = new Map<string, Running>()
  const of = (id: string): Running => {
    const known = running.get(id) ?? fresh()
    running.set(id, known)
    return known
  }
  // Before anything new can come in: a journal never goes back while it is open.
  holdBack(deps)
  const tick = async (): Promise<void> => {
    await Promise.all(deps.store.all().map((hook) => round(deps, hook, of(hook.id))))
  }
  const poke = (): void => void tick().catch(() => {})
  const timer = setInterval(poke, everyMs)
  timer.unref()
  return {
    tick,
    poke,
    stop: () => clearInterval(timer),
    retry: (id) => {
      const letters = deps.store.dead(id)
      Object.assign(of(id), { again: [...letters], tries: 0, down: false, notBeforeMs: 0 })
      return letters.length
    },
    test: async (id, by) => {
      const hook = deps.store.all().find((one) => one.id === id)
      if (hook === undefined) return 'no such webhook'
      const at = isoUtc(Math.round(deps.nowMs()))
      const why = await posted(deps, hook, { is: 'test', at, fleet: hook.fleet, by })
      noteOutcome(of(id), deps.nowMs(), why)
      return why
    },
    standing: (id) => standingOf(of(id)),
  }
}

function standingOf({ deliveredMs, failed, tries, notBeforeMs }: Running): Standing {
  const iso = (ms: number | null): string | null => (ms === null ? null : isoUtc(Math.round(ms)))
  const isFailing = failed !== null && (deliveredMs === null || failed.atMs > deliveredMs)
  return {
    deliveredAt: iso(deliveredMs),
    failedAt: isFailing ? iso(failed.atMs) : null,
    why: isFailing ? failed.why : null,
    tries,
    nextTryAt: tries > 0 ? iso(notBeforeMs) : null,
  }
}

/** A journal that was restored from a copy is behind what its webhooks were told: they go on from its newest alert. */
function holdBack({ store, lastCursor, escalations }: CourierDeps): void {
  const newest = lastCursor()
  const lastLine = escalations?.last()
  for (const hook of store.all()) {
    const cursor = Math.min(hook.cursor, newest)
    // A hook of before there were any is not told of what is over.
    const line = lastLine === undefined ? hook.line : Math.min(hook.line ?? lastLine, lastLine)
    if (cursor === hook.cursor && line === hook.line) continue
    store.put({ ...hook, cursor, ...(line === undefined ? {} : { line }) })
  }
}

/** What is due of one receiver; a round that is still under way is not joined by another. */
async function round(deps: CourierDeps, hook: Hook, own: Running): Promise<void> {
  if (own.busy || deps.nowMs() < own.notBeforeMs) return
  own.busy = true
  try {
    while (own.again.length > 0) {
      if (!(await retried(deps, hook, own, own.again[0]!))) return
      own.again.shift()
    }
    if (await alerts(deps, hook, own)) await calls(deps, hook, own)
  } finally {
    own.busy = false
  }
}

/** False: not everything that is there could be told. */
async function alerts(deps: CourierDeps, hook: Hook, own: Running): Promise<boolean> {
  let { cursor } = hook
  try {
    for (const alert of await deps.alertsAfter(cursor, pageMax, hook.fleet)) {
      const news = { is: 'alert', alert } as const
      if (isWanted(hook, news) && !(await carried(deps, hook, own, news))) return false
      ;({ cursor } = alert)
    }
  } finally {
    move(deps, hook, { cursor })
  }
  return true
}

async function calls(deps: CourierDeps, hook: Hook, own: Running): Promise<void> {
  const { escalations } = deps
  if (escalations === undefined) return
  let line = hook.line ?? escalations.last()
  try {
    for (const escalation of escalations.after(line, pageMax, hook.fleet)) {
      const news = { is: 'escalation', escalation } as const
      if (isWanted(hook, news) && !(await carried(deps, hook, own, news))) return
      ;({ line } = escalation)
    }
  } finally {
    move(deps, hook, { line })
  }
}

/** Somebody may have taken the hook away meanwhile: it does not come back. */
function move({ store }: CourierDeps, { id }: Hook, to: Partial<Pick<Hook, 'cursor' | 'line'>>): void {
  const there = store.all().find((one) => one.id === id)
  if (there === undefined) return
  const next = { ...there, ...to }
  if (next.cursor !== there.cursor || next.line !== there.line) store.put(next)
}

function isWanted({ severities, kinds, events }: Hook, news: Exclude<News, { is: 'test' }>): boolean {
  const { severity, kind } = news.is === 'alert' ? news.alert : news.escalation.alert
  return (
    (events === undefined || events.includes(news.is)) &&
    (severities === null || severities.includes(severity)) &&
    (kinds === null || kinds.includes(kind))
  )
}

/** True when it need not be tried again now: it is there, or it stays among the dead letters. */
async function retried(deps: CourierDeps, hook: Hook, own: Running, letter: DeadLetter): Promise<boolean> {
  const news = newsOf(deps, letter)
  if (news !== null && !(await carried(deps, hook, own, news, letter))) return false
  // Of a day that has gone there is nothing left to tell.
  if (news === null) deps.store.exhume(hook.id, letter)
  return true
}

function newsOf(deps: CourierDeps, { alert, revision, line }: DeadLetter): News | null {
  if (line !== undefined) {
    const escalation = deps.escalations?.of(line) ?? null
    return escalation === null ? null : { is: 'escalation', escalation }
  }
  const found = deps.revision(alert, revision)
  return found === null ? null : { is: 'alert', alert: found }
}

/** True when there is nothing more to do about it: it is there, or among the dead letters, where `buried` lies already. */
async function carried(
  deps: CourierDeps,
  hook: Hook,
  own: Running,
  news: News,
  buried: DeadLetter | null = null,
): Promise<boolean> {
  const why = await posted(deps, hook, news)
  noteOutcome(own, deps.nowMs(), why)
  if (why === null) {
    deps.count('delivered')
    if (buried !== null) deps.store.exhume(hook.id, buried)
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
  if (buried === null) deps.store.bury(hook.id, deadOf(news, isoUtc(deps.nowMs()), why))
  deps.count('dead')
  return true
}

function deadOf(news: News, at: string, why: string): DeadLetter {
  if (news.is === 'test') return { at, why, alert: '', revision: 0 }
  const { id, revision } = news.is === 'alert' ? news.alert : news.escalation.alert
  const line = news.is === 'escalation' ? { line: news.escalation.line } : {}
  return { at, why, alert: id, revision, ...line }
}

function posted(deps: CourierDeps, { url, format, secret }: Hook, news: News): Promise<string | null> {
  const letter = letterOf(outward(deps, news), format, secret, Math.floor(deps.nowMs() / 1000))
  return deps.post(url, letter.body, letter.headers)
}

function outward({ outward: bare }: CourierDeps, news: News): News {
  if (news.is === 'alert') return { ...news, alert: bare(news.alert) }
  if (news.is === 'test') return news
  return { ...news, escalation: { ...news.escalation, alert: bare(news.escalation.alert) } }
}

function noteOutcome(own: Running, nowMs: number, why: string | null): void {
  if (why === null) own.deliveredMs = nowMs
  else own.failed = { atMs: nowMs, why }
}
