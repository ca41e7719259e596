import { element, kindName } from '/desk/list.js'
import { drawMap } from '/desk/map.js'
import { instant, maskedDriver, said, span, word } from '/desk/words.js'

/** One alert: what is said of it, why, by which limit, where, and what was done. */

export const keys = {
  acknowledge: 'A',
  assign: 'G',
  rectify: 'R',
  verify: 'V',
  close: 'C',
  falseAlarm: 'F',
  reopen: 'O',
  appeal: 'P',
  note: 'N',
  say: 'S',
}

export function drawOne(desk) {
  const { store, about, chosen } = desk
  const alert = store.alerts.get(chosen)
  const title = document.querySelector('#one-title')
  if (alert === undefined) {
    title.textContent = word('choose')
    for (const id of ['actions', 'facts', 'history']) document.querySelector(`#${id}`).replaceChildren()
    document.querySelector('#map').hidden = true
    return
  }
  const view = store.cases.get(alert.id)
  const status = word(view?.status ?? 'raised')
  title.textContent = `${alert.plate ?? alert.vehicle} · ${kindName(about, alert.kind)} · ${status}`
  drawActions(desk, view?.allowed ?? about.raised)
  document.querySelector('#facts').replaceChildren(...facts(desk, alert))
  document.querySelector('#history').replaceChildren(...history(view, store.stateOf(alert)))
  drawMap(desk, alert)
}

/** Buttons are made anew only when they change: one that has the focus keeps it. */
function drawActions(desk, allowed) {
  const bar = document.querySelector('#actions')
  const mark = `${desk.chosen} ${document.documentElement.lang} ${allowed.map(({ action }) => action)}`
  if (bar.dataset.mark === mark) return
  bar.dataset.mark = mark
  const buttons = allowed.map(({ action, words }) => {
    const button = element('button', '', word(`do.${action}`))
    button.type = 'button'
    button.dataset.action = action
    button.ariaKeyShortcuts = keys[action]
    button.append(element('kbd', '', keys[action]))
    button.addEventListener('click', () => desk.act(action, words))
    return button
  })
  bar.replaceChildren(...buttons)
}

function facts(desk, alert) {
  const { store, nowMs } = desk
  const state = store.stateOf(alert)
  const severity = element('span', `severity ${alert.severity}`, word(alert.severity))
  const sentence = element('p', 'sentence', ` ${said(alert.explain)}`)
  sentence.prepend(severity)
  const list = element('dl')
  const add = (name, text) => {
    if (text !== null) list.append(element('dt', '', word(name)), element('dd', '', text))
  }
  const { evidence } = alert
  add('vehicle', `${alert.plate ?? ''} ${alert.vehicle} · ${alert.fleet}`)
  add('state', nowText(state, nowMs()))
  add('driver', maskedDriver(alert.driver))
  add('article', alert.article ?? word('noArticle'))
  add('limit', limitText(evidence))
  add('margin', marginText(evidence))
  add('grade', gradeText(alert))
  add('begun', instant(alert.at))
  add('decided', instant(alert.decidedAt))
  add('received', `${instant(alert.receivedAt)}${alert.late ? ` · ${word('late')}` : ''}`)
  add('remaining', remainingText(evidence))
  add('stops', stopsText(evidence))
  return [sentence, ...checklist(alert), list]
}

/** Of every source that says something, what it says is printed; what nobody said is said to be unknown. */
function nowText(state, nowMs) {
  if (state === null || state.at === null) return word('unknown')
  const ago = span(nowMs - Date.parse(state.at))
  const speed = state.speedKmh === null ? word('unknown') : `${Math.round(state.speedKmh)} km/h`
  const course = state.courseDeg === null ? '' : ` ${Math.round(state.courseDeg)}°`
  return `${word((state.speedKmh ?? 0) > 0 ? 'moving' : 'standing')} ${speed}${course} · ${ago} ${word('ago')}`
}

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
  return `${word(grade)}${typeof gradeReason === 'string' ? ` · ${gradeReason}` : ''}`
}

function remainingText(evidence) {
  const left = evidence.leftS ?? evidence.remainingS
  return typeof left === 'number' ? span(left * 1000) : null
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
  return [element('h3', '', word('why')), list]
}

function history(view, state) {
  const spoken = state?.spoken ?? []
  const parts = []
  if (view !== undefined && view.history.length > 0) {
    const list = element('ol')
    for (const line of view.history) {
      const text = `${instant(line.at)} ${line.by} (${line.from}) ${word(`do.${line.action}`)}${line.words ? `：${line.words}` : ''}`
      const item = element('li', '', text)
      if (line.digest !== null) item.append(element('span', 'soft', ` · ${receiptText(line, spoken)}`))
      list.append(item)
    }
    parts.push(element('h3', '', word('history')), list)
  }
  return parts
}

function receiptText({ digest, at }, spoken) {
  const receipt = spoken.findLast(
    (one) => one.digest === digest && Date.parse(one.at) >= Date.parse(at) - 60_000,
  )
  return receipt === undefined
    ? word('noReceipt')
    : `${word(receipt.outcome)} ${instant(receipt.at).slice(11)}`
}
