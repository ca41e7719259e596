import { catalog } from '../../proto/catalog.ts'
import type { AreaSpec } from '../../proto/geo/area-index.ts'
import type { Severity } from '../../proto/model.ts'
import { programVersion } from '../../proto/program-version.ts'
import { localText } from '../replay/watch.ts'
import { drivingSvg, hoursText } from './driving-bars.ts'
import { type Episode, episodesOf } from './episodes.ts'
import type { Gathered } from './gather.ts'
import { holeMs, mapSvg } from './map.ts'
import { speedSvg } from './speed-chart.ts'
import { style } from './style.ts'
import { xml } from './tables.ts'
import { chartWidth, type TimeAxis } from './time-axis.ts'

/** A trip as one page that opens without a network: no script, no font, no tile, nothing fetched. */
export type ReportOptions = {
  readonly name: string
  /** Where the recording comes from; null when it does not say. */
  readonly origin: string | null
  readonly areas: readonly AreaSpec[]
}

const severities: { readonly [severity in Severity]: readonly [zh: string, en: string] } = {
  info: ['提示', 'notice'],
  minor: ['一般', 'minor'],
  major: ['较重', 'major'],
  critical: ['严重', 'critical'],
}

export function toHtml(trip: Gathered, options: ReportOptions): string {
  const { rows, settings } = trip
  if (settings === null) throw new TypeError('a report needs a row')
  const { policy, vehicle } = settings
  const axis: TimeAxis = {
    fromMs: rows[0]!.sample.atMs,
    toMs: rows.at(-1)!.sample.atMs,
    left: 150,
    right: chartWidth - 14,
    zone: policy.zone,
  }
  const episodes = episodesOf(trip.lines)
  const routes = settings.route === null ? [] : [settings.route]
  const map = mapSvg({
    rows,
    routes,
    areas: options.areas,
    episodes,
    toleranceKmh: policy.speeding.toleranceKmh,
  })
  const speed = speedSvg({ rows, episodes, axis, night: policy.speeding.night, gapMs: holeMs })
  const title = `${vehicle.plate ?? vehicle.id} ${localText(axis.fromMs, axis.zone).slice(0, 16)}`
  return page(title, [
    `<h1>行程报告<small>Trip report</small></h1><p class="sub">${xml(subtitle(trip, axis))}</p>`,
    section('概况', 'Summary', summaryList(trip, axis, episodes)),
    section('地图', 'Map', map + mapLegend),
    section('车速与限速', 'Speed against limit', speed + speedLegend),
    section(
      '驾驶时间',
      'Driving time',
      drivingSvg(trip.driving, axis, policy.fatigue, episodes) + drivingLegend,
    ),
    section('发现', 'Findings', findingsTable(episodes, axis.zone)),
    footer(trip, options),
  ])
}

const page = (title: string, body: readonly string[]): string =>
  `<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${xml(title)}</title><style>${style}</style></head><body><main>\n${body.join('\n')}\n</main></body></html>\n`

const section = (zh: string, en: string, body: string): string =>
  `<section><h2>${zh}<small>${en}</small></h2>${body}</section>`

const legend = (items: readonly (readonly [color: string, text: string])[]): string =>
  `<div class="legend">${items.map(([color, text]) => `<span><i style="background:var(--${color})"></i>${text}</span>`).join('')}</div>`

const mapLegend = legend([
  ['blue', '轨迹 track（宽带 wide band：核定线路 approved route）'],
  ['red', '超过限速 over the limit · 禁行区 no-entry area'],
  ['green', '服务区、接驳点、站 service area, relay point, station'],
  ['amber', '限速区、风险路段 speed zone, risk section'],
])
const speedLegend = legend([
  ['blue', '车速 speed, km/h'],
  ['amber', '限速 limit（深色底 shaded：夜间 night）'],
  ['red', '超出 beyond the limit'],
])
const drivingLegend = legend([
  ['blue', '驾驶 driving'],
  ['green', '连续驾驶 continuous driving'],
  ['red', '超出上限 beyond the limit'],
])

function subtitle({ settings }: Gathered, { fromMs, toMs, zone }: TimeAxis): string {
  const vehicle = settings!.vehicle
  const parts = [
    vehicle.plate ?? vehicle.id,
    vehicle.class,
    settings!.trip?.serviceClass ?? vehicle.serviceClass ?? '',
    settings!.trip === null ? '' : `趟次 trip ${settings!.trip.id}`,
    `${localText(fromMs, zone)} — ${localText(toMs, zone)} (${zone})`,
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

function summaryList(
  { summary, rows }: Gathered,
  { fromMs, toMs }: TimeAxis,
  episodes: readonly Episode[],
): string {
  const fastest = rows.reduce((most, { sample }) => Math.max(most, sample.speedKmh ?? 0), 0)
  const worst = (['critical', 'major', 'minor', 'info'] as const)
    .map((severity) => [severity, episodes.filter(({ last }) => last.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${severities[severity][0]} ${count}`)
  const items: [string, string][] = [
    ['里程 distance', `${(summary.distanceM / 1000).toFixed(1)} km`],
    ['历时 duration', hoursText(toMs - fromMs)],
    ['驾驶 driving', hoursText(summary.drivenSeconds * 1000)],
    ['最高车速 top speed', `${fastest.toFixed(0)} km/h`],
    ['发现 findings', String(episodes.length)],
    ['按程度 by severity', worst.join(' · ') || '—'],
    ['样点 samples', `${summary.samples}${summary.rejected > 0 ? ` (−${summary.rejected})` : ''}`],
  ]
  return `<dl>${items.map(([term, value]) => `<div><dt>${term}</dt><dd>${xml(value)}</dd></div>`).join('')}</dl>`
}

function findingsTable(episodes: readonly Episode[], zone: string): string {
  if (episodes.length === 0) return '<p class="none">没有发现 · nothing was found</p>'
  const rows = episodes.map((episode) => findingRow(episode, zone)).join('')
  return `<div class="scroll"><table><tr><th>#</th><th>时间 time</th><th>类别 kind</th><th>程度 severity</th><th>说明 explanation</th></tr>${rows}</table></div>`
}

function findingRow({ number, first, last, endedAt }: Episode, zone: string): string {
  const name = catalog[first.kind]?.name(first.reason) ?? { zh: first.kind, en: first.kind }
  const [zh, en] = severities[last.severity]
  const at = localText(Date.parse(first.at), zone)
  const until = endedAt === null ? '…' : localText(Date.parse(endedAt), zone).slice(11)
  const article = last.article === null ? '' : `<br><span class="en">${xml(last.article)}</span>`
  return `<tr><td class="num">${number}</td><td class="num">${at.slice(0, 10)}<br>${at.slice(11)}–${until}</td><td>${xml(name.zh)}<br><span class="en">${xml(name.en)}</span></td><td><span class="sev ${last.severity}">${zh} ${en}</span></td><td>${xml(last.explain.zh)}<br><span class="en">${xml(last.explain.en)}</span>${article}</td></tr>`
}

function footer({ settings, lines }: Gathered, { name, origin }: ReportOptions): string {
  const digest = lines[0]?.policyDigest ?? settings!.policyDigest
  return `<footer><p>机器所见均为疑似，由安全员认定。 What a machine finds is a suspicion; an officer decides.</p><p>${xml(`${name}${origin === null ? '' : ` · ${origin}`}`)}</p><p>policy ${digest} · Roadwarden ${programVersion}</p></footer>`
}
