import { readdirSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolders } from '../make-folder.ts'

/** The files of one vehicle's tapes in a folder, oldest first: `<vehicle>-<number>.rwtape`, the number ever growing. */
export type TapeFile = { readonly path: string; readonly number: number; readonly bytes: number }

const ending = '.rwtape'

export function tapeFiles(folder: string, vehicle: string): TapeFile[] {
  makeFolders(folder)
  const files: TapeFile[] = []
  for (const name of readdirSync(folder)) {
    const number = numberOf(name, vehicle)
    if (number === null) continue
    const path = join(folder, name)
    files.push({ path, number, bytes: statSync(path).size })
  }
  return files.sort((a, b) => a.number - b.number)
}

function numberOf(name: string, vehicle: string): number | null {
  if (!name.startsWith(`${vehicle}-`) || !name.endsWith(ending)) return null
  const digits = name.slice(vehicle.length + 1, -ending.length)
  return /^\d{8}$/.test(digits) ? Number(digits) : null
}

export function nextTapePath(folder: string, vehicle: string): string {
  const last = tapeFiles(folder, vehicle).at(-1)?.number ?? 0
  return join(folder, `${vehicle}-${String(last + 1).padStart(8, '0')}${ending}`)
}

/** Unlinks the oldest files until what is left and so many bytes to come stay within the cap. The last one is never touched. */
export function makeRoom(folder: string, vehicle: string, capBytes: number, comingBytes: number): void {
  const files = tapeFiles(folder, vehicle)
  let bytes = files.reduce((sum, file) => sum + file.bytes, comingBytes)
  for (const file of files.slice(0, -1)) {
    if (bytes <= capBytes) return
    unlinkSync(file.path)
    bytes -= file.bytes
  }
}

/** Takes the oldest file away, the one that is being written too; false when there is none, or it cannot be. */
export function dropOldest(folder: string, vehicle: string): boolean {
  try {
    const [oldest] = tapeFiles(folder, vehicle)
    if (oldest === undefined) return false
    unlinkSync(oldest.path)
    return true
  } catch {
    // A box that cannot be reached has nothing to give.
    return false
  }
}
