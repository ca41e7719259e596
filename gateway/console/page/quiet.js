import { call, has, list } from '/desk/api.js'
import { openForm } from '/desk/form.js'
import { button, el, find, nothing, sheet } from '/desk/ui.js'
import { instant, said, word } from '/desk/words.js'

/** Quiet rules: what a tunnel, a garage, a planned stop or a repair explains is listed and kept, and makes no sound. */

const reasons = ['tunnel', 'garage', 'plannedOffline', 'repair']
let rules = []

export async function readQuietRules() {
  if (!has('/quiet')) return
  const { ok, value } = await list('/quiet', { active: 1, limit: 1000 })
  if (ok) rules = value
}

/** The rule that explains an alert: by what happened when, not by when it came. */
export function quietRuleOf(alert) {
  if (rules.length === 0) return null
  const atMs = Date.parse(alert.at)
  const explains = ({ fleet, vehicles, kinds, from, to }) =>
    fleet === alert.fleet &&
    kinds.includes(alert.kind) &&
    (vehicles === null || vehicles.includes(alert.vehicle)) &&
    Date.parse(from) <= atMs &&
    atMs < Date.parse(to)
  return rules.find(explains) ?? null
}
export const quietText = (rule) => (rule === null ? '' : `${word(`quiet.${rule.reason}`)} ${rule.words}`)

export function drawQuietButton() {
  const made = find('#quiet-rules')
  made.hidden = !has('/quiet')
  made.replaceChildren(word('quietRules', rules.length), el('kbd', {}, 'H'))
}

export function openQuietRules(desk, changed) {
  const rows = rules.map((rule) => {
    const kinds = rule.kinds.map((kind) => said(desk.about.kinds[kind]) || kind).join('、')
    const facts = [
      word(`quiet.${rule.reason}`),
      rule.fleet,
      rule.vehicles === null ? word('allVehicles') : rule.vehicles.join(' '),
      kinds,
      `${instant(rule.from).slice(0, 16)} – ${instant(rule.to).slice(0, 16)}`,
      rule.words,
      rule.by,
    ]
    return el(
      'li',
      {},
      `${facts.join(' · ')} `,
      button('end', () => void end(rule, desk, changed)),
    )
  })
  sheet(
    word('quietRules', rules.length),
    el('p', { class: 'soft' }, word('quietAbout')),
    rows.length === 0 ? nothing(word('noRows')) : el('ul', {}, rows),
    button('quietAdd', () => add(desk, changed), { primary: true }),
  )
}

async function end({ id }, desk, changed) {
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
    about: word('quietAbout'),
    fields: [
      {
        ...{ name: 'reason', label: word('field.why'), kind: 'choice' },
        options: reasons.map((one) => [one, word(`quiet.${one}`)]),
      },
      { name: 'fleet', label: word('field.fleet'), value: alert?.fleet ?? '' },
      {
        ...{ name: 'vehicles', label: word('field.vehicles'), value: alert?.vehicle ?? '' },
        hint: word('hint.commas'),
      },
      { name: 'from', label: word('field.from'), kind: 'instant', value: local(nowMs - 3_600_000) },
      { name: 'to', label: word('field.to'), kind: 'instant', value: local(nowMs + 4 * 3_600_000) },
      { name: 'words', label: word('field.words'), kind: 'area' },
    ],
    send: async (values) => {
      await desk.named()
      const vehicles = values.vehicles.split(/[,，、\s]+/).filter(Boolean)
      const body = { ...values, vehicles: vehicles.length === 0 ? null : vehicles }
      const { ok, value } = await call('POST', '/quiet', body)
      if (!ok) return value
      await changed()
      return null
    },
  })
}
