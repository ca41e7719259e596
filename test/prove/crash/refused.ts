import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { scratchFolder, stepsShort, traceLife } from './record.ts'
import { subjects } from './subjects.ts'
import { callsIn } from './trace.ts'

/**
 * The k-th write or sync that SQLite, or Node, asks of the system is refused: below everything of ours, so that what is
 * tried is SQLite's own way out as well. What was promised has to be there when the disk is well again.
 */
const refusals = ['fsync:EIO', 'fsync:ENOSPC', 'pwrite64:ENOSPC', 'pwrite64:EIO'] as const
type Refusal = (typeof refusals)[number]

export type RefusedReport = {
  readonly runs: number
  /** Runs that ended at it, as a gateway does; a terminal goes on. */
  readonly ended: number
  readonly promises: number
  readonly complaints: readonly string[]
}

/** Every `every`-th call of each kind, in turn with each error. */
export async function checkAllRefused(
  names: readonly string[],
  every: number,
  seed: number,
): Promise<RefusedReport> {
  const reports: RefusedReport[] = []
  for (const name of names)
    for (const refusal of refusals) {
      const calls = callsOf(name, refusal.split(':')[0]!, seed)
      const due = Array.from({ length: calls }, (_, index) => index + 1).filter((at) => at % every === 0)
      reports.push(await checkRefused(name, refusal, seed, due))
    }
  const sum = (of: (report: RefusedReport) => number): number =>
    reports.reduce((all, one) => all + of(one), 0)
  return {
    runs: sum(({ runs }) => runs),
    ended: sum(({ ended }) => ended),
    promises: sum(({ promises }) => promises),
    complaints: reports.flatMap(({ complaints }) => complaints),
  }
}

/** How often a subject's short life makes a call. */
export function callsOf(subject: string, call: string, seed: number): number {
  const root = scratchFolder()
  try {
    const { text } = traceLife(subject, root, { seed, life: 1, steps: stepsShort })
    return callsIn(text).filter(({ name }) => name === call).length
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

export async function checkRefused(
  subject: string,
  refusal: Refusal,
  seed: number,
  calls: readonly number[],
): Promise<RefusedReport> {
  const all = { runs: 0, ended: 0, promises: 0, complaints: [] as string[] }
  for (const at of calls) {
    const { ended, promises, found } = await refusedAt(subject, refusal, seed, at)
    all.runs++
    all.promises += promises
    if (ended) all.ended++
    all.complaints.push(
      ...found.map((line) => `${subject} (seed ${seed}), ${refusal} at call ${at}: ${line}`),
    )
  }
  return all
}

async function refusedAt(subject: string, refusal: Refusal, seed: number, at: number) {
  const root = scratchFolder()
  const [call, error] = refusal.split(':')
  try {
    const inject = `${call}:error=${error}:when=${at}`
    const { text, told, failed } = traceLife(subject, root, { seed, life: 1, steps: stepsShort, inject })
    if (!text.includes('(INJECTED)')) throw new Error(`${subject}: call ${at} of ${call} was never made`)
    const promises = told
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown)
    const found = await subjects[subject]!.check(join(root, 'data'), promises).catch((problem: unknown) => [
      `cannot be opened: ${String(problem)}`,
    ])
    return { ended: failed !== null, promises: promises.length, found }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
