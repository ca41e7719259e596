import { call, get, has } from '/desk/api.js'
import { openForm } from '/desk/form.js'
import { button, el, find, nothing, sheet } from '/desk/ui.js'
import { instant, said, word } from '/desk/words.js'

/** Quiet rules: what a tunnel, a garage, a planned stop or a repair explains is listed and kept, and makes no sound. */

let rules = []

export async function readQuietRules() {
  if (!has('/quiet')) return
  const { ok, value } = await get('/quiet')
  if (ok) rules = value.items
}

/** The rule that covers an alert; what the gateway says of it in the case counts too. */
export function quietRuleOf(alert, view, nowMs) {
  if (view?.quiet) return typeof view.quiet === 'object' ? view.quiet : { reason: '' }
  const atMs = Date.parse(alert.at)
  return (
    rules.find(
      ({ fleet, vehicles = [], kinds = [], from, to }) =>
        fleet === alert.fleet &&
        (vehicles.length === 0 || vehicles.includes(alert.vehicle)) &&
        (kinds.length === 0 || kinds.includes(alert.kind)) &&
        Date.parse(from) <= atMs &&
        (to === null || atMs <= Date.parse(to)) &&
        nowMs >= Date.parse(from),
    ) ?? null
  )
}

export function drawQuietButton() {
  const made = find('#quiet-rules')
  made.hidden = !has('/quiet')
  made.replaceChildren(word('quietRules', rules.length), el('kbd', {}, 'H'))
}

export function openQuietRules(desk, changed) {
  const rows = rules.map((rule) =>
    el(
      'li',
      {},
      `${word(`quiet.${rule.why ?? rule.cause}`)} · ${(rule.vehicles ?? []).join(' ') || word('allVehicles')} · ${(rule.kinds ?? []).map((kind) => said(desk.about.kinds[kind]) || kind).join('、') || word('allKinds')} · ${instant(rule.from)} – ${instant(rule.to)} · ${rule.reason} `,
      button('remove', () => void remove(rule, desk, changed)),
    ),
  )
  sheet(
    word('quietRules', rules.length),
    el('p', { class: 'soft' }, word('quietAbout')),
    rows.length === 0 ? nothing(word('noRows')) : el('ul', {}, rows),
    button('quietAdd', () => add(desk, changed), { primary: true }),
  )
}

async function remove({ id }, desk, changed) {
  await desk.named()
  await call('DELETE', `/quiet/${id}`)
  find('#sheet').close()
  await changed()
}

function add(desk, changed) {
  find('#sheet').close()
  const alert = desk.store.alerts.get(desk.chosen)
  const local = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16)
  const nowMs = desk.nowMs()
  openForm({
    title: word('quietAdd'),
    fields: [
      {
        name: 'why',
        label: word('field.why'),
        kind: 'choice',
        options: ['tunnel', 'garage', 'offline', 'repair'].map((one) => [one, word(`quiet.${one}`)]),
      },
      { name: 'fleet', label: word('field.fleet'), value: alert?.fleet ?? '' },
      {
        name: 'vehicles',
        label: word('field.vehicles'),
        value: alert?.vehicle ?? '',
        hint: word('hint.commas'),
      },
      { name: 'kinds', label: word('field.kinds'), value: alert?.kind ?? '', hint: word('hint.commas') },
      { name: 'from', label: word('field.from'), kind: 'instant', value: local(nowMs) },
      { name: 'to', label: word('field.to'), kind: 'instant', value: local(nowMs + 4 * 3_600_000) },
      { name: 'reason', label: word('field.reason'), kind: 'area' },
    ],
    send: async (values) => {
      await desk.named()
      const many = (text) => text.split(/[,，、\s]+/).filter(Boolean)
      const body = { ...values, vehicles: many(values.vehicles), kinds: many(values.kinds) }
      const { ok, value } = await call('POST', '/quiet', body)
      if (!ok) return value
      await changed()
      return null
    },
  })
}
