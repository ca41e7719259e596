/**
 * Named moments at which a test may have this process killed as by a power cut: `ROADWARDEN_KILL_AT=NAME:K` kills it when
 * NAME is reached for the K-th time. Nothing outside tests: `main.ts` refuses to start with it where NODE_ENV is not test.
 */
const failPoints = [
  /** An envelope was read and is on its way to the committer. */
  'decoded',
  /** A group is written, its COMMIT is not. */
  'before-commit',
  /** Journaled and synced; nobody was told. */
  'after-commit',
  /** PUBACKs were handed to the broker; the ack document was not. */
  'after-puback',
  /** An alert is journaled and on its way to officers. */
  'before-publish',
  /** Officers have it; that they have it is written nowhere. */
  'after-publish',
  /** The file of a new day is made, nothing is in it. */
  'day-made',
  /** The tombstone of a day stands, the day is still there. */
  'tombstone-written',
  /** The day is gone, what may have been beside it is not. */
  'day-unlinked',
] as const
type FailPoint = (typeof failPoints)[number]

const [wanted = '', times = '1'] = (process.env['ROADWARDEN_KILL_AT'] ?? '').split(':')
let left = Number(times)

export function failPoint(name: FailPoint): void {
  if (name !== wanted || --left > 0) return
  process.kill(process.pid, 'SIGKILL')
}

/** Why this process must not start; null when it may. */
export function failPointTrouble(): string | null {
  if (wanted === '') return null
  if (process.env['NODE_ENV'] !== 'test')
    return 'ROADWARDEN_KILL_AT: is for tests alone; unset it, or set NODE_ENV=test'
  const isKnown = failPoints.some((name) => name === wanted) && left >= 1
  return isKnown ? null : `ROADWARDEN_KILL_AT: NAME:K with a NAME of ${failPoints.join(', ')}`
}
