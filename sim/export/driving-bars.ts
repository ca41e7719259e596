import { maskDriver } from '../../proto/catalog/entry.ts'
import type { Policy } from '../../proto/policy.ts'
import type { Episode } from './episodes.ts'
import type { Driving } from './gather.ts'
import { xml } from './tables.ts'
import { axisSvg, chartWidth, type TimeAxis, xOf } from './time-axis.ts'

/**
 * Driving time as bars: when each driver drove, and his continuous driving, red where a limit was passed: as the findings
 * say it, because the night has its own.
 */

const rowHeight = 52
const top = 8

type Stint = { readonly fromMs: number; readonly toMs: number }

export function drivingSvg(
  driving: readonly Driving[],
  axis: TimeAxis,
  fatigue: Policy['fatigue'],
  episodes: readonly Episode[],
): string {
  const shown = driving.filter(({ runs }) => runs.some(({ toMs }) => toMs > axis.fromMs))
  if (shown.length === 0) return '<p class="none">没有驾驶 · no driving</p>'
  const bottom = top + shown.length * rowHeight
  const rows = shown.map((one, index) =>
    rowSvg(one, axis, fatigue.restS * 1000, beyondOf(one.driver, episodes, axis), top + index * rowHeight),
  )
  return `<svg viewBox="0 0 ${chartWidth} ${bottom + 22}" role="img" aria-label="driving time">${axisSvg(axis, top, bottom)}${rows.join('')}</svg>`
}

/** When a limit of continuous driving stood passed. */
function beyondOf(driver: string, episodes: readonly Episode[], axis: TimeAxis): Stint[] {
  return episodes
    .filter(({ first }) => first.kind === 'fatigue' && first.reason?.startsWith('continuous') === true)
    .filter(({ first }) => first.driver === driver || first.subject === driver)
    .map(({ first, endedAt }) => ({
      fromMs: Date.parse(first.at),
      toMs: endedAt === null ? axis.toMs : Date.parse(endedAt),
    }))
}

function rowSvg(
  { driver, runs }: Driving,
  axis: TimeAxis,
  restMs: number,
  beyond: readonly Stint[],
  y: number,
): string {
  const stints = stintsOf(runs, restMs)
  const name = driver === '' ? '未登签 unidentified' : maskDriver(driver).zh
  const longestMs = Math.max(...stints.map(({ fromMs, toMs }) => toMs - fromMs))
  const drivenMs = runs.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
  const bars = (
    kind: string,
    words: string,
    spans: readonly Stint[],
    top: number,
    height: number,
  ): string[] =>
    spans.map(({ fromMs, toMs }) => {
      const title = `<title>${xml(`${words} ${hoursText(toMs - fromMs)}`)}</title>`
      return bar(kind, axis, fromMs, toMs, y + top, height, title)
    })
  return [
    `<text class="label name" x="8" y="${y + 20}">${xml(name)}</text>`,
    `<text class="tick plain" x="8" y="${y + 36}">${hoursText(drivenMs)} · 最长 longest ${hoursText(longestMs)}</text>`,
    ...bars('driven', '驾驶 driving', runs, 8, 16),
    ...bars('stint', '连续驾驶 continuous', stints, 28, 10),
    ...bars('excess-bar', '超出 beyond', beyond, 28, 10),
  ].join('')
}

function bar(
  name: string,
  axis: TimeAxis,
  fromMs: number,
  toMs: number,
  y: number,
  height: number,
  title: string,
): string {
  const from = xOf(axis, Math.max(axis.fromMs, fromMs))
  const to = xOf(axis, Math.min(axis.toMs, toMs))
  if (to < axis.left) return ''
  return `<rect class="${name}" x="${from.toFixed(1)}" y="${y}" width="${Math.max(1, to - from).toFixed(1)}" height="${height}" rx="2">${title}</rect>`
}

/** Stops shorter than a rest belong to the driving about them. */
function stintsOf(runs: Driving['runs'], restMs: number): Stint[] {
  const stints: { fromMs: number; toMs: number }[] = []
  for (const { fromMs, toMs } of runs) {
    const last = stints.at(-1)
    if (last !== undefined && fromMs - last.toMs < restMs) last.toMs = toMs
    else stints.push({ fromMs, toMs })
  }
  return stints
}

export function hoursText(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}
