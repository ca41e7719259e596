import { mergePolicy, policyDigest } from '../proto/policy.ts'
import { programVersion } from '../proto/program-version.ts'
import type { TapeEntry, TapeRecord } from '../proto/tape.ts'
import { type TapeHeader, tapeFormat, tapeVersion } from '../proto/tape-header.ts'
import { areasDocument, routeDocument } from './documents.ts'
import { type Emission, emissionsOfSecond, isOff, isUnplugged, type LineName, linesOf } from './emissions.ts'
import { bodyDbc, bodyDbcSignals } from './hardware/j1939.ts'
import type { Plan } from './scenario.ts'
import { tapeBlocks } from './tapes/write.ts'

/** A scenario as a tape (`proto/tape.ts`): what a terminal with `--record` would have laid down, and it says that it is synthetic. */
export function tapeOf(plan: Plan): Generator<Uint8Array> {
  return tapeBlocks(headerOf(plan), recordsOf(plan))
}

/** Receiver dates of a simulated world may be of any year since 2000. */
const notBeforeMs = Date.UTC(2000, 0, 1)

export function headerOf(plan: Plan): TapeHeader {
  const { scenario, startMs, policy } = plan
  const { vehicle, trip } = scenario
  return {
    format: tapeFormat,
    version: tapeVersion,
    program: programVersion,
    kind: 'synthetic',
    origin: `scenario ${scenario.name}, synthetic; geometry: ${scenario.origin}`,
    session: `${scenario.name}/${scenario.seed}`,
    part: 1,
    startedAt: new Date(startMs).toISOString(),
    zone: scenario.zone,
    vehicle: vehicle.id,
    trip: trip.id,
    policyDigest: policyDigest(mergePolicy(vehicle.class, policy)),
    lines: { gnss: true, can: 'slcan', peripheral: plan.peripheral !== null },
    ...(plan.peripheral === null ? {} : { peripherals: [...plan.peripheral.devices] }),
    ...(plan.faults.emergency.length === 0 ? {} : { dbc: { text: bodyDbc, signals: bodyDbcSignals } }),
    notBeforeMs,
    documents: {
      vehicle,
      trips: [trip],
      policy,
      route: routeDocument(plan),
      areas: [areasDocument(plan)],
    },
  }
}

/** Each second: the terminal looks, then what the lines brought; a cable that is pulled or put back says so. */
function* recordsOf(plan: Plan): Generator<TapeRecord> {
  const record = (wallMs: number, entry: TapeEntry): TapeRecord => ({
    wallMs,
    monoMs: wallMs - plan.startMs,
    ...entry,
  })
  const up: { [line in LineName]: boolean | null } = { gnss: null, can: null, peripheral: null }
  for (let secondMs = plan.startMs; secondMs < plan.endMs; secondMs += 1000) {
    if (isOff(plan, secondMs)) {
      Object.assign(up, { gnss: null, can: null, peripheral: null })
      continue
    }
    for (const line of linesOf(plan)) {
      const isUp = !isUnplugged(plan, line, secondMs)
      if (isUp !== up[line]) yield record(secondMs, { is: 'line', line, up: isUp })
      up[line] = isUp
    }
    yield record(secondMs, { is: 'tick' })
    for (const { atMs, line, text } of joined(emissionsOfSecond(plan, secondMs)))
      if (up[line]) yield record(atMs, { is: 'bytes', line, bytes: Buffer.from(text, 'latin1') })
  }
}

/** Neighbours of the same line become one write at the time of the last of them. */
export function joined(emissions: readonly Emission[]): readonly Emission[] {
  const writes: Emission[] = []
  for (const emission of emissions) {
    const last = writes.at(-1)
    const isNext = last?.line === emission.line && emission.atMs - last.atMs <= joinMs
    if (isNext) writes[writes.length - 1] = { ...emission, text: last.text + emission.text }
    else writes.push(emission)
  }
  return writes
}

const joinMs = 30
