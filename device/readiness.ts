import type { Outbox } from './outbox/outbox.ts'
import { freeAt, type StatFs } from './space.ts'

const freeBytesMin = 16 * 2 ** 20
const freeFilesMin = 200

/** Why this terminal cannot promise to keep what it finds; null: it can. Whatever the disk does, it answers. */
export function notReadyWhy(outbox: Pick<Outbox, 'stats'>, folder: string, statfs?: StatFs): string | null {
  if (!outbox.stats().onDisk) return 'the outbox is in memory only: a power cut would lose it'
  try {
    const { bytes, files } = freeAt(folder, statfs)
    if (bytes < freeBytesMin) return `the disk is nearly full: ${Math.floor(bytes / 2 ** 20)} MiB left`
    return files < freeFilesMin ? `the disk has room for only ${files} more files` : null
  } catch (error) {
    return `${folder} cannot be looked at (${(error as NodeJS.ErrnoException).code ?? String(error)})`
  }
}
