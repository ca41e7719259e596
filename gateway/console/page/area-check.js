import { call } from '/desk/api.js'
import { placeOf } from '/desk/areas.js'
import { el, problemText, table } from '/desk/ui.js'
import { said, word } from '/desk/words.js'

/** What is wrong with areas, as the gateway finds it, by the names that the form has for it. */

/** The first problem of what a form makes, before it goes onto the map. */
export async function firstProblem(document) {
  const { ok, value } = await call('POST', '/areas/check', document)
  if (!ok && !value.problems) return value
  const [first] = value.problems
  if (first === undefined) return null
  const { name, row } = placeOf(first.field)
  const about = row === null ? '' : `${word('windowOf', row)}：`
  const { zh, en } = first.remedy
  return { field: name, remedy: { zh: `${about}${zh}`, en: `${about}${en}` } }
}

export async function checkAreas(page) {
  const { ok, value } = await call('POST', '/areas/check', page.collection())
  page.problems = value.problems ?? []
  page.redraw()
  if (!ok && page.problems.length === 0) return page.show(el('p', { class: 'trouble' }, problemText(value)))
  if (page.problems.length === 0)
    return page.show(el('p', { class: 'green' }, word('allValid', page.features.length)))
  showProblems(page, page.problems)
}

export function showProblems(page, problems, title = word('problems', problems.length), ...more) {
  page.show(
    el('p', { class: 'trouble', role: 'alert' }, title),
    ...more,
    table({
      caption: word('check'),
      rows: problems.slice(0, 200),
      columns: [
        {
          name: 'areaName',
          cell: ({ id, index, foreign }) =>
            foreign || index === null
              ? (id ?? word('fileName'))
              : el('button', { type: 'button', class: 'plain', click: () => page.choose(index) }, id ?? '–'),
        },
        { name: 'fieldName', cell: ({ field }) => fieldText(field) },
        { name: 'why', cell: ({ reason }) => word(`reason.${reason}`) },
        { name: 'remedy', cell: ({ remedy }) => said(remedy) },
      ],
    }),
  )
}
/** `features[3].properties.windows[1].from` as the form names it. */
const fieldText = (field) => {
  const { name, row } = placeOf(field.replace(/^features\[\d+\]\./, ''))
  const key = name.startsWith('geometry') ? 'prop.geometry' : `prop.${name}`
  const known = word(key)
  const text = known === key ? name : known
  return row === null ? text : `${text} · ${word('windowOf', row)}`
}
