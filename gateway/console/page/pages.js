import { get, has } from '/desk/api.js'
import { el, find, nothing } from '/desk/ui.js'
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
]
const modules = {
  tonight: () => import('/desk/tonight.js'),
  map: () => import('/desk/fleet-map.js'),
  register: () => import('/desk/register.js'),
  vehicles: () => import('/desk/vehicles.js'),
  drivers: () => import('/desk/drivers.js'),
  trips: () => import('/desk/trips.js'),
  rules: () => import('/desk/rules.js'),
  notice: () => import('/desk/notice.js'),
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
  const shown = known.filter(({ needs }) => needs === null || has(needs))
  for (const { name } of known.filter((one) => !shown.includes(one)))
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
    const [name = '', ...args] = location.hash.replace(/^#\//, '').split('/').map(decodeURIComponent)
    now?.close?.()
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
    const mine = ++turn
    root.replaceChildren(nothing(word('reading')))
    const page = await modules[current]()
    if (mine !== turn || current === 'live') return
    root.replaceChildren()
    const opened = (await page.open(root, args, desk)) ?? null
    // Left while it was still being read: closed once, and no part of the page that is open by now.
    if (mine !== turn) return void opened?.close?.()
    now = opened
    if (document.activeElement === document.body || before !== current)
      find('#main-place').focus({ preventScroll: true })
  }
  window.addEventListener('hashchange', () => {
    turn++
    void open()
  })
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
    keys: () => shown.map(({ name }, at) => [String(at + 1), `page.${name}`]),
  }
}
