import type { AlertIndex } from '../journal/alert-index.ts'
import type { DeskService } from './service.ts'

/** After a start: alerts of the last day that nobody has touched are waited for again. What is older, someone has seen. */
export async function recallOpen(
  desk: Pick<DeskService, 'recall'>,
  index: Pick<AlertIndex, 'follow' | 'fleets' | 'list'>,
  nowMs: number,
): Promise<void> {
  await index.follow()
  const any = { kinds: null, severities: null, vehicle: null, fromMs: null, toMs: null, after: null }
  for (const fleet of index.fleets()) {
    const open = index.list({ ...any, fleet, open: true, limit: recalledMax })
    const untouched = open.filter(({ status }) => status === 'raised').map(({ alert }) => alert)
    // By when it came: late data tells of yesterday, and nobody has seen it.
    desk.recall(untouched.filter(({ receivedAt }) => nowMs - Date.parse(receivedAt) <= dayMs))
  }
}
const dayMs = 86_400_000
const recalledMax = 5000
