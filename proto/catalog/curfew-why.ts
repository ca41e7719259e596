import type { Evidence } from '../model.ts'
import { localClock } from '../time.ts'
import { num, type Sentence, text } from './entry.ts'

/** Why a coach may not run 02:00-05:00: one main reason, as an officer says it. */

/** `22:00-02:00` as officers write it: 22时至2时. */
function window(evidence: Evidence): Sentence {
  const written = evidence['relayWindow']
  if (typeof written !== 'string') return { zh: '备案时段', en: 'the filed window' }
  const [from, to] = written.split('-')
  return { zh: `${hour(from ?? '')}至${hour(to ?? '')}`, en: `${from}-${to}` }
}

function hour(clock: string): string {
  const [h, min] = clock.split(':')
  return `${Number(h)}时${min === undefined || min === '00' ? '' : `${Number(min)}分`}`
}

function relayClock(evidence: Evidence, zone: string): string | null {
  const at = evidence['relayAt']
  return typeof at === 'string' ? localClock(Date.parse(at), zone) : null
}

function certificate(evidence: Evidence): Sentence {
  const { serviceClass, oneWayKm, feederKm } = evidence
  const over = typeof oneWayKm === 'number' && typeof feederKm === 'number' && oneWayKm > feederKm
  if (!over || serviceClass === 'scheduled') return { zh: '无接驳凭证', en: 'no relay certificate' }
  return {
    zh: `单程${num(oneWayKm)}公里，超过${num(feederKm)}公里，且无接驳凭证`,
    en: `${num(oneWayKm)} km one way, over ${num(feederKm)} km, and no relay certificate`,
  }
}

function outside(evidence: Evidence, zone: string): Sentence {
  const at = relayClock(evidence, zone)
  const filed = window(evidence)
  if (at === null) return { zh: `${filed.zh}内未完成接驳`, en: `no relay within ${filed.en}` }
  return { zh: `接驳超出${filed.zh}（${at}）`, en: `relay outside ${filed.en} (at ${at})` }
}

function place(evidence: Evidence): Sentence {
  const { nearestPointM, relayStanding } = evidence
  if (relayStanding === false)
    return { zh: '接驳时未在备案接驳点停车', en: 'the vehicle was not standing at a filed relay point' }
  if (typeof nearestPointM !== 'number')
    return { zh: '接驳地点不在备案接驳点', en: 'relay not at a filed point' }
  return {
    zh: `接驳地点不在备案接驳点（距最近备案点${num(nearestPointM)}米）`,
    en: `relay not at a filed point (${num(nearestPointM)} m from the nearest)`,
  }
}

export function why(reason: string | null, evidence: Evidence, zone: string): Sentence {
  switch (reason) {
    case 'noCertificate':
      return certificate(evidence)
    case 'relayOutsideWindow':
      return outside(evidence, zone)
    case 'relayNotFiledPoint':
      return place(evidence)
    case 'reliefNotFresh':
      return {
        zh: '接班驾驶员非落地待班',
        en: 'the relief driver had been on board, or the relieved one came back',
      }
    case 'certificateExpired':
      return {
        zh: `凭证过期（有效期至${text(evidence['certificateValidTo'])}）`,
        en: `relay certificate expired (valid to ${text(evidence['certificateValidTo'])})`,
      }
    case 'oneWayKmUnknown':
      return { zh: '单程里程不明', en: 'one-way distance unknown' }
    case 'serviceClassUnknown':
      return { zh: '客运类别不明', en: 'service class unknown' }
    case 'intoSafeStop':
      return {
        zh: `进站收尾（${text(evidence['safeStopName'])}）`,
        en: `running into a safe stop (${text(evidence['safeStopName'])})`,
      }
    default:
      return { zh: '原因不明', en: 'reason unknown' }
  }
}
