import { call, get } from '/desk/api.js'
import { openForm } from '/desk/form.js'
import { severities } from '/desk/store.js'
import { button, el, news, problemText, table, trouble } from '/desk/ui.js'
import { word } from '/desk/words.js'

/** Who is called when nobody takes a case up in time. */

export async function showRoster(body, desk) {
  const fleets = [
    ...new Set([...desk.store.states.values(), ...desk.store.alerts.values()].map(({ fleet }) => fleet)),
  ].sort()
  const parts = await Promise.all(
    fleets.map(async (fleet) => {
      const { ok, value } = await get(`/roster/${fleet}`)
      const inner = ok
        ? table({
            caption: fleet,
            rows: value.levels.map((level, at) => ({ ...level, at })),
            empty: word('rosterEmpty'),
            columns: [
              { name: 'rosterLevel', cell: ({ at }) => String(at + 1) },
              { name: 'rosterWho', cell: ({ who }) => who },
              { name: 'phone', cell: ({ phone }) => phone },
              ...severities.map((severity) => ({
                name: severity,
                number: true,
                cell: ({ withinMin }) => `${withinMin[severity]} min`,
              })),
            ],
          })
        : trouble(value)
      const edit = button('rosterEdit', () =>
        editRoster(fleet, ok ? value.levels : [], desk, () => showRoster(body, desk)),
      )
      return el(
        'section',
        { class: 'card', 'aria-label': fleet },
        el('div', { class: 'head' }, el('h3', {}, fleet), edit),
        inner,
      )
    }),
  )
  body.replaceChildren(el('p', { class: 'soft' }, word('rosterAbout')), ...parts)
}

/** One line for each level: name, phone, minutes for each severity. */
function editRoster(fleet, levels, desk, done) {
  const text = levels
    .map(({ who, phone = '', withinMin }) =>
      [who, phone, ...severities.map((one) => withinMin[one])].join(', '),
    )
    .join('\n')
  openForm({
    title: `${word('rosterEdit')} · ${fleet}`,
    about: word('rosterHint'),
    fields: [
      {
        name: 'levels',
        label: word('register.roster'),
        kind: 'area',
        value: text || '班长, 13800000000, 5, 15, 60, 240',
      },
    ],
    send: async ({ levels: lines }) => {
      await desk.named()
      const read = lines
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => {
          const [who = '', phone = '', ...minutes] = line.split(/[,，]/).map((one) => one.trim())
          return {
            who,
            ...(phone ? { phone } : {}),
            withinMin: Object.fromEntries(severities.map((one, at) => [one, Number(minutes[at])])),
          }
        })
      const answer = await call('PUT', `/roster/${fleet}`, { levels: read })
      if (!answer.ok)
        return {
          ...answer.value,
          field: 'levels',
          remedy: { zh: problemText(answer.value), en: problemText(answer.value) },
        }
      news(word('saved'))
      await done()
      return null
    },
  })
}
