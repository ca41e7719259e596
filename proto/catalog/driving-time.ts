import type { Evidence, Finding } from '../model.ts'
import { localClock } from '../time.ts'
import { cameraFatigue } from './camera.ts'
import {
  type CatalogEntry,
  duration,
  maskDriver,
  num,
  type Sentence,
  stopAhead,
  text,
  type Words,
} from './entry.ts'

/** Driving time (words.md): fatigue driving is the group's name, each finding says which clock. */

type Teller = (finding: Finding, words: Words) => Sentence

/** `{drv}`: the driver's public form; while no card proves who drives, that, and who drove last. */
function driverText({ driver, evidence }: Finding): Sentence {
  const known = evidence['driver']
  if (driver !== null) return maskDriver(driver)
  const nobody = maskDriver(null)
  if (typeof known !== 'string') return nobody
  const last = maskDriver(known)
  return {
    zh: `${nobody.zh.slice(0, -1)}，上一驾驶员${last.zh}）`,
    en: `(driver unconfirmed, last known ${last.en})`,
  }
}

const seconds = (evidence: Evidence, key: string): Sentence => {
  const value = evidence[key]
  return typeof value === 'number' ? duration(value) : { zh: '?', en: '?' }
}

/** `{t0}` in local time. */
function fromText({ evidence }: Finding, { zone }: Words): string {
  const from = evidence['from']
  const fromMs = typeof from === 'string' ? Date.parse(from) : Number.NaN
  return Number.isNaN(fromMs) ? '?' : localClock(fromMs, zone)
}

const continuousDay: Teller = (finding, words) => {
  const { evidence, atMs } = finding
  const t = localClock(atMs, words.zone)
  const [driven, limit, over, rest] = ['drivenS', 'limitS', 'overS', 'restS'].map((key) =>
    seconds(evidence, key),
  ) as [Sentence, Sentence, Sentence, Sentence]
  const driver = driverText(finding)
  const from = fromText(finding, words)
  return {
    zh: `${t}，${words.plate}驾驶员${driver.zh}自${from}起连续驾驶${driven.zh}（途中停车均不足${rest.zh}），超过${limit.zh}${over.zh}。`,
    en: `${t}: ${driver.en} on ${words.plate} has driven ${driven.en} since ${from} without a ${rest.en} stop, ${over.en} over ${limit.en}.`,
  }
}

const continuousNight: Teller = (finding, words) => {
  const { evidence, atMs } = finding
  const t = localClock(atMs, words.zone)
  const driver = driverText(finding)
  const from = fromText(finding, words)
  const night = [text(evidence['nightFrom']), text(evidence['nightTo'])] as const
  const driven = seconds(evidence, 'drivenS')
  const limit = seconds(evidence, 'limitS')
  const over = seconds(evidence, 'overS')
  return {
    zh: `${t}，${words.plate}驾驶员${driver.zh}自${from}起在${night[0]}—次日${night[1]}内连续驾驶${driven.zh}，超过${limit.zh}${over.zh}。`,
    en: `${t}: ${driver.en} on ${words.plate} has driven ${driven.en} inside ${night[0]}-${night[1]} since ${from}, ${over.en} over ${limit.en}.`,
  }
}

const rolling24h: Teller = (finding, words) => {
  const { evidence, atMs } = finding
  const t = localClock(atMs, words.zone)
  const driver = driverText(finding)
  const sum = seconds(evidence, 'drivenS')
  const limit = seconds(evidence, 'limitS')
  const over = seconds(evidence, 'overS')
  const day = seconds(evidence, 'calendarDayS')
  if (evidence['byDay'] === true)
    return {
      zh: `${words.plate}驾驶员${driver.zh}当日（0时起）累计驾驶${sum.zh}，自${t}起超过${limit.zh}${over.zh}。`,
      en: `${driver.en} on ${words.plate} has driven ${sum.en} since midnight, over ${limit.en} from ${t} on, ${over.en} too much.`,
    }
  return {
    zh: `${words.plate}驾驶员${driver.zh}在截至${t}的24小时内累计驾驶${sum.zh}，超过${limit.zh}${over.zh}；当日（0时起）累计${day.zh}。`,
    en: `${driver.en} on ${words.plate} has driven ${sum.en} in the 24 h up to ${t}, ${over.en} over ${limit.en}; ${day.en} since midnight.`,
  }
}

const rolling7d: Teller = (finding, words) => {
  const driver = driverText(finding)
  const sum = seconds(finding.evidence, 'drivenS')
  const limit = seconds(finding.evidence, 'limitS')
  return {
    zh: `${words.plate}驾驶员${driver.zh}连续7日累计驾驶${sum.zh}，超过${limit.zh}。`,
    en: `${driver.en} on ${words.plate} has driven ${sum.en} in 7 days, over ${limit.en}.`,
  }
}

type FatigueReason = {
  readonly name: Sentence
  readonly article: string | null
  readonly tell: Teller
}

const fatigueReasons: { readonly [reason: string]: FatigueReason } = {
  continuousDay: {
    name: { zh: '连续驾驶超时', en: 'Continuous driving over 4 h' },
    article: '实施条例62(7)；认定规则(a)',
    tell: continuousDay,
  },
  continuousNight: {
    name: { zh: '夜间连续驾驶超时', en: 'Night driving over 2 h' },
    article: '动态监管办法；认定规则(b)',
    tell: continuousNight,
  },
  rolling24h: {
    name: { zh: '24小时累计驾驶超时', en: 'Over 8 h driving in 24 h' },
    article: '动态监管办法；认定规则(c)',
    tell: rolling24h,
  },
  rolling7d: {
    name: { zh: '7日累计驾驶超时', en: 'Over 44 h driving in 7 days' },
    // A duty of the enterprise, not an offence of the driver.
    article: '客运企业安全管理规范38(3)',
    tell: rolling7d,
  },
  camera: cameraFatigue,
}

const group: Sentence = { zh: '疲劳驾驶', en: 'Fatigue driving' }

/** Hours on other vehicles decided: only the gateway knows of them. */
function elsewhere({ evidence }: Finding, said: Sentence): Sentence {
  const others = evidence['otherVehicles']
  if (!Array.isArray(others) || others.length === 0) return said
  const names = others.map((one) => text((one as { vehicle?: Evidence[string] } | null)?.vehicle))
  const own = seconds(evidence, 'ownS')
  return {
    zh: `${said.zh.slice(0, -1)}（含驾驶其他车辆${names.join('、')}，本车${own.zh}）。`,
    en: `${said.en.slice(0, -1)} (with driving on ${names.join(', ')}; on this vehicle ${own.en}).`,
  }
}

/** The limits of 8 h, 2 h by night and 44 h bind coach drivers; clause (a) of the determination rules binds everybody. */
const fatigue: CatalogEntry = {
  owner: 'terminal',
  version: 1,
  name: (reason) => fatigueReasons[reason ?? '']?.name ?? group,
  severities: ['minor', 'major', 'critical'],
  article: ({ reason }) => fatigueReasons[reason ?? '']?.article ?? null,
  sentence: (finding, words) =>
    elsewhere(finding, fatigueReasons[finding.reason ?? '']?.tell(finding, words) ?? group),
}

/** The driver is told what he has left; never to stop where he is. */
const warning: Teller = (finding, words) => {
  const { evidence } = finding
  const driver = driverText(finding)
  const driven = seconds(evidence, 'drivenS')
  const rest = seconds(evidence, 'restS')
  const leftS = evidence['leftS']
  const left = typeof leftS === 'number' && leftS > 0 ? duration(leftS) : null
  const night = finding.reason === 'continuousNight' ? { zh: '夜间', en: ' by night' } : { zh: '', en: '' }
  const may = evidence['suspected'] === true ? { zh: '可能', en: 'may have' } : { zh: '', en: 'has' }
  const stop = stopAhead(evidence, words.zone)
  const ahead = stop === null ? { zh: '', en: '' } : { zh: `，${stop.ahead.zh}`, en: `; ${stop.ahead.en}` }
  return left === null
    ? {
        zh: `${words.plate}驾驶员${driver.zh}${may.zh}${night.zh}连续驾驶已${driven.zh}，请在最近的安全地点停车休息${rest.zh}${ahead.zh}。`,
        en: `${driver.en} on ${words.plate} ${may.en} driven ${driven.en}${night.en}; rest ${rest.en} at the next safe place${ahead.en}.`,
      }
    : {
        zh: `${words.plate}驾驶员${driver.zh}${may.zh}${night.zh}连续驾驶已${driven.zh}，${left.zh}后须停车休息${rest.zh}${ahead.zh}。`,
        en: `${driver.en} on ${words.plate} ${may.en} driven ${driven.en}${night.en}; a stop of ${rest.en} is due within ${left.en}${ahead.en}.`,
      }
}

const fatigueWarning: CatalogEntry = {
  owner: 'terminal',
  version: 1,
  name: () => ({ zh: '疲劳驾驶预警', en: 'Driving-time warning' }),
  severities: ['info'],
  article: () => null,
  sentence: warning,
}

const noDriver: CatalogEntry = {
  owner: 'terminal',
  version: 1,
  name: () => ({ zh: '驾驶员未登签行驶', en: 'Moving, no driver identified' }),
  severities: ['info', 'minor'],
  article: () => null,
  sentence: ({ evidence }, { plate }) => {
    const driven = seconds(evidence, 'durationS')
    const last = evidence['lastDriver']
    const driver = maskDriver(typeof last === 'string' ? last : null)
    return {
      zh: `${plate}无驾驶员身份行驶${driven.zh}，上一驾驶员${driver.zh}。`,
      en: `${plate} has driven ${driven.en} with no driver identified; the last one was ${driver.en}.`,
    }
  },
}

const driverChange: CatalogEntry = {
  owner: 'terminal',
  version: 1,
  name: () => ({ zh: '驾驶员更换存疑', en: 'Doubtful driver change' }),
  severities: ['major'],
  article: () => null,
  sentence: ({ evidence }, { plate }) => {
    const [from, to] = ['from', 'to'].map((key) => maskDriver(text(evidence[key]))) as [Sentence, Sentence]
    const speed = num(evidence['speedKmh'])
    return {
      zh: `${plate}车速${speed}km/h时身份卡由${from.zh}换为${to.zh}。`,
      en: `${plate}: card changed from ${from.en} to ${to.en} at ${speed} km/h.`,
    }
  },
}

/** One card, two vehicles: nobody drives two. No article: it may be a card that was lent, or a clock. */
const driverOverlap: CatalogEntry = {
  owner: 'gateway',
  version: 1,
  name: () => ({ zh: '同一驾驶员两车同时驾驶', en: 'One driver on two vehicles at once' }),
  severities: ['major'],
  article: () => null,
  sentence: ({ evidence, driver, atMs }, { plate, zone }) => {
    const who = maskDriver(driver)
    const other = text(evidence['otherVehicle'])
    const both = seconds(evidence, 'overlapS')
    return {
      zh: `${localClock(atMs, zone)}，${plate}驾驶员${who.zh}的身份卡同时在车辆${other}上驾驶，重叠${both.zh}。`,
      en: `${localClock(atMs, zone)}: ${who.en} drove ${plate} while the same card drove vehicle ${other}; ${both.en} overlap.`,
    }
  },
}

export const drivingTimeKinds: { readonly [kind: string]: CatalogEntry } = {
  fatigue,
  'fatigue-warning': fatigueWarning,
  'no-driver': noDriver,
  'driver-change-doubtful': driverChange,
  'driver-overlap': driverOverlap,
}
