import { call, list } from '/desk/api.js'
import { openForm } from '/desk/form.js'
import { severities } from '/desk/store.js'
import { button, el, facts, sheet, table, trouble } from '/desk/ui.js'
import { instant, word } from '/desk/words.js'

/** Complaints from outside, with their informers sealed, and what was answered. */

export async function showComplaints(body, desk) {
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
