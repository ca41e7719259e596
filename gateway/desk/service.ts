import type { WorldClock } from '../../proto/clocks.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { Alert } from '../../proto/model.ts'
import type { CaseStatus } from '../alerts/case.ts'
import { detourHoursMax } from '../alerts/case-table.ts'
import type { Route } from '../api/route.ts'
import type { Register } from '../journal/register.ts'
import type { Commands } from '../push/commands.ts'
import { type Approvals, openApprovals } from './approvals.ts'
import type { Attributions } from './attributions.ts'
import type { CaseView } from './case-view.ts'
import { openComplaints } from './complaints.ts'
import { createOffice, type Office } from './office.ts'
import { type QuietRule, quietOf } from './quiet.ts'
import { openQuietBook } from './quiet-book.ts'
import { openRosters } from './roster.ts'
import { caseRoutes } from './routes/cases.ts'
import { complaintRoutes } from './routes/complaints.ts'
import type { RouteDeps } from './routes/deps.ts'
import { detourRoutes } from './routes/detours.ts'
import { quietRoutes } from './routes/quiet.ts'
import { shiftRoutes } from './routes/shift.ts'
import { openSealer } from './seal.ts'
import { type CaseWatch, watchCases } from './watch.ts'

/** The close-out register as a whole: its office, its routes, what it does by itself. Wiring, and nothing else. */
export type DeskService = CaseWatch & {
  readonly office: Office
  readonly routes: readonly Route[]
  /** The quiet rule that explains an alert; null: none. */
  readonly quietOf: (alert: Alert) => QuietRule | null
  readonly statusOf: (alertId: string) => CaseStatus
}

export type DeskServiceDeps = {
  readonly register: Register
  readonly alert: (id: string) => Alert | null
  /** As it was raised; absent: as it is. */
  readonly first?: (id: string) => Alert | null
  readonly commands: Commands | null
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  readonly world: WorldClock
  readonly publish: (topic: string, payload: Uint8Array, retain: boolean) => Promise<void>
  /** Where rosters, approvals and the key of informers are; absent: this desk has none of them. */
  readonly folder?: DeskFolder
  /** The ledger of drivers' hours; absent: there is none. */
  readonly attributions?: Attributions
  /** Told of each case after a step. */
  readonly onCase?: (view: CaseView, summoned: string | null) => void
  readonly complain: (reason: string) => void
}

export type DeskFolder = {
  readonly dataDir: string
  /** Of the days that notices name. */
  readonly zone: string
  /** Something was approved: documents are read again, and terminals sent what changed. */
  readonly approved: () => void
  readonly twoPersons: boolean
}

export function openDesk(deps: DeskServiceDeps): DeskService {
  const { register, world, folder, complain } = deps
  const rosters = folder === undefined ? null : openRosters(folder.dataDir)
  const approvals = folder === undefined ? null : openApprovals(folder.dataDir, folder.approved)
  const office = createOffice({ ...deps, rosters, approvals, twoPersons: folder?.twoPersons ?? false })
  if (approvals !== null) makeGood(register, approvals, world.nowMs())
  const quiet = openQuietBook(register.papers)
  const sealer = folder === undefined ? null : openSealer(folder.dataDir)
  const { nowMs } = world
  const complaints = sealer === null ? null : openComplaints({ register, office, sealer, nowMs })
  const zone = folder?.zone ?? 'Asia/Shanghai'
  const routeDeps: RouteDeps = { register, office, world, zone, quiet, rosters, complaints, approvals }
  return {
    office,
    ...watchCases({ register, office, rosters, quiet, nowMs, complain }),
    quietOf: (alert) => quietOf(quiet.all(), alert),
    statusOf: office.statusOf,
    routes: [
      ...caseRoutes(routeDeps),
      ...quietRoutes(routeDeps),
      ...complaintRoutes(routeDeps),
      ...shiftRoutes(routeDeps),
      ...detourRoutes(routeDeps),
    ],
  }
}

/** What was decided and, because the power went at that moment, did not take effect any more. */
function makeGood(register: Register, approvals: Approvals, nowMs: number): void {
  const sinceMs = nowMs - detourHoursMax * 3_600_000
  for (const { alert, fields = {}, by, atMs } of register.since('approveDetour', sinceMs)) {
    const { route, segment, hours } = fields
    if (route !== undefined && segment !== undefined && hours !== undefined)
      approvals.detour(alert, { route, segment, hours }, by, atMs)
  }
  // Ended as of then: what was approved anew later holds on.
  for (const { alert, atMs } of register.since('revokeDetour', sinceMs)) approvals.revoke(alert, atMs)
  for (const { alert, fields = {} } of register.since('acceptRelay', sinceMs))
    if (fields.proof !== undefined) approvals.relay(alert, fields.proof)
}
