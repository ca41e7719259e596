import { allowedOf, keys } from '/desk/act.js'
import { get, has } from '/desk/api.js'
import { drawChart } from '/desk/chart.js'
import { detourText } from '/desk/decisions.js'
import { beganMs, endedMs } from '/desk/episodes.js'
import { historyLines } from '/desk/history.js'
import { episodeAlerts, kindName } from '/desk/list.js'
import { drawMap, drawTrip } from '/desk/map.js'
import { el, element } from '/desk/ui.js'
import { instant, maskedDriver, said, span, word } from '/desk/words.js'

/** One alert: what is said of it, why, by which limit, where, what the cab was told, and what was done. */

const place = (id) => document.querySelector(`#${id}`)

/** What the gateway adds to the alert itself, by its id; asked again when a revision came or a minute went by. */
const details = new Map()
const detailMs = 20_000
const heardMs = 500

export function drawOne(desk) {
  const { store, about, chosen } = desk
  const alert = store.alerts.get(chosen)
  const title = place('one-title')
  if (alert === undefined) {
    if (title.textContent !== word('choose')) title.textContent = word('choose')
    for (const id of ['actions', 'facts', 'history', 'episode']) place(id).replaceChildren()
    place('actions').dataset.mark = ''
    place('facts').dataset.mark = ''
    place('episode').dataset.mark = ''
    place('map').hidden = true
    place('chart').hidden = true
    return
  }
  const view = store.cases.get(alert.id)
  const text = `${alert.plate ?? alert.vehicle} · ${kindName(about, alert.kind)} · ${word(view?.status ?? 'raised')}`
  if (title.textContent !== text) title.textContent = text
  const detail = detailOf(desk, alert)
  drawEpisode(desk)
  drawActions(desk, alert, view)
  drawFacts(desk, alert, view, detail)
  drawMap(desk, alert, detail?.begun?.place ?? null)
}

/** The last answer, while the next is on its way. */
function detailOf(desk, alert) {
  if (!has('/alerts/*')) return null
  const known = details.get(alert.id)
  // What another did was heard without names: asked for at once.
  const everyMs = desk.store.isHeard(alert.id) ? heardMs : detailMs
  const isFresh = known?.revision === alert.revision && Date.now() - known.askedMs < everyMs
  if (isFresh) return known.value
  const entry = { revision: alert.revision, askedMs: Date.now(), value: known?.value ?? null }
  // Of the last few only: a shift looks at hundreds.
  if (details.size > 20) details.delete(details.keys().next().value)
  details.set(alert.id, entry)
  void ask(desk, alert, entry, known)
  return entry.value
}

/** Of one that an officer only passes by, nothing is asked. */
const passesMs = 100
async function ask(desk, alert, entry, known) {
  if (known === undefined) await new Promise((resolve) => setTimeout(resolve, passesMs))
  if (desk.chosen !== alert.id && known === undefined) return void details.delete(alert.id)
  const { ok, value } = await get(`/alerts/${alert.id}`)
  if (!ok) return
  entry.value = value
  if (known?.revision !== alert.revision) void drawSeries(desk, alert, value)
  if (value.case) desk.store.takeCase(value.case)
  if (desk.chosen === alert.id) drawOne(desk)
}

/** As its first revision said it, else as the evidence of its end does; null: neither. */
const begunMs = (alert, detail) => (detail?.begun ? Date.parse(detail.begun.at) : beganMs(alert))
const timeText = (ms) => instant(new Date(ms).toISOString())

/** The minute it began, so that alerts of one episode stand in their order; of one whose beginning nobody heard, its end. */
export function minuteOf(alert) {
  const ms = begunMs(alert, details.get(alert.id)?.value)
  return ms === null ? word('until', timeText(endedMs(alert)).slice(11, 16)) : timeText(ms).slice(11, 16)
}

let drawnSeries = ''
async function drawSeries(desk, alert, detail) {
  if (!has('/alerts/*/series')) return
  const { ok, value } = await get(`/alerts/${alert.id}/series`)
  if (!ok || desk.chosen !== alert.id) return
  drawnSeries = alert.id
  drawChart(place('chart'), value, begunMs(alert, detail), endedMs(alert))
  drawTrip(value)
}

/** Whether the chart on the page is of another alert than the one that is chosen. */
export function clearOne({ chosen, store }) {
  if (drawnSeries === chosen) return
  place('chart').hidden = true
  place('chart').replaceChildren()
  const known = details.get(chosen)
  if (known !== undefined) known.revision = -1
  place('facts').dataset.mark = ''
  return store
}

/** The alerts of the episode, when there are several: which one is looked at, and whether actions are for all of them. */
function drawEpisode(desk) {
  const holder = place('episode')
  const alerts = episodeAlerts(desk)
  const mark = `${alerts.map(({ id, revision }) => id + revision)} ${desk.chosen} ${desk.scope} ${desk.marked.size} ${document.documentElement.lang} ${alerts.map(minuteOf)}`
  if (holder.dataset.mark === mark) return
  holder.dataset.mark = mark
  if (alerts.length < 2 && desk.marked.size === 0) return holder.replaceChildren()
  holder.setAttribute('aria-label', word('episode'))
  const tabs = alerts.map((alert) =>
    el(
      'button',
      {
        type: 'button',
        class: `tab ${alert.severity}`,
        'aria-pressed': String(alert.id === desk.chosen),
        click: () => desk.choose(alert.id),
      },
      `${minuteOf(alert)} ${kindName(desk.about, alert.kind)}`,
    ),
  )
  const count = desk.targets().length
  const scope = el(
    'button',
    { type: 'button', id: 'scope', 'aria-pressed': String(desk.scope === 'all'), click: desk.turnScope },
    desk.marked.size > 0
      ? word('scopeMarked', count)
      : desk.scope === 'all'
        ? word('scopeAll', count)
        : word('scopeOne'),
  )
  scope.append(element('kbd', '', 'Z'))
  holder.replaceChildren(...(alerts.length < 2 ? [] : tabs), scope)
}

/** Buttons are made anew only when they change: one that has the focus keeps it. */
function drawActions(desk, alert, view) {
  const bar = place('actions')
  const ids = desk.targets()
  const allowed = allowedOf(desk, ids)
  const own = new Set((view?.allowed ?? desk.about.raised).map(({ action }) => action))
  // What is done to one alone is done to the one that is looked at, whatever else is chosen.
  const alone = allowedOf(desk, [alert.id]).filter(({ action }) => own.has(action))
  const all = [...allowed, ...alone.filter(({ action }) => !allowed.some((one) => one.action === action))]
  const mark = `${ids} ${document.documentElement.lang} ${all.map(({ action }) => action)} ${desk.mayAct}`
  if (bar.dataset.mark === mark) return
  bar.dataset.mark = mark
  const buttons = !desk.mayAct
    ? []
    : all.map(({ action }) => {
        const made = el(
          'button',
          {
            type: 'button',
            'data-action': action,
            'aria-keyshortcuts': keys[action],
            click: () => desk.act(action),
          },
          word(`do.${action}`),
        )
        if (keys[action]) made.append(element('kbd', '', keys[action]))
        return made
      })
  bar.replaceChildren(...buttons, ...papers(alert))
}

/** What can be taken away: the signed evidence, and the notice to print. */
function papers({ id }) {
  const made = []
  if (has('/alerts/*/evidence'))
    made.push(
      el(
        'a',
        {
          class: 'button',
          href: `/api/v1/alerts/${id}/evidence`,
          download: '',
          'data-key': 'J',
          'aria-keyshortcuts': 'J',
        },
        word('evidence'),
        element('kbd', '', 'J'),
      ),
    )
  if (has('/cases/*/notice'))
    made.push(
      el(
        'a',
        { class: 'button', href: `#/notice/${id}`, 'data-key': 'I', 'aria-keyshortcuts': 'I' },
        word('notice'),
        element('kbd', '', 'I'),
      ),
    )
  return made
}

function drawFacts(desk, alert, view, detail) {
  const { store, nowMs } = desk
  const state = store.stateOf(alert) ?? detail?.vehicleState ?? null
  const now = nowText(state, nowMs(), desk.isStanding())
  const line = place('now')
  if (line !== null && line.textContent !== now) line.textContent = now
  const mark = JSON.stringify([
    alert.id,
    alert.revision,
    view?.revision,
    state?.spoken,
    detail !== null && details.get(alert.id)?.askedMs,
    document.documentElement.lang,
    state === null,
  ])
  const holder = place('facts')
  if (holder.dataset.mark === mark) return
  holder.dataset.mark = mark
  holder.replaceChildren(...facts(alert, now, detail, view))
  place('history').replaceChildren(...history(view, state, detail, desk.about))
}

function facts(alert, now, detail, view) {
  const severity = element('span', `severity ${alert.severity}`, `${word(alert.severity)} `)
  const sentence = element('p', 'sentence')
  sentence.append(severity, said(alert.explain))
  const heard = element('p', '', now)
  heard.id = 'now'
  const list = element('dl')
  const add = (name, text) => {
    if (text === null || text === undefined || text === '') return
    list.append(element('dt', '', word(name)), element('dd', '', text))
  }
  const { evidence } = alert
  add('vehicle', vehicleText(alert))
  add('driver', driverText(alert, detail))
  add('remaining', remainingText(evidence, detail))
  add('stops', stopsText(evidence))
  add('do.approveDetour', view?.facts?.detour ? detourText(view.facts.detour) : null)
  add('do.attributeDriver', view?.facts?.driver)
  add('article', alert.article ?? word('noArticle'))
  add('limit', limitText(evidence))
  add('margin', marginText(evidence))
  add('grade', gradeText(alert))
  const fromMs = begunMs(alert, detail)
  add('begun', fromMs === null ? word('unknown') : timeText(fromMs))
  add('over', alert.phase === 'ended' ? instant(alert.at) : null)
  add('decided', instant(alert.decidedAt))
  add('received', `${instant(alert.receivedAt)}${alert.late ? ` · ${word('late')}` : ''}`)
  add('where', placeText(alert.phase === 'ended' ? detail?.begun?.place : alert.place))
  add('whereEnded', placeText(alert.phase === 'ended' ? alert.place : null))
  return [sentence, heard, ...checklist(alert), list]
}

const placeText = (at) => (at ? `${at.lat.toFixed(5)}, ${at.lon.toFixed(5)}` : null)

function vehicleText({ plate, vehicle, fleet, trip, evidence }) {
  const { serviceClass, line, oneWayKm } = evidence
  const parts = [
    `${plate ?? ''} ${vehicle} · ${fleet}`.trim(),
    typeof line === 'string' ? line : trip === null ? null : `${word('trip')} ${trip}`,
    typeof serviceClass === 'string' ? word(`service.${serviceClass}`) : null,
    typeof oneWayKm === 'number' ? `${oneWayKm} km` : null,
  ]
  return parts.filter(Boolean).join(' · ')
}

function driverText(alert, detail) {
  const name = detail?.driver?.name ?? maskedDriver(alert.driver)
  const second = alert.evidence.coDriver
  return [
    name,
    detail?.driver?.phone,
    typeof second === 'string' && second !== '' ? `${word('second')} ${maskedDriver(second)}` : null,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** Whether it is heard now, and how old its last fix is; of every source that says something, what it says. */
function nowText(state, nowMs, isStanding) {
  if (state === null || state.at === null) return word('neverHeard')
  const agoMs = nowMs - Date.parse(state.at)
  const heard = word(isStanding ? 'heardThen' : agoMs < 30_000 ? 'heardNow' : 'heardLate')
  const fix = isStanding ? word('lastFixAt', instant(state.at).slice(5)) : word('lastFix', span(agoMs))
  const speed = state.speedKmh === null ? word('unknown') : `${Math.round(state.speedKmh)} km/h`
  const course = state.courseDeg === null ? '' : ` ${compass(state.courseDeg)}`
  return `${heard} · ${word((state.speedKmh ?? 0) > 0 ? 'moving' : 'standing')} ${speed}${course} · ${fix}`
}
export const compass = (deg) => word(`compass.${Math.round(deg / 45) % 8}`)

function limitText(evidence) {
  const limit = evidence.limitKmh
  if (typeof limit === 'number') {
    const source = setBy(evidence)
    return `${limit} km/h${source === '' ? '' : ` · ${word('by')} ${source}`}`
  }
  if (typeof evidence.limitS === 'number') return span(evidence.limitS * 1000)
  const { curfewFrom, curfewTo } = evidence
  return typeof curfewFrom === 'string'
    ? `${instant(curfewFrom).slice(11, 16)}–${instant(curfewTo).slice(11, 16)}`
    : null
}

/** An area, a section of the route, a temporary notice by their names; else the class of the vehicle. */
function setBy({ limitSetBy, limitSource }) {
  if (typeof limitSetBy !== 'string') return ''
  const named = ['area', 'segment', 'temporary'].includes(limitSource)
  return named ? `${word(`by.${limitSource}`)} ${limitSetBy}` : word('by.class')
}

function marginText({ peakKmh, limitKmh, percentOver, drivenS, limitS }) {
  if (typeof peakKmh === 'number' && typeof limitKmh === 'number' && peakKmh > limitKmh) {
    const over = Math.round((peakKmh - limitKmh) * 10) / 10
    return `${over} km/h${typeof percentOver === 'number' ? ` (${percentOver} %)` : ''}`
  }
  return typeof drivenS === 'number' && drivenS > limitS ? span((drivenS - limitS) * 1000) : null
}

function gradeText({ grade, evidence }) {
  const { gradeReason } = evidence
  if (typeof gradeReason !== 'string') return word(grade)
  const known = word(`reason.${gradeReason}`)
  return `${word(grade)} · ${known.startsWith('reason.') ? gradeReason : known}`
}

/** By the upper bound of what was driven: it is what the driver is told too. */
const leftText = ({ cautiousS }) => (cautiousS <= 0 ? word('usedUp') : span(cautiousS * 1000))

/** What the detectors said, and what the ledger of the driver says now. */
function remainingText(evidence, detail) {
  const left = evidence.leftS ?? evidence.remainingS
  const own = typeof left === 'number' ? [span(left * 1000)] : []
  const ledger = Object.entries(detail?.driver?.remaining ?? {})
    .filter(([, left]) => left !== null)
    .map(([name, left]) => `${word(`left.${name}`)} ${leftText(left)}`)
  const all = ledger.length > 0 ? ledger : own
  return all.length === 0 ? null : all.join(' · ')
}

function stopsText({ safeStops }) {
  if (!Array.isArray(safeStops) || safeStops.length === 0) return null
  return safeStops
    .slice(0, 3)
    .map(({ area, km, eta }) => `${area} ${km} km${eta ? ` ${instant(eta).slice(11, 16)}` : ''}`)
    .join('；')
}

/** Certificate, window, place, fresh driver: the order in which an officer checks. */
const checks = [
  ['why.service', ['serviceClassUnknown', 'oneWayKmUnknown']],
  ['why.certificate', ['noCertificate', 'certificateExpired']],
  ['why.window', ['relayOutsideWindow']],
  ['why.place', ['relayNotFiledPoint']],
  ['why.fresh', ['reliefNotFresh']],
]

function checklist({ kind, reason, evidence }) {
  if (kind !== 'curfew') return []
  const against = [reason, ...(Array.isArray(evidence.otherReasons) ? evidence.otherReasons : [])]
  const list = element('ul', 'checks')
  // Without a certificate nobody looked at the rest: that is not the same as in order.
  const blind = against.includes('noCertificate')
  let before = true
  for (const [name, reasons] of checks) {
    const failed = reasons.some((one) => against.includes(one)) || name === 'why.service'
    const looked = failed || (before && !blind)
    const text = `${failed ? '✗' : looked ? '✓' : '–'} ${word(name)}${looked ? '' : ` (${word('unchecked')})`}`
    list.append(element('li', failed ? 'no' : looked ? 'yes' : 'soft', text))
    before = before && reasons[0] !== 'relayOutsideWindow' ? true : before && !failed
  }
  return [element('h3', '', word('whyNot')), list]
}

function history(view, state, detail, about) {
  const spoken = state?.spoken ?? []
  const parts = []
  const told = detail?.cabSaid ?? []
  if (told.length > 0) {
    const lines = told.map((one) => element('li', '', cabLine(one, view, about)))
    parts.push(element('h3', '', word('cab')), el('ul', { class: 'plainlist' }, lines))
  }
  if (view !== undefined && view.history.length > 0)
    parts.push(element('h3', '', word('history')), historyLines(view.history, spoken))
  return parts
}

/** What the terminal warned of, and words of officers, which the history of the case knows by their digest. */
function cabLine({ at, by, what, outcome }, view, about) {
  const words = view?.history.find(({ digest }) => digest === what)?.words
  const text = by === 'officer' ? (words ?? word('cabWords')) : kindName(about, what)
  return `${instant(at)} ${text}${outcome ? ` · ${word(outcome)}` : ''}`
}
