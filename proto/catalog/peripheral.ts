import type { Finding } from '../model.ts'
import { localClock } from '../time.ts'
import { type CatalogEntry, duration, num, type Sentence } from './entry.ts'

/** What the other devices of the peripheral line say (T/JSATL 12): blind spots 0x67, tyres 0x66. */

const noArticle = (): null => null
const of = (zh: string, en: string): Sentence => ({ zh, en })

const sides: { readonly [reason: string]: Sentence } = {
  rear: of('后方', 'behind'),
  leftRear: of('左后方', 'behind on the left'),
  rightRear: of('右后方', 'behind on the right'),
}

const blindSpot: CatalogEntry = {
  owner: 'terminal',
  version: 1,
  name: () => of('盲区接近预警', 'Somebody in the blind spot'),
  severities: ['info'],
  article: noArticle,
  sentence: ({ atMs, reason, evidence }, { plate, zone }) => {
    const side = sides[reason ?? ''] ?? sides['rear']!
    const t = localClock(atMs, zone)
    const kmh = num(evidence['speedKmh'])
    return of(
      `${t}，${plate}${side.zh}盲区有接近目标（车速${kmh}km/h）。`,
      `${t}: something is close to ${plate}, ${side.en} (${kmh} km/h).`,
    )
  },
}

const wrongs: { readonly [reason: string]: { readonly name: Sentence; readonly said: Sentence } } = {
  low: { name: of('胎压过低', 'Tyre pressure low'), said: of('气压过低', 'pressure low') },
  high: { name: of('胎压过高', 'Tyre pressure high'), said: of('气压过高', 'pressure high') },
  hot: { name: of('胎温过高', 'Tyre too hot'), said: of('温度过高', 'too hot') },
  'slow-leak': { name: of('轮胎慢漏气', 'Tyre leaking slowly'), said: of('慢漏气', 'leaking slowly') },
  imbalance: {
    name: of('胎压不平衡', 'Tyres unequal'),
    said: of('与同轴轮胎气压不平衡', 'unequal to its pair'),
  },
  sensor: { name: of('胎压传感器异常', 'Tyre sensor fault'), said: of('传感器异常', 'its sensor fails') },
  battery: {
    name: of('胎压传感器电量低', 'Tyre sensor battery low'),
    said: of('传感器电量低', 'battery of its sensor low'),
  },
}

const tyrePressure: CatalogEntry = {
  owner: 'terminal',
  version: 1,
  name: (reason) => wrongs[reason ?? '']?.name ?? of('胎压异常', 'Tyre pressure'),
  severities: ['info', 'minor', 'major'],
  article: noArticle,
  sentence: (finding, { plate, zone }) => {
    const { atMs, phase, reason, evidence } = finding
    const t = localClock(atMs, zone)
    const tyre = typeof evidence['tyre'] === 'number' ? String(evidence['tyre'] + 1) : '?'
    const said = wrongs[reason ?? '']?.said ?? of('异常', 'not as it should be')
    const values = valuesOf(finding)
    if (phase === 'ended') {
      const lasted = duration(Number(evidence['durationS'] ?? 0))
      return of(
        `${t}，${plate}第${tyre}号轮胎不再${said.zh}，历时${lasted.zh}${values.zh}。`,
        `${t}: tyre ${tyre} of ${plate} no longer reports: ${said.en}, after ${lasted.en}${values.en}.`,
      )
    }
    return of(
      `${t}，${plate}第${tyre}号轮胎${said.zh}${values.zh}。`,
      `${t}: tyre ${tyre} of ${plate}: ${said.en}${values.en}.`,
    )
  },
}

/** `（580kPa，41℃）`: only what was said. */
function valuesOf({ evidence }: Finding): Sentence {
  const { pressureKpa, temperatureC } = evidence
  const kpa = typeof pressureKpa === 'number' ? [`${pressureKpa}kPa`] : []
  const zh = [...kpa, ...(typeof temperatureC === 'number' ? [`${temperatureC}℃`] : [])].join('，')
  const en = [...kpa, ...(typeof temperatureC === 'number' ? [`${temperatureC} °C`] : [])].join(', ')
  return zh === '' ? of('', '') : of(`（${zh}）`, ` (${en})`)
}

export const peripheralKinds: { readonly [kind: string]: CatalogEntry } = {
  'blind-spot': blindSpot,
  'tyre-pressure': tyrePressure,
}
