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

const causes: { readonly [cause: string]: Sentence } = {
  fog: { zh: '雾', en: 'fog' },
  ice: { zh: '结冰', en: 'ice' },
  works: { zh: '施工', en: 'road works' },
}

/** `：雾，能见度80米` */
function causeText({ limitCause, visibilityM }: Finding['evidence']): Sentence {
  const cause = causes[text(limitCause)]
  if (cause === undefined) return { zh: '', en: '' }
  if (typeof visibilityM !== 'number') return { zh: `：${cause.zh}`, en: `: ${cause.en}` }
  return { zh: `：${cause.zh}，能见度${visibilityM}米`, en: `: ${cause.en}, visibility ${visibilityM} m` }
}

/** Who set the limit, in words. */
function whoText({ evidence }: Finding): Sentence {
  const id = text(evidence['limitSetBy'])
  switch (evidence['limitSource']) {
    case 'area':
      return { zh: `区域“${id}”`, en: `area "${id}"` }
    case 'segment':
      return { zh: `线路“${id}”`, en: `route "${id}"` }
    case 'temporary':
      return {
        zh: `临时限速“${id}”${causeText(evidence).zh}`,
        en: `temporary limit "${id}"${causeText(evidence).en}`,
      }
    default:
      return { zh: '车型限速', en: 'the vehicle class' }
  }
}

function limitText(finding: Finding): Sentence {
  const { evidence, reason } = finding
  const who = whoText(finding)
  const lim = num(evidence['limitKmh'])
  if (reason !== 'night' || evidence['factorOfKmh'] === undefined)
    return { zh: `限速${lim}km/h（${who.zh}）`, en: `${lim} km/h (set by ${who.en})` }
  const day = num(evidence['factorOfKmh'])
  const share = Math.round((Number(evidence['limitKmh']) / Number(evidence['factorOfKmh'])) * 100)
  return {
    zh: `夜间限速${lim}km/h（日间${day}km/h的${share}%，${who.zh}）`,
    en: `the night limit of ${lim} km/h (${share} % of ${day}, set by ${who.en})`,
  }
}

function speedingSentence(finding: Finding, words: Words): Sentence {
  const { evidence } = finding
  const limit = limitText(finding)
  const at = placeText(finding.place)
  const lasted = duration(Number(evidence['durationS'] ?? 0))
  const peak = num(evidence['worstKmh'] ?? evidence['peakKmh'])
  const pct = num(evidence['percentOver'])
  return {
    zh: `${localText(beganMs(finding, evidence['durationS']), words.zone)}，${words.plate}在${at.zh}超速行驶${lasted.zh}，最高${peak}km/h，${limit.zh}，超${pct}%。`,
    en: `${words.plate} exceeded ${limit.en} for ${lasted.en} near ${at.en}; peak ${peak} km/h, ${pct} % over.`,
  }
}

function sectionSentence(finding: Finding, { plate, zone }: Words): Sentence {
  const { evidence } = finding
  const who = whoText(finding)
  const clock = (value: unknown): string => localClock(Date.parse(text(value)), zone)
  const [t1, t2] = [clock(evidence['from']), clock(evidence['to'])]
  const km = (Number(evidence['distanceM']) / 1000).toFixed(1)
  const [avg, lim] = [num(evidence['meanKmh']), num(evidence['limitKmh'])]
  const least = evidence['bounds'] === true ? { zh: '至少', en: 'at least ' } : { zh: '', en: '' }
  const ends = `${num(evidence['fromKm'])}-${num(evidence['toKm'])}`
  const route = text(evidence['routeName'])
  const name = evidence['section']
  const section =
    typeof name === 'string'
      ? { zh: `“${name}”`, en: `"${name}"` }
      : { zh: `“${route}”${ends}公里区间`, en: `km ${ends} of "${route}"` }
  return {
    zh: `${plate}于${t1}至${t2}通过${section.zh}（${km}公里），平均${least.zh}${avg}km/h，限速${lim}km/h（${who.zh}）。`,
    en: `${plate} averaged ${least.en}${avg} km/h over ${km} km (${section.en}) from ${t1} to ${t2}; limit ${lim} km/h (set by ${who.en}).`,
  }
}

/** By who set the limit (words.md). A road that is not known to be a motorway still has no cap above that of art. 78. */
function speedingArticle({ evidence }: Finding, { vehicleClass }: Words): string {
  if (evidence['factorOfKmh'] !== undefined) return '道路运输车辆动态监督管理办法（夜间限速为日间的80%）'
  // Visibility made this limit, not a sign.
  if (typeof evidence['visibilityM'] === 'number') return '道路交通安全法实施条例第81条'
  if (evidence['limitSource'] !== 'class') return '限速标志'
  if (vehicleClass === 'hazmat') return '危险货物道路运输安全管理办法第46条'
  return evidence['roadClass'] === 'other' ? '道路交通安全法实施条例第45条' : '道路交通安全法实施条例第78条'
}

const speedingName = (reason: string | null): Sentence =>
  reason === 'section'
    ? { zh: '区间平均超速', en: 'Average speeding on a section' }
    : reason === 'night'
      ? { zh: '夜间超速（日间限速80%）', en: 'Night speeding (80 % rule)' }
      : { zh: '超速行驶', en: 'Speeding' }

export const speedKinds: { readonly [kind: string]: CatalogEntry } = {
  speeding: {
    owner: 'terminal',
    // The mean over a section needs only the positions: the gateway measures it, after gaps too.
    otherOwner: new Set(['section']),
    version: 1,
    name: speedingName,
    severities: ['info', 'minor', 'major', 'critical'],
    article: speedingArticle,
    sentence: (finding, words) =>
      finding.reason === 'section' ? sectionSentence(finding, words) : speedingSentence(finding, words),
  },
  'speeding-warning': {
    owner: 'terminal',
    driverOnly: true,
    version: 1,
    name: () => ({ zh: '超速预警', en: 'Speed pre-warning' }),
    severities: ['info'],
    article: () => null,
    sentence: ({ evidence }, { plate }) => ({
      zh: `${plate}车速${num(evidence['speedKmh'])}km/h，接近限速${num(evidence['limitKmh'])}km/h。`,
      en: `${plate} drives ${num(evidence['speedKmh'])} km/h, near the limit of ${num(evidence['limitKmh'])} km/h.`,
    }),
  },
}
