import type { Evidence, Severity } from '../model.ts'
import { localClock } from '../time.ts'
import { beganMs, type CatalogEntry, duration, num, placeText, type Sentence, text } from './entry.ts'

/** Kinds about the terminal's own eyes and ears, and about conduct that is only scored. None accuses anybody. */

const noArticle = (): null => null

function named(zh: string, en: string): () => Sentence {
  return () => ({ zh, en })
}

function entry(
  zh: string,
  en: string,
  severities: readonly Severity[],
  sentence: CatalogEntry['sentence'],
): CatalogEntry {
  return { owner: 'terminal', version: 1, name: named(zh, en), severities, article: noArticle, sentence }
}

const lasted = (seconds: unknown): Sentence => duration(typeof seconds === 'number' ? seconds : 0)

const why: { readonly [cause: string]: Sentence } = {
  tunnel: { zh: '位于已知隧道', en: 'in a known tunnel' },
  station: { zh: '位于场站内', en: 'inside a station' },
  antenna: { zh: '天线异常', en: 'the antenna is faulty' },
  line: { zh: '定位模块无数据', en: 'the receiver is silent' },
  noFix: { zh: '定位模块在线但未定位', en: 'the receiver talks but has no fix' },
}

const gnss: { readonly [kind: string]: CatalogEntry } = {
  'gnss-lost': entry(
    '卫星定位信号丢失',
    'Position lost',
    ['info', 'minor', 'major'],
    (finding, { plate, zone }) => {
      const { evidence } = finding
      const silent = lasted(evidence['silentS'])
      const km = num(evidence['wheelKm'])
      const because = why[text(evidence['cause'])] ?? { zh: '原因不明', en: 'cause unknown' }
      const since = localClock(beganMs(finding, evidence['silentS']), zone)
      return {
        zh: `${plate}自${since}起无定位${silent.zh}，期间车轮行驶${km}公里；${because.zh}。`,
        en: `${plate} has had no position for ${silent.en} since ${since}, wheels turned ${km} km; ${because.en}.`,
      }
    },
  ),
  'gnss-frozen': {
    ...entry('定位数据停滞', 'Position frozen while moving', ['major'], ({ evidence }, { plate }) => {
      const still = lasted(evidence['frozenS'])
      const kmh = num(evidence['speedKmh'])
      return {
        zh: `${plate}定位${still.zh}未变化而车速${kmh}km/h，疑似人为干扰定位信号。`,
        en: `${plate}: position unchanged for ${still.en} at ${kmh} km/h, suspected interference with positioning.`,
      }
    }),
    article: () => '道路运输车辆动态监督管理办法第38条第1项（待核实）',
  },
  'antenna-open': entry(
    '天线未接或被剪断',
    'Antenna open',
    ['minor', 'major'],
    ({ atMs, phase, evidence }, { plate, zone }) => {
      const kmh = num(evidence['speedKmh'])
      const at = localClock(atMs, zone)
      return phase === 'ended'
        ? {
            zh: `${plate}天线恢复（${at}，车速${kmh}）。`,
            en: `${plate}: antenna restored (${at}, ${kmh} km/h).`,
          }
        : {
            zh: `${plate}天线由正常变为断开（${at}，车速${kmh}）。`,
            en: `${plate}: antenna went open (${at}, ${kmh} km/h).`,
          }
    },
  ),
  'antenna-short': entry(
    '天线短路',
    'Antenna short',
    ['minor', 'major'],
    ({ atMs, phase, evidence }, { plate, zone }) => {
      const kmh = num(evidence['speedKmh'])
      const at = localClock(atMs, zone)
      return phase === 'ended'
        ? {
            zh: `${plate}天线恢复（${at}，车速${kmh}）。`,
            en: `${plate}: antenna restored (${at}, ${kmh} km/h).`,
          }
        : {
            zh: `${plate}天线短路（${at}，车速${kmh}）。`,
            en: `${plate}: antenna shorted (${at}, ${kmh} km/h).`,
          }
    },
  ),
}

const terminal: { readonly [kind: string]: CatalogEntry } = {
  'can-silent': entry('CAN总线无数据', 'CAN bus silent', ['minor'], ({ evidence }, { plate }) => {
    const silent = lasted(evidence['silentS'])
    const kmh = num(evidence['gnssKmh'])
    return {
      zh: `${plate}CAN无数据${silent.zh}，卫星速度${kmh}km/h。`,
      en: `${plate}: no CAN data for ${silent.en}, GNSS speed ${kmh} km/h.`,
    }
  }),
  'speed-mismatch': entry('速度状态异常', 'Speed sources disagree', ['minor'], ({ evidence, phase }) => {
    const pct = num(evidence['percent'])
    const certificate = certificateText(evidence)
    return phase === 'ended'
      ? {
          zh: `行驶记录速度与卫星速度相差不超过${pct}%，持续5分钟以上，已恢复正常。`,
          en: `Recorder and GNSS speed within ${pct} % for over 5 min: normal again.`,
        }
      : {
          zh: `行驶记录速度与卫星速度相差${pct}%，持续5分钟以上，速度证据须校准后使用${certificate.zh}。`,
          en: `Recorder and GNSS speed differ by ${pct} % for over 5 min; calibrate before use as evidence${certificate.en}.`,
        }
  }),
  'power-cut': entry('主电源断电', 'Main power cut', ['info', 'major'], ({ evidence, phase }, { plate }) => {
    const kmh = num(evidence['speedKmh'])
    const dark = lasted(evidence['darkS'])
    if (phase === 'ended')
      return { zh: `${plate}主电源恢复，断电${dark.zh}。`, en: `${plate}: main power back after ${dark.en}.` }
    return evidence['moving'] === true
      ? {
          zh: `${plate}行驶中主电源断电（车速${kmh}）。`,
          en: `${plate}: main power cut while moving (${kmh} km/h).`,
        }
      : { zh: `${plate}停放时主电源断电。`, en: `${plate}: main power cut while parked.` }
  }),
  'clock-conflict': entry('终端时钟异常', 'Clock conflict', ['info'], ({ evidence }) => {
    const s = typeof evidence['stepS'] === 'number' ? String(Math.abs(evidence['stepS'])) : '?'
    return {
      zh: `终端时间与卫星时间相差${s}秒，驾驶时长不受影响。`,
      en: `Terminal and satellite time differ by ${s} s; driving time is not affected.`,
    }
  }),
  'epoch-reset': entry('终端存储重建', 'Terminal storage renewed', ['minor'], (_, { plate }) => ({
    zh: `${plate}终端存储已重建，此前未上传的数据可能缺失。`,
    en: `${plate}: the terminal's storage was made anew; data not yet sent before may be missing.`,
  })),
}

function certificateText(evidence: Evidence): Sentence {
  const number = evidence['calibrationCertificate']
  if (typeof number !== 'string') return { zh: '', en: '' }
  const until = text(evidence['calibrationValidTo'])
  const over = evidence['calibrationExpired'] === true
  return {
    zh: `（检定证书${number}，有效期至${until}${over ? '，已过期' : ''}）`,
    en: ` (certificate ${number}, valid to ${until}${over ? ', expired' : ''})`,
  }
}

const conduct: { readonly [kind: string]: CatalogEntry } = {
  'door-open': entry(
    '行驶中开门',
    'Door open while moving',
    ['minor', 'major'],
    ({ evidence }, { plate }) => {
      const open = lasted(evidence['durationS'])
      const kmh = num(evidence['peakKmh'])
      return {
        zh: `${plate}车门未关以${kmh}km/h行驶${open.zh}。`,
        en: `${plate} drove at ${kmh} km/h with a door open for ${open.en}.`,
      }
    },
  ),
  'harsh-braking': entry('急减速', 'Harsh braking', ['info'], harshSentence),
  'harsh-acceleration': entry('急加速', 'Harsh acceleration', ['info'], harshSentence),
  coasting: {
    ...entry('下坡空挡滑行', 'Coasting in neutral downhill', ['major'], (finding, { plate }) => {
      const area = text(finding.evidence['areaId'])
      const s = lasted(finding.evidence['durationS'])
      const at = placeText(finding.place)
      return {
        zh: `${plate}在“${area}”空挡滑行${s.zh}。`,
        en: `${plate} coasted in neutral for ${s.en} in "${area}" (${at.en}).`,
      }
    }),
    article: () => '道路交通安全法实施条例第62条第4项',
  },
}

function harshSentence(...[{ evidence }, { plate }]: Parameters<CatalogEntry['sentence']>): Sentence {
  const [v1, v2, s] = [num(evidence['fromKmh']), num(evidence['toKmh']), num(evidence['durationS'])]
  return { zh: `${plate}${v1}→${v2}km/h用时${s}秒。`, en: `${plate}: ${v1} -> ${v2} km/h in ${s} s.` }
}

export const integrityKinds: { readonly [kind: string]: CatalogEntry } = { ...gnss, ...terminal, ...conduct }
