import type { Documents } from '../../proto/in-force.ts'
import type { Case, StepFields } from '../alerts/case.ts'
import type { Said } from '../alerts/case-table.ts'
import { noVehicle } from './complaints.ts'
import type { OfficeDeps, Taken, Wanted } from './office.ts'
import { nextOf } from './roster.ts'

/** What a step says, with what nobody types: a stop's name, whom the roster names. Refused where there is no such thing. */
export type Completed = { readonly words: string; readonly fields: StepFields }
type Refused = Extract<Taken, { is: 'refused' }>

export function complete(wanted: Wanted, current: Case, deps: OfficeDeps): Completed | Refused {
  const { action, alert, words, fields } = wanted
  const documents = deps.documents(alert.fleet, alert.vehicle)
  switch (action) {
    case 'say':
      return deps.commands === null || alert.vehicle === noVehicle ? noCommands : { words, fields }
    case 'extendToStop':
      return deps.commands === null ? noCommands : toStop(wanted, documents)
    case 'escalate':
      return { words, fields: withNext(wanted, current, deps) }
    case 'approveDetour':
      return onRoute(wanted, documents, deps)
    case 'acceptRelay':
      return proven(wanted, documents, deps.world.nowMs())
    case 'attributeDriver':
      return documents === null ? noDriving : { words, fields }
    case 'supersede':
      return goesOn(wanted, deps)
    default:
      return { words, fields }
  }
}

const refused = (status: number, field: string, remedy: Said): Refused => ({
  is: 'refused',
  status,
  field,
  remedy,
})
const noCommands = refused(503, 'action', {
  zh: '本网关不能向车内播报',
  en: 'this gateway cannot speak to cabs',
})

/** Hours are counted on the vehicle that was driven: what is told of none, or of one that nobody knows, has none to give. */
const noDriving = refused(400, 'action', {
  zh: '本案没有已登记的车辆，无法认定驾驶人；请将驾驶人写入备注（note）',
  en: 'not of a vehicle that is filed here, so there is no driving to attribute; say who it was in a note',
})

/** Where a coach may stand in peace: never a shoulder. */
const safeRoles: readonly string[] = ['serviceArea', 'station', 'hub', 'relayPoint']

/** The words name the stop: whoever drives hears where, and never only "stop". */
function toStop({ words, fields }: Wanted, documents: Documents | null): Completed | Refused {
  const { area: id } = fields
  // What is missing altogether, the machine says.
  if (id === undefined) return { words, fields }
  const area = documents?.areas.byId.get(id)
  if (area === undefined || !safeRoles.includes(area.role))
    return refused(400, 'area', {
      zh: '请选择服务区、车站或接驳点',
      en: 'not a safe stop of this vehicle; choose a service area, a station or a relay point',
    })
  const said = words.trim() === '' ? `请继续行驶至前方“${area.name}”安全停车休息` : words
  return { words: said, fields: { ...fields, areaName: area.name } }
}

/** Nobody types whom it goes to: the roster says. */
function withNext({ alert, fields }: Wanted, { escalations }: Case, { rosters }: OfficeDeps): StepFields {
  const { to: _typed, ...rest } = fields
  const next = nextOf(rosters?.of(alert.fleet) ?? null, escalations)
  return next === null ? rest : { ...rest, to: next.who }
}

function onRoute(
  { alert, words, fields }: Wanted,
  documents: Documents | null,
  { approvals }: OfficeDeps,
): Completed | Refused {
  if (approvals === null)
    return refused(503, 'action', { zh: '本网关不下发线路', en: 'this gateway pushes no routes' })
  const { route: id, segment } = fields
  const route = documents?.routes.find((one) => one.id === id)
  if (id !== undefined && route === undefined)
    return refused(400, 'route', {
      zh: '该车没有此线路',
      en: `not a route of ${alert.vehicle}; choose one that its trips name`,
    })
  const lengthM = Math.max(0, ...(route?.lines.map((line) => line.lengthM) ?? []))
  if (route !== undefined && segment !== undefined && segment.fromM >= lengthM)
    return refused(400, 'segment', {
      zh: `线路全长${Math.round(lengthM)}米`,
      en: `the route is ${Math.round(lengthM)} m long; fromM lies beyond it`,
    })
  return { words, fields }
}

/** A record that is to count for the rule must be of the past, at an area of this vehicle. */
function proven(wanted: Wanted, documents: Documents | null, nowMs: number): Completed | Refused {
  const { words, fields } = wanted
  const { proof } = fields
  if (proof?.at !== undefined && !(Date.parse(proof.at) <= nowMs))
    return refused(400, 'proof.at', { zh: '接驳时间不能晚于现在', en: 'an instant of the past is needed' })
  if (proof?.area !== undefined && documents?.areas.byId.has(proof.area) !== true)
    return refused(400, 'proof.area', { zh: '没有此接驳点', en: 'not an area of this vehicle; choose one' })
  return { words, fields }
}

/** The case goes on under another alert of the same vehicle: who reads the one finds the other. */
function goesOn({ alert, words, fields }: Wanted, deps: OfficeDeps): Completed | Refused {
  const { successor } = fields
  if (successor === undefined) return { words, fields }
  const other = deps.alert(successor) ?? deps.register.of(successor)[0]?.alert ?? null
  const isSame = other !== null && other.fleet === alert.fleet && other.vehicle === alert.vehicle
  if (!isSame || successor === alert.id)
    return refused(400, 'successor', {
      zh: '应为同一车辆的另一条报警',
      en: 'another alert of the same vehicle is needed',
    })
  return { words, fields }
}
