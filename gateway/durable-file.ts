import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Replaces a file whole, or not at all, also when the power goes in between. */
export function writeDurably(file: string, text: string, mode = 0o644): void {
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
  syncFolder(path.dirname(file))
}

/** The names in it; what the files hold is theirs to sync. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
