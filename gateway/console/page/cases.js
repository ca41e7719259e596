import { get, has, query } from '/desk/api.js'
import { kindName } from '/desk/list.js'
import { button, download, el, labelled, select, table, trouble } from '/desk/ui.js'
import { currentLanguage, instant, span, word } from '/desk/words.js'

/** The cases of the register by where they stand, and what is overdue. */

const statuses = [
  ...['acknowledged', 'assigned', 'rectified', 'verified', 'closed', 'consolidated', 'appealed'],
  ...['falseAlarm', 'superseded'],
]
const filter = { status: '', fleet: '', due: '' }

/** Everything that was handled, page by page. */
export async function showCases(body, desk) {
  const rows = []
  let after = null
  const fleets = ['', ...new Set([...desk.store.alerts.values()].map(({ fleet }) => fleet))]
  const read = async (isMore) => {
    if (!isMore) {
      rows.length = 0
      after = null
    }
    const { status, fleet } = filter
    const { ok, value } = await get('/cases', { status, fleet, after, limit: 200 })
    if (!ok) return body.replaceChildren(trouble(value))
    rows.push(...value.items)
    after = value.next
    draw()
  }
  const exportLink = download('exportCsv', '', 'register.csv')
  const nameExport = () => {
    const { status, fleet } = filter
    exportLink.href = `/api/v1/cases.csv${query({ status, fleet, lang: currentLanguage() })}`
  }
  const pick = (name, options) =>
    labelled(
      name,
      select(options, filter[name], (value) => {
        filter[name] = value
        nameExport()
        void read(false)
      }),
    )
  const tools = el(
    'div',
    { class: 'tools' },
    pick('status', [['', word('all')], ...statuses.map((one) => [one, word(one)])]),
    pick(
      'fleet',
      fleets.map((one) => [one, one || word('all')]),
    ),
    pick('due', [
      ['', word('all')],
      ['late', word('dueLate')],
    ]),
    has('/cases.csv') ? exportLink : null,
  )
  nameExport()
  const shown = el('div')
  body.replaceChildren(tools, shown)
  const draw = () => {
    const nowMs = desk.nowMs()
    const late = ({ facts: { deadlineAt }, status }) =>
      status === 'assigned' && deadlineAt !== null && Date.parse(deadlineAt) < nowMs
    const list = filter.due === 'late' ? rows.filter(late) : rows
    shown.replaceChildren(
      table({
        caption: word('page.register'),
        rows: list,
        href: ({ alert }) => `#/register/cases/${alert}`,
        mark: (row) => (late(row) ? 'red' : null),
        columns: [
          { name: 'plate', cell: ({ about, vehicle }) => about.plate ?? vehicle },
          { name: 'kind', cell: ({ kind }) => kindName(desk.about, kind) },
          {
            name: 'severity',
            cell: ({ about }) => el('span', { class: `severity ${about.severity}` }, word(about.severity)),
          },
          { name: 'status', cell: ({ status }) => word(status) },
          { name: 'responsible', cell: ({ facts }) => facts.responsible },
          { name: 'deadline', cell: (row) => deadlineText(row, nowMs) },
          { name: 'begun', cell: ({ about }) => atText(about, 16) },
          { name: 'lastStep', cell: ({ history }) => lastText(history.at(-1)) },
        ],
      }),
      ...(after === null ? [] : [button('more', () => void read(true))]),
    )
  }
  await read(false)
}

function deadlineText({ facts: { deadlineAt }, status }, nowMs) {
  if (deadlineAt === null) return null
  const leftMs = Date.parse(deadlineAt) - nowMs
  const text = instant(deadlineAt).slice(0, 16)
  if (status !== 'assigned') return text
  return el(
    'span',
    { class: leftMs < 0 ? 'red' : null },
    `${text} · ${leftMs < 0 ? word('overdue', span(-leftMs)) : word('leftOf', span(leftMs))}`,
  )
}
const lastText = (line) =>
  line === undefined ? null : `${instant(line.at).slice(5, 16)} ${line.by} ${word(`do.${line.action}`)}`

/** `at` of an alert that has ended is its end. */
export const atText = ({ phase, at }, length = 19) =>
  phase === 'ended' ? word('until', instant(at).slice(0, length)) : instant(at).slice(0, length)
