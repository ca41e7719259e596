import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Child, startChild } from '../../sim/child.ts'
import { portsOf, writeJson } from '../../sim/configs.ts'
import { comesTrue } from '../prove/patience.ts'
import { factor, Receiver, worldStartMs } from '../prove/receiver.ts'
import { victims } from '../prove/victims.ts'

const [vehicle] = victims

/**
 * A terminal that is started while its disk is full: for the first time, or after a life before. Says what the gateway
 * heard of it while there was no room and after. Started by the full-boot test, the disk a small mount of its own.
 */
const [disk, life] = process.argv.slice(2)
const root = resolve(import.meta.dirname, '../..')
const dir = mkdtempSync(join(tmpdir(), 'roadwarden-full-boot-'))
const dataDir = join(disk!, 'terminal')
const filler = join(disk!, 'filler')
const children: Child[] = []
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

const start = (name: string, script: string, config: string): Child => {
  const options = { name, script: join(root, script), args: [config], cwd: dir }
  const child = startChild({ ...options, logFile: join(dir, `${name}.log`) })
  children.push(child)
  return child
}

function fill(): void {
  for (const size of [65_536, 4096, 512, 1])
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' })
    } catch {
      // Full, as intended.
    }
}

const receiver = new Receiver()
await receiver.open()
const world = join(dir, 'world.json')
writeJson(world, { anchorHostMs: receiver.startedMs, anchorWorldMs: worldStartMs, factor, paused: false })
for (const folder of ['gateway', 'vehicles']) mkdirSync(join(dir, folder))
const vehicleFile = join(dir, 'vehicles', 'coach-1.json')
writeJson(vehicleFile, vehicle)
const host = '127.0.0.1'
const at = { host, port: 0 }
const office = { dataDir: join(dir, 'gateway'), zone: 'Asia/Shanghai', ingest: at, alerts: at, http: at }
const gatewayConfig = join(dir, 'gateway.json')
writeJson(gatewayConfig, { ...office, vehicles: join(dir, 'vehicles'), areas: [], auth: 'loopback', world })
const gateway = start('gateway', 'gateway/main.ts', gatewayConfig)
const ports = portsOf(await gateway.ready)
const config = join(dir, 'terminal.json')
writeJson(config, {
  dataDir,
  vehicle: vehicleFile,
  ports: { gnss: { path: `tcp://${host}:${receiver.port}`, baud: 115_200 } },
  gateway: { url: `mqtt://${host}:${ports.ingest}`, ack: 'gateway' },
  world,
})

async function heard(): Promise<number> {
  const text = await (await fetch(`http://${host}:${ports.http}/metrics`)).text()
  const counts = [...text.matchAll(/^roadwarden_envelopes_total\{[^}]*\} (\d+)$/gm)]
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}

function epochOnDisk(): number | null {
  try {
    const db = new DatabaseSync(join(dataDir, 'outbox.db'), { readOnly: true })
    try {
      return Number(db.prepare('SELECT epoch FROM meta').get()?.['epoch'] ?? 0) || null
    } finally {
      db.close()
    }
  } catch {
    return null
  }
}

let before: unknown = null
if (life !== 'first') {
  const one = start('terminal', 'device/main.ts', config)
  before = (await one.ready)['epoch']
  await comesTrue(async () => (await heard()) > 2)
  one.kill('SIGKILL')
  await one.exited
}
const hadReserve = existsSync(join(dataDir, 'outbox.reserve'))
if (life === 'second without reserve') rmSync(join(dataDir, 'outbox.reserve'), { force: true })
fill()
const heardBefore = await heard()
const terminal = start('terminal', 'device/main.ts', config)
const ready = await terminal.ready
// Without anything put by it need not be heard before there is room: it is given some time to fall over.
if (life === 'second without reserve') await sleep(3000)
else await comesTrue(async () => (await heard()) > heardBefore + 3)
const whileFull = (await heard()) - heardBefore
const lines = terminal.lastWords()
rmSync(filler)
const spoke = await comesTrue(async () => (await heard()) > heardBefore + whileFull + 3)
await terminal.stop(8000)
const told = { before, epoch: ready['epoch'], bootCount: ready['bootCount'], hadReserve }
const result = { ...told, whileFull, spoke, onDisk: epochOnDisk(), lines }
await gateway.stop(6000)
await receiver.close()
for (const child of children) child.kill('SIGKILL')
rmSync(dir, { recursive: true, force: true })
console.log(JSON.stringify(result))
