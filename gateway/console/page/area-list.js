import { openAreaForm } from '/desk/area-form.js'
import { nameOf } from '/desk/areas.js'
import { button, el } from '/desk/ui.js'
import { word } from '/desk/words.js'

/** The areas of a fleet beside their map: who cannot use a map finds each of them here. */

export function drawAreaList(page, rows) {
  const focused = document.activeElement?.dataset?.at
  rows.replaceChildren(
    ...page.features.map((feature, at) =>
      el(
        'li',
        {},
        el(
          'button',
          {
            type: 'button',
            'data-at': String(at),
            'aria-pressed': String(at === page.chosen),
            click: () => page.choose(at),
          },
          el('span', { class: 'plate' }, nameOf(feature, at)),
          el('span', { class: 'soft due' }, aboutArea(feature.properties ?? {})),
          page.problems.some(({ index }) => index === at) ? el('span', { class: 'red' }, '!') : null,
        ),
        at === page.chosen
          ? el(
              'div',
              { class: 'tools' },
              button('properties', () => openAreaForm(page, at), { key: 'Q' }),
              button('remove', () => page.change(page.features.toSpliced(at, 1), -1), { key: 'X' }),
            )
          : null,
      ),
    ),
    ...(page.features.length === 0 ? [el('li', { class: 'empty' }, word('noAreas'))] : []),
  )
  if (focused !== undefined) rows.querySelector(`[data-at="${focused}"]`)?.focus()
}

/** What it is for, and what is behind its form: how many hours and classes it has. */
function aboutArea({ role = 'noEntry', windows = [], classes = [], limitKmh }) {
  return [
    word(`role.${role}`),
    limitKmh === undefined ? null : `${limitKmh} km/h`,
    windows.length === 0 ? null : word('windowCount', windows.length),
    classes.length === 0 ? null : classes.map((one) => word(`class.${one}`)).join('、'),
  ]
    .filter(Boolean)
    .join(' · ')
}
