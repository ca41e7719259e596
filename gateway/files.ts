import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { BadInput, parseJsonText } from '../proto/problem.ts'

/** Reading what people wrote, with one line for each way it can fail. */

export function readJson(file: string): unknown {
  return parseJsonText(readText(file), file)
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new BadInput(`${file}: ${remedyOf(error)}`)
  }
}

/** The JSON files of a folder, sorted by name. */
export const jsonFiles = (folder: string): string[] => filesOf(folder, ['.json'])

/** The files of a folder whose names end so, sorted by name. */
export function filesOf(folder: string, endings: readonly string[]): string[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    throw new BadInput(`${folder}: ${remedyOf(error)}`)
  }
  const wanted = names.filter((name) => endings.some((end) => name.endsWith(end)) && !name.startsWith('.'))
  return wanted.sort().map((name) => path.join(folder, name))
}

/** Changes when a file of the folder was added, removed or written. */
export function folderStamp(folder: string, endings: readonly string[] = ['.json']): string {
  const files = filesOf(folder, endings).map((file) => `${file}:${statSync(file).mtimeMs}`)
  return files.join('\n')
}

function remedyOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'no such file or folder; correct the path'
  if (code === 'EISDIR') return 'a directory where a file belongs; name a file'
  if (code === 'ENOTDIR') return 'a file where a folder belongs; name a folder'
  if (code === 'EACCES') return 'this user may not read it; change its permissions'
  return `cannot be read (${code ?? 'unknown reason'})`
}
