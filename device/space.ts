import { statfsSync } from 'node:fs'

/** What the file system of a folder has left. */
export type StatFs = (folder: string) => {
  readonly bavail: number
  readonly bsize: number
  readonly files: number
  readonly ffree: number
}

export type Free = { readonly bytes: number; readonly files: number }

/** Throws when the folder is not there, or the disk does not say. */
export function freeAt(folder: string, statfs: StatFs = statfsSync): Free {
  const { bavail, bsize, files, ffree } = statfs(folder)
  // Where files are not counted there is no limit to them.
  return { bytes: bavail * bsize, files: files === 0 ? Number.POSITIVE_INFINITY : ffree }
}
