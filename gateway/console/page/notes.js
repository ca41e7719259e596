import { call, list } from '/desk/api.js'
import { openForm } from '/desk/form.js'
import { button, el, trouble } from '/desk/ui.js'
import { instant, word } from '/desk/words.js'

/** What one shift leaves to the next. */

export async function showNotes(body, desk) {
  const { ok, value } = await list('/notes', { limit: 200 }, 400)
  if (!ok) return body.replaceChildren(trouble(value))
  const add = () =>
    openForm({
      title: word('noteAdd'),
      fields: [
        { name: 'fleet', label: word('field.fleet'), value: [...desk.store.states.values()][0]?.fleet ?? '' },
        { name: 'words', label: word('noteWords'), kind: 'area' },
      ],
      send: async (form) => {
        await desk.named()
        const answer = await call('POST', '/notes', form)
        if (!answer.ok) return answer.value
        await showNotes(body, desk)
        return null
      },
    })
  body.replaceChildren(
    el('div', { class: 'tools' }, button('noteAdd', add, { key: 'N', primary: true })),
    value.length === 0
      ? el('p', { class: 'empty' }, word('noRows'))
      : el(
          'ol',
          { class: 'plainlist notes' },
          value.map(({ at, by, fleet, words }) =>
            el(
              'li',
              { class: 'card' },
              el('p', { class: 'soft' }, `${instant(at)} · ${by} · ${fleet}`),
              el('p', {}, words),
            ),
          ),
        ),
  )
}
