import type { Finding, Severity } from '../model.ts'
import { localClock } from '../time.ts'
import { type CatalogEntry, duration, maskDriver, num, type Sentence, text } from './entry.ts'

/** What cameras see (T/JSATL 12). No article: a picture decides, and a person who looks at it. */

const noArticle = (): null => null
const fixed = (zh: string, en: string) => (): Sentence => ({ zh, en })

type Seen = { readonly name: Sentence; readonly severities: readonly Severity[]; readonly seen: Sentence }

const ofDriver: { readonly [kind: string]: Seen } = {
  phone: {
    name: { zh: '接打手持电话', en: 'Phone in hand' },
    severities: ['minor', 'major'],
    seen: { zh: '接打电话', en: 'holding a phone' },
  },
  smoking: {
    name: { zh: '驾驶中吸烟', en: 'Smoking while driving' },
    severities: ['info', 'minor'],
    seen: { zh: '吸烟', en: 'smoking' },
  },
  distraction: {
    name: { zh: '分神驾驶', en: 'Distracted driving' },
    severities: ['minor', 'major'],
    seen: { zh: '长时间不目视前方', en: 'not looking ahead' },
  },
  'driver-absent': {
    name: { zh: '驾驶员异常', en: 'Driver not seen' },
    severities: ['minor', 'major'],
    seen: { zh: '不在驾驶位或面部被遮挡', en: 'not at the wheel, or hidden from the camera' },
  },
}

const ofRoad: { readonly [kind: string]: Seen } = {
  'forward-collision': {
    name: { zh: '前向碰撞预警', en: 'Forward collision warning' },
    severities: ['minor', 'major'],
    seen: { zh: '与前车有碰撞危险', en: 'about to hit the vehicle ahead' },
  },
  'lane-departure': {
    name: { zh: '车道偏离', en: 'Lane departure' },
    severities: ['info', 'minor'],
    seen: { zh: '未打转向灯偏离车道', en: 'leaving its lane without a signal' },
  },
  headway: {
    name: { zh: '车距过近', en: 'Too close to the vehicle ahead' },
    severities: ['info', 'minor'],
    seen: { zh: '与前车距离过近', en: 'too close to the vehicle ahead' },
  },
  pedestrian: {
    name: { zh: '行人碰撞预警', en: 'Pedestrian collision warning' },
    severities: ['minor', 'major'],
    seen: { zh: '有碰撞行人危险', en: 'about to hit a person' },
  },
}

const seconds = ({ evidence }: Finding): Sentence => {
  const lasted = evidence['durationS']
  return typeof lasted === 'number' && lasted > 0 ? duration(lasted) : { zh: '', en: '' }
}

/** `，持续12秒` only where it lasted. */
function lasting(finding: Finding): Sentence {
  const { zh, en } = seconds(finding)
  return zh === '' ? { zh, en } : { zh: `，持续${zh}`, en: ` for ${en}` }
}

function ahead({ evidence }: Finding): Sentence {
  const s = evidence['distanceS']
  return typeof s === 'number' ? { zh: `（${s}秒）`, en: ` (${s} s)` } : { zh: '', en: '' }
}

function entryOf(kind: string, { name, severities, seen }: Seen): CatalogEntry {
  const isDriver = ofDriver[kind] !== undefined
  return {
    owner: 'terminal',
    version: 1,
    name: () => name,
    severities,
    article: noArticle,
    sentence: (finding, { plate, zone }) => {
      const t = localClock(finding.atMs, zone)
      const who = isDriver ? maskDriver(finding.driver) : { zh: '', en: '' }
      const kmh = num(finding.evidence['speedKmh'])
      const how = lasting(finding)
      const gap = ahead(finding)
      return {
        zh: `${t}，摄像头监测到${plate}${isDriver ? `驾驶员${who.zh}` : ''}${seen.zh}${gap.zh}${how.zh}（车速${kmh}km/h）。`,
        en: `${t}: the camera of ${plate} saw ${isDriver ? `driver ${who.en}` : 'it'} ${seen.en}${gap.en}${how.en} (${kmh} km/h).`,
      }
    },
  }
}

const spoken: { readonly [what: string]: Sentence } = {
  fatigue: { zh: '请勿疲劳驾驶，请在前方安全地点休息。', en: 'You look tired: rest at the next safe place.' },
  phone: { zh: '请勿接打电话。', en: 'Put the phone away.' },
  smoking: { zh: '请勿吸烟。', en: 'Do not smoke.' },
  distraction: { zh: '请目视前方。', en: 'Look ahead.' },
  'driver-absent': { zh: '请保持正确驾驶姿势。', en: 'Sit so that the camera sees you.' },
  'forward-collision': { zh: '注意前车。', en: 'Vehicle ahead.' },
  'lane-departure': { zh: '车道偏离。', en: 'Leaving the lane.' },
  headway: { zh: '请保持车距。', en: 'Keep your distance.' },
  pedestrian: { zh: '注意行人。', en: 'Person ahead.' },
}

const cameraWarning: CatalogEntry = {
  owner: 'terminal',
  driverOnly: true,
  version: 1,
  name: fixed('驾驶提醒', 'Camera notice'),
  severities: ['info'],
  article: noArticle,
  sentence: ({ reason }) => spoken[reason ?? ''] ?? { zh: '请注意安全驾驶。', en: 'Drive with care.' },
}

const devices: { readonly [device: string]: Sentence } = {
  adas: { zh: '前向摄像头', en: 'forward camera' },
  dsm: { zh: '驾驶员摄像头', en: 'driver camera' },
  tpms: { zh: '胎压监测', en: 'tyre pressure monitor' },
  bsd: { zh: '盲区监测', en: 'blind spot monitor' },
}

const cameraFault: CatalogEntry = {
  owner: 'terminal',
  version: 1,
  name: fixed('智能视频设备故障', 'Camera fault'),
  severities: ['minor'],
  article: noArticle,
  sentence: ({ reason, phase, evidence }, { plate }) => {
    const device = devices[text(evidence['device'])] ?? { zh: '外设', en: 'peripheral' }
    const lastedS = evidence['lastedS']
    const for_ = duration(typeof lastedS === 'number' ? lastedS : 0)
    if (phase === 'ended')
      return { zh: `${plate}${device.zh}恢复正常。`, en: `${plate}: ${device.en} works again.` }
    return reason === 'fault'
      ? { zh: `${plate}${device.zh}报告故障。`, en: `${plate}: ${device.en} reports a fault.` }
      : {
          zh: `${plate}${device.zh}已${for_.zh}无响应。`,
          en: `${plate}: ${device.en} has been silent for ${for_.en}.`,
        }
  },
}

/** `{t}，{plate}监测到{drv}...`: how long he has driven stands beside what the camera saw. */
export const cameraFatigue = {
  name: { zh: '疲劳状态报警（视频）', en: 'Drowsiness seen by camera' },
  article: null,
  tell: (finding: Finding, { plate, zone }: { readonly plate: string; readonly zone: string }): Sentence => {
    const { evidence } = finding
    const t = localClock(finding.atMs, zone)
    const who = maskDriver(finding.driver)
    const degree = evidence['fatigueDegree']
    const grade =
      typeof degree === 'number' ? { zh: `（程度${degree}）`, en: ` (degree ${degree})` } : { zh: '', en: '' }
    const drivenS = evidence['drivenS']
    const driven = duration(typeof drivenS === 'number' ? drivenS : 0)
    return {
      zh: `${t}，${plate}摄像头监测到驾驶员${who.zh}疲劳状态${grade.zh}，此时已连续驾驶${driven.zh}。`,
      en: `${t}: the camera of ${plate} saw ${who.en} drowsy${grade.en}, after ${driven.en} of driving without a rest.`,
    }
  },
} as const

export const cameraKinds: { readonly [kind: string]: CatalogEntry } = {
  ...Object.fromEntries(
    Object.entries({ ...ofDriver, ...ofRoad }).map(([kind, seen]) => [kind, entryOf(kind, seen)]),
  ),
  'camera-warning': cameraWarning,
  'camera-fault': cameraFault,
}
