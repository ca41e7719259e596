import { writeFileSync } from 'node:fs'

/**
 * Loaded into a process that is watched: SIGUSR2 makes it collect its garbage and say what it holds after that, so that
 * what is kept can be told from what is not swept yet.
 */
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  const file = process.env['ROADWARDEN_WEIGHED']
  if (file !== undefined) writeFileSync(file, JSON.stringify(process.memoryUsage()))
})
