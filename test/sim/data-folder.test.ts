import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolders as makeOfDevice } from '../../device/make-folder.ts'
import { makeFolders as makeOfGateway } from '../../gateway/make-folder.ts'
import { claimFolder } from '../../sim/data-folder.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { root, runTool, scratchFolder } from '../help/tool.ts'

const files = scratchFolder()

describe.each([
  ['device', makeOfDevice],
  ['gateway', makeOfGateway],
])('a folder of the %s', (name, makeFolders) => {
  it('is made with all above it, and once more without a word', () => {
    const folder = join(files.path, name, 'a/b/c')
    makeFolders(folder)
    makeFolders(`${folder}/`)
    expect(existsSync(folder)).toBe(true)
  })

  it('is refused where nothing can be made, instead of trying for ever', () => {
    expect(() => makeFolders('/proc/nowhere/at/all')).toThrow('ENOENT')
    const file = files.write(`${name}.txt`, '')
    expect(() => makeFolders(file)).toThrow('EEXIST')
    expect(() => makeFolders(join(file, 'below'))).toThrow('ENOTDIR')
  })
})

describe('the folder of a drive', () => {
  const [night, faulty] = [scenarios.get('night-coach')!, scenarios.get('faulty-lines')!]

  it('is of one scenario: another is refused, the same may be driven again', () => {
    const folder = join(files.path, 'drive')
    mkdirSync(folder)
    claimFolder(folder, night).release()
    // Nothing was driven yet.
    claimFolder(folder, faulty).release()
    mkdirSync(join(folder, 'gateway'))
    claimFolder(folder, faulty).release()
    for (const other of [night, { ...faulty, end: night.end }])
      expect(() => claimFolder(folder, other)).toThrow(
        `--data ${folder}: holds another drive; name an empty folder`,
      )
  })

  it('is of one drive at a time: a second would take lines and clock away from the first', () => {
    const folder = join(files.path, 'busy')
    mkdirSync(folder)
    const { release } = claimFolder(folder, night)
    expect(() => claimFolder(folder, night)).toThrow(
      `--data ${folder}: another drive is under way there; wait for it or name another folder`,
    )
    release()
    claimFolder(folder, night).release()
  })

  it('of which nobody knows whose it is is refused', () => {
    const folder = join(files.path, 'old')
    mkdirSync(join(folder, 'gateway'), { recursive: true })
    expect(() => claimFolder(folder, night)).toThrow('holds another drive')
  })
})

/** What a person types who names a folder that cannot be. */
const start = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'sim/start.ts'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: files.path },
  })
  return { status, stdout, stderr }
}

describe('a folder that a person names and nobody can make', () => {
  it.each([
    ['file', 'EEXIST'],
    ['/proc/nowhere', 'ENOENT'],
  ])('npm start -- --data %s ends with 2 and one line', (folder, code) => {
    files.write('file', '')
    const { status, stdout, stderr } = start('--data', folder)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toBe(`--data ${folder}: cannot be written (${code}); name a folder you may write\n`)
  })

  it('npm start with what it does not know ends so too', () => {
    for (const args of [['--data', ''], ['--fast'], ['night']])
      expect(start(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^.*\n$/) })
  })

  it('replay --capsules', () => {
    const tape = join(root, 'test/golden/phone/trip.rwtape.gz')
    const { code, stderr } = runTool('replay', [tape, '--capsules', '/proc/nowhere'])
    expect([code, stderr]).toEqual([
      2,
      '/proc/nowhere: cannot be made (ENOENT); name a folder you may write\n',
    ])
  })
})
