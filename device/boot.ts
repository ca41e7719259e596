import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from './durable-file.ts'
import { isRefusal } from './outbox/room.ts'

/**
 * Whether the machine lost its power before this start. A file stands while the terminal runs and names the boot of the
 * kernel: found again under another boot, nobody has stopped the terminal in order. A killed process is no power cut.
 */
export type Boot = {
  readonly afterPowerLoss: boolean
  /** An orderly stop. */
  readonly close: () => void
}

export function openBoot(dataDir: string, bootId = kernelBootId()): Boot {
  const file = join(dataDir, 'running')
  const before = existsSync(file) ? readFileSync(file, 'utf8').trim() : null
  try {
    if (bootId !== null && before !== bootId) writeDurably(file, `${bootId}\n`)
  } catch (error) {
    // Without room the next start cannot tell a power cut from a stop; that is no reason not to start.
    if (!isRefusal(error)) throw error
  }
  return {
    afterPowerLoss: before !== null && before !== '' && bootId !== null && before !== bootId,
    close: () => rmSync(file, { force: true }),
  }
}

function kernelBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return null
  }
}
