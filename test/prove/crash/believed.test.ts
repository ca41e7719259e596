import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { mustSkipRecording, scratchFolder, trace, traceLife } from './record.ts'
import { callsIn, pathOf, textsOf } from './trace.ts'

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

it('what a program was killed over as it put it in a folder is on the disk before the next one works with it', ({
  skip,
}) => {
  if (trouble !== null) skip(trouble)
  const root = scratchFolder()
  onTestFinished(() => rmSync(root, { recursive: true }))
  expect(traceLife('files', root, { seed: 1, life: 1 }).failed).toBeNull()
  const calls = callsIn(traceLife('files', root, { seed: 1, life: 2, steps: 0 }).text)
  const spoke = calls.findIndex(
    ({ name, args }) => name === 'write' && textsOf(args).some((text) => text.includes('"document"')),
  )
  expect(spoke).toBeGreaterThan(0)
  const synced = calls
    .slice(0, spoke)
    .flatMap(({ name, args, result }) => (name === 'fsync' && result === 0 ? [pathOf(args)] : []))
  for (const folder of ['terminal/documents', 'gateway/documents', 'gateway/approvals', 'authority'])
    expect(synced).toContain(join(root, 'data', folder))
})
