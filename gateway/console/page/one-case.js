import { act, keys } from '/desk/act.js'
import { get, has } from '/desk/api.js'
import { atText } from '/desk/cases.js'
import { detourText } from '/desk/decisions.js'
import { historyLines } from '/desk/history.js'
import { kindName } from '/desk/list.js'
import { el, facts, trouble } from '/desk/ui.js'
import { instant, said, word } from '/desk/words.js'

/** One case with everything that may be done about it, by the same keys as on the page of alerts. */
export function showCase(body, desk, id) {
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
