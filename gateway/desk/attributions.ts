import type { Alert } from '../../proto/model.ts'
import { type CaseStep, caseOf, stands } from '../alerts/case.ts'
import type { Attribution } from '../drivers/attributed.ts'
import type { GivenTime } from '../drivers/contract.ts'
import type { Register } from '../journal/register.ts'

/** Between the register, which keeps who was found to have driven, and the ledger of drivers, which counts it. */
export type Attributions = {
  readonly decided: (attribution: Attribution) => void
  /** What a decision gives as far as it is known now; null: nothing yet. */
  readonly preview: (attribution: Attribution) => GivenTime | null
}

export function attributionOf(
  alert: Alert,
  driver: string | null,
  { atMs, by }: Pick<CaseStep, 'atMs' | 'by'>,
): Attribution {
  const { fleet, vehicle, id } = alert
  return { fleet, vehicle, alert: id, driver, ...spanOf(alert), atMs, by }
}

/** `at` of an alert that has ended is its end; its evidence says how long it lasted. */
function spanOf({ at, phase, evidence }: Alert): { fromMs: number; toMs: number } {
  const toMs = Date.parse(at)
  if (phase !== 'ended') return { fromMs: toMs, toMs }
  const { durationS, since } = evidence
  if (typeof durationS === 'number') return { fromMs: toMs - durationS * 1000, toMs }
  const sinceMs = typeof since === 'string' ? Date.parse(since) : Number.NaN
  return { fromMs: Number.isNaN(sinceMs) ? toMs : Math.min(sinceMs, toMs), toMs }
}

/** What the register knows to have been decided since an instant; without a driver where it was taken back. */
export function attributionsSince(register: Register, sinceMs: number): readonly Attribution[] {
  const alerts = new Map(register.since('attributeDriver', sinceMs).map(({ alert }) => [alert.id, alert]))
  return [...alerts].flatMap(([id, seen]) => {
    const lines = register.of(id)
    const current = caseOf(lines)
    const step = current.latest.attributeDriver
    if (step === undefined) return []
    const alert = lines.findLast(({ action }) => action === 'attributeDriver')?.alert ?? seen
    const driver = stands(current, 'attributeDriver') ? (step.fields?.driver ?? null) : null
    return [attributionOf(alert, driver, step)]
  })
}
