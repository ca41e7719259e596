import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../../help/external.ts'
import { type Operation, operationsIn, tracedCalls } from './trace.ts'

/** Runs a program of ours under strace and reads what it did to its files, and what it promised. */

/** Memory, where the machine has it as a folder: what is recorded is what was asked of the disk, not the disk. */
export const scratchFolder = (): string =>
  mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'crash-'))

const strace = findProgram('strace')

/** Why nothing can be recorded on this machine; null when it can. */
export function recordingTrouble(): string | null {
  if (strace === null) return 'strace is not installed on this machine'
  const { status, stderr } = spawnSync(strace, ['-f', '-o', '/dev/null', 'true'], { encoding: 'utf8' })
  return status === 0 ? null : `strace may not watch another process here: ${stderr.trim().slice(0, 200)}`
}

/** On CI nothing is skipped: there the tests run and fail. */
export const mustSkipRecording = (): string | null =>
  process.env['CI'] === 'true' ? null : recordingTrouble()

export type Run = {
  readonly program: string
  readonly args: readonly string[]
  /** What strace is to do to a call: `fsync:error=EIO:when=3`. */
  readonly inject?: string | undefined
  /** For the file that is traced: what is not told is not written. */
  readonly calls?: readonly string[]
}

export type Trace = { readonly text: string; readonly told: string; readonly failed: string | null }

export function trace({ program, args, inject, calls = tracedCalls }: Run): Trace {
  const folder = mkdtempSync(join(tmpdir(), 'trace-'))
  const file = join(folder, 'trace')
  // A filter in the kernel lets every other call pass at full speed; a signal is not brought in time through it.
  const filter = inject?.includes('signal=') === true ? [] : ['--seccomp-bpf']
  const what = ['-e', `trace=${calls.map((call) => `?${call}`).join(',')}`]
  const fault = inject === undefined ? [] : ['-e', `inject=${inject}`]
  const options = [...filter, '-f', '-y', '-xx', '-s', '200000', ...what, ...fault, '-o', file]
  try {
    const { status, signal, stdout, stderr } = spawnSync(
      strace ?? 'not installed here',
      [...options, process.execPath, join(import.meta.dirname, program), ...args],
      // Work that goes past the traced calls, on rings and in threads, would not be seen.
      {
        encoding: 'utf8',
        env: { ...process.env, UV_USE_IO_URING: '0', NODE_OPTIONS: '' },
        maxBuffer: 2 ** 26,
      },
    )
    const failed = status === 0 ? null : `${signal ?? status}: ${stderr.slice(-2000)}`
    return { text: existsSync(file) ? readFileSync(file, 'utf8') : '', told: stdout, failed }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const stepsShort = 8
const stepsWhole = 24

export type Life = {
  readonly seed: number
  readonly life: number
  readonly steps?: number
  readonly inject?: string | undefined
}

/** One life of a subject in a folder below `root`. */
export function traceLife(subject: string, root: string, { seed, life, steps, inject }: Life): Trace {
  const args = [subject, join(root, 'data'), `${seed}`, `${life}`, `${steps ?? stepsWhole}`]
  return trace({ program: 'program.ts', args, inject })
}

/** What it did; with `killAt` it is killed as it asks for the k-th sync. */
export function recordLife(
  subject: string,
  root: string,
  life: Life,
  killAt: number | null,
): readonly Operation[] {
  const inject = killAt === null ? undefined : `fsync:signal=KILL:when=${killAt}`
  const { text, failed } = traceLife(subject, root, { ...life, inject })
  if (failed !== null && killAt === null) throw new Error(`${subject}, seed ${life.seed}: ${failed}`)
  return operationsIn(text, root)
}
