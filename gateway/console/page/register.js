import { act, keys } from '/desk/act.js'
import { call, get, has, list, query } from '/desk/api.js'
import { detourText } from '/desk/decisions.js'
import { openForm } from '/desk/form.js'
import { historyLines } from '/desk/history.js'
import { kindName } from '/desk/list.js'
import { severities } from '/desk/store.js'
import {
  button,
  download,
  el,
  facts,
  labelled,
  layout,
  news,
  problemText,
  select,
  sheet,
  table,
  trouble,
} from '/desk/ui.js'
import { currentLanguage, instant, said, span, word } from '/desk/words.js'

/** The close-out register: cases by where they stand, one case, complaints, shift notes, the roster. */

const tabs = [
  ['cases', '/cases'],
  ['complaints', '/complaints'],
  ['notes', '/notes'],
  ['roster', '/roster/*'],
]
const statuses = [
  ...['acknowledged', 'assigned', 'rectified', 'verified', 'closed', 'consolidated', 'appealed'],
  ...['falseAlarm', 'superseded'],
]
const filter = { status: '', fleet: '', due: '' }

export function open(root, [tab = 'cases', id], desk) {
  const known = tabs.filter(([, needs]) => has(needs))
  const strip = el(
    'div',
    { class: 'tools subnav', role: 'group', 'aria-label': word('page.register') },
    known.map(([name]) =>
      el(
        'a',
        { href: `#/register/${name}`, class: 'button', 'aria-current': name === tab ? 'page' : null },
        word(`register.${name}`),
      ),
    ),
  )
  const body = el('div')
  root.append(...layout('page.register', strip, body))
  const shows = { cases: id ? oneCase : cases, complaints, notes, roster }
  const made = (shows[tab] ?? cases)(body, desk, id)
  return typeof made?.then === 'function' ? null : made
}

/** Everything that was handled, page by page. */
async function cases(body, desk) {
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

/** One case with everything that may be done about it, by the same keys as on the page of alerts. */
function oneCase(body, desk, id) {
  const told = el('div', { id: 'case-told', role: 'alert' })
  const tell = (text) => {
    told.textContent = text
  }
  const inner = el('div')
  body.replaceChildren(told, inner)
  let drawn = -1
  const draw = () => {
    const view = desk.store.cases.get(id)
    if (view === undefined || view.revision === drawn) return
    drawn = view.revision
    inner.replaceChildren(
      ...caseParts(view, desk, async (action) => {
        if (desk.officer() === '') return tell(word('badName'))
        await desk.named()
        await act(desk, [id], action, tell)
        draw()
      }),
    )
  }
  const read = async () => {
    const { ok, value } = await get(`/cases/${id}`)
    if (!ok) return body.replaceChildren(trouble(value))
    const { about, fleet, vehicle, kind } = value
    desk.others.set(id, { id, fleet, vehicle, kind, evidence: {}, trip: null, ...about })
    if (!abouts.has(id)) abouts.set(id, about)
    desk.store.takeCase(value)
    draw()
  }
  void read()
  return {
    told: (what) => what === 'alerts' && draw(),
    keys: { Escape: () => (location.hash = '#/register/cases') },
  }
}
const abouts = new Map()

function caseParts(view, desk, take) {
  const about = abouts.get(view.alert)
  const { facts: agreed } = view
  const buttons = view.allowed.map(({ action }) =>
    el(
      'button',
      {
        type: 'button',
        'data-action': action,
        'aria-keyshortcuts': keys[action],
        click: () => void take(action),
      },
      word(`do.${action}`),
      keys[action] ? el('kbd', {}, keys[action]) : null,
    ),
  )
  const papers = [
    has('/cases/*/notice')
      ? el(
          'a',
          { class: 'button', href: `#/notice/${view.alert}`, 'data-key': 'I' },
          word('notice'),
          el('kbd', {}, 'I'),
        )
      : null,
    view.kind === 'complaint'
      ? null
      : el(
          'a',
          { class: 'button', href: `#/live/${view.alert}`, 'data-key': 'J' },
          word('openAlert'),
          el('kbd', {}, 'J'),
        ),
  ]
  return [
    el(
      'h3',
      { class: 'casetitle' },
      `${about.plate ?? view.vehicle} · ${kindName(desk.about, view.kind)} · ${word(view.status)}`,
    ),
    el(
      'div',
      { class: 'tools', role: 'toolbar', 'aria-label': word('actions') },
      desk.mayAct ? buttons : [],
      papers,
    ),
    el(
      'p',
      { class: 'sentence' },
      el('span', { class: `severity ${about.severity}` }, `${word(about.severity)} `),
      said(about.explain),
    ),
    el(
      'div',
      { class: 'columns' },
      el(
        'section',
        { class: 'card', 'aria-label': word('agreed') },
        el('h3', {}, word('agreed')),
        agreedList(view, agreed, about),
      ),
      el(
        'section',
        { class: 'card', 'aria-label': word('history') },
        el('h3', {}, word('history')),
        historyLines(view.history, []),
      ),
    ),
  ]
}

/** `at` of an alert that has ended is its end. */
const atText = ({ phase, at }, length = 19) =>
  phase === 'ended' ? word('until', instant(at).slice(0, length)) : instant(at).slice(0, length)

const yes = (value, text = (one) => one) => (value === null || value === undefined ? null : text(value))
const agreedList = (view, agreed, about) =>
  facts([
    ['begun', atText(about)],
    ['driver', agreed.driver ?? about.driver ?? word('noDriver')],
    ['article', about.article ?? word('noArticle')],
    ['responsible', yes(agreed.responsible)],
    ['deadline', yes(agreed.deadlineAt, instant)],
    ['field.acceptance', yes(agreed.acceptance)],
    ['field.cause', yes(agreed.cause)],
    ['field.measure', yes(agreed.measure)],
    ['rectifiedBy', yes(agreed.rectifiedBy)],
    ['verifiedBy', yes(agreed.verifiedBy)],
    ['closedBy', yes(agreed.closedBy)],
    ['field.disposition', yes(agreed.disposition, (one) => word(`disposition.${one}`))],
    ['field.evidenceGrade', yes(agreed.evidenceGrade, (one) => word(`evidenceGrade.${one}`))],
    ['do.appeal', yes(agreed.appeal)],
    [
      'do.lookBack',
      yes(agreed.lookBack, ({ held, at, by }) => `${word(`held.${held}`)} · ${instant(at)} ${by}`),
    ],
    ['escalatedTo', yes(agreed.escalatedTo)],
    ['do.extendToStop', yes(agreed.stop, ({ name, at }) => `${name} · ${instant(at)}`)],
    ['do.approveDetour', yes(agreed.detour, detourText)],
    ['do.acceptRelay', yes(agreed.relay, ({ says }) => says)],
    [
      'field.successor',
      yes(agreed.successor, (one) => el('a', { href: `#/register/cases/${one}` }, one.slice(0, 8))),
    ],
    ['result809', `${view.result809.code} ${said(view.result809.name)}`],
  ])

async function complaints(body, desk) {
  const read = async () => {
    const { ok, value } = await list('/complaints', { limit: 200 }, 1000)
    if (!ok) return body.replaceChildren(trouble(value))
    body.replaceChildren(
      el('div', { class: 'tools' }, button('complaintAdd', add, { key: 'Q', primary: true })),
      table({
        caption: word('register.complaints'),
        rows: value,
        href: ({ id }) => `#/register/cases/${id}`,
        columns: [
          { name: 'received', cell: ({ receivedAt }) => instant(receivedAt).slice(0, 16) },
          { name: 'channel', cell: ({ channel }) => word(`channel.${channel}`) },
          { name: 'plate', cell: ({ plate, vehicle }) => plate ?? vehicle },
          { name: 'complaintWords', cell: ({ words }) => words },
          { name: 'status', cell: ({ status }) => word(status) },
          { name: 'informer', cell: (row) => informerCell(row) },
          { name: 'answers', cell: (row) => answerCell(row) },
        ],
      }),
    )
  }
  const informerCell = (row) =>
    row.informer === 'anonymous'
      ? word('anonymous')
      : el(
          'span',
          {},
          `${word('sealed')} (${word('readings', row.readings)}) `,
          button('unseal', () => unseal(row)),
        )
  const answerCell = ({ id, answers }) =>
    el(
      'span',
      {},
      answers.map(({ at, by, words }) =>
        el('span', { class: 'block' }, `${instant(at).slice(5, 16)} ${by}：${words}`),
      ),
      button('answer', () => answer(id)),
    )
  const post = async (path, form) => {
    await desk.named()
    const { ok, value } = await call('POST', path, form)
    if (!ok) return value
    await read()
    return null
  }
  const add = () =>
    openForm({
      title: word('complaintAdd'),
      about: word('sealAbout'),
      fields: [
        { name: 'fleet', label: word('field.fleet'), value: [...desk.store.states.values()][0]?.fleet ?? '' },
        { name: 'plate', label: word('plate') },
        { name: 'vehicle', label: word('field.vehicle') },
        { name: 'at', label: word('happened'), kind: 'instant' },
        {
          name: 'channel',
          label: word('channel'),
          kind: 'select',
          options: ['phone', 'hotline', 'letter', 'visit', 'web'].map((one) => [one, word(`channel.${one}`)]),
        },
        { name: 'words', label: word('complaintWords'), kind: 'area' },
        {
          name: 'severity',
          label: word('severity'),
          kind: 'select',
          options: severities.map((one) => [one, word(one)]),
          value: 'minor',
        },
        { name: 'informerName', label: word('informerName'), hint: word('hint.anonymous') },
        { name: 'informerPhone', label: word('informerPhone') },
      ],
      send: ({ informerName: name, informerPhone: phone, at, plate, vehicle, ...rest }) =>
        post('/complaints', {
          ...rest,
          at: at || null,
          plate: plate || null,
          vehicle: vehicle || null,
          informer: name === '' ? null : { name, ...(phone ? { phone } : {}) },
        }),
    })
  const answer = (id) =>
    openForm({
      title: word('answer'),
      fields: [{ name: 'words', label: word('answerWords'), kind: 'area' }],
      send: (form) => post(`/complaints/${id}/answer`, form),
    })
  const unseal = ({ id }) =>
    openForm({
      title: word('unseal'),
      about: word('unsealAbout'),
      fields: [{ name: 'words', label: word('field.reason'), kind: 'area' }],
      send: async (form) => {
        await desk.named()
        const { ok, value } = await call('POST', `/complaints/${id}/informer`, form)
        if (!ok) return value
        queueMicrotask(() =>
          sheet(
            word('informer'),
            facts(Object.entries(value.informer ?? {}).map(([name, one]) => [`informer.${name}`, one])),
          ),
        )
        await read()
        return null
      },
    })
  await read()
}

async function notes(body, desk) {
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
        await notes(body, desk)
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

async function roster(body, desk) {
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
        editRoster(fleet, ok ? value.levels : [], desk, () => roster(body, desk)),
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
