import { styleText } from 'node:util'
import type { Alert, Severity } from '../proto/model.ts'

/** An alert as a person reads it: one line that begins with ISO time, severity and kind. */

const colours = { info: 'cyan', minor: 'yellow', major: 'magenta', critical: 'red' } as const
const severityWidth = 8
const kindWidth = 16

export function alertLine(alert: Alert, coloured: boolean): string {
  const severity = alert.severity.padEnd(severityWidth)
  const kind = alert.kind.padEnd(kindWidth)
  const head = coloured ? paint(alert.severity, `${severity} ${kind}`) : `${severity} ${kind}`
  return oneLine(`${alert.at} ${head} ${alert.explain.zh} / ${alert.explain.en}`)
}

function paint(severity: Severity, text: string): string {
  return styleText(severity === 'critical' ? ['bold', colours.critical] : colours[severity], text, {
    validateStream: false,
  })
}

const oneLine = (text: string): string => text.replace(/[\r\n\u2028\u2029]+/g, ' ')

export type KindCount = { readonly kind: string; readonly count: number; readonly firstAt: string }

/** Alerts by kind, in the order in which each kind was first raised. */
export function countKinds(alerts: readonly Pick<Alert, 'id' | 'kind' | 'at'>[]): readonly KindCount[] {
  const kinds = new Map<string, { ids: Set<string>; firstAt: string }>()
  for (const { id, kind, at } of alerts) {
    const known = kinds.get(kind)
    if (known === undefined) kinds.set(kind, { ids: new Set([id]), firstAt: at })
    else known.ids.add(id)
  }
  return [...kinds].map(([kind, { ids, firstAt }]) => ({ kind, count: ids.size, firstAt }))
}

/** The closing table. */
export function kindTable(counts: readonly KindCount[]): readonly string[] {
  const rows = counts.map(({ kind, count, firstAt }) => row(kind, String(count), firstAt))
  return [row('kind', 'count', 'first at'), ...rows]
}

const row = (kind: string, count: string, firstAt: string): string =>
  `  ${kind.padEnd(18)} ${count.padStart(5)}  ${firstAt}`
