import { el, find, problemText } from '/desk/ui.js'
import { word } from '/desk/words.js'

/** The one form of the desk. It stays open, with the remedy at the field it is about, until what it asks is taken. */

const dialog = document.querySelector('#form')
const general = document.querySelector('#form-trouble')
let submit = async () => null
let open = []

/**
 * Fields are `{ name, label, kind, options, phrases, value, hint, optional }`; kinds: text, area, select, choice,
 * instant, number, file, check, checks (several of its options). A field may bring an `own` of `{ input, value }` instead.
 * `send` gets their values and answers null, or a problem `{ field, remedy }`.
 */
export function openForm({ title, about = '', fields, send }) {
  submit = send
  document.querySelector('#form-title').textContent = title
  document.querySelector('#form-about').textContent = about
  open = fields.map(fieldOf)
  document.querySelector('#fields').replaceChildren(...open.map(({ node }) => node))
  general.textContent = ''
  if (!dialog.open) dialog.showModal()
  const [first] = open
  if (first !== undefined) firstOf(first.input).focus()
}

function fieldOf(field) {
  const { name, label, kind = 'text', hint, phrases = [], own } = field
  const input = own?.input ?? inputOf(field)
  const trouble = el('p', { class: 'trouble', role: 'alert', id: `${name}-trouble` })
  const isGroup = kind === 'choice' || kind === 'checks' || own !== undefined
  input.setAttribute('aria-describedby', `${name}-trouble`)
  if (!isGroup || own !== undefined) input.id = name
  const choices = phrases.map((phrase) => phraseButton(phrase, input))
  const labelNode = isGroup ? el('legend', {}, label) : labelOf(name, label, input)
  const node = el(
    isGroup ? 'fieldset' : 'div',
    { class: 'field' },
    labelNode,
    hint ? el('p', { class: 'soft hint' }, hint) : null,
    choices.length > 0 ? el('div', { id: 'phrases', class: 'phrases' }, choices) : null,
    input,
    trouble,
  )
  return { name, kind, input, trouble, node, value: own?.value, reports: field.reports ?? null }
}

/** A field may be called as something of the page behind is: its label is its own nevertheless. */
function labelOf(name, label, input) {
  input.setAttribute('aria-labelledby', `${name}-label`)
  const toOwn = (event) => {
    if (document.getElementById(name) === input) return
    event.preventDefault()
    input.focus()
  }
  return el('label', { for: name, id: `${name}-label`, click: toOwn }, label)
}

function phraseButton(phrase, input) {
  const click = () => {
    input.value = phrase
    input.focus()
  }
  return el('button', { type: 'button', click }, phrase)
}

function inputOf({ name, kind = 'text', options = [], value = '', suggestions = [] }) {
  if (kind === 'area') {
    const made = el('textarea', { rows: '3', maxlength: '500' })
    made.value = value
    return made
  }
  if (kind === 'select') return selectOf(options, value)
  if (kind === 'choice' || kind === 'checks') return choiceOf(name, options, value, kind === 'checks')
  const types = {
    instant: 'datetime-local',
    number: 'number',
    file: 'file',
    check: 'checkbox',
    secret: 'password',
  }
  const made = el('input', {
    type: types[kind] ?? 'text',
    autocomplete: 'off',
    step: kind === 'number' ? 'any' : null,
  })
  if (kind === 'check') made.checked = value === true
  else if (kind !== 'file') made.value = value
  if (suggestions.length > 0) {
    made.setAttribute('list', `${name}-list`)
    const list = el(
      'datalist',
      { id: `${name}-list` },
      suggestions.map((one) => el('option', { value: one })),
    )
    queueMicrotask(() => made.after(list))
  }
  return made
}

const selectOf = (options, value) =>
  el(
    'select',
    {},
    options.map(([key, text]) => el('option', { value: key, selected: key === value }, text)),
  )

function choiceOf(name, options, value, isMany) {
  const isOn = (key) => (isMany ? value.includes(key) : key === value)
  const type = isMany ? 'checkbox' : 'radio'
  const radios = options.map(([key, text]) =>
    el('label', { class: 'radio' }, el('input', { type, name, value: key, checked: isOn(key) }), text),
  )
  return el('div', { class: 'radios' }, radios)
}

function given({ kind, input, value }) {
  if (value !== undefined) return value()
  if (kind === 'checks') return [...input.querySelectorAll(':checked')].map((one) => one.value)
  if (kind === 'choice') return input.querySelector(':checked')?.value ?? ''
  if (kind === 'check') return input.checked
  if (kind === 'file') return input.files[0] ?? null
  if (kind === 'number') return input.value === '' ? null : Number(input.value)
  // Times are those of the law's zone, wherever the browser sits.
  if (kind === 'instant') return input.value === '' ? '' : `${input.value}:00+08:00`
  return input.value
}

function show(problem) {
  for (const { trouble, input } of open) {
    trouble.textContent = ''
    firstOf(input).ariaInvalid = 'false'
  }
  general.textContent = ''
  if (problem === null) return
  const own =
    open.find(({ name, reports }) => name === problem.field || reports === problem.field) ??
    open.find(({ name }) => problem.field?.endsWith?.(`.${name}`))
  if (own === undefined) {
    general.textContent = problemText(problem)
    return
  }
  own.trouble.textContent = problemText({ remedy: problem.remedy })
  const first = firstOf(own.input)
  first.ariaInvalid = 'true'
  first.focus()
}

/** Of a group that asks for one thing, what is reached first: a group itself is neither right nor wrong. */
const firstOf = (input) =>
  input.matches('input, select, textarea') ? input : (find('input, select, button', input) ?? input)

let sending = false
dialog.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault()
  // A key pressed twice is one step.
  if (sending) return
  sending = true
  const values = Object.fromEntries(open.map((field) => [field.name, given(field)]))
  const problem = await Promise.resolve(submit(values)).catch(() => ({
    field: '',
    remedy: { zh: word('unreachable'), en: word('unreachable') },
  }))
  sending = false
  show(problem)
  if (problem === null) dialog.close()
})
document.querySelector('#cancel').addEventListener('click', () => dialog.close())
dialog.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) dialog.querySelector('form').requestSubmit()
})
