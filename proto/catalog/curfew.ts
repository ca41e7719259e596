import type { Evidence, Finding } from '../model.ts'
import { localClock, localText } from '../time.ts'
import { why } from './curfew-why.ts'
import {
  type CatalogEntry,
  duration,
  placeText,
  type Sentence,
  stopAhead,
  text,
  type Words,
} from './entry.ts'

/** What the gateway says of nights, bans, charters and vehicles that moved unheard (words.md). */

const name = (zh: string, en: string) => (): Sentence => ({ zh, en })

const serviceNames: { readonly [serviceClass: string]: Sentence } = {
  scheduled: { zh: '班线客车', en: 'scheduled coach' },
  charterTour: { zh: '旅游包车', en: 'charter tour' },
  commuterCharter: { zh: '通勤包车', en: 'commuter charter' },
  customised: { zh: '定制客运', en: 'customised service' },
  airportRailExpress: { zh: '机场或高铁快线', en: 'airport or rail express' },
  shortFeeder: { zh: '短途驳载', en: 'short feeder' },
}

/** `（班线客车，G65）`: service and line, each where known. */
function service(evidence: Evidence, words: Words): Sentence {
  const told = evidence['serviceClass']
  const known = serviceNames[typeof told === 'string' ? told : (words.serviceClass ?? '')]
  const { zh, en } = known ?? { zh: '客运类别不明', en: 'service class unknown' }
  const line = evidence['routeId']
  return typeof line === 'string' ? { zh: `${zh}，${line}`, en: `${en}, ${line}` } : { zh, en }
}

const instant = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : Number.NaN)

/** Local time of an ISO instant of the evidence. */
function clock(value: unknown, zone: string): string {
  const at = instant(value)
  return Number.isNaN(at) ? '?' : localClock(at, zone)
}

/** `凌晨2时` of the instant at which the window opens. */
function hourWord(value: unknown, zone: string): Sentence {
  const [h, min] = clock(value, zone).split(':')
  if (h === undefined || min === undefined) return { zh: '禁行时段', en: 'the curfew' }
  const early = Number(h) < 6 ? '凌晨' : ''
  return { zh: `${early}${Number(h)}时${min === '00' ? '' : `${Number(min)}分`}`, en: `${h}:${min}` }
}

function curfewSentence(finding: Finding, words: Words): Sentence {
  const { evidence, reason, place } = finding
  const { plate, zone } = words
  const since = localText(instant(evidence['since']), zone)
  const svc = service(evidence, words)
  const from = hourWord(evidence['curfewFrom'], zone)
  const because = why(reason, evidence, zone)
  if (evidence['inferred'] === true && finding.grade === 'to-verify') return inferredSentence(finding, words)
  const pl = placeText(place)
  if (finding.phase === 'ended') {
    const until = localClock(finding.atMs, zone)
    return {
      zh: `${since}至${until}，${plate}（${svc.zh}）${from.zh}后行驶，止于${pl.zh}；${because.zh}。`,
      en: `${plate} (${svc.en}) was moving after ${from.en}, from ${since} to ${until}, last at ${pl.en}; ${because.en}.`,
    }
  }
  return {
    zh: `${since}，${plate}（${svc.zh}）${from.zh}后仍在${pl.zh}行驶；${because.zh}。`,
    en: `${since}: ${plate} (${svc.en}) still moving after ${from.en} at ${pl.en}; ${because.en}.`,
  }
}

function inferredSentence({ evidence, reason }: Finding, words: Words): Sentence {
  const { plate, zone } = words
  const svc = service(evidence, words)
  const [from, to] = [hourWord(evidence['curfewFrom'], zone), hourWord(evidence['curfewTo'], zone)]
  const silence = `${clock(evidence['silentFrom'], zone)}—${clock(evidence['silentTo'], zone)}`
  const km = (Number(evidence['distanceM']) / 1000).toFixed(1)
  const least = duration(Number(evidence['atLeastS']))
  const because = why(reason, evidence, zone)
  return {
    zh: `${plate}（${svc.zh}）${silence}无数据，期间位移${km}公里，推定${from.zh}至${to.zh.replace('凌晨', '')}内至少行驶${least.zh}；${because.zh}。`,
    en: `${plate} (${svc.en}) was silent ${silence.replace('—', '-')} and moved ${km} km: at least ${least.en} of it between ${from.en} and ${to.en}; ${because.en}.`,
  }
}

function curfewWarningSentence({ evidence }: Finding, { plate, zone }: Words): Sentence {
  const stopBy = hourWord(evidence['stopBy'], zone)
  const left = duration(Number(evidence['leftS']))
  if (evidence['relayReachable'] === true)
    return {
      zh: `${plate}接驳未完成，须于${stopBy.zh}前在备案接驳点完成，剩余${left.zh}。`,
      en: `${plate}: relay not completed; complete it at a filed point before ${stopBy.en}, ${left.en} left.`,
    }
  const stop = stopAhead(evidence, zone)
  if (stop !== null) {
    const last = stop.eta.zh === '' ? { zh: `，剩余${left.zh}`, en: `, ${left.en} left` } : stop.eta
    return {
      zh: `${plate}须于${stopBy.zh}前停车，${stop.ahead.zh}${last.zh}。`,
      en: `${plate} must stop by ${stopBy.en}; ${stop.ahead.en}${last.en}.`,
    }
  }
  return {
    zh: `${plate}须于${stopBy.zh}前在安全地点停车，剩余${left.zh}。`,
    en: `${plate} must be parked at a safe place by ${stopBy.en}, ${left.en} left.`,
  }
}

/** Where a ban holds, as the notice defines it. */
function banPlace({ areaName, areaId, roadClass }: Evidence): Sentence {
  if (typeof areaName === 'string') return { zh: `“${areaName}”`, en: `"${areaName}"` }
  if (typeof areaId === 'string') return { zh: `“${areaId}”`, en: `"${areaId}"` }
  if (roadClass === 'motorway') return { zh: '高速公路', en: 'the motorway' }
  if (roadClass === 'other') return { zh: '非高速公路', en: 'ordinary roads' }
  return { zh: '通告所列道路', en: 'the roads of the notice' }
}

function bannedHoursSentence({ evidence, phase, atMs }: Finding, { plate, zone }: Words): Sentence {
  const where = banPlace(evidence)
  const hours = `${text(evidence['from'])}—${text(evidence['to'])}`
  const notice = text(evidence['notice'])
  const since = localText(instant(evidence['since']), zone)
  const until = phase === 'ended' ? localClock(atMs, zone) : null
  return {
    zh: `${since}${until === null ? '' : `至${until}`}，${plate}在${where.zh}禁行时段（${hours}，${notice}）内行驶。`,
    en: `${since}${until === null ? '' : ` to ${until}`}: ${plate} moving on ${where.en} in banned hours (${hours.replace('—', '-')}, ${notice}).`,
  }
}

function bannedHoursWarningSentence({ evidence }: Finding, { plate, zone }: Words): Sentence {
  const where = banPlace(evidence)
  const stopBy = clock(evidence['stopBy'], zone)
  const left = duration(Number(evidence['leftS']))
  // That kind of notice forbids waiting in service areas and at toll plazas, so the exit is named, not a stop.
  const leave =
    evidence['roadClass'] === 'motorway'
      ? { zh: '从就近出口驶离', en: 'leave by the nearest exit' }
      : { zh: '驶离', en: 'leave' }
  const next = stopAhead(evidence, zone)
  const exit =
    next === null
      ? { zh: '', en: '' }
      : { zh: `，${next.ahead.zh}${next.eta.zh}`, en: `; ${next.ahead.en}${next.eta.en}` }
  return {
    zh: `${plate}须于${stopBy}前${leave.zh}${where.zh}（${text(evidence['notice'])}）${exit.zh}，剩余${left.zh}。`,
    en: `${plate} must ${leave.en} (${where.en}, ${text(evidence['notice'])}) by ${stopBy}${exit.en}, ${left.en} left.`,
  }
}

function displacementSentence({ evidence }: Finding, { plate, zone }: Words): Sentence {
  const [from, to] = [clock(evidence['from'], zone), clock(evidence['to'], zone)]
  const km = (Number(evidence['distanceM']) / 1000).toFixed(1)
  return {
    zh: `${plate}于${from}—${to}离线，期间位移${km}公里。`,
    en: `${plate} was offline ${from}-${to} and moved ${km} km meanwhile.`,
  }
}

const plateWhy: { readonly [why: string]: Sentence } = {
  none: { zh: '当日无有效包车牌', en: 'no charter plate is in force' },
  expired: { zh: '包车牌已过有效期', en: 'the charter plate has expired' },
  notYet: { zh: '包车牌尚未生效', en: 'the charter plate is not yet valid' },
}

function charterSentence({ evidence, place, phase, atMs }: Finding, { plate, zone }: Words): Sentence {
  const pl = placeText(place)
  const since = localText(instant(evidence['since']), zone)
  const until = phase === 'ended' ? localClock(atMs, zone) : null
  const { zh, en } = plateWhy[text(evidence['why'])] ?? { zh: '无有效包车牌', en: 'no valid charter plate' }
  const held = evidence['plate']
  const which = typeof held === 'string' ? `（${held}，有效期至${text(evidence['validTo'])}）` : ''
  const whichEn = typeof held === 'string' ? ` (${held}, valid to ${text(evidence['validTo'])})` : ''
  return {
    zh: `${since}${until === null ? '' : `至${until}`}，${plate}在${pl.zh}运行，${zh}${which}。`,
    en: `${since}${until === null ? '' : ` to ${until}`}: ${plate} running at ${pl.en}; ${en}${whichEn}.`,
  }
}

export const curfewKinds: { readonly [kind: string]: CatalogEntry } = {
  curfew: {
    owner: 'gateway',
    version: 1,
    name: name('凌晨2时至5时违规运行', 'Coach running 02:00-05:00'),
    severities: ['minor', 'critical'],
    article: () => '客运企业安全管理规范第38条第5项；豁免见接驳运输管理办法（交运规〔2023〕2号）第32条',
    sentence: curfewSentence,
  },
  'curfew-warning': {
    owner: 'gateway',
    version: 1,
    name: name('凌晨2时停车提醒', 'Stop-before-02:00 notice'),
    severities: ['info'],
    article: () => null,
    sentence: curfewWarningSentence,
  },
  'banned-hours': {
    owner: 'gateway',
    version: 1,
    name: name('禁行时段行驶', 'Driving in banned hours'),
    severities: ['major', 'critical'],
    // The local notice is what forbids; the article of the Road Traffic Law is not certain enough to print.
    article: ({ evidence }) => text(evidence['notice']),
    sentence: bannedHoursSentence,
  },
  'banned-hours-warning': {
    owner: 'gateway',
    version: 1,
    name: name('禁行时段驶离提醒', 'Leave-before-the-ban notice'),
    severities: ['info'],
    article: () => null,
    sentence: bannedHoursWarningSentence,
  },
  displacement: {
    owner: 'gateway',
    version: 1,
    name: name('离线位移', 'Moved while offline'),
    severities: ['minor', 'major'],
    article: () => null,
    sentence: displacementSentence,
  },
  'charter-no-plate': {
    owner: 'gateway',
    version: 1,
    name: name('无有效包车标志牌运行', 'Running without a valid charter plate'),
    severities: ['major'],
    article: () => '道路旅客运输及客运站管理规定第57条第1项',
    sentence: charterSentence,
  },
}
