import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Commands } from '../../../device/cab/commands.ts'
import { silentLog } from '../../../device/log.ts'
import type { EnvelopeBody } from '../../../proto/model.ts'
import { startMs } from '../../help/seconds.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commands-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function boot(file: string | null = join(folder, 'spoken.json')) {
  const reports: EnvelopeBody[] = []
  const said: { words: string; done: (wasSaid: boolean) => void }[] = []
  const commands = new Commands({
    cab: { say: (words, _atMs, done) => said.push({ words, done: done! }) },
    file,
    nowMs: () => startMs + 0.4,
    report: (body) => reports.push(body),
    log: silentLog,
  })
  return { commands, said, reports }
}
const digest = 'ab'.repeat(32)
const outcomes = (reports: EnvelopeBody[]) =>
  reports.map((body) => (body.is === 'spoken' ? [body.spoken.version, body.spoken.outcome] : body.is))

describe('words of an officer', () => {
  it('are acknowledged when they come, and as said when they were, not before', () => {
    const { commands, said, reports } = boot()
    commands.say('前方服务区停车休息', { version: 3, digest })
    expect(said.map(({ words }) => words)).toEqual(['前方服务区停车休息'])
    const received = { is: 'spoken', spoken: { version: 3, digest, atMs: startMs, outcome: 'received' } }
    expect(reports).toEqual([received])
    said[0]!.done(true)
    expect(reports).toEqual([
      received,
      { is: 'spoken', spoken: { version: 3, digest, atMs: startMs, outcome: 'said' } },
    ])
  })

  it('are said once, however often the gateway sends them, also over a restart', () => {
    const first = boot()
    first.commands.say('停', { version: 3, digest })
    first.commands.say('停', { version: 3, digest })
    expect(first.said).toHaveLength(1)
    first.said[0]!.done(true)
    const second = boot()
    second.commands.say('停', { version: 3, digest })
    expect(second.said).toEqual([])
    expect(outcomes(second.reports)).toEqual([[3, 'again']])
    second.commands.say('停', { version: 4, digest })
    expect(second.said).toHaveLength(1)
  })

  it('that could not be said may come again', () => {
    const { commands, said, reports } = boot()
    commands.say('停', { version: 3, digest })
    said[0]!.done(false)
    commands.say('停', { version: 3, digest })
    expect(said).toHaveLength(2)
    expect(outcomes(reports)).toEqual([
      [3, 'received'],
      [3, 'failed'],
      [3, 'received'],
    ])
  })

  it('survive a damaged memory and a disk that refuses', () => {
    writeFileSync(join(folder, 'spoken.json'), '{')
    expect(boot().commands).toBeDefined()
    const { commands, said, reports } = boot(join(folder, 'no/such/file'))
    commands.say('停', { version: 3, digest })
    said[0]!.done(true)
    expect(outcomes(reports)).toEqual([
      [3, 'received'],
      [3, 'said'],
    ])
  })
})
