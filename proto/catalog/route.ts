import type { Finding } from '../model.ts'
import { localText } from '../time.ts'
import { beganMs, type CatalogEntry, num, placeText, type Sentence, text, type Words } from './entry.ts'

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

export const routeKinds: { readonly [kind: string]: CatalogEntry } = {
  'off-route': {
    owner: 'terminal',
    version: 1,
    name: () => ({ zh: '偏离核定线路', en: 'Off the approved route' }),
    severities: ['minor', 'major', 'critical'],
    article: offRouteArticle,
    sentence: offRouteSentence,
  },
  'off-schedule': {
    owner: 'terminal',
    version: 1,
    name: () => ({ zh: '不按规定时间运行', en: 'Off schedule' }),
    severities: ['info', 'minor'],
    article: offRouteArticle,
    sentence: ({ evidence }, { plate }) => ({
      zh: `${plate}应${text(evidence['planned'])}到${text(evidence['stop'])}，实际${text(evidence['actual'])}。`,
      en: `${plate} was due at ${text(evidence['stop'])} at ${text(evidence['planned'])}, actually ${text(evidence['actual'])}.`,
    }),
  },
}
