import { statfsSync } from 'node:fs'
import type { Alert } from '../proto/model.ts'
import { localText } from '../proto/time.ts'
import { openEvidenceKey } from './evidence-key.ts'
import { openRegister } from './journal/register.ts'
import type { Upkeep } from './journal/retention.ts'
import type { Journal } from './journal.ts'
import type { Log } from './log.ts'

/** What a gateway does for its own folder: seals days, lets old ones go, knows how full the disk is. */
export type UpkeepOptions = {
  readonly dataDir: string
  readonly zone: string
  readonly keepDays: { readonly positions: number; readonly handling: number }
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export function keepHouse(
  { dataDir, zone, keepDays }: UpkeepOptions,
  journal: Upkeep & Pick<Journal, 'alert'>,
  nowMs: () => number,
  log: Log,
): { readonly stop: () => void; readonly now: () => Promise<void> } {
  const key = openEvidenceKey(dataDir)
  const register = openRegister(dataDir)
  const work = async (): Promise<void> => {
    for (const day of await journal.sealPast(key)) log.info('day-sealed', { day })
    const before = localText(nowMs() - keepDays.positions * dayMs, zone).slice(0, 10)
    // An alert nobody has dealt with keeps its day, however old; one that data took back needs nobody.
    const isRefuted = (id: string): boolean =>
      register.standing(id) === null && journal.alert(id)?.withdrawn === true
    const mayGo = ({ id }: Alert): boolean => register.isHandled(id) || isRefuted(id)
    for (const { day, removed, heldBy } of journal.removePast(before, mayGo, key))
      if (removed) log.info('day-removed', { day })
      else log.warn('day-kept', { day, unhandledAlerts: heldBy })
    register.forgetBefore(nowMs() - keepDays.handling * dayMs)
  }
  let running: Promise<void> = Promise.resolve()
  const now = (): Promise<void> => {
    running = running.then(work).catch((error: unknown) => {
      log.warn('upkeep-failed', { reason: error instanceof Error ? error.message : String(error) })
    })
    return running
  }
  const timer = setInterval(() => void now(), hourMs)
  timer.unref()
  // A day that is over and not sealed can be altered by whoever comes by: it is not left so for an hour.
  journal.onDayOver(() => void now())
  void now()
  return {
    now,
    stop: () => {
      clearInterval(timer)
      register.close()
    },
  }
}

const freeBytesMin = 256 * 2 ** 20
/** A disk may be large and nearly full all the same. */
const freeShareMin = 0.05
const freeEnoughBytes = 10 * 2 ** 30
const freeInodesMin = 1000

type Space = { readonly bytes: number; readonly share: number; readonly inodes: number }

function spaceAt(folder: string): Space {
  const { bavail, blocks, bsize, files, ffree } = statfsSync(folder)
  // File systems without inodes of their own say 0 of 0.
  const inodes = files === 0 ? Number.POSITIVE_INFINITY : ffree
  return { bytes: bavail * bsize, share: blocks === 0 ? 1 : bavail / blocks, inodes }
}

/** Why this gateway should get no more work; null: there is room. Whatever the disk does, it answers. */
export function notReadyWhy(folder: string): string | null {
  try {
    return spaceTrouble(spaceAt(folder))
  } catch (error) {
    return `${folder} cannot be looked at (${(error as NodeJS.ErrnoException).code ?? String(error)})`
  }
}

export function spaceTrouble({ bytes, share, inodes }: Space): string | null {
  if (bytes < freeBytesMin || (share < freeShareMin && bytes < freeEnoughBytes))
    return `the disk is nearly full: ${Math.floor(bytes / 2 ** 20)} MiB left`
  return inodes < freeInodesMin ? `the disk has only ${inodes} inodes left` : null
}
