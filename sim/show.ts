import { resolve } from 'node:path'
import { localText } from '../proto/time.ts'
import { hostSeconds } from './aboard.ts'
import { countKinds, kindTable } from './alert-line.ts'
import { claimFolder } from './data-folder.ts'
import { type Drive, type DriveResult, runDrive } from './fleet-of-one.ts'
import { hasSocat } from './line.ts'
import type { Scenario } from './scenario.ts'

/** A drive shown to a person: heading, the officer's lines as they come, closing table. */
export type Show = {
  readonly scenario: Scenario
  readonly factor: number
  readonly dataDir: string
  /** Keys put over the gateway's configuration. */
  readonly gatewayConfig?: object
}

/** Shell convention for "ended by SIGINT". */
const interruptedCode = 130

export async function showDrive({ scenario, factor, dataDir, gatewayConfig = {} }: Show): Promise<number> {
  const folder = claimFolder(dataDir, scenario)
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  // Nobody reads any more, as in `npm start | head`: that ends a drive like Ctrl-C.
  process.stdout.on('error', interrupt)
  print(`DATA ${resolve(dataDir)}`)
  print(`${scenario.name}: ${scenario.about}`)
  if (!hasSocat()) print('socat is not installed: the lines are TCP ports of this machine instead of ttys')
  const onReady = (drive: Drive): void => printReady(drive, factor)
  const { signal } = stop
  const driven = runDrive({ scenario, factor, dataDir, print: true, onReady, signal, gatewayConfig })
  const result = await driven.finally(folder.release)
  for (const line of closing(result)) print(line)
  if (!result.complete) return interruptedCode
  return result.ledger?.lost === 0 ? 0 : 1
}

function printReady({ ports, lines, plan }: Drive, factor: number): void {
  const { ingest, alerts, ws, http } = ports
  const { zone, start, end } = plan.scenario
  print(`ports ingest ${ingest}, alerts ${alerts}${ws === null ? '' : `, ws ${ws}`}, http ${http}`)
  print(`desk http://127.0.0.1:${http}/ (nobody is asked for a password on this machine; say any name)`)
  const third = lines.peripheral === undefined ? '' : ` ${lines.peripheral.path}`
  print(`lines ${lines.gnss.path} ${lines.can.path}${third}`)
  const span = `${localText(Date.parse(start), zone)} to ${localText(Date.parse(end), zone)} ${zone}`
  const hostS = Math.ceil(hostSeconds(plan.endMs - plan.startMs, factor))
  print(`speed ${factor}x: ${span}, about ${hostS} s`)
  print('')
}

/** The closing table: kinds, what was sealed, what arrived. */
export function closing(result: DriveResult): readonly string[] {
  const lines = ['', ...kindTable(countKinds(result.alerts))]
  const { ledger } = result
  if (ledger === null) return [...lines, 'ended early; every process is stopped']
  const { sealed, journaled, waiting, lost } = ledger
  const sent = sealed - waiting
  return [...lines, `envelopes sent ${sent}, journaled ${journaled}, waiting ${waiting}, lost ${lost}`]
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`)
