import { act } from '/desk/act.js'
import { begin, get, has, learn, list as listOf, sessionOf } from '/desk/api.js'
import { learnMaps } from '/desk/geo.js'
import { connect, credentials, login, request } from '/desk/link.js'
import { drawList, episodeAlerts, neighbour, openOnes } from '/desk/list.js'
import { clearOne, drawOne } from '/desk/one.js'
import { createPages } from '/desk/pages.js'
import { drawQuietButton, openQuietRules, quietRuleOf, quietText, readQuietRules } from '/desk/quiet.js'
import { createStore, dueMs, statusOf } from '/desk/store.js'
import { el, find, news, sheet } from '/desk/ui.js'
import { instant, nameAll, said, switchLanguage, word } from '/desk/words.js'

/** Wires the desk: what comes in is stored and drawn, a few times a second at most; what an officer does goes out by one road. */

const nameField = find('#name')
const drawMs = 60
let due = false
let linkStatus = 'connecting'
/** World seconds per second here, as the gateway said it last. */
let factorNow = null

function changed(what, key) {
  pages?.told(what, key)
  // Where thousands drive, only the one that is looked at matters to the page of alerts.
  if (what === 'states' && key !== chosenVehicle()) return
  if (due) return
  due = true
  setTimeout(() => {
    due = false
    draw()
  }, drawMs)
}

const desk = {
  store: createStore(changed),
  about: null,
  chosen: null,
  marked: new Set(),
  scope: 'all',
  showQuiet: false,
  mayAct: true,
  nowMs: () => Date.now(),
  /** The time of a drive that is over stands: nothing of it is live. */
  isStanding: () => factorNow === 0,
  officer: () => nameField.value.trim(),
  /** Alerts of the register, whose day the list of alerts does not hold. */
  others: new Map(),
  alertOf: (id) => desk.store.alerts.get(id) ?? desk.others.get(id),
  isQuiet: (alert) => quietRuleOf(alert) !== null,
  quietReason: (alert) => quietText(quietRuleOf(alert)),
  quietVersion: () => quietStamp,
  ...{ draw, choose, act: take, targets, turnScope, turnQuiet, told },
}
let pages = null
let quietStamp = 0
desk.store.keep = () => desk.chosen

function chosenVehicle() {
  const alert = desk.store.alerts.get(desk.chosen)
  return alert === undefined ? null : `${alert.fleet}/${alert.vehicle}`
}

function draw() {
  drawLink()
  drawList(desk)
  if (pages?.current() === 'live') drawOne(desk)
}

function drawLink() {
  const link = find('#link')
  const isStill = linkStatus === 'connected' && desk.isStanding()
  const up = isStill ? 'up still' : 'up'
  link.className = linkStatus === 'connected' ? up : linkStatus === 'lost' ? 'down' : ''
  const text = isStill ? word('timeStands', instant(isoNow()).slice(5, 16)) : word(linkStatus)
  if (link.textContent !== text) link.textContent = text
}
const isoNow = () => new Date(desk.nowMs()).toISOString()

function choose(id) {
  if (id === null || id === undefined) return
  if (!episodeAlerts(desk).some((alert) => alert.id === id)) desk.scope = 'all'
  desk.chosen = id
  find('#told').textContent = ''
  document.body.classList.add('reading')
  history.replaceState(null, '', `#/live/${id}`)
  clearOne(desk)
  draw()
  if (matchMedia('(width < 50rem)').matches) scrollTo(0, 0)
  else find('#list [aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
}

/** What an action is for: all that are marked, else the episode, else the one alert. */
function targets() {
  if (desk.marked.size > 0) return [...desk.marked].filter((id) => desk.store.alerts.has(id))
  const alerts = desk.scope === 'all' ? openOnes(desk, episodeAlerts(desk)) : []
  const ids = alerts.map(({ id }) => id)
  // The one that is looked at comes first: what is done to one alone is done to it.
  return desk.chosen === null ? [] : [desk.chosen, ...ids.filter((id) => id !== desk.chosen)]
}

function turnScope() {
  if (desk.marked.size > 0) desk.marked.clear()
  else desk.scope = desk.scope === 'all' ? 'one' : 'all'
  draw()
}

function turnQuiet() {
  desk.showQuiet = !desk.showQuiet
  draw()
}

/** Marks the episode that is looked at, or takes the mark away. */
function mark() {
  const ids = openOnes(desk, episodeAlerts(desk)).map(({ id }) => id)
  const isMarked = ids.some((id) => desk.marked.has(id))
  for (const id of ids) isMarked ? desk.marked.delete(id) : desk.marked.add(id)
  draw()
}

function sideways(by) {
  const alerts = episodeAlerts(desk)
  const at = alerts.findIndex(({ id }) => id === desk.chosen)
  if (at === -1) return
  desk.scope = 'one'
  choose(alerts[(at + by + alerts.length) % alerts.length].id)
}

function told(text) {
  find('#told').textContent = text
}

async function take(action) {
  if (desk.chosen === null) return
  if (desk.officer() === '') {
    told(word('badName'))
    nameField.focus()
    return
  }
  await named()
  await act(desk, targets(), action, told)
  desk.marked.clear()
  draw()
}

/** Steps carry the name of a session; another name is another session. */
async function named() {
  if (desk.about.auth === 'loopback' && has('/session') && sessionOf().name !== desk.officer())
    await begin(desk.officer())
}
desk.named = named

let audio = null
const sounded = new Set()
function isNew(alert) {
  // What is read back after a start or a break is shown, not sounded one by one.
  if (alert.severity !== 'critical' || linkStatus === 'connecting' || linkStatus === 'lost') return
  if (desk.isQuiet(alert)) return
  find('#news').textContent = `${word('critical')}：${said(alert.explain)}`
  beep()
}

/** Once more when nobody has acknowledged a critical one in time. */
function remind() {
  for (const alert of desk.store.alerts.values()) {
    const isLate =
      alert.severity === 'critical' &&
      statusOf(desk.store, alert) === 'raised' &&
      desk.nowMs() > dueMs(alert, desk.about)
    if (!isLate || sounded.has(alert.id) || desk.isQuiet(alert) || alert.withdrawn) continue
    sounded.add(alert.id)
    if (linkStatus === 'connected' || linkStatus === 'polling') beep()
  }
  if (sounded.size > 5000) sounded.clear()
}

function beep() {
  if (find('#sound').ariaPressed !== 'true') return
  audio ??= new AudioContext()
  const tone = audio.createOscillator()
  tone.frequency.value = 880
  tone.connect(audio.destination)
  tone.start()
  tone.stop(audio.currentTime + 0.25)
}

function turnTheme() {
  const root = document.documentElement
  const dark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches
  root.dataset.theme = dark ? 'light' : 'dark'
  localStorage.setItem('theme', root.dataset.theme)
}

function turnLanguage() {
  switchLanguage()
  pages.drawNav()
  pages.reopen()
  drawQuietButton(desk)
  draw()
}

function turnSound() {
  const pressed = find('#sound').ariaPressed !== 'true'
  find('#sound').ariaPressed = String(pressed)
  localStorage.setItem('sound', String(pressed))
}

/** Every key of the page that is open, and those that always hold. */
function showHelp() {
  const rows = [
    ...pages.keys(),
    ...Object.entries(helpOf[pages.current()] ?? {}),
    ...Object.entries(helpOf.always),
  ]
  sheet(
    word('help'),
    el(
      'dl',
      { class: 'keys' },
      rows.flatMap(([key, name]) => [el('dt', {}, el('kbd', {}, key)), el('dd', {}, word(name))]),
    ),
  )
}
const helpOf = {
  live: {
    '↑ ↓': 'key.walk',
    '← →': 'key.sideways',
    Enter: 'key.read',
    X: 'key.mark',
    Z: 'key.scope',
    'Ctrl Enter': 'key.send',
  },
  always: { L: 'language', T: 'theme', M: 'sound', Esc: 'key.back', '?': 'help' },
}

/** On a phone one of the two is seen: the list, or what was chosen. */
function toList() {
  document.body.classList.remove('reading')
  find('#list').focus()
}

const always = { L: turnLanguage, T: turnTheme, M: turnSound, '?': showHelp }
const onLive = {
  ArrowDown: () => choose(neighbour(desk, 1)),
  ArrowUp: () => choose(neighbour(desk, -1)),
  ArrowRight: () => sideways(1),
  ArrowLeft: () => sideways(-1),
  Enter: () => find('#one').focus(),
  X: mark,
  Z: turnScope,
  H: () => find('#quiet-rules').click(),
  Escape: toList,
}

function onKey(event) {
  const { target, key } = event
  const busy =
    document.querySelector('dialog[open]') !== null || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
  if (event.ctrlKey || event.altKey || event.metaKey) return
  if (busy) {
    if (key === 'Escape' && !document.querySelector('dialog[open]')) target.blur()
    return
  }
  // The map moves by arrows, and a button or a link is pressed by Enter, when they have the focus.
  if (key.startsWith('Arrow') && target.closest?.('.leaflet-container')) return
  if ((key === 'Enter' || key === ' ') && /^(BUTTON|A|SUMMARY)$/.test(target.tagName)) return
  const todo = roadOf(key.length === 1 ? key.toUpperCase() : key)
  if (todo === undefined) return
  event.preventDefault()
  todo()
}

/** What a key does: a button of the page that shows it, then the page, then what always holds. */
function roadOf(name) {
  const isLive = pages.current() === 'live'
  const root = find(isLive ? '#live' : '#page')
  const own = [...root.querySelectorAll('[data-action], [data-key]')].find(
    (one) => (one.getAttribute('aria-keyshortcuts') ?? one.dataset.key) === name && !one.disabled,
  )
  if (own !== undefined) return () => own.click()
  return (isLive ? onLive[name] : pages.key(name)) ?? pages.road(name) ?? always[name]
}

function listen() {
  document.addEventListener('keydown', onKey)
  find('#list').addEventListener('click', ({ target }) =>
    choose(target.closest('[role=option]')?.dataset.id ?? null),
  )
  find('#language').addEventListener('click', turnLanguage)
  find('#theme').addEventListener('click', turnTheme)
  find('#sound').addEventListener('click', turnSound)
  find('#help').addEventListener('click', showHelp)
  find('#to-list').addEventListener('click', toList)
  find('#quiet-rules').addEventListener('click', () => openQuietRules(desk, quietRead))
  nameField.addEventListener('change', () => {
    localStorage.setItem('name', nameField.value.trim())
    // Said: a key that was meant for the list and landed in the name is noticed.
    news(word('nowNamed', desk.officer()))
    void named()
  })
  nameField.addEventListener('keydown', ({ key, isComposing }) => {
    // Enter also takes what an input method proposes: that one is not for the desk.
    if (!isComposing && (key === 'Enter' || key === 'Escape')) leaveName(key === 'Escape')
  })
}

/** The name is taken, or stays what it was; the keys are those of the page again. */
function leaveName(isGivenUp) {
  if (isGivenUp && !nameField.readOnly) nameField.value = localStorage.getItem('name') ?? ''
  find(pages.current() === 'live' ? '#list' : '#main-place').focus({ preventScroll: true })
}

async function quietRead() {
  await readQuietRules()
  quietStamp++
  drawQuietButton(desk)
  draw()
}

/** Behind TLS the name is the one of the login and nobody else's. */
function askForLogin() {
  const dialog = find('#login')
  dialog.addEventListener('cancel', (event) => event.preventDefault())
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.querySelector('form').addEventListener('submit', async (event) => {
      event.preventDefault()
      const [name, password] = [find('#login-name').value, find('#login-password').value]
      const isIn = has('/session') ? await begin(name, password) : await login(name, password)
      if (!isIn) {
        find('#login-trouble').textContent = word('wrongLogin')
        return
      }
      credentials.name = name
      dialog.close()
      resolve()
    })
  })
}

/** A session that still holds needs no password again. */
async function comeIn() {
  if (has('/session')) {
    const { ok, value } = await get('/session')
    if (ok && value.name !== '') Object.assign(sessionOf(), value)
    if (ok && desk.about.auth === 'tls') credentials.name = value.name
  }
  if (desk.about.auth !== 'tls') {
    if (nameField.value.trim() !== '') await named()
    return
  }
  if (credentials.name === null) await askForLogin()
  nameField.value = credentials.name
  nameField.readOnly = true
  const own = sessionOf().fleets ?? []
  desk.about.fleets =
    own.length > 0 ? own.map(({ fleet }) => fleet) : (await (await request('/desk/mine')).json()).fleets
  desk.mayAct = own.length === 0 || own.some(({ role }) => ['officer', 'supervisor', 'admin'].includes(role))
}

/** So many cursors are read once more: what was handled while the lists were read is not missed. */
const marginCursors = 100
const handled = ['acknowledged', 'assigned', 'rectified', 'verified', 'appealed']

/** What is open now, with its cases; from there on the rest is read by cursor. */
function snapshotOf() {
  if (!has('/alerts') || !has('/cases')) return null
  return async () => {
    const asked = [
      listOf('/alerts', { open: 1, limit: 500 }),
      ...handled.map((status) => listOf('/cases', { status, limit: 500 })),
    ]
    const [alerts, ...cases] = await Promise.all(asked)
    if ([alerts, ...cases].some(({ ok }) => !ok)) throw new Error('the lists could not be read')
    const { store } = desk
    for (const view of cases.flatMap(({ value }) => value)) store.takeCase(view)
    for (const { alert } of alerts.value) if (store.takeAlert(alert)) isNew(alert)
    const newest = alerts.value.length > 0 ? alerts.value : (await listOf('/alerts', { limit: 1 }, 1)).value
    const last = (cursors) => Math.max(0, cursors.reduce((a, b) => Math.max(a, b ?? 0), 0) - marginCursors)
    store.cursors.alerts = last(newest.map(({ alert }) => alert.cursor))
    store.cursors.cases = last(cases.flatMap(({ value }) => value.map(({ cursor }) => cursor)))
  }
}

function setClock({ now, factor }) {
  const [worldMs, hereMs] = [Date.parse(now), Date.now()]
  // Of the same world a few seconds are the line's: a clock that is read should not jump.
  if (factor === factorNow && Math.abs(worldMs - desk.nowMs()) < clockOffMs * Math.max(1, factor)) return
  factorNow = factor
  desk.nowMs = () => worldMs + (Date.now() - hereMs) * factor
}
const clockOffMs = 2000

/** World time may stand, go on, or be another after the gateway was started again. */
async function askTime() {
  try {
    const answer = await request('/desk/document')
    if (answer.ok) setClock(await answer.json())
  } catch {
    // Not reachable: the line to the gateway says so itself.
  }
}

async function start() {
  const theme = localStorage.getItem('theme')
  if (theme !== null) document.documentElement.dataset.theme = theme
  nameField.value = localStorage.getItem('name') ?? ''
  find('#sound').ariaPressed = localStorage.getItem('sound') ?? 'true'
  nameAll()
  const [about] = await Promise.all([
    request('/desk/document').then((one) => one.json()),
    learn(),
    learnMaps(),
  ])
  desk.about = about
  setClock(about)
  await comeIn()
  pages = createPages(desk)
  listen()
  pages.open()
  draw()
  setInterval(() => {
    draw()
    remind()
    desk.store.forget()
  }, 1000)
  const status = (is) => {
    linkStatus = is
    changed('link')
  }
  connect({ about, store: desk.store, isNew, status, snapshot: snapshotOf() })
  void quietRead()
  setInterval(quietRead, 60_000)
  setInterval(askTime, 3000)
  if (pages.current() === 'live') find('#list').focus()
}

export { news }

await start()
