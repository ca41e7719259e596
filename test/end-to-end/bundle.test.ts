import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mustSkip } from '../help/external.ts'
import { rmcSentence } from '../help/nmea.ts'
import { Pty } from '../help/pty.ts'

/** What `npm run build` makes, alone in a folder: its own Node, no node_modules, bytes on a real tty and over TCP. */

const root = resolve(import.meta.dirname, '../..')
let folder: string

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(root, 'device/build.ts')], { encoding: 'utf8' })
  expect(built.stderr).toMatch(/Node for/)
  expect(built.status).toBe(0)
  folder = mkdtempSync(join(tmpdir(), 'roadwarden-bundle-'))
  cpSync(join(root, 'dist/terminal'), join(folder, 'terminal'), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Starts the bundle on a line; answers with what it said of its first Sample and how it ended. */
async function firstSample(
  path: string,
  send: (text: string) => void,
): Promise<{ ready: boolean; code: number | null }> {
  const vehicle = join(folder, 'terminal/vehicle.json')
  const config = join(folder, 'config.json')
  const gateway = { url: 'mqtt://127.0.0.1:1', ack: 'gateway' }
  const dataDir = mkdtempSync(join(folder, 'data-'))
  writeFileSync(config, JSON.stringify({ dataDir, vehicle, ports: { gnss: { path } }, gateway }))
  const child = spawn(join(folder, 'terminal/roadwarden-terminal'), [config], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let ready = false
  createInterface({ input: child.stdout }).on('line', (line) => {
    ready ||= line.includes('"kind":"ready"')
  })
  const said: string[] = []
  const timer = setInterval(
    () => send(rmcSentence({ atMs: Date.now(), lat: 28, lon: 113, speedKmh: 80 })),
    100,
  )
  const gone = new Promise<number | null>((done) => child.once('exit', done))
  await new Promise<void>((done, fail) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line)
      if (line.includes('first Sample')) done()
    })
    child.once('exit', () => fail(new Error(said.join('\n'))))
  })
  clearInterval(timer)
  child.kill('SIGTERM')
  return { ready, code: await gone }
}

describe('the bundle of the terminal', () => {
  it('is a folder with everything in it', () => {
    const at = (name: string) => join(folder, 'terminal', name)
    for (const name of [
      'app/terminal.cjs',
      'prebuilds/linux-x64',
      'prebuilds/linux-arm64',
      'roadwarden-terminal.service',
    ])
      expect(existsSync(at(name)), name).toBe(true)
    expect(readFileSync(at('roadwarden-terminal.service'), 'utf8')).toMatch(
      /^ExecStart=.*roadwarden-terminal /m,
    )
    expect(existsSync(at('node_modules'))).toBe(false)
  })

  it.skipIf(mustSkip('socat'))('reads a tty', async () => {
    const pty = new Pty(join(folder, 'gnss'))
    await pty.plug()
    try {
      const told = await firstSample(pty.path, (text) => pty.send(Buffer.from(text)))
      expect(told).toEqual({ ready: true, code: 0 })
    } finally {
      await pty.pull()
    }
  })

  it('reads a line that is served over TCP', async () => {
    const readers = new Set<Socket>()
    const server = createServer((socket) => {
      readers.add(socket)
      socket.on('error', () => {})
    }).listen(0, '127.0.0.1')
    await new Promise((done) => server.once('listening', done))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const told = await firstSample(`tcp://127.0.0.1:${port}`, (text) => {
      for (const reader of readers) reader.write(text)
    })
    expect(told).toEqual({ ready: true, code: 0 })
    for (const reader of readers) reader.destroy()
    server.close()
  })

  it('refuses a wrong configuration with one line', () => {
    writeFileSync(join(folder, 'wrong.json'), '{"dataDir":"x","nonsense":1}')
    const { status, stderr } = spawnSync(
      join(folder, 'terminal/roadwarden-terminal'),
      [join(folder, 'wrong.json')],
      {
        encoding: 'utf8',
      },
    )
    expect(status).toBe(2)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(/nonsense/)
  })
})
