import { has } from '/desk/api.js'
import { showCases } from '/desk/cases.js'
import { showComplaints } from '/desk/complaints.js'
import { showNotes } from '/desk/notes.js'
import { showCase } from '/desk/one-case.js'
import { showRoster } from '/desk/roster.js'
import { el, layout } from '/desk/ui.js'
import { word } from '/desk/words.js'

/** The close-out register: cases by where they stand, one case, complaints, shift notes, the roster. */

const tabs = [
  ['cases', '/cases'],
  ['complaints', '/complaints'],
  ['notes', '/notes'],
  ['roster', '/roster/*'],
]

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
  const shows = {
    ...{ cases: id ? showCase : showCases, complaints: showComplaints },
    ...{ notes: showNotes, roster: showRoster },
  }
  const made = (shows[tab] ?? showCases)(body, desk, id)
  return typeof made?.then === 'function' ? null : made
}
