import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { scenarios } from '../../sim/scenarios/index.ts'

const script = resolve(import.meta.dirname, '../../sim/main.ts')
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'roadwarden-sim-'))
  writeFileSync(join(folder, 'file'), '')
  return () => rmSync(folder, { recursive: true, force: true })
})

function sim(...args: string[]) {
  const env = { ...process.env, INIT_CWD: folder, TMPDIR: folder }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { env, encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('npm run sim', () => {
  it('lists the scenarios, one object per line', () => {
    const { status, stdout } = sim('list')
    expect(status).toBe(0)
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { name: string }).name)
    expect(names).toEqual([...scenarios.keys()])
  })

  it('writes a tape beside where the person stands, the same one twice, and says so', () => {
    const written = sim('run', 'faulty-lines', '--tape', 'a.tape')
    expect([written.status, written.stdout]).toEqual([0, ''])
    expect(written.stderr).toMatch(/^a\.tape: a tape of faulty-lines, \d+ bytes; .*\n$/)
    expect(sim('run', 'faulty-lines', '--tape', 'b.tape').status).toBe(0)
    const [a, b] = ['a.tape', 'b.tape'].map((name) => readFileSync(join(folder, name), 'utf8'))
    expect(a!.length).toBeGreaterThan(100_000)
    expect(a === b).toBe(true)
  })

  it('runs a scenario of one`s own', () => {
    const own = { ...scenarios.get('night-coach')!, name: 'mine', end: '2026-11-22T23:41:00+08:00' }
    writeFileSync(join(folder, 'mine.json'), JSON.stringify(own))
    onTestFinished(() => rmSync(join(folder, 'mine.json')))
    expect(sim('run', 'mine.json', '--tape', 'mine.tape').status).toBe(0)
    expect(existsSync(join(folder, 'mine.tape'))).toBe(true)
  })

  it.each([
    [[]],
    [['drive', 'night-coach']],
    [['run']],
    [['run', 'no-such-scenario']],
    [['run', 'no-such-file.json']],
    [['run', 'night-coach', '--fast']],
    [['run', 'night-coach', '--speed', '0']],
    [['run', 'night-coach', '--speed', 'quick']],
    [['run', 'night-coach', '--serial', '--tape', 'x']],
    [['run', 'night-coach', '--tape', 'no/such/folder/x']],
    [['run', 'night-coach', '--data', '/proc/nowhere/at/all']],
    [['run', 'night-coach', '--data', 'file']],
    [['list', 'everything']],
  ])('refuses %j with one line and exit 2', (args) => {
    const { status, stdout, stderr } = sim(...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
