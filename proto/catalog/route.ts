import type { Finding } from '../model.ts'
import { localClock, localText } from '../time.ts'
import {
  beganMs,
  type CatalogEntry,
  duration,
  num,
  placeText,
  type Sentence,
  text,
  type Words,
} from './entry.ts'

/** Kinds about the approved line and timetable. The device says 偏离; the offence's name is an officer's to give. */

function km(metres: unknown): string {
  return typeof metres === 'number' ? (metres / 1000).toFixed(1) : '?'
}

function offRouteSentence(finding: Finding, { plate, zone }: Words): Sentence {
  const { evidence } = finding
  const at = placeText(finding.place)
  const route = text(evidence['routeName'])
  const metres = num(evidence['distanceM'])
  const driven = km(evidence['travelledM'])
  return {
    zh: `${localText(beganMs(finding, evidence['durationS']), zone)}，${plate}在${at.zh}偏离线路“${route}”${metres}米，已行驶${driven}公里。`,
    en: `${plate} was ${metres} m off "${route}" near ${at.en}, ${driven} km driven.`,
  }
}

/** Art. 48 binds only explosives, fireworks, highly toxic and radioactive goods. */
function offRouteArticle({ evidence }: Finding): string {
  return guarded(evidence['goodsClass'])
    ? '危险货物道路运输安全管理办法第48条'
    : '道路运输车辆动态监督管理办法（核定运营线路）'
}

function guarded(goodsClass: unknown): boolean {
  return typeof goodsClass === 'string' && /^(?:1(?:\.\d.*)?|6\.1|7)$/.test(goodsClass)
}

function segmentSentence({ reason, evidence }: Finding, { plate }: Words): Sentence {
  const took = duration(Number(evidence['durationS']))
  const limit = duration(Number(evidence['limitS']))
  const [from, to] = [num(evidence['fromKm']), num(evidence['toKm'])]
  const route = text(evidence['routeName'])
  const fast = reason === 'segmentTooFast'
  return {
    zh: `${plate}通过“${route}”${from}—${to}公里路段用时${took.zh}，${fast ? '少于' : '超过'}规定的${limit.zh}。`,
    en: `${plate} took ${took.en} for km ${from}-${to} of "${route}", ${fast ? 'less' : 'more'} than the ${limit.en} planned.`,
  }
}

const departures: ReadonlySet<string> = new Set(['earlyDeparture', 'lateDeparture'])

/** `{plan}`, `{act}` in local time; a stop that was not reached yet, or never, has no actual time. */
function scheduleSentence({ reason, evidence }: Finding, { plate, zone }: Words): Sentence {
  const clock = (value: unknown): string | null =>
    typeof value !== 'string' || Number.isNaN(Date.parse(value))
      ? value === null || value === undefined
        ? null
        : text(value)
      : localClock(Date.parse(value), zone)
  const plan = clock(evidence['planned']) ?? '?'
  const stop = text(evidence['stop'])
  const actual = clock(evidence['actual'])
  const leaves = departures.has(reason ?? '')
  const yet =
    evidence['missed'] === true
      ? { zh: '未停靠', en: 'did not call there' }
      : leaves
        ? { zh: '尚未发车', en: 'has not departed yet' }
        : { zh: '尚未到达', en: 'is not there yet' }
  const act =
    actual === null ? yet : { zh: `实际${actual}`, en: `actually ${leaves ? 'left' : 'came'} at ${actual}` }
  return {
    zh: `${plate}应${plan}${leaves ? '从' : '到'}${stop}${leaves ? '发车' : ''}，${act.zh}。`,
    en: `${plate} was due to ${leaves ? 'depart from' : 'arrive at'} ${stop} at ${plan}, ${act.en}.`,
  }
}

function wrongWaySentence(finding: Finding, { plate, zone }: Words): Sentence {
  const { evidence } = finding
  const at = placeText(finding.place)
  const route = text(evidence['routeName'])
  const back = km(evidence['distanceM'])
  return {
    zh: `${localText(beganMs(finding, evidence['durationS']), zone)}，${plate}在${at.zh}逆线路“${route}”方向行驶${back}公里。`,
    en: `${plate} drove ${back} km against the direction of "${route}" near ${at.en}.`,
  }
}

export const routeKinds: { readonly [kind: string]: CatalogEntry } = {
  'off-route': {
    owner: 'terminal',
    version: 1,
    name: (reason) =>
      reason === 'wrongWay'
        ? { zh: '逆核定线路方向行驶', en: 'Against the direction of the approved route' }
        : { zh: '偏离核定线路', en: 'Off the approved route' },
    severities: ['minor', 'major', 'critical'],
    article: offRouteArticle,
    sentence: (finding, words) =>
      finding.reason === 'wrongWay' ? wrongWaySentence(finding, words) : offRouteSentence(finding, words),
  },
  'off-schedule': {
    owner: 'terminal',
    version: 1,
    name: () => ({ zh: '不按规定时间运行', en: 'Off schedule' }),
    otherOwner: new Set(['segmentTooFast', 'segmentTooSlow']),
    severities: ['info', 'minor'],
    article: offRouteArticle,
    sentence: (finding, words) =>
      finding.reason === 'segmentTooFast' || finding.reason === 'segmentTooSlow'
        ? segmentSentence(finding, words)
        : scheduleSentence(finding, words),
  },
}
