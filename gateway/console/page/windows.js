import { button, el } from '/desk/ui.js'
import { word } from '/desk/words.js'

/** The hours of an area: as many rows as it has, each with its days; nothing that stood there is lost by being looked at. */

const days = [1, 2, 3, 4, 5, 6, 7]

export function windowsField(windows) {
  const rows = el('div', { class: 'windowlist windows' })
  const number = () => {
    for (const [at, row] of [...rows.children].entries())
      row.setAttribute('aria-label', word('windowOf', at + 1))
  }
  const add = (given) => {
    const row = rowOf(given, () => {
      row.remove()
      number()
    })
    rows.append(row)
    number()
    return row
  }
  for (const one of windows) add(one)
  const more = button('windowAdd', () => add({ from: '', to: '' }).querySelector('input').focus())
  more.id = 'window-add'
  return {
    name: 'windows',
    label: word('prop.windows'),
    hint: word('hint.window'),
    own: {
      input: el('div', { class: 'windows' }, rows, more),
      value: () => [...rows.children].map(windowOf),
    },
  }
}

let made = 0
function rowOf({ from = '', to = '', days: some = [], ...more }, remove) {
  const id = `window-${++made}`
  const time = (name, value) => {
    const field = el('input', { id: `${id}-${name}`, 'data-name': name, size: '5', placeholder: '22:00' })
    field.value = value
    return el('span', { class: 'labelled' }, el('label', { for: field.id }, word(`prop.${name}`)), field)
  }
  const row = el(
    'div',
    { class: 'windowrow', role: 'group' },
    time('from', from),
    time('to', to),
    el(
      'fieldset',
      { class: 'days' },
      el('legend', {}, word('windowDays')),
      days.map((day) =>
        el(
          'label',
          { class: 'radio' },
          el('input', { type: 'checkbox', value: String(day), checked: some.includes(day) }),
          word(`day.${day}`),
        ),
      ),
    ),
    button('remove', remove),
  )
  others.set(row, more)
  return row
}

/** What a row holds that this form knows nothing of. */
const others = new WeakMap()

function windowOf(row) {
  const text = (name) => row.querySelector(`[data-name=${name}]`).value.trim()
  const some = [...row.querySelectorAll('.days :checked')].map(({ value }) => Number(value))
  return {
    ...others.get(row),
    from: text('from'),
    to: text('to'),
    ...(some.length > 0 ? { days: some } : {}),
  }
}
