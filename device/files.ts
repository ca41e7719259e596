import { readFileSync } from 'node:fs'
import { BadInput, parseJsonText } from '../proto/problem.ts'

/** Reading what a person wrote: whatever is wrong becomes one line with a remedy. */

export function readInput(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new BadInput(`${file}: ${remedyOf(error as NodeJS.ErrnoException)}`)
  }
}

export function readJson(file: string): unknown {
  return parseJsonText(readInput(file).toString('utf8'), file)
}

function remedyOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return 'no such file; correct the path'
    case 'EISDIR':
      return 'a directory; name a file'
    case 'EACCES':
      return 'not readable; give this user the right to read it'
    default:
      return `not readable (${error.code ?? error.message})`
  }
}
