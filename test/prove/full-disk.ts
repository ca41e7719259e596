import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../help/external.ts'

/** A disk that is really full: a small mount of its own, which takes a user namespace; some machines give none. */
export type FullDiskReport = {
  readonly runs: number
  /** Null: not looked at. */
  readonly lost: number | null
  readonly complaints: readonly string[]
  /** Why nothing was tried. */
  readonly skipped: string | null
}

type Said = Readonly<Record<string, unknown>>
type Trial = {
  readonly name: string
  readonly mib: number
  readonly program: string
  readonly args: readonly string[]
  /** What is wrong with what it said. */
  readonly wrong: (said: Said) => readonly string[]
}

const differs = (said: Said, wanted: Said): string[] =>
  Object.entries(wanted)
    .filter(([name, value]) => said[name] !== value)
    .map(([name, value]) => `${name} is ${JSON.stringify(said[name])}, not ${JSON.stringify(value)}`)

const trials: readonly Trial[] = [
  {
    name: 'outbox',
    mib: 12,
    program: 'fill-disk.ts',
    args: [],
    wrong: (said) => [
      ...differs(said, { refusedAfter: 0, rows: said['appended'], reset: null, problem: null }),
      ...((said['whileFull'] as { refused: number }).refused > 0 ? [] : ['the disk was never full']),
    ],
  },
  {
    name: 'journal',
    mib: 10,
    program: 'fill-journal.ts',
    args: [],
    wrong: (said) =>
      differs(said, {
        lost: 0,
        lostAtReturn: 0,
        inOrder: true,
        refused: 0,
        rows: said['upto'],
        whileFull: 20,
      }),
  },
  ...(['first', 'second', 'second without reserve'] as const).map((life) => ({
    name: `start, ${life} life`,
    mib: life === 'first' ? 24 : 64,
    program: 'full-boot.ts',
    args: [life],
    wrong: (said: Said) =>
      differs(said, { spoke: true, onDisk: said['epoch'], bootCount: life === 'first' ? 1 : 2 }),
  })),
]

export function proveFullDisk(): FullDiskReport {
  const unshare = findProgram('unshare')
  if (unshare === null) return skipped('no unshare on this machine')
  const inOwnMount = (script: string) =>
    spawnSync(unshare, ['-Urm', 'sh', '-c', script], { encoding: 'utf8' })
  if (inOwnMount('mount -t tmpfs -o size=1m tmpfs /mnt').status !== 0)
    return skipped('this machine gives no user namespaces')
  const complaints = trials.flatMap((trial) => {
    const folder = mkdtempSync(join(tmpdir(), 'full-'))
    const program = join(import.meta.dirname, '../help', trial.program)
    const words = [process.execPath, program, folder, ...trial.args].map((word) => `'${word}'`).join(' ')
    const run = inOwnMount(`mount -t tmpfs -o size=${trial.mib}m tmpfs '${folder}' && ${words}`)
    rmSync(folder, { recursive: true })
    if (run.status !== 0) return [`${trial.name}: ended with ${run.status}: ${run.stderr.slice(-300)}`]
    return trial.wrong(JSON.parse(run.stdout) as Said).map((line) => `${trial.name}: ${line}`)
  })
  const lost = complaints.filter((line) => / (lost|lostAtReturn|rows) is /.test(line)).length
  return { runs: trials.length, lost, complaints, skipped: null }
}

const skipped = (why: string): FullDiskReport => ({ runs: 0, lost: null, complaints: [], skipped: why })
