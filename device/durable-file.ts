import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolders, syncFolder } from './make-folder.ts'

/** Replaces a file whole, or not at all, also when the power goes in between. */
export function writeDurably(file: string, text: string, mode = 0o666): void {
  const part = `${file}.part`
  const fd = openSync(part, 'w', mode)
  try {
    // One call may write a part only, on a disk that is nearly full: this one goes on until all is there or it throws.
    writeFileSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(part, file)
  syncFolder(dirname(file))
}

/** A disk without room for a folder refuses what goes into it as well: that is told there. */
export function makeFolder(folder: string): void {
  try {
    makeFolders(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error
  }
}
