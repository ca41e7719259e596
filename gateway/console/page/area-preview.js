import { call } from '/desk/api.js'
import { showProblems } from '/desk/area-check.js'
import { kindName } from '/desk/list.js'
import { el, problemText, table } from '/desk/ui.js'
import { instant, word } from '/desk/words.js'

/** What other areas would have changed last week. */

export async function tryAreas(page) {
  page.show(el('p', { class: 'soft' }, word('previewing')))
  const { ok, value } = await call('POST', '/areas/preview', { fleet: page.fleet, areas: page.collection() })
  if (!ok)
    return value.problems
      ? showProblems(page, value.problems)
      : page.show(el('p', { class: 'trouble' }, problemText(value)))
  const { differences, coverage } = value
  page.show(
    el('p', {}, word('previewed', differences.length)),
    el(
      'p',
      { class: 'soft' },
      word(
        coverage.complete ? 'coverage' : 'coverageCut',
        `${coverage.vehicles}/${coverage.of} · ${coverage.days}`,
      ),
    ),
    table({
      caption: word('preview'),
      rows: differences.slice(0, 200),
      empty: word('previewSame'),
      columns: [
        { name: 'change', cell: ({ difference }) => word(`change.${difference}`) },
        { name: 'vehicle', cell: ({ vehicle }) => plateOf(page, vehicle) },
        { name: 'kind', cell: ({ of }) => kindName(page.desk.about, of) },
        { name: 'severity', cell: ({ severity }) => word(severity) },
        { name: 'from', cell: ({ shadow, inForce }) => instant((shadow ?? inForce)?.from) },
        {
          name: 'to',
          cell: ({ shadow, inForce }) => ((shadow ?? inForce)?.to ? instant((shadow ?? inForce).to) : null),
        },
        { name: 'areaName', cell: ({ subject }) => subject },
      ],
    }),
  )
}
const plateOf = ({ desk, fleet }, vehicle) => desk.store.states.get(`${fleet}/${vehicle}`)?.plate ?? vehicle
