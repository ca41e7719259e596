import { proveFailingDisk, proveImages } from './disk-parts.ts'
import { proveFrames } from './frames.ts'
import { proveFullDisk } from './full-disk.ts'
import { fuzzFiles, fuzzMessages } from './fuzz.ts'
import { fuzzConfigs } from './fuzz-configs.ts'
import { fuzzJournalFiles, fuzzOutboxFiles } from './fuzz-disk.ts'
import { fuzzGateway } from './fuzz-gateway.ts'
import { type DrivesReport, proveKills } from './kills.ts'
import { type OverloadSizes, overloads } from './overload.ts'
import { gatewayPoints, provePoints, removalPoints, terminalPoints } from './points.ts'
import { proveRules } from './rules.ts'
import { proveScenarios } from './scenarios.ts'
import { proveScenariosLive } from './scenarios-live.ts'
import { proveSoak } from './soak.ts'
import { proveWeather, weathers } from './weather.ts'
import { proveWorlds } from './worlds.ts'

/** The parts of the proof: each is one row of the table, made in a process of its own. */
export type Row = {
  readonly part: string
  readonly runs: number
  readonly faults: number
  readonly acknowledged: number
  /** Null where a part does not measure it: a constant nought would say that it did. */
  readonly lost: number | null
  readonly doubled: number | null
  readonly foreign: number | null
  readonly worstRecoveryMs: number | null
  readonly worstRssMb: number | null
  readonly complaints: readonly string[]
  /** What else was counted, by the words that follow the number; pieces of a part add up. */
  readonly counts: { readonly [of: string]: number }
  /** What cannot be added up. */
  readonly note: string
}

export type Sizes = {
  readonly kills: readonly [terminal: number, gateway: number]
  /** Kills at each named point. */
  readonly pointTimes: number
  /** Spells of each weather. */
  readonly weatherTimes: number
  readonly overload: OverloadSizes
  readonly worlds: number
  readonly images: number
  /** Of the writes and syncs of the system, every so manieth is refused. */
  readonly refusedEvery: number
  readonly inputs: number
  readonly packets: number
  readonly diskFiles: number
  readonly soakMinutes: number
  /** Random drives for each rule that has a naive second implementation. */
  readonly drives: number
  /** Frames of a bus, through decoders and signals. */
  readonly frames: number
  /** Scenarios by seed, through replay and through terminal and gateway; so many of them over real ttys and MQTT. */
  readonly scenarios: number
  readonly live: number
}

export const ci: Sizes = {
  kills: [300, 200],
  pointTimes: 4,
  weatherTimes: 5,
  overload: { alerts: 6000, floodS: 20, storm: 5000, backlog: [200, 250] },
  worlds: 3000,
  images: 5000,
  refusedEvery: 8,
  inputs: 1_000_000,
  packets: 200_000,
  diskFiles: 1000,
  soakMinutes: 10,
  drives: 4000,
  frames: 2_000_000,
  scenarios: 80,
  live: 3,
}
export const long: Sizes = {
  kills: [1000, 1000],
  pointTimes: 50,
  weatherTimes: 100,
  overload: { alerts: 60_000, floodS: 60, storm: 5000, backlog: [200, 10_000] },
  worlds: 50_000,
  images: 20_000,
  refusedEvery: 1,
  inputs: 10_000_000,
  packets: 2_000_000,
  diskFiles: 10_000,
  soakMinutes: 10,
  drives: 50_000,
  frames: 100_000_000,
  scenarios: 1000,
  live: 20,
}
/** The first minutes of a soak are the machine's, not ours. */
const warmUpMinutes = 3

const nothing = {
  runs: 0,
  faults: 0,
  acknowledged: 0,
  lost: null,
  doubled: null,
  foreign: null,
  worstRecoveryMs: null,
  worstRssMb: null,
  counts: {},
  note: '',
}
/** A part that fell over, or was cut off. */
export const diedRow = (part: string): Row => ({ ...nothing, part, complaints: ['came to no end'] })
const ownRssMb = (): number => Math.round(process.resourceUsage().maxRSS / 1024)

export type Part = (sizes: Sizes, seed: number) => Promise<Row>

const worlds: Part = async (sizes, seed) => {
  const report = await proveWorlds(sizes.worlds, seed)
  const all = report.complaints.join('\n')
  const among = (word: string): number => all.split(`"${word}: `).length - 1
  return {
    ...nothing,
    part: 'simulated worlds',
    runs: report.worlds,
    faults: report.faults,
    acknowledged: report.durable,
    lost: among('lost'),
    doubled: among('doubled'),
    foreign: among('foreign') + among('phantom'),
    worstRecoveryMs: report.worstRecoveryMs,
    worstRssMb: report.worstRssMb,
    complaints: report.complaints,
    note: 'recovery in simulated time',
  }
}

const images: Part = async (sizes, seed) => ({
  ...nothing,
  part: 'crash images',
  ...(await proveImages(sizes.images, seed)),
  worstRssMb: ownRssMb(),
})

const disk: Part = async (sizes, seed) => ({
  ...nothing,
  part: 'k-th call fails',
  ...(await proveFailingDisk(sizes.refusedEvery, seed)),
  worstRssMb: ownRssMb(),
})

const fullDisk: Part = async () => {
  const { runs, lost, complaints, skipped } = proveFullDisk()
  const note = skipped === null ? 'outbox, journal, three first starts' : `skipped: ${skipped}`
  return { ...nothing, part: 'full disk', runs, faults: runs, lost, complaints, note }
}

const drive = (part: string, runs: number, report: DrivesReport, counts: Row['counts'], note = ''): Row => ({
  part,
  runs,
  faults: runs,
  acknowledged: report.durable,
  lost: report.lost,
  doubled: report.doubled,
  foreign: report.foreign,
  worstRecoveryMs: report.worstRecoveryMs,
  worstRssMb: report.worstRssMb,
  complaints: report.complaints,
  counts: { ...counts, 'alert revisions': report.alerts },
  note,
})

const kills: Part = async ({ kills: [terminal, gateway] }, seed) => {
  const report = await proveKills(terminal, gateway, seed)
  return drive('SIGKILL', terminal + gateway, report, { terminals: terminal, gateways: gateway })
}

const points: Part = async ({ pointTimes }, seed) => {
  const report = await provePoints(pointTimes, seed)
  const names = gatewayPoints.length + terminalPoints.length + removalPoints.length
  return drive('killed at named points', report.passed, report, {}, `${names} points`)
}

const weather: Part = async ({ weatherTimes }, seed) => {
  const report = await proveWeather(weatherTimes, seed)
  const counts = {
    'longer than a keep-alive': report.outlasted,
    'clock jumps': report.jumps,
    'receivers that broke off': report.unplugged,
  }
  const runs = report.spells + report.outlasted
  return drive('weather', runs, report, counts, `${weathers.length} weathers of the network`)
}

const fuzz: Part = async (sizes, seed) => {
  const inProcess = sizes.inputs - sizes.packets - 6 * sizes.diskFiles
  const messages = fuzzMessages(Math.round(inProcess * 0.75), seed)
  const files = fuzzFiles(Math.round(inProcess * 0.25), seed)
  const configs = fuzzConfigs(4 * sizes.diskFiles, seed)
  const outbox = await fuzzOutboxFiles(sizes.diskFiles, seed)
  const journal = await fuzzJournalFiles(sizes.diskFiles, seed)
  const gateway = await fuzzGateway(sizes.packets, seed)
  const reports = [messages, files, configs, outbox, journal, gateway]
  return {
    ...nothing,
    part: 'fuzz',
    runs: messages.inputs + files.inputs + configs.inputs + outbox.files + journal.files + gateway.packets,
    faults: gateway.connections,
    acknowledged: gateway.healthyAcknowledged,
    foreign: [...outbox.complaints, ...journal.complaints].filter((line) => line.includes('invents')).length,
    worstRssMb: gateway.worstRssMb,
    complaints: reports.flatMap(({ complaints }) => complaints),
    note: `healthy client: worst round trip ${gateway.worstRoundTripMs} ms`,
  }
}

const overload =
  (name: string): Part =>
  async ({ overload: sizes }, seed) => ({
    ...nothing,
    part: `overload: ${name}`,
    runs: 1,
    ...(await overloads[name]!(sizes, seed)),
  })

const soak: Part = async (sizes, seed) => {
  const report = await proveSoak(sizes.soakMinutes, Math.min(warmUpMinutes, sizes.soakMinutes / 3), seed)
  return {
    ...nothing,
    part: 'soak',
    runs: report.minutes,
    faults: report.reconnects,
    acknowledged: report.acknowledged,
    lost: report.lost,
    doubled: report.doubled,
    foreign: report.foreign,
    worstRssMb: report.worstRssMb,
    complaints: report.complaints,
    counts: { 'alerts heard by 20 officers': report.heard },
    note: `${report.growth.heldMbPerMin} MB a minute held, ${report.growth.nativeMbPerMin} beside the heap, ${report.growth.residentMbPerMin} resident`,
  }
}

const ruled: Part = async ({ drives }, seed) => {
  const reports = proveRules(drives, seed)
  return {
    ...nothing,
    part: 'rules, twice',
    runs: reports.reduce((sum, report) => sum + report.drives, 0),
    worstRssMb: ownRssMb(),
    complaints: reports.flatMap(({ name, wrong }) => (wrong === null ? [] : [`${name}: ${wrong}`])),
    counts: Object.fromEntries(reports.map(({ name, told }) => [`lines of ${name}`, told])),
  }
}

const frames: Part = async ({ frames: count }, seed) => {
  const report = proveFrames(count, seed, (line) => process.stderr.write(`frames: ${line}\n`))
  return {
    ...nothing,
    part: 'frames',
    runs: report.frames,
    worstRssMb: Math.round(report.worstRssMb),
    complaints: report.complaints,
    note: `${report.nsPerFrame.toFixed(0)} ns a frame with its signals; ${report.growthMb.toFixed(2)} MB per ten million`,
  }
}

const scenarios: Part = async (sizes, seed) => {
  const report = await proveScenarios(sizes.scenarios, seed)
  return {
    ...nothing,
    part: 'scenarios, replayed',
    runs: report.scenarios,
    worstRssMb: ownRssMb(),
    complaints: report.complaints,
    counts: { 'h of road': report.hours, findings: report.found },
    note: `${report.kinds.length} kinds`,
  }
}

const live: Part = async (sizes, seed) => {
  const report = await proveScenariosLive(sizes.live, seed)
  return {
    ...nothing,
    part: 'scenarios, live',
    runs: report.scenarios,
    worstRssMb: ownRssMb(),
    complaints: report.complaints,
    counts: { 'h of road': report.hours, findings: report.found },
    note: `on ttys and MQTT at ${report.factor}x`,
  }
}

/** The longest first: three work side by side, and none of them should be the last one for long. */
export const parts: { readonly [name: string]: Part } = {
  soak,
  kills,
  worlds,
  images,
  points,
  rules: ruled,
  disk,
  'full-disk': fullDisk,
  fuzz,
  weather,
  'overload-storm': overload('storm'),
  'overload-backlog': overload('backlog'),
  'overload-officers': overload('officers'),
  'overload-flood': overload('flood'),
  'scenarios-live': live,
  scenarios,
  frames,
}
