import { said, word } from '/desk/words.js'

/** The few pieces every page is made of: elements, tables that are walked by arrows, and a line for what went wrong. */

export const find = (selector, within = document) => within.querySelector(selector)

export const element = (tag, className, text) => {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

/** An element with attributes and children; what is null or false is left out. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === 'function') made.addEventListener(name, value)
    else made.setAttribute(name, value === true ? '' : value)
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined))
  return made
}

/** A button whose key is shown on it; `onKey` of the page presses it. */
export function button(name, click, { key = null, primary = false, id = null } = {}) {
  const made = el(
    'button',
    { type: 'button', click, id, 'data-key': key, class: primary ? 'main' : null },
    word(name),
  )
  if (key !== null) made.append(el('kbd', {}, key))
  return made
}

export const link = (text, href) => el('a', { href }, text)

export const download = (name, href, file) => el('a', { href, download: file, class: 'button' }, word(name))

/** What a list shows when it is empty, or could not be read. */
export const nothing = (text) => el('p', { class: 'empty' }, text)

/**
 * A table. The first cell of a row is its link: arrows walk over them, Enter opens. On a phone each row is a card, and
 * the roles keep saying that it is a table.
 */
export function table({ caption, columns, rows, href, empty = word('noRows'), mark = () => null }) {
  if (rows.length === 0) return nothing(empty)
  const head = el(
    'tr',
    { role: 'row' },
    columns.map(({ name, number }) =>
      el('th', { scope: 'col', role: 'columnheader', class: number ? 'number' : null }, word(name)),
    ),
  )
  const body = rows.map((row) =>
    el(
      'tr',
      { role: 'row', class: mark(row) },
      columns.map(({ name, cell, number }, at) => {
        const inner = cell(row)
        const shown = at === 0 && href ? el('a', { href: href(row), class: 'rowlink' }, inner) : inner
        return el(
          'td',
          { role: 'cell', 'data-label': word(name), class: number ? 'number' : null },
          cellOf(shown),
        )
      }),
    ),
  )
  const made = el(
    'table',
    { role: 'table', keydown: walk },
    caption ? el('caption', { class: 'unseen' }, caption) : null,
    el('thead', { role: 'rowgroup' }, head),
    el('tbody', { role: 'rowgroup' }, body),
  )
  return el('div', { class: 'tablewrap' }, made)
}

/** What is unknown is a dash; several things are one cell. */
function cellOf(shown) {
  if (Array.isArray(shown)) return shown.length === 0 ? '–' : el('span', {}, shown)
  return shown === null || shown === undefined || shown === '' ? '–' : shown
}

function walk(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e6, End: 1e6 }
  const by = steps[event.key]
  if (by === undefined) return
  const links = [...event.currentTarget.querySelectorAll('.rowlink')]
  const at = links.indexOf(document.activeElement)
  if (at === -1) return
  event.preventDefault()
  event.stopPropagation()
  links[Math.min(links.length - 1, Math.max(0, at + by))].focus()
}

/** Facts as terms and their values; what is unknown is left out only when it is null. */
export function facts(pairs) {
  const list = el('dl')
  for (const [name, value] of pairs)
    if (value !== null && value !== undefined) list.append(el('dt', {}, word(name)), el('dd', {}, value))
  return list
}

/** A problem of the gateway, in the officer's language, with the field it is about. */
export function problemText(problem) {
  const text = said(problem?.remedy) || word('unreachable')
  return problem?.field ? `${fieldName(problem.field)}：${text}` : text
}
const fieldName = (field) => {
  const known = word(`field.${field}`)
  return known === `field.${field}` ? field : known
}

export const trouble = (problem) => el('p', { class: 'trouble', role: 'alert' }, problemText(problem))

/** Title, a line of tools, and what the page shows. */
export function layout(title, tools, ...content) {
  return [
    el('div', { class: 'head' }, el('h2', {}, word(title)), el('div', { class: 'tools' }, tools)),
    ...content,
  ]
}

/** A labelled field outside a dialog, such as a filter. */
export function labelled(name, field) {
  const id = field.id || `f-${name}`
  field.id = id
  return el('span', { class: 'labelled' }, el('label', { for: id }, word(name)), field)
}

export function select(options, value, change) {
  const made = el(
    'select',
    { change: () => change(made.value) },
    options.map(([key, text]) => el('option', { value: key, selected: key === value }, text)),
  )
  return made
}

export function sheet(title, ...body) {
  find('#sheet-title').textContent = title
  find('#sheet-body').replaceChildren(...body)
  find('#sheet').showModal()
}

/** Says it to who listens, and shows it for a while to who looks. */
export function news(text) {
  find('#news').textContent = text
  const toast = el('p', { class: 'toast', 'aria-hidden': 'true' }, text)
  document.body.append(toast)
  setTimeout(() => toast.remove(), 4000)
}
