import { statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { parseDocument } from '../../proto/problem.ts'
import { idPattern } from '../../proto/topics.ts'
import { writeDurably } from '../durable-file.ts'
import { readJson } from '../files.ts'
import { makeFolders } from '../make-folder.ts'
import type { Roster } from './escalation.ts'

/** The roster (值班表) of each fleet: a file of its own, which people may also write by hand. */
export type Rosters = {
  /** Null: nobody filled one in. Throws BadInput when a hand wrote one that cannot be read. */
  readonly of: (fleet: string) => Roster | null
  readonly put: (fleet: string, roster: Roster) => void
}

const minutes = z
  .number()
  .int()
  .min(1)
  .max(7 * 1440)
export const rosterSchema = z.strictObject({
  levels: z
    .array(
      z.strictObject({
        who: z.string().trim().min(1).max(64),
        phone: z.string().trim().max(32).optional(),
        /** So long may an alert of that severity wait for this one, before it goes to the next. */
        withinMin: z.strictObject({ critical: minutes, major: minutes, minor: minutes, info: minutes }),
      }),
    )
    .min(1)
    .max(8),
})

export { nextOf } from './escalation.ts'

export function openRosters(dataDir: string): Rosters {
  const folder = path.join(dataDir, 'roster')
  const fileOf = (fleet: string): string => path.join(folder, `${fleet}.json`)
  const read = new Map<string, { readonly stamp: string; readonly roster: Roster }>()
  return {
    of: (fleet) => {
      if (!idPattern.test(fleet)) return null
      const file = fileOf(fleet)
      const stat = statSync(file, { throwIfNoEntry: false })
      if (stat === undefined) return null
      const stamp = `${stat.mtimeMs}/${stat.size}/${stat.ino}`
      const known = read.get(fleet)
      if (known?.stamp === stamp) return known.roster
      const roster = parseDocument(rosterSchema, readJson(file), file)
      read.set(fleet, { stamp, roster })
      return roster
    },
    put: (fleet, roster) => {
      makeFolders(folder)
      writeDurably(fileOf(fleet), `${JSON.stringify(roster, null, 2)}\n`)
    },
  }
}
