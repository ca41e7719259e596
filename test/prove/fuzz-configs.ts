import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig as readTerminalConfig } from '../../device/config.ts'
import { readConfig as readGatewayConfig } from '../../gateway/config.ts'
import { createDoorkeeper } from '../../gateway/identity/doorkeeper.ts'
import type { Identity } from '../../gateway/identity/identity.ts'
import { BadInput } from '../../proto/problem.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { mutated } from './mutate.ts'

/** Configuration files of both programs gone wrong, and the lists that a running gateway reads again. */
export type ConfigFuzzReport = {
  readonly inputs: number
  readonly accepted: number
  readonly complaints: readonly string[]
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const tls = { cert: 'c.pem', key: 'k.pem', ca: 'a.pem' }
const terminal = json({
  dataDir: 'd',
  vehicle: 'v.json',
  ports: {
    gnss: { path: '/dev/ttyS0', baud: 9600 },
    can: { path: 'tcp://h:1', format: 'slcan', bitrate: 250_000 },
  },
  gateway: { url: 'mqtts://h:8883', ack: 'gateway', tls },
  outboxBytesMax: 100_000,
})
const gateway = json({
  dataDir: 'd',
  zone: 'Asia/Shanghai',
  ingest: { host: '0.0.0.0', port: 8883, tls },
  alerts: { port: 8884, tls },
  http: { port: 8080 },
  vehicles: 'v',
  auth: 'tls',
  users: 'u.json',
  keepDays: { positions: 200 },
})
const users = json({
  users: [{ name: 'ada', hash: 'scrypt:65536:8:1:c2FsdA==:aGFzaA==', fleets: { f1: 'officer' } }],
})
const revoked = json({ serials: ['0AFF'], names: ['mallory'] })
const thrownOut: Identity = { is: 'officer', name: 'mallory', grants: new Map(), serial: null, untilMs: null }

/** True when it was taken, false when it was refused in one line of ours; else what is wrong. */
function refusal(read: () => unknown): boolean | string {
  try {
    read()
    return true
  } catch (error) {
    if (!(error instanceof BadInput)) return `threw ${String(error).slice(0, 200)}`
    return error.message.includes('\n') ? `a message of several lines: ${error.message.slice(0, 200)}` : false
  }
}

/** What was read last holds: whoever was thrown out stays out, and it is complained of once. */
function reread(folder: string, name: 'users' | 'revoked', bytes: Buffer): boolean | string {
  const files = { users: join(folder, 'users.json'), revoked: join(folder, 'revoked.json') }
  writeFileSync(files.users, users)
  writeFileSync(files.revoked, revoked)
  const keeper = createDoorkeeper(files, () => 0)
  // Another size is another file whatever the clock of the file system says.
  writeFileSync(files[name], Buffer.concat([bytes, Buffer.from(' '.repeat(1000))]))
  const verdict = refusal(() => keeper.refresh())
  if (verdict === true) return true
  if (keeper.mayStay(thrownOut)) return 'a broken list let somebody in'
  if (refusal(() => keeper.refresh()) !== true) return 'a broken list is complained of twice'
  // The other list is read all the same.
  const other = name === 'users' ? 'revoked' : 'users'
  writeFileSync(files.revoked, json({ serials: [], names: ['mallory', 'second'] }))
  keeper.refresh()
  const second = { ...thrownOut, name: 'second' }
  return keeper.mayStay(second) && name === 'users' ? `a broken list keeps ${other} from being read` : verdict
}

export function fuzzConfigs(inputs: number, seed: number): ConfigFuzzReport {
  const dice = new Dice(seed)
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-configs-'))
  const file = join(folder, 'config.json')
  const asFile =
    (read: (name: string) => unknown) =>
    (bytes: Buffer): boolean | string => {
      writeFileSync(file, bytes)
      return refusal(() => read(file))
    }
  const targets = [
    { name: 'terminal', seed: terminal, take: asFile(readTerminalConfig) },
    { name: 'gateway', seed: gateway, take: asFile(readGatewayConfig) },
    { name: 'users', seed: users, take: (bytes: Buffer) => reread(folder, 'users', bytes) },
    { name: 'revoked', seed: revoked, take: (bytes: Buffer) => reread(folder, 'revoked', bytes) },
  ]
  const complaints: string[] = []
  let accepted = 0
  for (let n = 0; n < inputs && complaints.length < 20; n++) {
    const target = targets[n % targets.length]!
    const bytes = dice.happens('config/whole', 0.05)
      ? target.seed
      : mutated(dice, target.seed, [terminal, gateway, users, revoked])
    const verdict = target.take(bytes)
    if (verdict === true) accepted++
    if (typeof verdict === 'string')
      complaints.push(`${target.name}, input ${n} of seed ${seed}: ${verdict}: ${bytes.toString('base64')}`)
  }
  rmSync(folder, { recursive: true, force: true })
  return { inputs, accepted, complaints }
}
