import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { arrivalSlackMs, type HostClock, type WorldClock } from '../proto/clocks.ts'
import type { AnyDetector } from '../proto/detector.ts'
import { type Documents, settingsAt } from '../proto/in-force.ts'
import { upTopic } from '../proto/topics.ts'
import type { AccidentWatch } from './accident/watch.ts'
import { Commands } from './cab/commands.ts'
import type { CabDiary } from './cab/diary.ts'
import { Cab, type CabPort } from './cab.ts'
import { everyWorldSecond, LoopWatch } from './clock.ts'
import type { DbcReader } from './decoders/dbc/read.ts'
import { type CanFormat, canLine, gnssLine, type Line, peripheralLine } from './decoders/index.ts'
import type { CanMessage, NmeaMessage, PeripheralMessage } from './decoders/messages.ts'
import { Downlink } from './downlink.ts'
import type { OpenLink } from './link/link.ts'
import type { Log } from './log.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { OpenInputs } from './ports/inputs.ts'
import type { OpenPort, Port } from './ports/port.ts'
import { type ClosedIntervals, type OutlookOf, Recorder } from './recorder.ts'
import {
  initialSignals,
  type LineName,
  restoreSignals,
  type SignalConfig,
  type SignalInput,
  type SignalState,
  stepSignals,
} from './signals/index.ts'
import type { Tally } from './tally.ts'
import { type Moment, noTap, type Tap } from './tape/tap.ts'
import { type AckMode, Uplink } from './uplink.ts'

/** The wiring of a terminal: the same in the vehicle, in the simulator and in a test. */
export type TerminalDeps = {
  readonly documents: Documents
  /** Where pushed documents are kept. */
  readonly documentsFolder: string
  /** Of the gateway; absent: pushed documents are taken without a signature. */
  readonly publicKey?: KeyObject | undefined
  readonly outbox: Outbox
  readonly ports: {
    readonly gnss?: OpenPort | undefined
    readonly can?: OpenPort | undefined
    readonly peripheral?: OpenPort | undefined
  }
  readonly canFormat: CanFormat
  /** Signals of the bus that a file describes; null or absent: J1939 alone. */
  readonly dbc?: DbcReader | null
  /** Peripherals that must speak, by name. */
  readonly peripherals?: readonly string[]
  readonly openLink: OpenLink
  readonly ack: AckMode
  readonly cab: CabPort
  /** Keeps what was said in the cab; absent: nobody does. */
  readonly diary?: CabDiary
  /** Keeps the seconds around stops, cuts and blows; absent: nobody does. */
  readonly accidents?: AccidentWatch
  /** The terminal's own inputs; absent: it has none. */
  readonly inputs?: OpenInputs
  /** The machine had lost its power before this start. */
  readonly afterPowerLoss?: boolean
  readonly host: HostClock
  readonly world: WorldClock
  readonly detectors: readonly AnyDetector[]
  readonly closedIntervals: ClosedIntervals
  /** How things stand for the driver, for the gateway; absent: it is not told. */
  readonly outlook?: OutlookOf
  /** Receiver dates before this cannot be true. */
  readonly notBeforeMs: number
  readonly log: Log
  /** Where the bytes of the lines are laid down; absent: nowhere. */
  readonly tap?: Tap
  /** Counts what is left out; absent: nobody does. */
  readonly tally?: Tally
}

export type Terminal = {
  /** Stops taking samples, sends what it can for a while, closes what it opened. */
  readonly close: (drainMs: number) => Promise<void>
}

export function createTerminal(deps: TerminalDeps): Terminal {
  const { outbox, world, host, log, tap = noTap } = deps
  const { fleet, id } = deps.documents.vehicle
  const { accidents } = deps
  const cab = new Cab(deps.cab, (entry) => deps.diary?.note(entry))
  const downlink = new Downlink({
    folder: deps.documentsFolder,
    publicKey: deps.publicKey,
    base: deps.documents,
    world,
    log,
    tally: deps.tally,
    acknowledged: (ack) => uplink.acknowledged(ack),
    say: (words, command) => commands.say(words, command),
    applied: tap.document,
    changed: () => reportInForce(),
  })
  const link = deps.openLink({
    up: () => {
      log.info({ vehicle: id }, 'connected to the gateway')
      uplink.linkUp()
    },
    down: (why) => {
      log.warn({ why }, 'no connection to the gateway')
      uplink.linkDown()
    },
    message: (topic, payload) => downlink.message(topic, payload),
  })
  const uplink = new Uplink({
    outbox,
    link,
    host,
    mode: deps.ack,
    topicOf: (lane) => upTopic(fleet, id, lane),
    log,
  })
  const recorder = new Recorder({
    outbox,
    world,
    detectors: deps.detectors,
    closedIntervals: deps.closedIntervals,
    outlook: deps.outlook,
    documents: () => downlink.documents,
    log,
    tally: deps.tally,
    tell: (findings, settings, atMs) => {
      cab.tell(findings, settings, atMs)
      accidents?.found(findings, settings)
    },
    sealed: (lane) => (lane === 'alarm' ? uplink.send() : uplink.kick()),
  })
  const commands = new Commands({
    cab,
    file: join(deps.documentsFolder, 'spoken.json'),
    nowMs: () => world.nowMs(),
    report: (body) => recorder.record(body),
    log,
  })
  for (const sample of outbox.restore().samples)
    accidents?.sample(sample, settingsAt(downlink.documents, sample.atMs))
  const expects = { gnss: deps.ports.gnss !== undefined, can: deps.ports.can !== undefined }
  const watch = new LoopWatch(host)
  let signals = signalsAfter(recorder)
  const now = (): Moment => ({
    arrivedMs: world.nowMs(),
    slackMs: arrivalSlackMs(world.factor()) + watch.lateMs() * world.factor(),
  })
  const firstSample = once(() => log.info({ afterMs: Math.round(host.monoMs()) }, 'first Sample'))
  const feed = (input: SignalInput, slackMs: number): void => {
    const { signals: policy } = downlink.documents.policy
    const config: SignalConfig = {
      policy,
      expects,
      peripherals: deps.peripherals ?? [],
      slackMs,
      notBeforeMs: deps.notBeforeMs,
    }
    const step = stepSignals(signals, input, config)
    signals = step.state
    recorder.signals = signals
    accidents?.heard(input, signals, slackMs)
    if (step.samples.length > 0) firstSample()
    for (const sample of step.samples) {
      if (sample.positionRefused) deps.tally?.rejected('gnss', 'jump')
      downlink.seen(sample)
      accidents?.sample(sample, settingsAt(downlink.documents, sample.atMs))
      recorder.take(sample)
    }
  }
  const reportInForce = (): void => {
    const atMs = Math.round(world.nowMs())
    recorder.reportSoon({ is: 'inForce', atMs, documents: downlink.report() })
  }
  reportInForce()
  if (deps.afterPowerLoss === true) feed({ is: 'powerLoss', arrivedMs: now().arrivedMs }, now().slackMs)
  tap.begin(() => ({ signals, states: recorder.states }))
  const lines = openLines(deps, feed, tap, now)
  const inputs = deps.inputs?.((name, on) => {
    const moment = now()
    tap.take({ is: 'input', name, on }, moment)
    feed({ is: 'input', name, on, arrivedMs: moment.arrivedMs }, moment.slackMs)
  })
  const second = everyWorldSecond(world, host, () => {
    const moment = now()
    tap.take({ is: 'tick' }, moment)
    feed({ is: 'tick', arrivedMs: moment.arrivedMs }, moment.slackMs)
    recorder.tick()
    cab.remind(signals.lastAtMs ?? moment.arrivedMs)
  })
  const sync = setInterval(() => recorder.sync(), 1000)
  cab.beep()
  const close = async (drainMs: number): Promise<void> => {
    second.stop()
    watch.stop()
    clearInterval(sync)
    inputs?.close()
    await Promise.all(lines.map((line) => line.close()))
    tap.close()
    recorder.flush()
    deps.diary?.flush()
    await drained(uplink, host, drainMs)
    uplink.close()
    await link.close()
    outbox.close()
  }
  return { close }
}

/** Does its work the first time only. */
function once(work: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    work()
  }
}

/** Signals after a restart: nothing dated at or before the last Sample of the boot before may come out again. */
function signalsAfter(recorder: Recorder): SignalState {
  const saved = recorder.restore() as SignalState | null
  const restored = saved === null ? initialSignals : restoreSignals({ ...initialSignals, ...saved })
  const { lastAtMs } = recorder
  if (lastAtMs === null) return restored
  return { ...restored, lastAtMs: Math.max(restored.lastAtMs ?? lastAtMs, lastAtMs) }
}

/** Whatever a decoder could not read is a message as well. */
type LineMessage = NmeaMessage | CanMessage | PeripheralMessage

type Feed = (input: SignalInput, slackMs: number) => void

function openLines(
  { ports, log, canFormat, dbc, tally }: TerminalDeps,
  feed: Feed,
  tap: Tap,
  now: () => Moment,
): Port[] {
  const lines: Port[] = []
  const attach = <State, Message extends LineMessage>(
    name: LineName,
    open: OpenPort | undefined,
    line: Line<State, Message>,
    take: (message: Message, moment: Moment) => void,
  ): void => {
    if (open === undefined) return
    let state = line.initial
    const turned = (up: boolean): void => {
      const moment = now()
      tap.take({ is: 'line', line: name, up }, moment)
      feed({ is: 'line', line: name, up, arrivedMs: moment.arrivedMs }, moment.slackMs)
    }
    const port = open({
      bytes: (bytes) => {
        const moment = now()
        tap.take({ is: 'bytes', line: name, bytes }, moment)
        const step = line.step(state, bytes, moment.arrivedMs)
        state = step.state
        for (const message of step.messages) {
          if (message.kind === 'discarded') tally?.rejected(name, message.why)
          take(message, moment)
        }
      },
      up: () => {
        log.info({ line: name }, 'line is up')
        turned(true)
      },
      down: (why) => {
        log.warn({ line: name, why }, 'line is down; it is opened again and again')
        state = line.initial
        turned(false)
      },
    })
    lines.push(port)
  }
  attach('gnss', ports.gnss, gnssLine, (message, { arrivedMs, slackMs }) =>
    feed({ is: 'gnss', message, arrivedMs }, slackMs),
  )
  attach('can', ports.can, canLine(canFormat, dbc ?? null), (message, { arrivedMs, slackMs }) =>
    feed({ is: 'can', message, arrivedMs }, slackMs),
  )
  attach('peripheral', ports.peripheral, peripheralLine, (message, { arrivedMs, slackMs }) =>
    feed({ is: 'peripheral', message, arrivedMs }, slackMs),
  )
  return lines
}

/** Waits until everything is acknowledged, at most so long. */
async function drained(uplink: Uplink, host: HostClock, drainMs: number): Promise<void> {
  const untilMs = host.monoMs() + drainMs
  while (!uplink.isDrained() && host.monoMs() < untilMs)
    await new Promise((resolve) => setTimeout(resolve, 20))
}
