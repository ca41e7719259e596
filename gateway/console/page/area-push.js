import { call, get, has, list } from '/desk/api.js'
import { showProblems } from '/desk/area-check.js'
import { forgetAreas } from '/desk/geo.js'
import { el, news, problemText, table } from '/desk/ui.js'
import { word } from '/desk/words.js'

/** Areas are put in force, and seen to be taken by the terminals. */

/** What the officer saw goes along: areas that another has changed meanwhile are not overwritten. */
export async function pushAreas(page) {
  if (!page.isDirty()) return
  await page.desk.named()
  const shown = page.etag === null ? {} : { 'if-match': page.etag }
  const { ok, value } = await call(
    'PUT',
    `/areas/${page.fleet}`,
    page.collection(),
    'application/json',
    shown,
  )
  if (!ok) {
    page.problems = value.problems ?? []
    page.redraw()
    return page.problems.length > 0
      ? showProblems(page, page.problems)
      : page.show(el('p', { class: 'trouble', role: 'alert' }, problemText(value)))
  }
  const { etag } = await get(`/areas/${page.fleet}`)
  page.etag = etag
  page.saved = JSON.stringify(page.features)
  page.problems = []
  forgetAreas()
  page.redraw()
  news(word('pushed'))
  if (has('/in-force')) await whoTook(page)
}

export async function whoTook(page) {
  const { ok, value } = await list('/in-force', { fleet: page.fleet }, 3000)
  if (!ok) return page.show(el('p', { class: 'trouble' }, problemText(value)))
  showTaken(page, value)
  clearTimeout(page.asking)
  // Terminals answer one by one: whoever pushed watches it come in.
  const isWaiting = value.some(({ areas }) => areas?.state === 'waiting')
  if (isWaiting && page.isOpen())
    page.asking = setTimeout(() => page.shows === 'taken' && void whoTook(page), 3000)
}

function showTaken(page, states) {
  const count = (state) => states.filter(({ areas }) => areas?.state === state).length
  page.show(
    el(
      'p',
      { id: 'taken' },
      ['asWanted', 'waiting', 'refused', 'own', 'unknown']
        .map((state) => `${word(`pushed.${state}`)} ${count(state)}`)
        .join(' · '),
    ),
    table({
      caption: word('whoTook'),
      rows: states.filter(({ areas }) => areas?.state !== 'asWanted').slice(0, 200),
      empty: word('allTook'),
      mark: ({ areas }) => (areas?.state === 'refused' ? 'red' : 'amber'),
      columns: [
        {
          name: 'vehicle',
          cell: ({ fleet, vehicle }) =>
            el(
              'a',
              { href: `#/vehicles/${fleet}/${vehicle}` },
              page.desk.store.states.get(`${fleet}/${vehicle}`)?.plate ?? vehicle,
            ),
        },
        { name: 'status', cell: ({ areas }) => word(`pushed.${areas?.state ?? 'unknown'}`) },
        { name: 'why', cell: ({ areas }) => areas?.refused?.reason ?? null },
      ],
    }),
  )
  page.shows = 'taken'
}
