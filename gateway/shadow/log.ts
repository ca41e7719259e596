import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { digestOf } from '../../proto/canonical.ts'
import { writeDurably } from '../durable-file.ts'

/**
 * Differences as they are handed out, with cursors. A trial is no evidence: lines are appended without waiting for
 * the disk, and only the newest are kept.
 */
export type ShadowLine = { readonly cursor: number; readonly id: string; readonly fleet: string } & {
  readonly [key: string]: unknown
}
export type ShadowNews = { readonly fleet: string } & { readonly [key: string]: unknown }

export type ShadowLog = {
  /** False when the same was said before: a gateway that starts again folds some of what it knew once more. */
  readonly add: (news: ShadowNews) => boolean
  readonly after: (cursor: number, limit: number, fleet: string | null) => readonly ShadowLine[]
}

const keptMax = 10_000

export function openShadowLog(dataDir: string): ShadowLog {
  mkdirSync(dataDir, { recursive: true })
  const file = path.join(dataDir, 'shadow.ndjson')
  const lines = existsSync(file) ? readLines(file).slice(-keptMax) : []
  writeDurably(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return shadowLog(lines, (line) => appendFileSync(file, `${JSON.stringify(line)}\n`))
}

export function shadowLog(lines: ShadowLine[], store: (line: ShadowLine) => void): ShadowLog {
  const ids = new Set(lines.map(({ id }) => id))
  let cursor = lines.at(-1)?.cursor ?? 0
  return {
    add: (news) => {
      const id = digestOf(news).slice(0, 32)
      if (ids.has(id)) return false
      const line: ShadowLine = { ...news, cursor: ++cursor, id }
      ids.add(id)
      lines.push(line)
      if (lines.length > keptMax) ids.delete(lines.shift()!.id)
      store(line)
      return true
    },
    after: (from, limit, fleet) =>
      lines.filter((line) => line.cursor > from && (fleet === null || line.fleet === fleet)).slice(0, limit),
  }
}

/** A last line that a kill cut short is left out. */
function readLines(file: string): ShadowLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as ShadowLine]
      } catch {
        return []
      }
    })
}
