import { get } from '/desk/api.js'
import { drawChart } from '/desk/chart.js'
import { beganMs, endedMs } from '/desk/episodes.js'
import { areasFor, colours, createMap, drawAreas, isGone, seen } from '/desk/geo.js'
import { historyLines } from '/desk/history.js'
import * as L from '/desk/leaflet.js'
import { button, el, facts, trouble } from '/desk/ui.js'
import { instant, said, word } from '/desk/words.js'

/** The rectification notice (整改单): one page for paper, with place, chart and article. */
export async function open(root, [id], desk) {
  const { ok, value: notice } = await get(`/cases/${id}/notice`)
  if (!ok) return void root.append(trouble(notice))
  const [{ ok: hasSeries, value: series }, { ok: isKnown, value: detail }] = await Promise.all([
    get(`/alerts/${id}/series`),
    get(`/alerts/${id}`),
  ])
  const happened = isKnown ? happenedOf(detail) : { fromMs: Date.parse(notice.at), toMs: null, ends: [] }
  const holder = el('div', { class: 'medmap noticemap' })
  const chart = el('figure', { class: 'noticechart' })
  root.append(
    el(
      'div',
      { class: 'tools' },
      el('a', { class: 'button', href: `#/register/cases/${id}` }, word('back')),
      button('print', () => print(), { key: 'P', primary: true }),
    ),
    el(
      'article',
      { class: 'paper', lang: document.documentElement.lang },
      el('h2', {}, word('noticeTitle')),
      el(
        'p',
        { class: 'noticeline' },
        el('span', {}, `${word('number')} ${notice.number}`),
        el('span', {}, `${word('fleet')} ${notice.fleet}`),
      ),
      el('p', { class: 'sentence' }, said(notice.sentence)),
      el('div', { class: 'columns' }, factsOf(notice, happened), agreed(notice)),
      notice.place === null ? null : holder,
      chart,
      el('h3', {}, word('history')),
      historyLines(notice.history, []),
      el(
        'div',
        { class: 'signatures' },
        ['signResponsible', 'signVerifier', 'signOfficer'].map((name) => el('p', {}, word(name))),
      ),
      el(
        'p',
        { class: 'soft' },
        `${word('printed')} ${instant(notice.printedAt)} ${notice.printedBy} · ${word('policy')} ${notice.policyDigest.slice(0, 12)} · ${notice.rule.id} ${notice.rule.version}`,
      ),
    ),
  )
  const map =
    notice.place === null ? null : drawPlace(holder, notice, happened.ends, hasSeries ? series : null)
  if (hasSeries) drawChart(chart, series, happened.fromMs, happened.toMs)
  else chart.hidden = true
  desk.draw()
  return { keys: { Escape: () => (location.hash = `#/register/cases/${id}`) }, close: () => map?.remove() }
}

/** `at` and `place` of a notice are those of the alert: of one that has ended, its end. */
function happenedOf({ alert, begun }) {
  const toMs = endedMs(alert)
  const ends = toMs === null ? [] : [begun?.place ?? null, alert.place]
  return { fromMs: begun ? Date.parse(begun.at) : beganMs(alert), toMs, ends }
}
const timeText = (ms) => (ms === null ? null : instant(new Date(ms).toISOString()))
const placeText = (at) => (at ? `${at.lat.toFixed(6)}, ${at.lon.toFixed(6)}` : null)

const factsOf = (notice, { fromMs, toMs, ends: [began, ended] }) =>
  facts([
    ['kind', said(notice.name)],
    ['severity', said(notice.severityName)],
    ['grade', said(notice.gradeName)],
    ['plate', `${notice.plate ?? ''} ${notice.vehicle}`.trim()],
    ['driver', `${notice.driver} · ${word(`driverIs.${notice.driverIs}`)}`],
    ['trip', notice.trip],
    ['begun', timeText(fromMs) ?? word('unknown')],
    ['over', timeText(toMs)],
    ['where', placeText(toMs === null ? notice.place : began) ?? word('unknown')],
    ['whereEnded', placeText(ended)],
    [
      'limit',
      notice.limit === null
        ? null
        : `${notice.limit.kmh} km/h${notice.limit.setBy ? ` · ${notice.limit.setBy}` : ''}`,
    ],
    [
      'peak',
      notice.peakKmh === null
        ? null
        : `${notice.peakKmh} km/h${notice.percentOver === null ? '' : ` (+${notice.percentOver} %)`}`,
    ],
    ['article', notice.article ?? word('noArticle')],
  ])

/** What is not agreed yet is left open for a pen. */
const agreed = ({ facts: known, status, dispositionName, result809 }) => {
  const blank = '________________'
  return facts([
    ['status', word(status)],
    ['responsible', known.responsible ?? blank],
    ['deadline', known.deadlineAt === null ? blank : instant(known.deadlineAt).slice(0, 16)],
    ['field.acceptance', known.acceptance ?? blank],
    ['field.cause', known.cause ?? blank],
    ['field.measure', known.measure ?? blank],
    ['field.disposition', dispositionName === null ? blank : said(dispositionName)],
    ['verifiedBy', known.verifiedBy ?? blank],
    ['result809', `${result809.code} ${said(result809.name)}`],
  ])
}

function drawPlace(holder, notice, ends, series) {
  const map = createMap(holder, word('map'))
  map.setView(seen(notice.place.lat, notice.place.lon), 13)
  const group = L.layerGroup().addTo(map)
  void areasFor(notice).then(
    (document) => document !== null && !isGone(map) && drawAreas(group, document, { named: true }),
  )
  const line = (series?.lat ?? []).flatMap((lat, at) =>
    lat === null || series.lon[at] === null ? [] : [seen(lat, series.lon[at])],
  )
  if (line.length > 1) L.polyline(line, { color: colours.trail, weight: 4, opacity: 0.6 }).addTo(group)
  const style = { radius: 9, color: colours.alert, weight: 3, fillOpacity: 0.5 }
  for (const at of ends.length === 0 ? [notice.place] : ends)
    if (at !== null) L.circleMarker(seen(at.lat, at.lon), style).addTo(group)
  return map
}
