import { keys as actKeys } from '/desk/act.js'
import { get, has, sessionOf } from '/desk/api.js'
import { el, find } from '/desk/ui.js'
import { word } from '/desk/words.js'

/**
 * The pages of the desk by their hash, one digit each. A page is a module with `open(root, args, desk)`, which draws into
 * `root` and may answer `{ keys, told, close }`. Pages a gateway cannot serve are not in the list.
 */

const known = [
  { name: 'live', needs: null },
  { name: 'tonight', needs: '/tonight' },
  { name: 'map', needs: null },
  { name: 'register', needs: '/cases' },
  { name: 'vehicles', needs: '/vehicles' },
  { name: 'drivers', needs: '/drivers' },
  { name: 'trips', needs: '/trips' },
  { name: 'rules', needs: '/areas/*' },
  { name: 'webhooks', needs: '/webhooks', role: 'admin' },
]
const modules = {
  tonight: () => import('/desk/tonight.js'),
  map: () => import('/desk/fleet-map.js'),
  register: () => import('/desk/register.js'),
  vehicles: () => import('/desk/vehicles.js'),
  drivers: () => import('/desk/drivers.js'),
  trips: () => import('/desk/trips.js'),
  rules: () => import('/desk/rules.js'),
  webhooks: () => import('/desk/webhooks.js'),
  notice: () => import('/desk/notice.js'),
}

/** Who was asked for no name may do everything on this machine. */
const holds = (role, { about }) => {
  const fleets = sessionOf().fleets ?? []
  return role === undefined || about.auth === 'loopback' || fleets.some((one) => one.role === role)
}

/** An alert by its id: also one that is over, which the list does not hold. */
async function lookAt(desk, id) {
  if (!desk.store.alerts.has(id) && has('/alerts/*')) {
    const { ok, value } = await get(`/alerts/${encodeURIComponent(id)}`)
    if (!ok) return
    desk.store.takeAlert(value.alert)
    if (value.case) desk.store.takeCase(value.case)
  }
  if (desk.store.alerts.has(id)) desk.choose(id)
}

export function createPages(desk) {
  const shown = known.filter(({ needs, role }) => (needs === null || has(needs)) && holds(role, desk))
  for (const { name } of known.filter(({ needs }) => needs !== null && !has(needs)))
    console.info(`this gateway does not serve what the page "${name}" shows`)
  let current = null
  let now = null
  let turn = 0

  const drawNav = () => {
    find('#nav').replaceChildren(
      ...shown.map(({ name }, at) =>
        el(
          'a',
          {
            href: `#/${name}`,
            'aria-current': name === current ? 'page' : null,
            'aria-keyshortcuts': String(at + 1),
          },
          word(`page.${name}`),
          el('kbd', {}, String(at + 1)),
        ),
      ),
    )
    // On a phone the strip of pages is wider than the screen.
    find('#nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }

  const open = async () => {
    // Whatever an earlier opening still waits for is of a page that was left.
    const mine = ++turn
    const [name = '', ...args] = location.hash.replace(/^#\//, '').split('/').map(decodeURIComponent)
    shut(now)
    now = null
    const isPage = name === 'notice' || shown.some((one) => one.name === name && name !== 'live')
    const before = current
    current = isPage ? name : 'live'
    document.body.dataset.page = current
    find('#live').hidden = current !== 'live'
    const root = find('#page')
    root.hidden = current === 'live'
    root.replaceChildren()
    drawNav()
    find('#nav').setAttribute('aria-label', word('pages'))
    if (current === 'live') {
      if (args[0] && args[0] !== desk.chosen) void lookAt(desk, args[0])
      else if (before !== null) desk.draw()
      if (before !== null && before !== 'live') find('#list').focus()
      return
    }
    // Each opening has a place of its own: what a slow page still draws after it was left is drawn nowhere.
    const place = el('div', { class: 'place' })
    root.append(place, el('p', { class: 'waiting soft' }, word('reading')))
    const opened = await drawn(current, place, args, () => mine === turn)
    // Left while it was still being read: closed once, and no part of the page that is open by now.
    if (mine !== turn) return shut(opened)
    now = opened
    if (document.activeElement === document.body || before !== current)
      find('#main-place').focus({ preventScroll: true })
  }

  /** The page in its place; null where it was left before it could begin, or could not be drawn. */
  const drawn = async (name, place, args, isHere) => {
    try {
      const page = await modules[name]()
      if (!isHere()) return null
      return (await page.open(place, args, desk)) ?? null
    } catch (error) {
      console.error(error)
      place.replaceChildren(
        el('p', { class: 'trouble', role: 'alert' }, word('failedToOpen', error?.message ?? '')),
      )
      return null
    }
  }
  const shut = (page) => page?.close?.()
  window.addEventListener('hashchange', () => void open())
  return {
    open,
    drawNav,
    /** In another language, say. */
    reopen: () => {
      if (current !== 'live') void open()
    },
    current: () => current,
    told: (what, key) => now?.told?.(what, key),
    key: (name) => now?.keys?.[name],
    road: (name) => {
      const page = shown[Number(name) - 1]
      return page === undefined ? undefined : () => (location.hash = `#/${page.name}`)
    },
    /** The pages, then what can be done on the one that is open. */
    keys: () => [
      ...shown.map(({ name }, at) => [String(at + 1), `page.${name}`]),
      ...(current === 'live' ? keysOfLive(desk) : keysShown(find('#page'))),
    ],
  }
}

/** All of them, chosen or not: what is to be learnt is not only what is allowed at this moment. */
const keysOfLive = ({ mayAct }) => [
  ...(mayAct ? Object.entries(actKeys).map(([action, key]) => [key, `do.${action}`]) : []),
  ['J', 'evidence'],
  ['I', 'notice'],
  ['H', 'quietKey'],
]

/** What the buttons of a page show on themselves. */
const keysShown = (root) =>
  [...root.querySelectorAll('[data-key], [data-action]')]
    .map((one) => [one.getAttribute('aria-keyshortcuts') ?? one.dataset.key, textOf(one)])
    .filter(([key]) => key)
const textOf = (one) =>
  [...one.childNodes]
    .filter(({ nodeName }) => nodeName !== 'KBD')
    .map(({ textContent }) => textContent)
    .join('')
    .trim()
