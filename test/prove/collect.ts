import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { getHeapStatistics } from 'node:v8'

/**
 * Loaded into a process that is watched: SIGUSR2 makes it collect its garbage and say what it holds after that, so that
 * what is kept can be told from what is not swept yet.
 */
export type Weighed = NodeJS.MemoryUsage & {
  readonly atMs: number
  /** Resident and of no file: the program itself is not in it. */
  readonly anonymousBytes: number
  /** What of the heap's room is resident: a part of what it has taken it never touched yet. */
  readonly heapResidentBytes: number
}

process.on('SIGUSR2', () => {
  globalThis.gc?.()
  const file = process.env['ROADWARDEN_WEIGHED']
  if (file === undefined) return
  const weighed: Weighed = {
    ...process.memoryUsage(),
    atMs: Date.now(),
    anonymousBytes: anonymousBytes(),
    heapResidentBytes: getHeapStatistics().total_physical_size,
  }
  // Replaced whole: who reads meanwhile has the one before.
  writeFileSync(`${file}.part`, JSON.stringify(weighed))
  renameSync(`${file}.part`, file)
})

function anonymousBytes(): number {
  const [, kib] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Number(kib) * 1024
}
