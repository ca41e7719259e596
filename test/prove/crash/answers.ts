import { type Call, pathOf, textsOf } from './trace.ts'

/** Which answers a program gave on the network before what it wrote lay on the disk: there should be none. */
export type Answers = {
  readonly answers: number
  /** Why one came too early, by its number from 1. */
  readonly early: readonly string[]
}

/** `isLog`: the file that must be synced; `isAnswer`: bytes on a socket that say it is. Each answer has a write of its own. */
export function answersIn(
  calls: readonly Call[],
  isLog: (path: string) => boolean,
  isAnswer: (bytes: Buffer) => boolean,
): Answers {
  const early: string[] = []
  let answers = 0
  let isUnsynced = false
  let wasSynced = false
  for (const { name, args, result } of calls) {
    const path = result === null || result < 0 ? null : pathOf(args)
    if (path === null) continue
    if (isLog(path) && /write/.test(name)) isUnsynced = true
    if (isLog(path) && /^f(data)?sync$/.test(name)) {
      wasSynced ||= isUnsynced
      isUnsynced = false
    }
    if (!/^(write|writev)$/.test(name) || !/^(socket|TCP)/.test(path)) continue
    if (!isAnswer(Buffer.concat(textsOf(args)))) continue
    answers++
    if (isUnsynced) early.push(`${answers}: what was written is not synced`)
    else if (!wasSynced) early.push(`${answers}: nothing was written and synced for it`)
    wasSynced = false
  }
  return { answers, early }
}
