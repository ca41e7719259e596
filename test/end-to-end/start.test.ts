import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { planOf } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { processesNaming } from '../help/processes.ts'

/** What a person sees who types `npm start`, and what is left when it is over. */

const script = resolve(import.meta.dirname, '../../sim/start.ts')
const alertPattern =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (info|minor|major|critical) +([a-z-]+) +(\S.*【.+】) \/ (\S.*\[.+\])$/

type Run = {
  readonly child: ChildProcess
  readonly temporary: string
  readonly lines: { readonly text: string }[]
  readonly exit: Promise<number | null>
}

/** Started in a folder of its own, with a temporary folder of its own, so that whatever it leaves is seen. */
function start(): Run {
  const temporary = mkdtempSync(join(tmpdir(), 'roadwarden-start-test-'))
  const child = spawn(process.execPath, [script], {
    cwd: temporary,
    env: { ...process.env, TMPDIR: temporary, HOME: temporary, INIT_CWD: temporary, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: { text: string }[] = []
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts.map((text) => ({ text })))
  })
  const words: string[] = []
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => words.push(chunk))
  const exit = new Promise<number | null>((resolveExit) => {
    child.once('close', (code) => {
      if (words.length > 0) process.stderr.write(words.join(''))
      resolveExit(code)
    })
  })
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await exit
    rmSync(temporary, { recursive: true, force: true })
  })
  return { child, temporary, lines, exit }
}

const dataOf = ({ lines }: Run): string => lines[0]!.text.replace(/^DATA /, '')

/** Seconds that somebody waits for a moment of the road, by the pace of the world: a busy machine may take longer over them. */
function paceOf(run: Run): (at: string) => number {
  const { factor } = JSON.parse(readFileSync(join(dataOf(run), 'world.json'), 'utf8')) as { factor: number }
  const { startMs } = planOf(scenarios.get('night-coach')!)
  return (at) => (Date.parse(at) - startMs) / 1000 / factor
}

function portsOf({ lines }: Run): number[] {
  const text = lines.find((line) => line.text.startsWith('ports '))!.text
  return [...text.matchAll(/\d+/g)].map(([port]) => Number(port))
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolveAnswer) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolveAnswer(true)
    })
    socket.once('error', () => resolveAnswer(false))
  })

/** Everything of the run names its folder among its arguments. */
const processesOf = (run: Run): string[] => processesNaming(run.temporary)

async function expectNothingLeft(run: Run): Promise<void> {
  expect(processesOf(run)).toEqual([])
  for (const port of portsOf(run)) expect(await answers(port)).toBe(false)
  expect(readdirSync(run.temporary).map((name) => join(run.temporary, name))).toEqual([dataOf(run)])
  for (const name of ['tty-gnss', 'tty-can']) expect(existsSync(join(dataOf(run), name))).toBe(false)
}

describe('npm start', () => {
  it('shows a night of findings in their order, a night in 90 s, and leaves nothing but its DATA folder', async () => {
    const run = start()
    const code = await run.exit
    const text = run.lines.map((line) => line.text).join('\n')
    expect(code, text).toBe(0)
    expect(dataOf(run)).toMatch(/^\//)

    const alerts = run.lines.flatMap((line) => {
      const match = alertPattern.exec(line.text)
      return match === null ? [] : [{ at: match[1]!, kind: match[3]! }]
    })
    const first = (kind: string): number => alerts.findIndex((alert) => alert.kind === kind)
    const order = ['speeding', 'off-route', 'area', 'fatigue-warning', 'fatigue', 'curfew']
    const places = order.map(first)
    expect(places, text).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(alerts[0]!.kind).toBe('speeding')
    const sinceS = paceOf(run)
    expect(sinceS(alerts[0]!.at)).toBeLessThan(20)
    expect(sinceS(alerts[first('curfew')]!.at)).toBeLessThan(90)
    expect(alerts[first('curfew')]!.at).toBe('2026-11-22T18:00:00.000Z')

    // Each alert is one line; nobody's line looks like something else.
    const heading = run.lines.findIndex((line) => line.text === '')
    const table = run.lines.findIndex((line, index) => index > heading && line.text === '')
    for (const line of run.lines.slice(heading + 1, table)) expect(line.text).toMatch(alertPattern)
    expect(text).toMatch(/envelopes sent [1-9]\d*, journaled [1-9]\d*, waiting 0, lost 0/)
    for (const { kind } of alerts) expect(text).toMatch(new RegExp(`^  ${kind} +[1-9]`, 'm'))

    // The gateway has the road, for the safe stops of tonight's board; it changes nothing of what is shown.
    const config: unknown = JSON.parse(readFileSync(join(dataOf(run), 'gateway.json'), 'utf8'))
    expect(config).toMatchObject({ routes: [join(dataOf(run), 'route.geojson')] })
    const receipts = readFileSync(join(dataOf(run), 'officer.ndjson'), 'utf8')
      .trim()
      .split('\n')
    const seen = new Set(receipts.map((line) => (JSON.parse(line) as { alert: { id: string } }).alert.id))
    expect(seen.size).toBe(alerts.length)
    await expectNothingLeft(run)
  })

  it('ends everything at Ctrl-C', async () => {
    const run = start()
    await expect
      .poll(() => run.lines.some((line) => alertPattern.test(line.text)), { timeout: 120_000 })
      .toBe(true)
    expect(processesOf(run).length).toBeGreaterThanOrEqual(3)
    run.child.kill('SIGINT')
    expect(await run.exit).toBe(130)
    await expectNothingLeft(run)
  })

  it('leaves nothing running when it is killed and can put nothing away', async () => {
    const run = start()
    await expect
      .poll(() => run.lines.some((line) => alertPattern.test(line.text)), { timeout: 60_000 })
      .toBe(true)
    run.child.kill('SIGKILL')
    expect(await run.exit).toBe(null)
    await expect.poll(() => processesOf(run), { timeout: 60_000 }).toEqual([])
    for (const port of portsOf(run)) expect(await answers(port)).toBe(false)
  })

  it('refuses what it does not know with one line', async () => {
    const child = spawn(process.execPath, [script, '--fast'], { stdio: ['ignore', 'pipe', 'pipe'] })
    let words = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      words += chunk
    })
    const code = await new Promise((resolveExit) => child.once('close', resolveExit))
    expect(code).toBe(2)
    expect(words.trim().split('\n')).toHaveLength(1)
  })
})
