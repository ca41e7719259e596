import { writeSync } from 'node:fs'
import { openSqliteOutbox } from '../../device/outbox/sqlite.ts'
import { sampleAt } from './drive.ts'
import { alarm, noon, seal } from './envelopes.ts'

/**
 * A terminal that only writes, as fast as it can, and says on stdout what is durable. Started by the kill test,
 * which ends it at a random moment.
 */
const folder = process.argv[2]!
const outbox = openSqliteOutbox(folder, { fleet: 'north', vehicle: 'coach-1', bytesMax: 2 ** 30 }, () => noon)
const { checkpoint: last, samples } = outbox.restore()
let atMs = samples.at(-1)?.atMs ?? last?.atMs ?? noon
const say = (line: object): void => {
  writeSync(1, `${JSON.stringify(line)}\n`)
}
say({ epoch: outbox.epoch, bootCount: outbox.bootCount, restored: atMs })

for (;;) {
  atMs += 1000
  outbox.pend([sampleAt(atMs, { speedKmh: 80 })])
  if (atMs % 3000 === 0) outbox.sync()
  const checkpoint = { atMs, states: { count: atMs }, openFindings: {}, signals: null }
  const sealed =
    atMs % 10_000 === 0
      ? outbox.sealPending(checkpoint, seal)
      : atMs % 2000 === 0
        ? outbox.append([alarm(atMs), alarm(atMs, 'ended')], checkpoint, seal).sealed
        : []
  for (const { stream, seq, bytes } of sealed)
    say({ stream, seq, atMs, bytes: Buffer.from(bytes).toString('base64') })
}
