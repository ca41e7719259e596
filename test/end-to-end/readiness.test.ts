import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { endProgram, eventually, freePort } from '../help/external.ts'

/** Both programs as processes whose folder is taken away under them: they say so, and go on. */

const root = join(import.meta.dirname, '../..')
const vehicle = {
  ...{ id: 'v1', fleet: 'f1', plate: '浙A12345', class: 'coach', serviceClass: 'scheduled' },
  ...{ oneWayKm: 1150, relay: null },
}

async function started(program: string, config: object, folder: string) {
  const file = join(folder, 'config.json')
  writeFileSync(file, JSON.stringify(config))
  const child = spawn(process.execPath, [program, file], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => endProgram(child))
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  await eventually('ready line', () => out.includes('\n') || child.exitCode !== null)
  return { child, said: JSON.parse(out.split('\n')[0]!) as Record<string, number> }
}

function folderWithVehicle(): string {
  const folder = mkdtempSync(join(tmpdir(), 'readiness-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'vehicles'))
  writeFileSync(join(folder, 'vehicles/v1.json'), JSON.stringify(vehicle))
  return folder
}

/** What `/readyz` and the gauge say. */
async function readiness(
  port: number,
  gauge: string,
): Promise<{ status: number; why: string; ready: number }> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`)
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const [, value] = new RegExp(`^${gauge} (\\d)$`, 'm').exec(text) ?? []
  return { status: response.status, why: await response.text(), ready: Number(value) }
}

async function losesItsFolder(folder: string, port: number, gauge: string): Promise<void> {
  expect(await readiness(port, gauge)).toEqual({ status: 200, why: 'ready\n', ready: 1 })
  renameSync(join(folder, 'data'), join(folder, 'away'))
  const why = expect.stringMatching(/cannot be looked at \(ENOENT\)\n$/) as string
  expect(await readiness(port, gauge)).toEqual({ status: 503, why, ready: 0 })
  renameSync(join(folder, 'away'), join(folder, 'data'))
  expect(await readiness(port, gauge)).toMatchObject({ status: 200, ready: 1 })
}

test('a terminal whose folder is gone is not ready, says why, and is ready when it is back', async () => {
  const folder = folderWithVehicle()
  const port = await freePort()
  const config = {
    dataDir: 'data',
    vehicle: 'vehicles/v1.json',
    ports: { gnss: { path: `tcp://127.0.0.1:${await freePort()}` } },
    gateway: { url: `mqtt://127.0.0.1:${await freePort()}` },
    metrics: { port },
  }
  const { child } = await started('device/main.ts', config, folder)
  // The file that serves is loaded after the ready line.
  let serves = false
  const ask = (): void => {
    fetch(`http://127.0.0.1:${port}/healthz`).then(() => (serves = true), ask)
  }
  ask()
  await eventually('metrics', () => serves || child.exitCode !== null)
  await losesItsFolder(folder, port, 'roadwarden_terminal_ready')
  expect(child.exitCode).toBeNull()
})

test('a gateway whose folder is gone is not ready, says why, and is ready when it is back', async () => {
  const folder = folderWithVehicle()
  const listen = { host: '127.0.0.1', port: 0 }
  const config = {
    ...{ dataDir: 'data', zone: 'Asia/Shanghai', vehicles: 'vehicles', auth: 'loopback' },
    ...{ ingest: listen, alerts: listen, http: listen },
  }
  const { child, said } = await started('gateway/main.ts', config, folder)
  await losesItsFolder(folder, said['http']!, 'roadwarden_ready')
  expect(child.exitCode).toBeNull()
})
