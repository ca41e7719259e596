import { createMemoryJournal } from '../../gateway/journal/memory.ts'
import type { Journal, JournalGroup } from '../../gateway/journal.ts'
import type { DiskFile } from './disk.ts'
import type { Owner } from './scheduler.ts'

/** What one commit leaves on the disk: the group, and how far alerts were published when it was written. */
export type JournalRecord = { readonly group: JournalGroup; readonly published: number }

export type SimJournalOptions = {
  readonly file: DiskFile<JournalRecord>
  readonly owner: Owner
  readonly die: () => void
  /** How long a commit takes. */
  readonly commit: () => Promise<void>
}

/** The journal of the contract's memory twin, made again from the groups on a simulated disk. */
export async function openSimJournal({ file, owner, die, commit }: SimJournalOptions): Promise<Journal> {
  const inner = createMemoryJournal()
  // As the real one: nothing is believed that is not on the disk.
  file.sync()
  for (const { group, published } of file.records()) {
    await inner.append(group)
    inner.markPublished(published)
  }
  let published = file.records().at(-1)?.published ?? 0
  const never = new Promise<never>(() => {})
  const dies = (): Promise<never> => {
    die()
    return never
  }
  const append: Journal['append'] = async (group) => {
    await commit()
    if (!owner.alive) return never
    const fate = file.fate()
    if (fate === 'dies before') return dies()
    if (fate === 'refused') throw new Error('disk I/O error')
    file.write({ group, published })
    if (fate === 'dies unsynced') return dies()
    file.sync()
    const stored = await inner.append(group)
    return fate === 'dies synced' ? dies() : stored
  }
  return {
    ...inner,
    append,
    markPublished: (upToCursor) => {
      published = Math.max(published, upToCursor)
      inner.markPublished(upToCursor)
    },
  }
}
