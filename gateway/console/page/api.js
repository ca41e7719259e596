import { credentials, request } from '/desk/link.js'

/** The gateway's interface for pages: JSON, problems as values, and which of its paths there are. */

const session = { csrf: null, name: null }
let paths = new Set()

/** The paths of this gateway; none where it tells of none. */
export async function learn() {
  try {
    const response = await request('/api/v1/openapi.json')
    if (response.ok) paths = new Set(Object.keys((await response.json()).paths))
  } catch {
    paths = new Set()
  }
}

const plain = (path) => path.replace(/[{:][^/}]+}?/g, '*')
/** `has('/cases/*\/steps')`: whether the gateway has such a path below `/api/v1`. */
export const has = (path) => [...paths].some((one) => plain(one).replace(/^\/api\/v1/, '') === path)

/** Begins a session, so that steps carry a name; on a gateway of this machine alone any name will do. */
export async function begin(name, password) {
  if (!has('/session')) return true
  const answer = await call('POST', '/session', password === undefined ? { name } : { name, password })
  if (!answer.ok) return false
  Object.assign(session, { csrf: answer.value.csrf ?? null, name: answer.value.name ?? name })
  session.fleets = answer.value.fleets ?? []
  return true
}
export const sessionOf = () => session

const unreachable = {
  field: '',
  remedy: {
    zh: '网关没有回答，未提交；请重试',
    en: 'The gateway did not answer; nothing was submitted, try again',
  },
}

/** `{ ok, status, value }`; where it is not ok `value` is a problem with field and remedy. */
export async function call(method, path, body, type = 'application/json', more = {}) {
  const headers = { ...more }
  if (session.csrf !== null) headers['x-csrf'] = session.csrf
  const options = { method, headers, credentials: 'same-origin' }
  if (body !== undefined) {
    headers['content-type'] = type
    options.body = type === 'application/json' ? JSON.stringify(body) : body
  }
  let response
  try {
    response = await request(`/api/v1${path}`, options)
  } catch {
    return { ok: false, status: 0, value: unreachable }
  }
  const text = await response.text()
  const value = readValue(text, response)
  return { ok: response.ok, status: response.status, value, etag: response.headers.get('etag') }
}

function readValue(text, { ok, status }) {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    if (ok) return text
    return { field: '', remedy: { zh: `网关答复 ${status}`, en: `the gateway answered ${status}` } }
  }
}

export const query = (values) => {
  const given = Object.entries(values).filter(
    ([, value]) => value !== '' && value !== null && value !== undefined,
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}
export const get = (path, values = {}) => call('GET', `${path}${query(values)}`)

/** All pages of a list, up to `max` items; or the problem. */
export async function list(path, values = {}, max = 5000) {
  const items = []
  let after = null
  do {
    const { ok, value, status } = await get(path, { ...values, after })
    if (!ok) return { ok: false, status, value }
    items.push(...value.items)
    after = value.next
  } while (after !== null && after !== undefined && items.length < max)
  return { ok: true, value: items }
}

/** Whether somebody is logged in by password; then the cookie goes with downloads as well. */
export const isLoggedIn = () => credentials.name !== null
