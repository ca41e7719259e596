import type { Finding } from '../model.ts'
import { localClock, localText } from '../time.ts'
import { type CatalogEntry, duration, num, placeText, type Sentence, text, type Words } from './entry.ts'

/** Areas and forbidden stops: names, articles and sentences (words.md). The fence is a tool, never a finding's name. */

const names: Readonly<Record<string, Sentence>> = {
  noEntry: { zh: '驶入禁行区域', en: 'Entered a no-entry area' },
  stayWithin: { zh: '超出包车约定范围', en: "Left the charter's agreed area" },
  dwell: { zh: '区域内停留超时', en: 'Stayed too long in an area' },
  door: { zh: '区域内违规开门', en: 'Door opened in a no-door area' },
}

/** Set by the enterprise: whether the police drew it is not in the file, so no law is cited. */
const enterprise = '企业设定'

const areaEntry: CatalogEntry = {
  owner: 'gateway',
  version: 1,
  name: (reason) => names[reason ?? 'noEntry'] ?? names['noEntry']!,
  severities: ['minor', 'major', 'critical'],
  article: ({ reason, evidence }) => {
    if (reason === 'door') return null
    return reason === 'stayWithin' && typeof evidence['charterPlate'] === 'string'
      ? '《道路旅客运输及客运站管理规定》第五十七条第一款'
      : enterprise
  },
  sentence: (finding, words) => {
    if (finding.reason === 'stayWithin') return leftWithin(finding, words)
    if (finding.reason === 'dwell') return dwelt(finding, words)
    if (finding.reason === 'door') return doorOpened(finding, words)
    return entered(finding, words)
  },
}

const seconds = (finding: Finding): Sentence => {
  const { durationS } = finding.evidence
  return typeof durationS === 'number' ? duration(durationS) : { zh: '?', en: '?' }
}

const reasonsEn: Readonly<Record<string, string>> = {
  时段生效: ' (its hours began)',
  区域下发后行驶: ' (moving inside when it came into force)',
  首个定位已在其中: ' (inside at the first position)',
}

function entered(finding: Finding, { plate, zone }: Words): Sentence {
  const at = localText(finding.atMs, zone)
  const area = text(finding.evidence['areaName'])
  if (finding.phase === 'ended') {
    const stay = seconds(finding)
    if (typeof finding.evidence['why'] === 'string')
      return {
        zh: `${at}，“${area}”对${plate}不再生效，区域内${stay.zh}。`,
        en: `${at}: "${area}" no longer in force for ${plate}, which was inside for ${stay.en}.`,
      }
    return {
      zh: `${at}，${plate}驶离“${area}”，区域内${stay.zh}。`,
      en: `${at}: ${plate} left "${area}" after ${stay.en}.`,
    }
  }
  const { why } = finding.evidence
  const reason = typeof why === 'string' ? why : '禁行区域'
  return {
    zh: `${at}，${plate}驶入“${area}”（${reason}）。`,
    en: `${at}: ${plate} entered "${area}"${reasonsEn[reason] ?? ''}.`,
  }
}

function leftWithin(finding: Finding, { plate, zone }: Words): Sentence {
  const { evidence, phase } = finding
  const at = localText(finding.atMs, zone)
  const km = kilometres(evidence['distanceM'])
  const charter = typeof evidence['charterPlate'] === 'string' ? evidence['charterPlate'] : null
  const range =
    charter === null
      ? { zh: `“${text(evidence['areaName'])}”规定范围`, en: `"${text(evidence['areaName'])}"` }
      : { zh: `包车牌${charter}约定范围`, en: `the area agreed on charter plate ${charter}` }
  if (phase === 'ended') {
    const out = seconds(finding)
    if (typeof evidence['why'] === 'string')
      return {
        zh: `${at}，${range.zh}对${plate}不再生效，在外${out.zh}，最远${km}公里。`,
        en: `${at}: ${range.en} no longer in force for ${plate}, outside for ${out.en}, ${km} km at the farthest.`,
      }
    return {
      zh: `${at}，${plate}回到${range.zh}，在外${out.zh}，最远${km}公里。`,
      en: `${at}: ${plate} returned to ${range.en} after ${out.en} outside, ${km} km at the farthest.`,
    }
  }
  return {
    zh: `${at}，${plate}驶出${range.zh}${km}公里。`,
    en: `${at}: ${plate} is ${km} km outside ${range.en}.`,
  }
}

function kilometres(metres: unknown): string {
  return typeof metres === 'number' ? String(Math.round(metres / 100) / 10) : '?'
}

function dwelt(finding: Finding, { plate, zone }: Words): Sentence {
  const area = text(finding.evidence['areaName'])
  const limit = duration(Number(finding.evidence['dwellS'] ?? 0))
  const stay = seconds(finding)
  const at = localText(finding.atMs, zone)
  return {
    zh: `${at}，${plate}在“${area}”停留${stay.zh}，超过${limit.zh}。`,
    en: `${at}: ${plate} stayed in "${area}" for ${stay.en}, more than ${limit.en}.`,
  }
}

function doorOpened(finding: Finding, { plate }: Words): Sentence {
  const area = text(finding.evidence['areaName'])
  const times = num(finding.evidence['times'])
  return {
    zh: `${plate}在“${area}”内开门${times}次。`,
    en: `${plate} opened a door in "${area}" ${times} times.`,
  }
}

const doorWords = (open: unknown): Sentence => {
  if (open === true) return { zh: '曾打开', en: 'door opened' }
  return open === false ? { zh: '未打开', en: 'doors closed' } : { zh: '状态未知', en: 'doors unknown' }
}

const forbiddenStop: CatalogEntry = {
  owner: 'gateway',
  version: 1,
  name: () => ({ zh: '违规停车', en: 'Stopped where stopping is forbidden' }),
  severities: ['minor', 'critical'],
  article: ({ evidence }) =>
    evidence['roadClass'] === 'motorway' ? '《道路交通安全法实施条例》第八十二条第（一）、（四）项' : null,
  sentence: (finding, { plate, zone }) => {
    const { evidence } = finding
    const stay = seconds(finding)
    const door = doorWords(evidence['doorOpen'])
    const place = placeText(finding.place)
    const at = localText(finding.atMs, zone)
    const area = typeof evidence['areaName'] === 'string' ? evidence['areaName'] : null
    return {
      zh: `${at}，${plate}在${area === null ? place.zh : `“${area}”`}停车${stay.zh}，车门${door.zh}；${area === null ? '' : '禁停区域'}。`,
      en: `${at}: ${plate} stood for ${stay.en} ${area === null ? `near ${place.en}` : `in the no-stopping area "${area}"`}, ${door.en}.`,
    }
  },
}

const areaWarning: CatalogEntry = {
  owner: 'gateway',
  version: 1,
  name: () => ({ zh: '禁行时段驶离提醒', en: 'Leave-before-the-hours notice' }),
  severities: ['info'],
  article: () => null,
  sentence: ({ evidence }, { plate, zone }) => {
    const area = text(evidence['areaName'])
    const left = duration(Number(evidence['leftS']))
    const by = localClock(Date.parse(text(evidence['leaveBy'])), zone).slice(0, 5)
    return {
      zh: `${plate}在“${area}”内行驶，该区域${by}起禁行，剩余${left.zh}。`,
      en: `${plate} is moving in "${area}", which is closed to it from ${by}, ${left.en} left.`,
    }
  },
}

/** A word before a black spot, in the cab only. */
const approach: CatalogEntry = {
  owner: 'terminal',
  driverOnly: true,
  version: 1,
  name: () => ({ zh: '风险路段提醒', en: 'Risk section ahead' }),
  severities: ['info'],
  article: () => null,
  sentence: ({ evidence }) => {
    const area = text(evidence['areaName'])
    const ahead = Number(evidence['aheadM'])
    const limit = evidence['limitKmh']
    const kmh =
      typeof limit === 'number'
        ? { zh: `，限速${limit}km/h`, en: `, limit ${limit} km/h` }
        : { zh: '', en: '' }
    return ahead > 0
      ? {
          zh: `前方${ahead}米“${area}”${kmh.zh}，请减速慢行。`,
          en: `"${area}" in ${ahead} m${kmh.en}: slow down.`,
        }
      : { zh: `已进入“${area}”${kmh.zh}，请减速慢行。`, en: `Now in "${area}"${kmh.en}: slow down.` }
  },
}

export const areaKinds: { readonly [kind: string]: CatalogEntry } = {
  area: areaEntry,
  'area-warning': areaWarning,
  approach,
  'forbidden-stop': forbiddenStop,
}
