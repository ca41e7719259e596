import type { Alert } from '../../proto/model.ts'
import { isoUtc } from '../../proto/time.ts'
import { type Escalation, letterOf, type News } from './letter.ts'
import { fresh, noteOutcome, type Running, type Standing, standingOf } from './running.ts'
import { type DeadLetter, type Hook, type HookStore, isSame } from './store.ts'

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
  /** Alerts of all fleets that the receiver that is furthest behind was not told of, or passed by. */
  readonly behind: () => number
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
/** News of other fleets that may be read again at the next start: so many are not worth a write to the disk. */
const unwrittenMax = 1000

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
    behind: () => {
      const newest = deps.lastCursor()
      const passed = ({ id, cursor }: Hook): number => Math.max(cursor, of(id).passed.cursor)
      return deps.store.all().reduce((most, hook) => Math.max(most, newest - passed(hook)), 0)
    },
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
      const letter = own.again[0]!
      if (!(await retried(deps, hook, own, letter))) return
      // Somebody may have asked for all of them anew meanwhile: what goes is this one, wherever it stands now.
      own.again = own.again.filter((one) => !isSame(one, letter))
    }
    if (await alerts(deps, hook, own)) await calls(deps, hook, own)
  } finally {
    own.busy = false
  }
}

/** False: not everything that is there could be told. */
async function alerts(deps: CourierDeps, hook: Hook, own: Running): Promise<boolean> {
  // Before the page and in one turn with it: a page that is not full leaves nothing of this fleet up to here.
  const newest = deps.lastCursor()
  const page = await deps.alertsAfter(Math.max(hook.cursor, own.passed.cursor), pageMax, hook.fleet)
  let { cursor } = hook
  try {
    for (const alert of page) {
      const news = { is: 'alert', alert } as const
      if (isWanted(hook, news) && !(await carried(deps, hook, own, news))) return false
      ;({ cursor } = alert)
    }
    if (page.length < pageMax) own.passed.cursor = Math.max(cursor, newest)
  } finally {
    move(deps, hook, own, { cursor })
  }
  return true
}

async function calls(deps: CourierDeps, hook: Hook, own: Running): Promise<void> {
  const { escalations } = deps
  if (escalations === undefined) return
  const newest = escalations.last()
  // As with alerts, but lines that were forgotten make room for others under their numbers.
  let line = Math.min(hook.line ?? newest, newest)
  own.passed.line = Math.min(own.passed.line, newest)
  const page = escalations.after(Math.max(line, own.passed.line), pageMax, hook.fleet)
  try {
    for (const escalation of page) {
      const news = { is: 'escalation', escalation } as const
      if (isWanted(hook, news) && !(await carried(deps, hook, own, news))) return
      ;({ line } = escalation)
    }
    if (page.length < pageMax) own.passed.line = Math.max(line, newest)
  } finally {
    move(deps, hook, own, { line })
  }
}

/**
 * Somebody may have taken the hook away meanwhile: it does not come back. What it was told is written at once; what it
 * only passed, because it is of other fleets, when it is much: else each hook would write for each alert of everybody.
 */
function move({ store }: CourierDeps, hook: Hook, { passed }: Running, told: Told): void {
  const there = store.all().find(({ id }) => id === hook.id)
  if (there === undefined) return
  const cursor = Math.max(told.cursor ?? there.cursor, passed.cursor)
  const line = Math.max(told.line ?? there.line ?? 0, passed.line)
  const isTold = (told.cursor ?? hook.cursor) !== hook.cursor || (told.line ?? hook.line) !== hook.line
  const isFar = cursor - there.cursor >= unwrittenMax || line - (there.line ?? 0) >= unwrittenMax
  if (!isTold && !isFar) return
  const isCalled = there.line !== undefined || told.line !== undefined
  store.put({ ...there, cursor, ...(isCalled ? { line } : {}) })
}
type Told = Partial<Pick<Hook, 'cursor' | 'line'>>

const isThere = ({ store }: CourierDeps, { id }: Hook): boolean => store.all().some((one) => one.id === id)

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

/**
 * True when there is nothing more to do about it: it is there, or among the dead letters, where `buried` lies already.
 * To a hook that was taken away nothing is posted any more, and nothing of it is kept.
 */
async function carried(
  deps: CourierDeps,
  hook: Hook,
  own: Running,
  news: News,
  buried: DeadLetter | null = null,
): Promise<boolean> {
  if (!isThere(deps, hook)) return false
  const why = await posted(deps, hook, news)
  noteOutcome(own, deps.nowMs(), why)
  if (why === null) {
    deps.count('delivered')
    if (buried !== null) deps.store.exhume(hook.id, buried)
    Object.assign(own, { down: false, tries: 0, notBeforeMs: 0 })
    return true
  }
  deps.count('failed')
  if (!isThere(deps, hook)) return false
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
  const { escalation } = news
  const { driver } = escalation.alert
  const alert = bare(escalation.alert)
  // What an officer typed goes out as he typed it, but for the name that is masked beside it.
  const words =
    driver === null || driver === ''
      ? escalation.words
      : escalation.words.replaceAll(driver, () => alert.driver ?? '')
  return { ...news, escalation: { ...escalation, words, alert } }
}
