import { renameSync, writeFileSync } from 'node:fs'

/**
 * Loaded into a process that is watched: SIGUSR2 makes it collect its garbage and say what it holds after that, so that
 * what is kept can be told from what is not swept yet.
 */
export type Weighed = NodeJS.MemoryUsage & { readonly atMs: number }

process.on('SIGUSR2', () => {
  globalThis.gc?.()
  const file = process.env['ROADWARDEN_WEIGHED']
  if (file === undefined) return
  const weighed: Weighed = { ...process.memoryUsage(), atMs: Date.now() }
  // Replaced whole: who reads meanwhile has the one before.
  writeFileSync(`${file}.part`, JSON.stringify(weighed))
  renameSync(`${file}.part`, file)
})
