import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { mustSkipRecording, trace } from './record.ts'
import { callsIn, pathOf } from './trace.ts'

const trouble = mustSkipRecording()
const appender = '../../help/appender.ts'

/** An outbox whose terminal was killed while it wrote: its log is there, and nobody knows how much of it was synced. */
async function killedOutbox(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'believed-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const child = spawn(process.execPath, [join(import.meta.dirname, appender), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let length = 0
  child.stdout.on('data', (more: Buffer) => {
    length += more.length
    if (length > 10_000) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return folder
}

it('a terminal that cannot count its start on a full disk brings what it found there to the disk before it sends it', async ({
  skip,
}) => {
  if (trouble !== null) skip(trouble)
  const folder = await killedOutbox()
  const { text, told } = trace({
    program: appender,
    args: [folder],
    inject: 'pwrite64:error=ENOSPC:when=1+',
  })
  expect(told).toContain('"bootCount":2')
  const calls = callsIn(text)
  const spoke = calls.findIndex(({ name, args }) => name === 'write' && /^1</.test(args))
  const synced = calls.findIndex(
    ({ name, args, result }) =>
      /^f(data)?sync$/.test(name) && result === 0 && pathOf(args)?.endsWith('/outbox.db-wal') === true,
  )
  expect(spoke).toBeGreaterThan(0)
  expect(synced).toBeGreaterThan(-1)
  expect(synced).toBeLessThan(spoke)
})
