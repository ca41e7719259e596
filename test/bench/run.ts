import { cpus } from 'node:os'
import process from 'node:process'
import { nodeVersionProblem } from '../../proto/node-version.ts'
import { asksForHelp } from '../../proto/usage.ts'
import { areasBench } from './areas.bench.ts'
import { decodeBench } from './decode.bench.ts'
import { deskBench } from './desk.bench.ts'
import { deskPageBench } from './desk-page.bench.ts'
import { footprintBench } from './footprint.bench.ts'
import { gatewayBench } from './gateway.bench.ts'
import { latencyBench } from './latency.bench.ts'
import { longTapeBench } from './long-tape.bench.ts'
import { outboxBench } from './outbox.bench.ts'
import { replayBench } from './replay.bench.ts'
import { rulesBench } from './rules.bench.ts'

/**
 * `npm run bench [NAME...]`: every bench, or those named. Trust the ratios: both sides of one are measured in
 * turns within one run. Absolute figures belong to the machine that the first line names.
 */
const benches: { readonly [name: string]: () => Promise<readonly object[]> } = {
  decode: decodeBench,
  areas: areasBench,
  rules: rulesBench,
  replay: replayBench,
  'long-tape': longTapeBench,
  outbox: outboxBench,
  gateway: gatewayBench,
  desk: deskBench,
  'desk-page': deskPageBench,
  latency: latencyBench,
  footprint: footprintBench,
}

const problem = nodeVersionProblem(process.versions.node)
const named = process.argv.slice(2)
if (asksForHelp(named)) {
  process.stdout.write(`usage: npm run bench [-- NAME...]: ${Object.keys(benches).join(' ')}\n`)
  process.exit(0)
}
const unknown = named.find((name) => benches[name] === undefined)
if (problem !== null || unknown !== undefined) {
  process.stderr.write(
    `${problem ?? `${unknown}: no such bench; there are ${Object.keys(benches).join(' ')}`}\n`,
  )
  process.exit(2)
}
process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, node ${process.versions.node}\n`,
)

const shown = (value: unknown): string =>
  typeof value === 'number'
    ? Math.abs(value) >= 100
      ? String(Math.round(value))
      : value.toPrecision(3)
    : String(value)

for (const [name, bench] of Object.entries(benches)) {
  if (named.length > 0 && !named.includes(name)) continue
  process.stdout.write(`\n${name}\n`)
  for (const row of (await bench()) as readonly Record<string, unknown>[]) {
    const { name: what, unit, ...figures } = row
    const text = Object.entries(figures)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => (key === 'value' ? shown(value) : `${key} ${shown(value)}`))
      .join(', ')
    process.stdout.write(`  ${String(what).padEnd(64)} ${text} ${String(unit)}\n`)
  }
}
