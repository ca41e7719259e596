import { has } from '/desk/api.js'
import mqtt from '/desk/mqtt.js'

/**
 * The connection to the gateway. Live over MQTT; whenever it comes up, what was missed is fetched by cursor after the
 * subscription holds, so that nothing falls between the two; what comes twice is told apart by id and revision.
 */

const topics = ['alerts-json/v1', 'cases/v1', 'state/v1']

export const credentials = { name: null, password: null, token: null, fleets: [] }

export function request(path, options = {}) {
  const headers = { ...options.headers }
  if (credentials.token !== null) headers.authorization = `Bearer ${credentials.token}`
  // With a token, without credentials of the browser's own: it must not ask with its own window.
  const mode = credentials.token === null ? 'same-origin' : 'omit'
  return fetch(path, { cache: 'no-store', credentials: mode, ...options, headers })
}

/** On gateways without sessions of pages: a token for this page alone. */
export async function login(name, password) {
  const bytes = new TextEncoder().encode(`${name}:${password}`)
  const authorization = `Basic ${btoa(String.fromCharCode(...bytes))}`
  const response = await fetch('/session', {
    method: 'POST',
    headers: { authorization },
    credentials: 'omit',
  })
  if (!response.ok) return false
  Object.assign(credentials, { name, password, token: (await response.json()).token })
  return true
}

async function lines(path) {
  const response = await request(path)
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  const text = await response.text()
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
  return { rows, cursor: response.headers.get('x-cursor') }
}

/** Everything since the last time, page by page. */
async function catchUp(store, isNew) {
  for (;;) {
    const { rows } = await lines(`/alerts?after=${store.cursors.alerts}&limit=1000`)
    for (const alert of rows) {
      if (store.takeAlert(alert)) isNew(alert)
      store.cursors.alerts = Math.max(store.cursors.alerts, alert.cursor)
    }
    if (rows.length < 1000) break
  }
  for (;;) {
    const before = store.cursors.cases
    const { rows, cursor } = await lines(`/cases?after=${before}`)
    for (const view of rows) store.takeCase(view, true)
    store.cursors.cases = Number(cursor)
    if (store.cursors.cases === before) break
  }
}

const decoder = new TextDecoder()
const retryMs = 1000
const pollMs = 5000

/** `snapshot`: reads what is open now, on gateways that can tell; then nobody reads years of what is over. */
export function connect({ about, store, isNew, status, snapshot = null }) {
  let live = false
  const address = addressOf(about)
  let tried = address === null
  let began = snapshot === null
  const read = async () => {
    if (!began) {
      await snapshot()
      began = true
    }
    await catchUp(store, isNew)
  }
  let reading = null
  /** Fetches what was missed; while the live channel is away, again and again, so that nobody waits for it. */
  const caughtUp = () => {
    reading ??= read()
      .then(
        () => status(live ? 'connected' : tried ? 'polling' : 'connecting'),
        () => {
          status('lost')
          if (live) setTimeout(caughtUp, retryMs)
        },
      )
      .finally(() => {
        reading = null
      })
    return reading
  }
  setInterval(() => live || caughtUp(), pollMs)
  void caughtUp()
  if (address === null) return
  const client = mqtt.connect(address, optionsOf())
  const fleets = credentials.name === null ? ['+'] : about.fleets
  const filters = fleets.flatMap((fleet) => topics.map((topic) => `${topic}/${fleet}/#`))
  client.on('connect', () => {
    client.subscribe(filters, { qos: 1 }, async () => {
      live = true
      // What is being read was begun before the subscription held: once more after it.
      await reading
      void caughtUp()
    })
  })
  client.on('error', () => {})
  client.on('close', () => {
    const isNews = live || !tried
    live = false
    tried = true
    if (isNews) void caughtUp()
  })
  client.on('message', (topic, payload) => take(store, isNew, topic, payload))
}

function take(store, isNew, topic, payload) {
  const value = JSON.parse(decoder.decode(payload))
  if (topic.startsWith('alerts-json/')) {
    if (store.takeAlert(value)) isNew(value)
  } else if (topic.startsWith('cases/')) store.takeCase(value, true)
  else store.takeState(value)
}

/** The port of the page where the gateway listens there too: a browser behind TLS gets no other. */
function addressOf({ wsPort, auth }) {
  const scheme = auth === 'tls' ? 'wss' : 'ws'
  if (has('/session')) return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/mqtt`
  return wsPort === null ? null : `${scheme}://${location.hostname}:${wsPort}`
}

function optionsOf() {
  const { name, password } = credentials
  const clientId = `${name}.desk-${crypto.randomUUID().slice(0, 8)}`
  return {
    protocolVersion: 4,
    reconnectPeriod: retryMs,
    connectTimeout: 5000,
    keepalive: 15,
    // The library's default runs its timers in a worker made of text, which our own policy forbids.
    timerVariant: 'native',
    ...(name === null ? {} : { clientId, ...(password === null ? {} : { username: name, password }) }),
  }
}
