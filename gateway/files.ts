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
export function jsonFiles(folder: string): string[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    throw new BadInput(`${folder}: ${remedyOf(error)}`)
  }
  const wanted = names.filter((name) => name.endsWith('.json') && !name.startsWith('.'))
  return wanted.sort().map((name) => path.join(folder, name))
}

/** Changes when a file of the folder was added, removed or written. */
export function folderStamp(folder: string): string {
  const files = jsonFiles(folder).map((file) => `${file}:${statSync(file).mtimeMs}`)
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
