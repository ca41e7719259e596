import type { WorldClock } from '../../../proto/clocks.ts'
import type { Register } from '../../journal/register.ts'
import type { Approvals } from '../approvals.ts'
import type { Complaints } from '../complaints.ts'
import type { Office } from '../office.ts'
import type { QuietBook } from '../quiet-book.ts'
import type { Rosters } from '../roster.ts'

/** What the routes of the desk work with. */
export type RouteDeps = {
  readonly register: Register
  readonly office: Office
  readonly world: WorldClock
  readonly zone: string
  readonly quiet: QuietBook
  /** Null: this gateway has no folder to keep them in. */
  readonly rosters: Rosters | null
  readonly complaints: Complaints | null
  readonly approvals: Approvals | null
}
