import { call, get, list } from '/desk/api.js'
import { openForm } from '/desk/form.js'
import { severities } from '/desk/store.js'
import { button, el, find, layout, news, problemText, sheet, table, trouble } from '/desk/ui.js'
import { instant, word } from '/desk/words.js'

/** Webhooks of the fleets somebody administers: where news goes, whether it arrives, and what did not. */

const formats = ['alert', 'wecom', 'dingtalk', 'feishu']
const events = ['alert', 'escalation']
const readMs = 5000

export async function open(root, _args, desk) {
  const told = el('p', { role: 'status' })
  const holder = el('div')
  root.append(
    ...layout(
      'page.webhooks',
      button('hookAdd', () => add(), { key: 'Q', primary: true }),
      el('p', { class: 'soft' }, word('hookAbout')),
      told,
      holder,
    ),
  )
  let drawn = ''
  const read = async () => {
    const { ok, value } = await list('/webhooks')
    if (!ok) return holder.replaceChildren(trouble(value))
    const mark = JSON.stringify(value)
    // Read again while somebody tabs through it: what did not change keeps its focus.
    if (mark === drawn) return
    drawn = mark
    holder.replaceChildren(hookTable(value))
  }

  const hookTable = (hooks) =>
    table({
      caption: word('page.webhooks'),
      rows: hooks,
      empty: word('hookNone'),
      mark: ({ standing, dead }) => (standing.why !== null ? 'red' : dead > 0 ? 'amber' : null),
      columns: [
        { name: 'hookUrl', cell: ({ url }) => el('span', { class: 'address' }, url) },
        { name: 'fleet', cell: ({ fleet }) => fleet },
        { name: 'hookFormat', cell: ({ format }) => word(`format.${format}`) },
        { name: 'hookEvents', cell: (hook) => filterText(hook) },
        { name: 'hookState', cell: (hook) => standingText(hook) },
        {
          name: 'actions',
          cell: (hook) => [
            button('hookTest', () => void test(hook)),
            ...(hook.dead > 0 ? [deadButton(hook)] : []),
            button('remove', () => void remove(hook)),
          ],
        },
      ],
    })
  const deadButton = (hook) => {
    const made = button('hookDead', () => void showDead(hook))
    made.textContent = word('hookDead', hook.dead)
    return made
  }

  const say = (text, isGood) => {
    told.className = isGood ? 'green' : 'trouble'
    told.textContent = text
  }
  async function test({ id }) {
    await desk.named()
    const { ok, value } = await call('POST', `/webhooks/${id}/test`)
    if (!ok) say(problemText(value), false)
    else say(value.delivered ? word('hookTested') : word('hookFailed', whyText(value.why)), value.delivered)
    await read()
  }
  async function remove({ id, url }) {
    if (!confirm(word('hookRemove', url))) return
    await desk.named()
    const { ok, value } = await call('DELETE', `/webhooks/${id}`)
    if (!ok) say(problemText(value), false)
    await read()
  }

  async function showDead(hook) {
    const { ok, value } = await get(`/webhooks/${hook.id}/dead`)
    if (!ok) return say(problemText(value), false)
    sheet(
      word('hookDeadTitle'),
      el('p', { class: 'soft address' }, hook.url),
      button('hookReplay', () => void replay(hook), { primary: true }),
      table({
        caption: word('hookDeadTitle'),
        rows: value.items,
        columns: [
          { name: 'failedAt', cell: ({ at }) => instant(at).slice(5) },
          { name: 'kind', cell: ({ event }) => word(`event.${event}`) },
          { name: 'why', cell: ({ why }) => whyText(why) },
          {
            name: 'openAlert',
            cell: ({ alert }) => el('a', { href: `#/live/${alert}` }, alert.slice(0, 8)),
          },
        ],
      }),
    )
  }
  async function replay({ id }) {
    await desk.named()
    const { ok, value } = await call('POST', `/webhooks/${id}/retry`)
    document.querySelector('#sheet').close()
    say(ok ? word('hookReplayed', value.retried) : problemText(value), ok)
    await read()
  }

  const fleets = () => [...new Set([...desk.store.states.values()].map(({ fleet }) => fleet))].sort()
  function add() {
    const known = fleets()
    openForm({
      title: word('hookAdd'),
      about: word('hookAbout'),
      fields: [
        { name: 'url', label: word('hookUrl'), hint: word('hint.hookUrl') },
        { name: 'fleet', label: word('field.fleet'), value: known[0] ?? '', suggestions: known },
        {
          ...{ name: 'format', label: word('hookFormat'), kind: 'select' },
          options: formats.map((one) => [one, word(`format.${one}`)]),
        },
        {
          ...{ name: 'events', label: word('hookEvents'), kind: 'checks', value: events },
          options: events.map((one) => [one, word(`event.${one}`)]),
        },
        {
          ...{ name: 'severities', label: word('hookSeverities'), kind: 'checks', value: [] },
          options: severities.map((one) => [one, word(one)]),
        },
        { name: 'kinds', label: word('hookKinds') },
      ],
      send: async ({ severities: some, kinds, ...rest }) => {
        await desk.named()
        const wanted = kinds.split(/[\s,，]+/).filter(Boolean)
        const { ok, value } = await call('POST', '/webhooks', {
          ...rest,
          ...(some.length > 0 ? { severities: some } : {}),
          ...(wanted.length > 0 ? { kinds: wanted } : {}),
        })
        if (!ok) return { ...value, field: value.field.replace(/[[.].*$/, '') }
        queueMicrotask(() => showSecret(value))
        await read()
        return null
      },
    })
  }

  await read()
  const timer = setInterval(() => void read(), readMs)
  return { close: () => clearInterval(timer) }
}

/** Once: the gateway tells it to nobody again. */
function showSecret({ url, secret }) {
  const field = el('input', { id: 'hook-secret', readonly: true, value: secret, size: '48' })
  sheet(
    word('hookSecret'),
    el('p', { class: 'trouble' }, word('hookSecretOnce')),
    el('p', { class: 'soft address' }, url),
    el('label', { for: 'hook-secret', class: 'unseen' }, word('hookSecret')),
    field,
    button('copy', () => {
      field.select()
      void navigator.clipboard?.writeText(secret).then(() => news(word('copied')))
    }),
  )
  field.select()
  // Shut, it is nowhere any more: whoever sits down next finds no secret.
  find('#sheet').addEventListener('close', () => find('#sheet-body').replaceChildren(), { once: true })
}

function filterText({ events: some, severities: only, kinds }) {
  return [
    some.map((one) => word(`event.${one}`)).join('、'),
    only === null ? null : only.map((one) => word(one)).join('、'),
    kinds === null ? null : kinds.join(' '),
  ]
    .filter(Boolean)
    .join(' · ')
}

function standingText({ standing: { deliveredAt, why, nextTryAt }, dead }) {
  const parts =
    why !== null
      ? [
          word('hook.failing', whyText(why)),
          nextTryAt === null ? null : word('hookNextTry', instant(nextTryAt).slice(11)),
        ]
      : [deliveredAt === null ? word('hook.new') : word('hook.ok', instant(deliveredAt).slice(5))]
  const isBad = why !== null || dead > 0
  return el(
    'span',
    { class: isBad ? 'red' : deliveredAt === null ? 'soft' : 'green' },
    parts.filter(Boolean).join(' · '),
  )
}

/** What the line said, as far as it says it in words that an office knows. */
function whyText(why) {
  const [, seconds] = /^no answer within (\d+) s$/.exec(why) ?? []
  if (seconds !== undefined) return word('hookWhy.silent', seconds)
  const known = word(`hookWhy.${why}`)
  return known.startsWith('hookWhy.') ? why : known
}
