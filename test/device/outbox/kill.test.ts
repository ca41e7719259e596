import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openSqliteOutbox } from '../../../device/outbox/sqlite.ts'
import { coach } from '../../contract/outbox.ts'
import { chainProblem, noon, opened } from '../../help/envelopes.ts'
import { seeded } from '../decoders/help.ts'

const folder = mkdtempSync(join(tmpdir(), 'killed-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Said = { stream: 'alarm' | 'telemetry'; seq: number; atMs: number; bytes: string }

/** Runs the appender on the same outbox until it has said so many bytes, kills it, and returns its whole lines. */
async function killedAfter(
  bytes: number,
): Promise<{ boot: { epoch: number; bootCount: number }; said: Said[] }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../help/appender.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more
    if (text.length >= bytes) child.kill('SIGKILL')
  })
  await once(child, 'close')
  const [boot, ...said] = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown)
  return { boot: boot as { epoch: number; bootCount: number }, said: said as Said[] }
}

describe('an outbox whose process is killed', () => {
  it('has everything it ever said was durable, in an unbroken chain, at 25 random moments', async () => {
    const durable = new Map<string, string>()
    const chance = seeded(Number(process.env['ROADWARDEN_SEED'] ?? 20_261_101))
    let epoch: number | null = null
    let lastMs = 0
    for (let round = 1; round <= 25; round++) {
      const { boot, said } = await killedAfter(1 + Math.floor(chance() * 30_000))
      epoch ??= boot.epoch
      expect(boot).toMatchObject({ epoch, bootCount: round })
      for (const { stream, seq, bytes, atMs } of said) {
        // A seq that was given out is never given to another envelope.
        expect(durable.has(`${stream}/${seq}`)).toBe(false)
        durable.set(`${stream}/${seq}`, bytes)
        lastMs = atMs
      }
    }
    const outbox = openSqliteOutbox(folder, coach, () => noon)
    expect(outbox.epoch).toBe(epoch)
    const rows = [...outbox.take('alarm', 0, 1e6), ...outbox.take('telemetry', 0, 1e6)]
    const found = new Map(
      rows.map((row) => [`${row.stream}/${row.seq}`, Buffer.from(row.bytes).toString('base64')]),
    )
    const missing = [...durable].filter(([key, bytes]) => found.get(key) !== bytes).map(([key]) => key)
    expect(durable.size).toBeGreaterThan(100)
    expect(missing).toEqual([])
    for (const stream of ['alarm', 'telemetry'] as const)
      expect(
        chainProblem(
          rows.filter((row) => row.stream === stream),
          outbox.lastSeq(stream),
        ),
      ).toBeNull()
    // The state that produced the last findings committed with them: at least that far, never behind.
    const { checkpoint, samples } = outbox.restore()
    expect(checkpoint!.atMs).toBeGreaterThanOrEqual(lastMs)
    expect(samples.every(({ atMs }) => atMs > checkpoint!.atMs)).toBe(true)
    // No second is in two batches, and none that was pended before a sealed one is missing.
    const seconds = rows.flatMap(({ bytes }) => {
      const { body } = opened(bytes)
      return body.is === 'telemetry' ? body.samples.map(({ atMs }) => atMs) : []
    })
    expect(new Set(seconds).size).toBe(seconds.length)
    outbox.close()
  })
})
