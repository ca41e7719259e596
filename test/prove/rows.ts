import { appendFileSync, readFileSync } from 'node:fs'
import { BadInput } from '../../proto/problem.ts'
import type { Told } from './table.ts'

/** What several runs did, a line of JSON for each part: a long proof is made in pieces and summed afterwards. */

export function appendRow(file: string, told: Told): void {
  appendFileSync(file, `${JSON.stringify(told)}\n`)
}

export function rowsIn(file: string): Told[] {
  return textOf(file)
    .split('\n')
    .flatMap((line, n) => (line.trim() === '' ? [] : [toldIn(line, file, n + 1)]))
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new BadInput(`${file}: cannot be read: name a file that --rows wrote`)
  }
}

function toldIn(line: string, file: string, n: number): Told {
  try {
    const told = JSON.parse(line) as Told
    if (typeof told.name === 'string' && typeof told.tookMs === 'number') return told
  } catch {}
  throw new BadInput(`${file}: line ${n}: not a row of a proof: remove it`)
}
