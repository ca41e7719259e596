import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { eventually } from '../help/external.ts'
import { scratchFolder } from '../help/tool.ts'
import { type Plan, runParts } from './runner.ts'
import type { Told } from './table.ts'

const files = scratchFolder()
const never = new Promise(() => {})

/** Parts that are small programs: what they do is said by their names. */
const program = `
import { spawn } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
const name = process.argv.at(-1)
const row = { part: name, complaints: name === 'wrong' ? ['lost: one'] : [], counts: {} }
writeFileSync(tmpdir() + '/left', name)
if (name === 'falls') process.exit(3)
if (name === 'waits') {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' })
  appendFileSync(process.env.CHILD_PIDS, child.pid + '\\n')
  setInterval(() => {}, 1000)
} else console.log(JSON.stringify(row))
`
async function run(names: readonly string[], changed: Partial<Plan> = {}): Promise<readonly Told[]> {
  const file = files.write('part.mjs', program)
  process.env['CHILD_PIDS'] = `${file}.pids`
  const quiet = { began: () => {}, ended: () => {} }
  const command = [process.execPath, file]
  return runParts({
    names,
    seed: 1,
    command,
    withinMs: null,
    hangsMs: 60_000,
    enough: never,
    ...quiet,
    ...changed,
  })
}
const wrongOf = (all: readonly Told[]) => all.map(({ name, row }) => [name, row?.complaints ?? null])
/** A temporary folder of our own: beside us a proof may run in the machine's. */
const temporary = join(files.path, 'tmp')
mkdirSync(temporary)
vi.stubEnv('TMPDIR', temporary)
const left = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('roadwarden-prove-'))

describe('parts of a proof', () => {
  it('are told in the order they were asked for, one that falls over as failed', async () => {
    expect(wrongOf(await run(['fine', 'wrong', 'falls', 'fine-too', 'fine-as-well']))).toEqual([
      ['fine', []],
      ['wrong', ['lost: one']],
      ['falls', ['came to no end']],
      ['fine-too', []],
      ['fine-as-well', []],
    ])
    expect(left()).toEqual([])
  })

  it('end when the time is over: what ran and what waited was not reached', async () => {
    const all = await run(['waits', 'waits', 'waits', 'fine'], { withinMs: 1500 })
    expect(all.map(({ row }) => row)).toEqual([null, null, null, null])
  })

  it('leave no process when they are cut off, not even those that a part has started', async () => {
    const pidsFile = join(files.path, 'part.mjs.pids')
    rmSync(pidsFile, { force: true })
    const pids = (): string[] =>
      existsSync(pidsFile) ? readFileSync(pidsFile, 'utf8').split('\n').slice(0, -1) : []
    const enough = eventually('three wait', () => pids().length === 3)
    const all = await run(['waits', 'waits', 'waits', 'fine'], { enough })
    expect(all.map(({ row }) => row)).toEqual([null, null, null, null])
    expect(pids().map((pid) => existsSync(`/proc/${pid}`))).toEqual([false, false, false])
  })

  it('have failed when they were cut off after longer than any of them takes: they hang', async () => {
    const all = await run(['waits'], { withinMs: 300, hangsMs: 100 })
    expect(wrongOf(all)).toEqual([['waits', ['came to no end']]])
  })

  it('end as well when a person has seen enough', async () => {
    let seen = (): void => {}
    const enough = new Promise<void>((resolve) => {
      seen = resolve
    })
    const ended = ({ name }: Told): void => {
      if (name === 'fine') seen()
    }
    expect(wrongOf(await run(['waits', 'fine'], { enough, ended }))).toEqual([
      ['waits', null],
      ['fine', []],
    ])
  })
})
