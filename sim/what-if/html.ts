import { tellDifference } from './compare.ts'
import type { Row } from './tally.ts'
import type { Outcome } from './task.ts'

/** The comparison as one page that opens without a network. */
export function pageOf(rows: readonly Row[], outcomes: readonly Outcome[], title: string): string {
  const trips = outcomes.filter(({ failed, differences }) => failed !== null || differences.length > 0)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b2430}
table{border-collapse:collapse;width:100%}th,td{text-align:right;padding:.3rem .6rem;border-bottom:1px solid #d8dee6}
th:nth-child(-n+2),td:nth-child(-n+2){text-align:left}tr.all{font-weight:600}
li{font-family:ui-monospace,monospace;font-size:13px;list-style:none}li.added{color:#a1260d}li.removed{color:#1a6b34}
summary{cursor:pointer;padding:.2rem 0}</style></head><body>
<h1>${escaped(title)}</h1>
<p>${outcomes.length} trips. Suspicions (疑似) that would begin, would no longer begin, or would be others.</p>
<table><thead><tr><th></th><th></th><th>added</th><th>removed</th><th>moved</th><th>changed</th><th>per 1,000 km</th></tr></thead>
<tbody>${rows.map(rowOf).join('')}</tbody></table>
<h2>Trips that differ</h2>
${trips.map(tripOf).join('\n')}
</body></html>
`
}

function rowOf({ by, name, added, removed, moved, changed, netPer1000Km }: Row): string {
  const cells = [by === 'all' ? '' : by, name, added, removed, moved, changed, netPer1000Km ?? '']
  return `<tr class="${by}">${cells.map((cell) => `<td>${escaped(String(cell))}</td>`).join('')}</tr>`
}

function tripOf({ name, failed, differences }: Outcome): string {
  if (failed !== null) return `<p>${escaped(failed)}</p>`
  const items = differences.map((one) => `<li class="${one.change}">${escaped(tellDifference(one))}</li>`)
  return `<details><summary>${escaped(name)}: ${differences.length}</summary><ul>${items.join('')}</ul></details>`
}

const entities: { readonly [letter: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (letter) => entities[letter] ?? letter)
