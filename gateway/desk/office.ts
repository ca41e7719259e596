import type { WorldClock } from '../../proto/clocks.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { Alert } from '../../proto/model.ts'
import { isoUtc } from '../../proto/time.ts'
import { caseTopic } from '../../proto/topics.ts'
import {
  type CaseAction,
  type CaseEffect,
  type CaseRules,
  type CaseStatus,
  type CaseStep,
  caseOf,
  decide,
  type StepFields,
} from '../alerts/case.ts'
import type { Said } from '../alerts/case-table.ts'
import type { Role } from '../identity/identity.ts'
import type { Register } from '../journal/register.ts'
import type { Commands } from '../push/commands.ts'
import type { Approvals } from './approvals.ts'
import { type Attributions, attributionOf } from './attributions.ts'
import { type CaseView, maskedView, viewOfCase } from './case-view.ts'
import { type Completed, complete } from './complete.ts'
import type { Rosters } from './roster.ts'

/** Takes steps: reads the case, lets the machine decide, records, and does what follows from it. */
export type OfficeDeps = {
  readonly register: Register
  readonly alert: (id: string) => Alert | null
  /** As it was raised; absent: as it is. */
  readonly first?: (id: string) => Alert | null
  /** Absent: this gateway signs nothing, so no cab is spoken to. */
  readonly commands: Commands | null
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  /** Null: nothing that is approved here reaches a terminal. */
  readonly approvals: Approvals | null
  /** Absent: this gateway keeps no hours of drivers. */
  readonly attributions?: Attributions | undefined
  readonly rosters: Rosters | null
  readonly world: WorldClock
  readonly publish: (topic: string, payload: Uint8Array, retain: boolean) => Promise<void>
  readonly twoPersons: boolean
  /** Told of each case after a step, for those who carry it further. */
  readonly onCase?: (view: CaseView, summoned: string | null) => void
}

export type Wanted = {
  readonly alert: Alert
  readonly revision: number
  readonly action: CaseAction
  readonly words: string
  readonly fields: StepFields
  readonly by: string
  readonly from: string
  /** Absent on loopback. */
  readonly role: Role | undefined
}

/** What followed from a step, besides its being kept. */
export type Did = {
  readonly said: 'sent' | 'waiting' | null
  /** Id of the approved detour, as terminals get it. */
  readonly detour: string | null
  readonly detourRevoked: boolean
  /** The driving that became somebody's, as far as terminals have told of it. */
  readonly attributed: { readonly from: string; readonly to: string; readonly drivenS: number } | null
  /** Whether the relay stands in the papers of the trip. */
  readonly relayEntered: boolean
  readonly summoned: string | null
}

export type Taken =
  | { readonly is: 'done'; readonly view: CaseView; readonly did: Did }
  | { readonly is: 'conflict'; readonly view: CaseView }
  | { readonly is: 'refused'; readonly status: number; readonly field: string; readonly remedy: Said }

export type Office = {
  /** As the journal has it, else as the register kept it: the day it happened on may be gone. */
  readonly alertOf: (id: string) => Alert | null
  readonly viewOf: (alert: Alert) => CaseView
  readonly statusOf: (alertId: string) => CaseStatus
  /** When an alert first came. */
  readonly raisedMs: (alert: Alert) => number
  readonly take: (wanted: Wanted, rules?: Partial<CaseRules>) => Taken
  /** One after the other, written in one piece. */
  readonly takeAll: (wanted: readonly Wanted[]) => readonly Taken[]
  /** A line that is no step: somebody looked at what is sealed, somebody was answered. */
  readonly remark: (line: Remark) => CaseView
}
export type Remark = Pick<Wanted, 'alert' | 'words' | 'by' | 'from' | 'role'> & { readonly action: string }

const nothing: Did = {
  ...{ said: null, detour: null, detourRevoked: false, attributed: null },
  ...{ relayEntered: false, summoned: null },
}

export function createOffice(deps: OfficeDeps): Office {
  const { register } = deps
  const viewOf = (alert: Alert): CaseView =>
    viewOfCase(alert, register.of(alert.id), register.standing(alert.id)?.cursor ?? null)
  /** Recorded now; what it leads to is done by whoever holds the transaction. */
  const record = (wanted: Wanted, rules: Partial<CaseRules>): Taken | Recorded => {
    const { alert, revision } = wanted
    const current = caseOf(register.of(alert.id))
    const made = complete(wanted, current, deps)
    if ('is' in made) return made
    const outcome = decide(current, revision, stepOf(wanted, made, deps.world.nowMs()), {
      twoPersons: deps.twoPersons,
      fieldsNeeded: true,
      ...rules,
    })
    if (outcome.is === 'conflict') return { is: 'conflict', view: viewOf(alert) }
    if (outcome.is === 'refused') return { ...outcome, status: 400 }
    for (const effect of outcome.effects) if (effect.do === 'record') register.note({ alert, ...effect.step })
    return { is: 'recorded', alert, effects: outcome.effects }
  }
  const finish = (taken: Taken | Recorded): Taken => {
    if (taken.is !== 'recorded') return taken
    let did = nothing
    for (const effect of taken.effects) did = { ...did, ...act(deps, taken, effect) }
    const view = viewOf(taken.alert)
    tell(deps, view, did.summoned)
    return { is: 'done', view, did }
  }
  return {
    alertOf: (id) => deps.alert(id) ?? register.of(id)[0]?.alert ?? null,
    viewOf,
    statusOf: (alertId) => register.standing(alertId)?.status ?? 'raised',
    raisedMs: (alert) => Date.parse((deps.first?.(alert.id) ?? alert).receivedAt),
    take: (wanted, rules = {}) => finish(record(wanted, rules)),
    takeAll: (all) => register.together(() => all.map((wanted) => record(wanted, {}))).map(finish),
    remark: ({ alert, role, ...line }) => {
      const atMs = deps.world.nowMs()
      register.note({ alert, atMs, ...line, ...(role === undefined ? {} : { role }) })
      const view = viewOf(alert)
      tell(deps, view, null)
      return view
    },
  }
}

type Recorded = {
  readonly is: 'recorded'
  readonly alert: Alert
  readonly effects: readonly CaseEffect[]
}

function stepOf({ by, from, action, role }: Wanted, { words, fields }: Completed, nowMs: number): CaseStep {
  return {
    ...{ atMs: Math.round(nowMs), by, from, action, words },
    ...(role === undefined ? {} : { role }),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  }
}

/** Does what the machine said; what it came to. */
function act(deps: OfficeDeps, { alert, effects }: Recorded, effect: CaseEffect): Partial<Did> {
  const { commands, approvals } = deps
  const step = effects.flatMap((one) => (one.do === 'record' ? [one.step] : []))[0]!
  switch (effect.do) {
    case 'speak':
      return { said: commands?.say(alert.fleet, alert.vehicle, effect.words) ?? null }
    case 'summon':
      return { summoned: effect.to }
    case 'approveDetour':
      return { detour: approvals?.detour(alert, effect, step.by, step.atMs) ?? null }
    case 'revokeDetour':
      return { detourRevoked: approvals?.revoke(alert, step.atMs) ?? false }
    case 'attribute':
      return { attributed: attribute(deps, alert, step, effect.driver) }
    case 'enterRelay':
      return { relayEntered: approvals?.relay(alert, effect.proof) ?? false }
    default:
      return {}
  }
}

function attribute({ attributions }: OfficeDeps, alert: Alert, step: CaseStep, driver: string | null) {
  if (attributions === undefined) return null
  const attribution = attributionOf(alert, driver, step)
  const given = driver === null ? null : attributions.preview(attribution)
  attributions.decided(attribution)
  if (given === null) return null
  const { fromMs, toMs, drivenMs } = given
  return { from: isoUtc(fromMs), to: isoUtc(toMs), drivenS: Math.round(drivenMs / 1000) }
}

/** Whoever is called reads it in the case itself, on every desk and in whatever carries cases further. */
function tell({ publish, onCase }: OfficeDeps, view: CaseView, summoned: string | null): void {
  const bytes = Buffer.from(JSON.stringify(maskedView(view)))
  void publish(caseTopic(view.fleet, view.vehicle), bytes, false)
  onCase?.(view, summoned)
}
