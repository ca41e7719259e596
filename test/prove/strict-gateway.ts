import { bareDocuments } from '../../device/documents.ts'
import { hostClock, realWorld } from '../../gateway/clock.ts'
import { createGateway } from '../../gateway/gateway.ts'
import { strict } from '../../gateway/identity/abuse.ts'
import { openSqliteJournal } from '../../gateway/journal/sqlite.ts'
import { createLog } from '../../gateway/log.ts'
import { rules } from '../../gateway/rules/index.ts'
import type { Documents } from '../../proto/in-force.ts'
import { defaultVehicle } from '../../proto/shapes/vehicle.ts'

/** A gateway with the limits that hold behind TLS, without the cost of TLS: for storms of thousands on one machine. */
const [dataDir] = process.argv.slice(2)
const known = new Map<string, Documents>()
function documents(fleet: string, id: string): Documents {
  const key = `${fleet}/${id}`
  let found = known.get(key)
  if (found === undefined) known.set(key, (found = bareDocuments({ ...defaultVehicle, fleet, id })))
  return found
}
const at = { host: '127.0.0.1', port: 0, tls: null }
const gateway = await createGateway({
  journal: openSqliteJournal({ dataDir: dataDir!, zone: 'Asia/Shanghai', nowMs: realWorld.nowMs }),
  rules,
  documents,
  world: realWorld,
  host: hostClock,
  log: createLog(),
  auth: 'loopback',
  abuse: strict,
  ingest: at,
  alerts: { ...at, wsPort: null },
  http: { host: '127.0.0.1', port: 0 },
  onFatal: () => process.exit(1),
})
process.stdout.write(`${JSON.stringify({ kind: 'ready', ...gateway.ports })}\n`)
process.on('SIGTERM', () => void gateway.close().finally(() => process.exit(0)))
