import { get, list, query } from '/desk/api.js'
import { download, el, facts, labelled, layout, table, trouble } from '/desk/ui.js'
import { currentLanguage, instant, span, word } from '/desk/words.js'

/** Drivers: hours over all vehicles of the fleet, papers with their ends, and bans. */

const soonDays = 30
const filter = { text: '' }

export function open(root, [fleet, driver]) {
  return fleet && driver ? one(root, fleet, driver) : all(root)
}

async function all(root) {
  const { ok, value } = await list('/drivers', { limit: 500 }, 5000)
  if (!ok) return void root.append(trouble(value))
  const holder = el('div')
  const field = el('input', {
    type: 'search',
    id: 'find',
    value: filter.text,
    placeholder: word('searchDrivers'),
    input: () => {
      filter.text = field.value
      draw()
    },
  })
  root.append(
    ...layout(
      'page.drivers',
      [
        labelled('search', field),
        download('exportCsv', `/api/v1/drivers.csv${query({ lang: currentLanguage() })}`, 'drivers.csv'),
      ],
      holder,
    ),
  )
  const draw = () => {
    const wanted = filter.text.trim().toLowerCase()
    const rows = value.filter(({ driver, name, fleet }) =>
      `${driver} ${name ?? ''} ${fleet}`.toLowerCase().includes(wanted),
    )
    holder.replaceChildren(
      table({
        caption: word('page.drivers'),
        rows,
        href: ({ fleet, driver }) => `#/drivers/${encodeURIComponent(fleet)}/${encodeURIComponent(driver)}`,
        mark: ({ mayLogIn }) => (mayLogIn === false ? 'red' : null),
        columns: [
          {
            name: 'driver',
            cell: ({ driver, name }) => (name === null || name === driver ? driver : `${name} · ${driver}`),
          },
          { name: 'fleet', cell: ({ fleet }) => fleet },
          { name: 'vehicle', cell: ({ vehicle }) => vehicle },
          { name: 'hours24', number: true, cell: ({ hours }) => hoursText(hours?.rolling24hS) },
          { name: 'hours7', number: true, cell: ({ hours }) => hoursText(hours?.rolling7dS) },
          { name: 'expiry', cell: ({ expiries }) => expiryText(expiries[0]) },
          { name: 'logIn', cell: ({ mayLogIn }) => logInText(mayLogIn) },
        ],
      }),
    )
  }
  draw()
  return { keys: { '/': () => field.focus() } }
}

const hoursText = (seconds) => (typeof seconds === 'number' ? `${(seconds / 3600).toFixed(1)} h` : null)

/** What is over, or soon will be, is seen without reading dates. */
function expiryText(expiry) {
  if (expiry === undefined) return word('noPapers')
  const { what, validTo, daysLeft } = expiry
  const text = daysLeft < 0 ? word('expired', -daysLeft) : word('daysLeft', daysLeft)
  return el(
    'span',
    { class: daysLeft < 0 ? 'red' : daysLeft < soonDays ? 'amber' : null },
    `${word(`paper.${what}`)} ${validTo} · ${text}`,
  )
}
const logInText = (may) =>
  el('span', { class: may === false ? 'red' : may === true ? 'green' : 'soft' }, word(`mayLogIn.${may}`))

async function one(root, fleet, driver) {
  const { ok, value } = await get(`/drivers/${encodeURIComponent(fleet)}/${encodeURIComponent(driver)}`)
  if (!ok) return void root.append(trouble(value))
  const { hours, remaining, expiries, bans, papers } = value
  root.append(
    ...layout(
      'page.drivers',
      el('a', { class: 'button', href: '#/drivers' }, word('back')),
      el('h3', { class: 'casetitle' }, `${value.name ?? value.driver} · ${fleet}`),
      el(
        'div',
        { class: 'columns' },
        el(
          'section',
          { class: 'card', 'aria-label': word('ledger') },
          el('h3', {}, word('ledger')),
          ledger(hours, remaining, value),
          ...attributedTo(value.attributed ?? []),
        ),
        el(
          'section',
          { class: 'card', 'aria-label': word('papers') },
          el('h3', {}, word('papers')),
          expiries.length === 0
            ? el('p', { class: 'soft' }, word('noPapers'))
            : el(
                'ul',
                {},
                expiries.map((one) => el('li', {}, expiryText(one))),
              ),
          papers === null || papers === undefined
            ? null
            : facts([
                ['licence', `${papers.licence.number} · ${papers.licence.classes.join(' ')}`],
                ['phone', papers.phone],
                ...papers.qualifications.map(({ kind, number }) => [`paper.${kind}`, number]),
              ]),
        ),
        el(
          'section',
          { class: 'card', 'aria-label': word('bans') },
          el('h3', {}, word('bans')),
          el('p', {}, logInText(value.mayLogIn)),
          bans.length === 0
            ? el('p', { class: 'soft' }, word('noBans'))
            : el(
                'ul',
                {},
                bans.map(({ from, to, reason }) =>
                  el(
                    'li',
                    {},
                    `${instant(from)} – ${to === null ? word('openEnd') : instant(to)}：${reason}`,
                  ),
                ),
              ),
        ),
      ),
    ),
  )
  return { keys: { Escape: () => (location.hash = '#/drivers') } }
}

function ledger(hours, remaining, { vehicle, fleet }) {
  if (hours === null) return el('p', { class: 'soft' }, word('noHours'))
  const left = Object.entries(remaining ?? {})
    .filter(([, one]) => one !== null)
    .map(([name, { cautiousS }]) => [
      `left.${name}`,
      cautiousS <= 0 ? el('span', { class: 'red' }, word('usedUp')) : word('leftOf', span(cautiousS * 1000)),
    ])
  return facts([
    ['vehicle', vehicle === null ? null : el('a', { href: `#/vehicles/${fleet}/${vehicle}` }, vehicle)],
    [
      'hours24',
      `${hoursText(hours.rolling24hS)}${hours.elsewhere24hS > 0 ? ` (${word('elsewhere', hoursText(hours.elsewhere24hS))})` : ''}`,
    ],
    [
      'hours7',
      `${hoursText(hours.rolling7dS)}${hours.elsewhere7dS > 0 ? ` (${word('elsewhere', hoursText(hours.elsewhere7dS))})` : ''}`,
    ],
    ['otherVehicles', hours.otherVehicles.length === 0 ? null : hours.otherVehicles.join(' ')],
    ...left,
  ])
}

/** What no card proves, and an officer found to be his: who decided it, and where that can be taken back. */
function attributedTo(decisions) {
  if (decisions.length === 0) return []
  return [
    el('h4', {}, word('attributed')),
    el(
      'ul',
      { class: 'plainlist attributed' },
      decisions.map(({ vehicle, alert, at, by, given }) =>
        el(
          'li',
          {},
          el('a', { href: `#/register/cases/${alert}` }, `${vehicle} · ${givenText(given)}`),
          el('span', { class: 'soft' }, ` · ${by} ${instant(at).slice(5, 16)}`),
        ),
      ),
    ),
  ]
}
const givenText = (given) =>
  given === null
    ? word('attributedNone')
    : `${instant(given.from).slice(5, 16)}–${instant(given.to).slice(11, 16)} · ${hoursText(given.drivenS)}`
