/**
 * Named moments at which a test may have this process killed as by a power cut: `ROADWARDEN_KILL_AT=NAME:K` kills it when
 * NAME is reached for the K-th time. Nothing outside tests: `main.ts` refuses to start with it where NODE_ENV is not test.
 */
const failPoints = [
  /** The outbox has its epoch, the marker beside it has not. */
  'epoch-made',
  /** Envelopes are written, their COMMIT is not. */
  'before-commit',
  /** On the disk and synced; nothing was sent. */
  'after-commit',
  /** Handed to the link. */
  'sent',
  /** The broker has acknowledged, the gateway's ack has not come. */
  'after-puback',
  /** The gateway's ack came, what it names is not deleted. */
  'before-trim',
  /** It is deleted. */
  'after-trim',
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
