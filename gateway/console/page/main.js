import { openForm } from '/desk/form.js'
import { connect, credentials, login, request } from '/desk/link.js'
import { drawList, neighbour } from '/desk/list.js'
import { drawOne, keys } from '/desk/one.js'
import { createStore } from '/desk/store.js'
import { nameAll, said, switchLanguage, word } from '/desk/words.js'

/** Wires the desk: what comes in is stored and drawn once a frame; what an officer does goes out by one road. */

const find = (selector) => document.querySelector(selector)
const nameField = find('#name')
let due = false
let linkStatus = 'connecting'

function changed() {
  if (due) return
  due = true
  setTimeout(() => {
    due = false
    draw()
  }, 16)
}

function draw() {
  drawList(desk)
  drawOne(desk)
  const link = find('#link')
  link.className = linkStatus === 'connected' ? 'up' : linkStatus === 'lost' ? 'down' : ''
  if (link.textContent !== word(linkStatus)) link.textContent = word(linkStatus)
}

const desk = { store: createStore(changed), about: null, chosen: null, nowMs: () => Date.now(), act }

function choose(id) {
  if (id === null) return
  desk.chosen = id
  find('#told').textContent = ''
  draw()
  if (matchMedia('(width < 50rem)').matches) find('#one').scrollIntoView()
  else find(`#alert-${id}`)?.scrollIntoView({ block: 'nearest' })
}

function told(text) {
  find('#told').textContent = text
}

/** One road for every action: a key and a button are the same. */
function act(action, needsWords) {
  const id = desk.chosen
  if (id === null) return
  if (nameField.value.trim() === '') {
    told(word('badName'))
    nameField.focus()
    return
  }
  // The revision the officer sees now: what another does while the form is open is a conflict, not overwritten.
  const revision = desk.store.cases.get(id)?.revision ?? 0
  if (!needsWords) void send(id, revision, action, '').then((problem) => problem && told(said(problem)))
  else openForm(action, phrasesFor(action), (words) => send(id, revision, action, words))
}

/** Null when it was taken, or when there is nothing to mend in the form. */
async function send(alert, revision, action, words) {
  const body = JSON.stringify({ alert, revision, action, words, by: nameField.value.trim() })
  const headers = { 'content-type': 'application/json' }
  let response
  let answer
  try {
    response = await request('/cases', { method: 'POST', headers, body })
    answer = await response.json()
  } catch {
    return { zh: word('unreachable'), en: word('unreachable') }
  }
  if (answer.case) desk.store.takeCase(answer.case)
  // At once: the next key is for the case as it is now.
  draw()
  if (response.status === 409) {
    const last = answer.case?.history.at(-1)
    told(`${said(answer.remedy)}${last ? `：${last.by} · ${word(`do.${last.action}`)} ${last.words}` : ''}`)
    return null
  }
  if (!response.ok) return answer.remedy
  told('')
  if (answer.said) find('#news').textContent = word(answer.said)
  return null
}

function phrasesFor(action) {
  const alert = desk.store.alerts.get(desk.chosen)
  if (action === 'falseAlarm')
    return ['tunnel', 'device', 'planned', 'limit'].map((why) => word(`false.${why}`))
  if (action !== 'say') return []
  const [stop] = Array.isArray(alert.evidence.safeStops) ? alert.evidence.safeStops : []
  const ofKind = {
    speeding: ['slow'],
    fatigue: ['tired'],
    curfew: ['curfewSoon'],
    'curfew-warning': ['curfewSoon'],
  }
  const fixed = (ofKind[alert.kind] ?? ['tired']).map((name) => word(name))
  return stop === undefined ? fixed : [word('stopAt', stop.area), ...fixed]
}

let audio = null
function isNew(alert) {
  // What is read back after a start or a break is shown, not sounded one by one.
  if (alert.severity !== 'critical' || linkStatus === 'connecting' || linkStatus === 'lost') return
  find('#news').textContent = `${word('critical')}：${said(alert.explain)}`
  if (find('#sound').ariaPressed === 'true') beep()
}

function beep() {
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
  draw()
}

function turnSound() {
  const button = find('#sound')
  button.ariaPressed = String(button.ariaPressed !== 'true')
}

const always = {
  ArrowDown: () => choose(neighbour(desk, 1)),
  ArrowUp: () => choose(neighbour(desk, -1)),
  Enter: () => find('#one').focus(),
  Escape: () => find('#list').focus(),
  L: turnLanguage,
  T: turnTheme,
  M: turnSound,
}

function onKey(event) {
  const { target, key } = event
  const busy = document.querySelector('dialog[open]') !== null || /^(INPUT|TEXTAREA)$/.test(target.tagName)
  if (busy || event.ctrlKey || event.altKey || event.metaKey) return
  // The map moves by arrows, and a button is pressed by Enter, when they have the focus.
  if ((key.startsWith('Arrow') && target.id === 'map') || (key === 'Enter' && target.tagName === 'BUTTON'))
    return
  const name = key.length === 1 ? key.toUpperCase() : key
  const button = [...document.querySelectorAll('#actions button')].find(
    ({ dataset }) => keys[dataset.action] === name,
  )
  const todo = button === undefined ? always[name] : () => button.click()
  if (todo === undefined) return
  event.preventDefault()
  todo()
}

function listen() {
  document.addEventListener('keydown', onKey)
  find('#list').addEventListener('click', ({ target }) =>
    choose(target.closest('[role=option]')?.dataset.id ?? null),
  )
  find('#language').addEventListener('click', turnLanguage)
  find('#theme').addEventListener('click', turnTheme)
  find('#sound').addEventListener('click', turnSound)
  nameField.addEventListener('change', () => localStorage.setItem('name', nameField.value.trim()))
}

/** Behind TLS the name is the one of the login and nobody else's. */
function askForLogin() {
  const dialog = find('#login')
  dialog.addEventListener('cancel', (event) => event.preventDefault())
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.querySelector('form').addEventListener('submit', async (event) => {
      event.preventDefault()
      if (!(await login(find('#login-name').value, find('#login-password').value)))
        find('#login-trouble').textContent = word('wrongLogin')
      else {
        dialog.close()
        resolve()
      }
    })
  })
}

async function start() {
  const theme = localStorage.getItem('theme')
  if (theme !== null) document.documentElement.dataset.theme = theme
  nameField.value = localStorage.getItem('name') ?? ''
  nameAll()
  desk.about = await (await request('/desk/document')).json()
  const { now, factor, auth } = desk.about
  const [worldMs, hereMs] = [Date.parse(now), Date.now()]
  desk.nowMs = () => worldMs + (Date.now() - hereMs) * factor
  if (auth === 'tls') {
    await askForLogin()
    nameField.value = credentials.name
    nameField.readOnly = true
    desk.about.fleets = (await (await request('/desk/mine')).json()).fleets
  }
  listen()
  draw()
  setInterval(draw, 1000)
  const status = (is) => {
    linkStatus = is
    changed()
  }
  connect({ about: desk.about, store: desk.store, isNew, status })
  find('#list').focus()
}

await start()
