import { localClock } from '../time.ts'
import { type CatalogEntry, duration, num, placeText, type Sentence } from './entry.ts'

/** Kinds about buttons, loads and blows: what a person in the vehicle or the vehicle itself cries out. */

const noArticle = (): null => null

const buttons: { readonly [reason: string]: Sentence } = {
  accident: { zh: '交通事故', en: 'accident' },
  attack: { zh: '侵害驾驶员', en: 'attack on the driver' },
  illness: { zh: '突发疾病', en: 'sudden illness' },
}

const emergency: CatalogEntry = {
  owner: 'terminal',
  version: 1,
  name: (reason) => {
    const what = buttons[reason ?? '']
    return what === undefined
      ? { zh: '紧急报警', en: 'Emergency button' }
      : { zh: `紧急报警（${what.zh}）`, en: `Emergency button (${what.en})` }
  },
  severities: ['critical'],
  article: noArticle,
  sentence: ({ reason, phase, atMs, place }, { plate, zone }) => {
    const what = buttons[reason ?? ''] ?? { zh: '未说明原因', en: 'no reason told' }
    const at = localClock(atMs, zone)
    const where = placeText(place)
    return phase === 'ended'
      ? {
          zh: `${plate}紧急报警按钮于${at}松开（${what.zh}）。`,
          en: `${plate}: emergency button released at ${at} (${what.en}).`,
        }
      : {
          zh: `${at}，${plate}在${where.zh}触发紧急报警：${what.zh}。`,
          en: `${at}: emergency button pressed on ${plate} at ${where.en}: ${what.en}.`,
        }
  },
}

const crash: CatalogEntry = {
  owner: 'terminal',
  version: 1,
  name: () => ({ zh: '疑似碰撞', en: 'Crash suspected' }),
  severities: ['critical'],
  article: noArticle,
  sentence: ({ atMs, phase, place, evidence }, { plate, zone }) => {
    const [from, to, peak] = [num(evidence['fromKmh']), num(evidence['toKmh']), num(evidence['peakMps2'])]
    const still = duration(Number(evidence['stillS'] ?? 0))
    const at = localClock(atMs, zone)
    const where = placeText(place)
    return phase === 'ended'
      ? { zh: `${at}，${plate}重新行驶。`, en: `${at}: ${plate} moves again.` }
      : {
          zh: `${at}，${plate}在${where.zh}由${from}km/h骤降至${to}km/h（${peak}m/s²），其后静止${still.zh}。`,
          en: `${at}: ${plate} fell from ${from} to ${to} km/h (${peak} m/s2) at ${where.en} and then stood for ${still.en}.`,
        }
  },
}

const overload: CatalogEntry = {
  owner: 'terminal',
  version: 1,
  name: () => ({ zh: '超载（轴荷估计）', en: 'Overload (axle estimate)' }),
  severities: ['info'],
  article: noArticle,
  sentence: ({ evidence }, { plate }) => {
    const [mass, approved] = [num(evidence['massKg']), num(evidence['approvedMassKg'])]
    const pct = num(evidence['percent'])
    return {
      zh: `${plate}轴荷传感器总质量${mass}kg，核定${approved}kg，超${pct}%，须过磅核实。`,
      en: `${plate}: axle sensors say ${mass} kg, ${approved} kg approved, ${pct} % over; to be weighed.`,
    }
  },
}

const seatBelt: CatalogEntry = {
  owner: 'terminal',
  driverOnly: true,
  version: 1,
  name: () => ({ zh: '系安全带提醒', en: 'Seat-belt announcement' }),
  severities: ['info'],
  article: noArticle,
  sentence: () => ({ zh: '请全体乘客系好安全带。', en: 'Please fasten your seat belts.' }),
}

export const conductKinds: { readonly [kind: string]: CatalogEntry } = {
  emergency,
  'crash-suspected': crash,
  overload,
  'seat-belt': seatBelt,
}
