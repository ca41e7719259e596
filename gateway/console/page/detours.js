import { call, get } from '/desk/api.js'
import { openForm } from '/desk/form.js'
import { button, el, news, problemText, table } from '/desk/ui.js'
import { instant, word } from '/desk/words.js'

/** What officers approved for hours lies over the routes: until when, and its end by one button. */
export async function showDetours(page) {
  const { ok, value } = await get('/detours', { fleet: page.fleet })
  if (!ok) return page.show(el('p', { class: 'trouble' }, problemText(value)))
  page.show(
    el('h3', {}, word('detours')),
    table({
      caption: word('detours'),
      rows: value.items,
      empty: word('detoursNone'),
      columns: [
        { name: 'route', cell: ({ route }) => route },
        { name: 'stretch', cell: ({ fromM, toM }) => `${fromM / 1000}–${toM / 1000} km` },
        { name: 'holds', cell: ({ to }) => instant(to).slice(5, 16) },
        { name: 'approvedBy', cell: ({ by }) => by },
        {
          name: 'do.revokeDetour',
          cell: ({ alert }) => (alert === null ? null : button('do.revokeDetour', () => revoke(page, alert))),
        },
      ],
    }),
  )
}

function revoke(page, alert) {
  openForm({
    title: word('do.revokeDetour'),
    fields: [{ name: 'words', label: word('field.words'), kind: 'area' }],
    send: async ({ words }) => {
      await page.desk.named()
      const known = await get(`/cases/${alert}`)
      if (!known.ok) return known.value
      const step = { revision: known.value.revision, action: 'revokeDetour', words }
      const { ok, value } = await call('POST', `/cases/${alert}/steps`, step)
      if (!ok) return value
      news(word('detourRevoked'))
      await showDetours(page)
      return null
    },
  })
}
