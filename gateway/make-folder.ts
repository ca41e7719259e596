import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncFolder } from './durable-file.ts'

/**
 * Makes a folder and whatever is missing above it, parent by parent, and brings the names in it to the disk. Where
 * nothing can be made although its parent is there, as below /proc, Node's own recursive way tries for ever; this one
 * throws the error it met.
 */
export function makeFolders(folder: string, mode = 0o777): void {
  const parent = dirname(folder)
  if (isFolder(folder)) keepNames(folder)
  else {
    if (!existsSync(parent)) makeFolders(parent, mode)
    // Whoever made that one may have been killed before its name was on the disk.
    else keepNames(dirname(parent))
    try {
      mkdirSync(folder, { mode })
    } catch (error) {
      // Somebody else may have made it in between.
      if (!isFolder(folder)) throw error
    }
  }
  keepNames(parent)
}

/**
 * Whoever made a folder, or replaced a file in it, may have been killed before its name was on the disk: what is read there now
 * is worked with, and a power cut must not take it back. A folder that this user may not read, or a disk that refuses, stops
 * nobody here: what is written next says so.
 */
function keepNames(folder: string): void {
  try {
    syncFolder(folder)
  } catch {
    // Told by the first thing that is written there.
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
