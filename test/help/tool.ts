import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll } from 'vitest'

/** Runs the tools as a user does: a child process, its exit code, its two streams. */

export const root = resolve(import.meta.dirname, '../..')

export type Ran = {
  readonly code: number | null
  readonly lines: readonly Record<string, unknown>[]
  readonly stdout: string
  readonly stderr: string
}

export function runTool(
  tool: string,
  args: readonly string[],
  more: {
    readonly env?: NodeJS.ProcessEnv
    readonly input?: string | Uint8Array
    readonly cwd?: string
  } = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, `sim/tools/${tool}.ts`), ...args],
    {
      encoding: 'utf8',
      cwd: more.cwd ?? root,
      env: { ...process.env, INIT_CWD: more.cwd ?? root, ...more.env },
      ...(more.input === undefined ? {} : { input: more.input }),
      maxBuffer: 256 * 1024 * 1024,
    },
  )
  const lines = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { code: status, lines, stdout, stderr }
}

/** A folder of this test file, gone when it ends. */
export function scratchFolder(): {
  readonly path: string
  readonly write: (name: string, content: string | Uint8Array) => string
} {
  const path = mkdtempSync(join(tmpdir(), 'roadwarden-test-'))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return {
    path,
    write: (name, content) => {
      const file = join(path, name)
      writeFileSync(file, content)
      return file
    },
  }
}
