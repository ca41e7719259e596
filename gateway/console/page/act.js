import { call, get, has, query } from '/desk/api.js'
import { openForm } from '/desk/form.js'
import { request } from '/desk/link.js'
import { news, problemText } from '/desk/ui.js'
import { instant, said, span, word } from '/desk/words.js'

/** What an officer does about alerts: one key each, one form each, one road to the gateway. */

export const keys = {
  acknowledge: 'A',
  assign: 'G',
  rectify: 'R',
  verify: 'V',
  close: 'C',
  falseAlarm: 'F',
  reopen: 'O',
  appeal: 'P',
  note: 'N',
  say: 'S',
  escalate: 'E',
  extendToStop: 'W',
  approveDetour: 'D',
  acceptRelay: 'K',
  attributeDriver: 'U',
  revokeDetour: 'Q',
  lookBack: 'B',
  supersede: 'Y',
}

/** What is said to a cab, or decided about one vehicle, is not done to several alerts at once. */
const single = new Set([
  'say',
  'extendToStop',
  'approveDetour',
  'acceptRelay',
  'attributeDriver',
  'revokeDetour',
  'withdrawDriver',
  'supersede',
])

/** What each field of a step is asked by. */
const asked = {
  responsible: () => [text('responsible')],
  deadlineAt: ({ nowMs }) => [
    {
      name: 'deadlineAt',
      label: word('field.deadlineAt'),
      kind: 'instant',
      value: localAt(nowMs + 8 * 3_600_000),
    },
  ],
  acceptance: () => [area('acceptance')],
  cause: () => [area('cause')],
  measure: () => [area('measure')],
  disposition: () => [choice('disposition', ['education', 'criticism', 'suspension', 'fine', 'exempt'])],
  evidenceGrade: () => [choice('evidenceGrade', ['sufficient', 'to-verify'])],
  held: () => [choice('held', ['true', 'false'])],
  successor: ({ siblings }) => [pick('successor', siblings)],
  area: ({ areas }) => [areas.length === 0 ? text('area') : pick('area', areas)],
  route: ({ routes }) => [{ ...text('route'), suggestions: routes, value: routes[0] ?? '' }],
  segment: () => [
    { ...number('fromKm'), reports: 'segment' },
    { ...number('toKm'), reports: 'segment' },
  ],
  hours: () => [{ ...number('hours'), value: '2' }],
  proof: ({ areas, drivers }) => [
    { ...area('says'), reports: 'proof', hint: word('hint.proof') },
    { name: 'proofAt', label: word('field.proofAt'), kind: 'instant', reports: 'proof.at' },
    { ...pick('proofArea', [['', word('none')], ...areas]), reports: 'proof.area' },
    { ...text('proofDriver'), suggestions: drivers, reports: 'proof.driver' },
  ],
  driver: ({ drivers }) => [{ ...text('driver'), suggestions: drivers }],
}

/** A step as the gateway takes it. */
function stepOf(action, fields, values) {
  const { fromKm, toKm, says, proofAt, proofArea, proofDriver, words = '', ...step } = values
  if (fields.includes('held')) step.held = values.held === '' ? undefined : values.held === 'true'
  if (fields.includes('hours')) step.hours = values.hours ?? undefined
  if (fields.includes('segment') && fromKm !== null && toKm !== null)
    step.segment = { fromM: Math.round(fromKm * 1000), toM: Math.round(toKm * 1000) }
  if (fields.includes('proof'))
    step.proof = {
      says,
      ...(proofAt ? { at: proofAt } : {}),
      ...(proofArea ? { area: proofArea } : {}),
      ...(proofDriver ? { driver: proofDriver } : {}),
    }
  // What was left empty is missing, and the gateway says what is asked.
  const given = Object.entries(step).filter(
    ([, value]) => value !== '' && value !== undefined && value !== null,
  )
  return { action, words, ...Object.fromEntries(given) }
}
const text = (name) => ({ name, label: word(`field.${name}`) })
const area = (name) => ({ name, label: word(`field.${name}`), kind: 'area' })
const number = (name) => ({ name, label: word(`field.${name}`), kind: 'number' })
const choice = (name, options) => ({
  ...{ name, label: word(`field.${name}`), kind: 'choice' },
  options: options.map((one) => [one, word(`${name}.${one}`)]),
})
const pick = (name, options) => ({ name, label: word(`field.${name}`), kind: 'select', options })

/** As the form wants it: local time of the law's zone. */
const localAt = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16)

/** Actions every alert of `ids` may take now; with several, those that can be done to several. */
export function allowedOf({ store, about }, ids) {
  const lists = ids.map((id) => store.cases.get(id)?.allowed ?? about.raised)
  const [first = []] = lists
  if (ids.length < 2) return first
  const names = new Set(lists.flat().map(({ action }) => action))
  return [...names]
    .filter((name) => !single.has(name))
    .map((name) => lists.flat().find(({ action }) => action === name))
}
export const mayTake = ({ store, about }, id, action) =>
  (store.cases.get(id)?.allowed ?? about.raised).some((one) => one.action === action)

/** What the forms offer to choose from, read when one is opened. */
async function contextOf(desk, alert, fields) {
  const wants = (...names) => names.some((name) => fields.includes(name))
  const safe = Array.isArray(alert.evidence.safeStops) ? alert.evidence.safeStops : []
  const areas = safe.map((stop) => [
    stop.areaId ?? stop.area,
    stop.km ? `${stop.area} · ${stop.km} km` : stop.area,
  ])
  if (wants('area', 'proof')) {
    const known = new Set(areas.map(([id]) => id))
    areas.push(...(await stopsOf(alert)).filter(([id]) => !known.has(id)))
  }
  const named = alert.evidence.route ?? alert.evidence.routeId ?? desk.store.stateOf(alert)?.route
  const routes = wants('route') ? await routesOf(alert) : []
  const others = [...desk.store.alerts.values()].filter(
    ({ id, fleet, vehicle }) => id !== alert.id && fleet === alert.fleet && vehicle === alert.vehicle,
  )
  return {
    areas,
    routes: [...new Set([...(typeof named === 'string' ? [named] : []), ...routes])],
    drivers:
      wants('driver', 'proof') && has('/drivers') ? await namesOf('/drivers', { fleet: alert.fleet }) : [],
    siblings: others.map((one) => [one.id, `${instant(one.at)} ${said(desk.about.kinds[one.kind])}`]),
    nowMs: desk.nowMs(),
  }
}
async function namesOf(path, values) {
  const { ok, value } = await get(path, values)
  return ok ? value.items.map((one) => one.id ?? one.driver).filter(Boolean) : []
}
/** The routes that the vehicle's trips name. */
async function routesOf({ fleet, vehicle }) {
  const response = await request(`/desk/routes${query({ fleet, vehicle })}`)
  const document = response.ok ? await response.json() : null
  const features = [document].flat().flatMap((one) => one?.features ?? [])
  return features.map(({ properties, id }) => String(properties?.id ?? id ?? '')).filter((id) => id !== '')
}
async function stopsOf({ fleet, vehicle }) {
  const response = await request(`/desk/areas${query({ fleet, vehicle })}`)
  const document = response.ok ? await response.json() : null
  const features = [document].flat().flatMap((one) => one?.features ?? [])
  return features
    .filter(({ properties }) => ['serviceArea', 'station', 'hub', 'relayPoint'].includes(properties?.role))
    .map(({ properties, id }) => [
      String(properties.id ?? id),
      String(properties.name ?? properties.id ?? id),
    ])
}

/**
 * One road for every action: a key and a button are the same. `told` shows what went wrong beside the case; the
 * revisions are those the officer sees now: what another does while the form is open is a conflict, not overwritten.
 */
export async function act(desk, ids, action, told) {
  const targets = (single.has(action) ? ids.slice(0, 1) : ids)
    .filter((id) => mayTake(desk, id, action))
    .map((alert) => ({ alert, revision: desk.store.cases.get(alert)?.revision ?? 0 }))
  if (targets.length === 0) return
  const lead = desk.alertOf(targets[0].alert)
  const allowed = allowedOf(desk, [lead.id]).find((one) => one.action === action)
  const fields = has('/cases/*/steps') ? (allowed.fields ?? []) : []
  const needsWords = fields.length > 0 ? allowed.wordsBeside : allowed.words
  // Several at once, one reason; an episode of one vehicle is acknowledged as one alert is.
  const isPlain = fields.length === 0 && !needsWords && action !== 'escalate' && desk.marked.size === 0
  if (isPlain) {
    const problem = await send(desk, targets, { action, words: '' }, told)
    if (problem !== null) told(problemText(problem))
    return
  }
  const context = fields.length > 0 ? await contextOf(desk, lead, fields) : null
  const about =
    targets.length > 1
      ? word('aboutMany', targets.length)
      : `${lead.plate ?? lead.vehicle} · ${said(lead.explain)}`
  openForm({
    title: word(`do.${action}`),
    about,
    fields: [
      ...fields.flatMap((name) => asked[name]?.(context) ?? [text(name)]),
      wordsField(action, fields, needsWords, lead),
    ],
    send: (values) => send(desk, targets, stepOf(action, fields, values), told),
  })
}

function wordsField(action, fields, needed, lead) {
  const own = word(`ask.${action}`)
  const isOwn = needed && fields.length === 0 && own !== `ask.${action}`
  const label = isOwn ? own : word(needed ? `why.${action}` : 'field.wordsMore')
  const plain = label === `why.${action}` ? word('field.words') : label
  return { name: 'words', label: plain, kind: 'area', phrases: phrasesFor(action, lead) }
}

function phrasesFor(action, alert) {
  if (action === 'falseAlarm')
    return ['tunnel', 'device', 'planned', 'limit'].map((why) => word(`false.${why}`))
  if (action !== 'say') return []
  const [stop] = Array.isArray(alert.evidence.safeStops) ? alert.evidence.safeStops : []
  const ofKind = {
    speeding: ['slow'],
    fatigue: ['tired'],
    curfew: ['curfewSoon'],
    'curfew-warning': ['curfewSoon'],
  }
  const fixed = (ofKind[alert.kind] ?? ['tired']).map((name) => word(name))
  return stop === undefined ? fixed : [word('stopAt', stop.area), ...fixed]
}

/** Null when it was taken, or when there is nothing to mend in the form. */
async function send(desk, targets, step, told) {
  const by = desk.officer()
  const outcomes = await stepsOf(targets, step, by)
  for (const { value } of outcomes) if (value?.case) desk.store.takeCase(value.case)
  desk.draw()
  const conflicts = outcomes.filter(({ status }) => status === 409)
  const refused = outcomes.filter(({ ok, status }) => !ok && status !== 409)
  if (refused.length > 0 && refused.length === outcomes.length) return refused[0].value
  const trouble = [...conflicts.map(conflictText), ...refused.map(({ value }) => said(value?.remedy))]
  const done = outcomes.length - conflicts.length - refused.length
  told(
    trouble.length === 0
      ? ''
      : [done > 0 ? word('doneSome', done) : '', ...trouble].filter(Boolean).join(' '),
  )
  for (const { ok, value } of outcomes) if (ok) tellWhatFollowed(value, step.action)
  if (done > 1) news(word('doneMany', done))
  return null
}

/** What the step led to, besides its being kept. */
function tellWhatFollowed(value, action) {
  const spoken = value?.did?.said ?? value?.said
  if (spoken) news(word(spoken))
  if (value?.did?.summoned) news(word('summoned', value.did.summoned))
  if (value?.did?.detour) news(word('detourSent'))
  if (value?.did?.relayEntered) news(word('relayEntered'))
  if (value?.did?.detourRevoked) news(word('detourRevoked'))
  if (action === 'attributeDriver') news(attributedText(value?.did?.attributed))
}

const attributedText = (given) =>
  given
    ? word(
        'attributedTo',
        `${instant(given.from).slice(5, 16)}–${instant(given.to).slice(11, 16)} · ${span(given.drivenS * 1000)}`,
      )
    : word('attributedNothing')

function conflictText({ value }) {
  const last = value?.case?.history.at(-1)
  return `${said(value?.remedy)}${last ? `：${last.by} · ${word(`do.${last.action}`)} ${last.words}` : ''}`
}

/** What became of each: `{ ok, status, value }`. */
async function stepsOf(targets, step, by) {
  if (targets.length > 1 && step.words !== '' && has('/cases/steps')) {
    const { ok, status, value } = await call('POST', '/cases/steps', { alerts: targets, ...step })
    if (!ok) return [{ ok, status, value }]
    return value.items.map((one) => ({ ok: one.status < 300, status: one.status, value: one }))
  }
  const outcomes = []
  for (const { alert, revision } of targets)
    outcomes.push(
      has('/cases/*/steps')
        ? await call('POST', `/cases/${alert}/steps`, { revision, ...step })
        : await plainStep({ alert, revision, ...step, by }),
    )
  return outcomes
}

async function plainStep(body) {
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await request('/cases', { method: 'POST', headers, body: JSON.stringify(body) })
    return { ok: response.ok, status: response.status, value: await response.json() }
  } catch {
    const text = word('unreachable')
    return { ok: false, status: 0, value: { field: '', remedy: { zh: text, en: text } } }
  }
}
