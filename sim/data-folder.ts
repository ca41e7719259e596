import { accessSync, constants, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeFolders } from '../device/make-folder.ts'
import { lockFolder } from '../gateway/journal/lock.ts'
import { BadInput } from '../proto/problem.ts'
import type { Scenario } from './scenario.ts'

/** The folder that holds everything of a drive. */

/** As `--data` names it, made and writable; a fresh one when nobody named any. */
export function dataFolder(named: string | undefined, usage: string): string {
  if (named === undefined) return mkdtempSync(join(tmpdir(), 'roadwarden-'))
  if (named === '') throw new BadInput(`--data: empty; ${usage}`)
  const folder = resolve(process.env['INIT_CWD'] ?? process.cwd(), named)
  try {
    makeFolders(folder)
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new BadInput(`--data ${named}: cannot be written (${code}); name a folder you may write`)
  }
  return folder
}

/**
 * A folder is of one drive: what another left in its journal would be told as this one's. The scenario stays in the
 * folder, so that the same drive may be driven there again. Nobody else drives there until it is released: a second
 * drive would take the lines and the clock away from the first.
 */
export function claimFolder(folder: string, scenario: Scenario): { readonly release: () => void } {
  const lock = lockOf(folder)
  const file = join(folder, 'scenario.json')
  const text = `${JSON.stringify(scenario, null, 2)}\n`
  const known = existsSync(file) ? readFileSync(file, 'utf8') : null
  if (known !== text && existsSync(join(folder, 'gateway'))) {
    lock.release()
    throw new BadInput(`--data ${folder}: holds another drive; name an empty folder`)
  }
  writeFileSync(file, text)
  return lock
}

function lockOf(folder: string): { readonly release: () => void } {
  try {
    return lockFolder(folder)
  } catch (error) {
    if (!(error instanceof BadInput)) throw error
    throw new BadInput(
      `--data ${folder}: another drive is under way there; wait for it or name another folder`,
    )
  }
}
