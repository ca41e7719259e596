import { maskDriver } from '../../proto/catalog/entry.ts'
import { catalog } from '../../proto/catalog.ts'
import type { Alert, Place, Severity } from '../../proto/model.ts'
import { isoUtc, localText } from '../../proto/time.ts'
import type { Said } from '../alerts/case-table.ts'
import type { Result809 } from '../alerts/result-809.ts'
import type { CaseFacts, CaseView, HistoryLine } from './case-view.ts'
import { maskedView } from './case-view.ts'

/** The rectification notice (整改单) as data: everything that the printed page holds. Pure. */
export type Notice = {
  /** By which it is filed: day of the offence and beginning of the alert's id. */
  readonly number: string
  readonly alert: string
  readonly fleet: string
  readonly vehicle: string
  readonly plate: string | null
  readonly driver: string
  /** Whether a machine or an officer says who drove. */
  readonly driverIs: 'identified' | 'attributed' | 'unknown'
  readonly trip: string | null
  readonly kind: string
  readonly name: Said
  readonly sentence: Said
  readonly severity: Severity
  readonly severityName: Said
  /** 证据充分 or 待核实, and why. */
  readonly grade: Alert['grade']
  readonly gradeName: Said
  readonly article: string | null
  readonly at: string
  readonly localAt: string
  readonly place: Place | null
  readonly limit: { readonly kmh: number; readonly setBy: string | null } | null
  readonly peakKmh: number | null
  readonly percentOver: number | null
  readonly policyDigest: string
  readonly rule: Alert['rule']
  /** Where the chart's and the map's data are. */
  readonly series: string
  readonly evidence: string
  readonly status: CaseView['status']
  readonly facts: CaseFacts
  readonly dispositionName: Said | null
  readonly result809: Result809
  readonly history: readonly HistoryLine[]
  readonly printedAt: string
  readonly printedBy: string
}

const severityNames: { readonly [severity in Severity]: Said } = {
  info: { zh: '提示', en: 'notice' },
  minor: { zh: '一般', en: 'minor' },
  major: { zh: '较重', en: 'major' },
  critical: { zh: '严重', en: 'critical' },
}
const gradeNames: { readonly [grade in Alert['grade']]: Said } = {
  sufficient: { zh: '证据充分', en: 'sufficient evidence' },
  'to-verify': { zh: '待核实', en: 'to be verified' },
}
const dispositionNames: { readonly [name: string]: Said } = {
  education: { zh: '教育', en: 'education' },
  criticism: { zh: '批评', en: 'criticism' },
  suspension: { zh: '停班', en: 'suspension' },
  fine: { zh: '罚款', en: 'fine' },
  exempt: { zh: '免予处理', en: 'exempt' },
}
const complaintName: Said = { zh: '投诉举报', en: 'Complaint' }

export type Printing = {
  readonly nowMs: number
  readonly by: string
  readonly zone: string
  /** Names of drivers are for those who speak with them. */
  readonly seesNames: boolean
}

export function noticeOf(alert: Alert, whole: CaseView, printing: Printing): Notice {
  const { nowMs, by, zone, seesNames } = printing
  const view = seesNames ? whole : maskedView(whole)
  const { status, facts, result809, history } = view
  const { id, fleet, vehicle, plate, trip, kind, severity, grade, article, at, place, policyDigest } = alert
  const localAt = localText(Date.parse(at), zone)
  return {
    number: `ZG-${localAt.slice(0, 10).replaceAll('-', '')}-${id.slice(0, 8).toUpperCase()}`,
    ...{ alert: id, fleet, vehicle, plate, trip, kind, severity, grade, article, at, localAt, place },
    ...driverOf(alert, facts, seesNames),
    name: catalog[kind]?.name(alert.reason) ?? complaintName,
    sentence: alert.explain,
    severityName: severityNames[severity],
    gradeName: gradeNames[grade],
    ...limitsOf(alert),
    ...{ policyDigest, rule: alert.rule },
    series: `/api/v1/alerts/${id}/series`,
    evidence: `/api/v1/alerts/${id}/evidence`,
    ...{ status, facts, result809, history },
    dispositionName: facts.disposition === null ? null : (dispositionNames[facts.disposition] ?? null),
    printedAt: isoUtc(Math.round(nowMs)),
    printedBy: by,
  }
}

function driverOf(
  { driver }: Alert,
  facts: CaseFacts,
  seesNames: boolean,
): Pick<Notice, 'driver' | 'driverIs'> {
  const shown = (name: string): string => (seesNames ? name : maskDriver(name).zh)
  if (facts.driver !== null) return { driver: shown(facts.driver), driverIs: 'attributed' }
  if (driver === null) return { driver: '驾驶员未确认', driverIs: 'unknown' }
  return { driver: shown(driver), driverIs: 'identified' }
}

function limitsOf({ evidence }: Alert): Pick<Notice, 'limit' | 'peakKmh' | 'percentOver'> {
  const { limitKmh, limitSetBy, peakKmh, percentOver } = evidence
  const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)
  const setBy = typeof limitSetBy === 'string' ? limitSetBy : null
  return {
    limit: typeof limitKmh === 'number' ? { kmh: limitKmh, setBy } : null,
    peakKmh: numberOf(peakKmh),
    percentOver: numberOf(percentOver),
  }
}
