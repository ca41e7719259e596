import { arrivalSlackMs, type HostClock, type WorldClock } from '../proto/clocks.ts'
import type { AnyDetector } from '../proto/detector.ts'
import type { Documents } from '../proto/in-force.ts'
import { upTopic } from '../proto/topics.ts'
import { Cab, type CabPort } from './cab.ts'
import { everyWorldSecond, LoopWatch } from './clock.ts'
import { type CanFormat, canLine, gnssLine, type Line } from './decoders/index.ts'
import { Downlink } from './downlink.ts'
import type { OpenLink } from './link/link.ts'
import type { Log } from './log.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { OpenPort, Port } from './ports/port.ts'
import { type ClosedIntervals, Recorder } from './recorder.ts'
import {
  initialSignals,
  restoreSignals,
  type SignalConfig,
  type SignalInput,
  type SignalState,
  stepSignals,
} from './signals/index.ts'
import { type AckMode, Uplink } from './uplink.ts'

/** The wiring of a terminal: the same in the vehicle, in the simulator and in a test. */
export type TerminalDeps = {
  readonly documents: Documents
  /** Where pushed documents are kept. */
  readonly documentsFolder: string
  readonly outbox: Outbox
  readonly ports: { readonly gnss?: OpenPort | undefined; readonly can?: OpenPort | undefined }
  readonly canFormat: CanFormat
  readonly openLink: OpenLink
  readonly ack: AckMode
  readonly cab: CabPort
  readonly host: HostClock
  readonly world: WorldClock
  readonly detectors: readonly AnyDetector[]
  readonly closedIntervals: ClosedIntervals
  /** Receiver dates before this cannot be true. */
  readonly notBeforeMs: number
  readonly log: Log
}

export type Terminal = {
  /** Stops taking samples, sends what it can for a while, closes what it opened. */
  readonly close: (drainMs: number) => Promise<void>
}

export function createTerminal(deps: TerminalDeps): Terminal {
  const { outbox, world, host, log } = deps
  const { fleet, id } = deps.documents.vehicle
  const cab = new Cab(deps.cab)
  const downlink = new Downlink({
    folder: deps.documentsFolder,
    base: deps.documents,
    world,
    log,
    acknowledged: (ack) => uplink.acknowledged(ack),
    say: (words) => cab.say(words),
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
    documents: () => downlink.documents,
    log,
    tell: (findings, settings, atMs) => cab.tell(findings, settings, atMs),
    sealed: () => uplink.kick(),
  })
  const expects = { gnss: deps.ports.gnss !== undefined, can: deps.ports.can !== undefined }
  const watch = new LoopWatch(host)
  let signals = signalsAfter(recorder)
  const feed = (input: SignalInput): void => {
    const config: SignalConfig = {
      policy: downlink.documents.policy.signals,
      expects,
      slackMs: arrivalSlackMs(world.factor()) + watch.lateMs() * world.factor(),
      notBeforeMs: deps.notBeforeMs,
    }
    const step = stepSignals(signals, input, config)
    signals = step.state
    recorder.signals = signals
    for (const sample of step.samples) recorder.take(sample)
  }
  const lines = openLines(deps, feed)
  const second = everyWorldSecond(world, host, () => {
    const arrivedMs = world.nowMs()
    feed({ is: 'tick', arrivedMs })
    recorder.tick()
    cab.remind(signals.lastAtMs ?? arrivedMs)
  })
  const sync = setInterval(() => recorder.sync(), 1000)
  cab.beep()
  const close = async (drainMs: number): Promise<void> => {
    second.stop()
    watch.stop()
    clearInterval(sync)
    await Promise.all(lines.map((line) => line.close()))
    recorder.flush()
    await drained(uplink, host, drainMs)
    uplink.close()
    await link.close()
    outbox.close()
  }
  return { close }
}

/** Signals after a restart: nothing dated at or before the last Sample of the boot before may come out again. */
function signalsAfter(recorder: Recorder): SignalState {
  const saved = recorder.restore() as SignalState | null
  const restored = saved === null ? initialSignals : restoreSignals({ ...initialSignals, ...saved })
  const { lastAtMs } = recorder
  if (lastAtMs === null) return restored
  return { ...restored, lastAtMs: Math.max(restored.lastAtMs ?? lastAtMs, lastAtMs) }
}

function openLines(deps: TerminalDeps, feed: (input: SignalInput) => void): Port[] {
  const { ports, world, log } = deps
  const lines: Port[] = []
  const attach = <State, Message>(
    name: 'gnss' | 'can',
    open: OpenPort | undefined,
    line: Line<State, Message>,
    take: (message: Message, arrivedMs: number) => void,
  ): void => {
    if (open === undefined) return
    let state = line.initial
    const port = open({
      bytes: (bytes) => {
        const arrivedMs = world.nowMs()
        const step = line.step(state, bytes, arrivedMs)
        state = step.state
        for (const message of step.messages) take(message, arrivedMs)
      },
      up: () => {
        log.info({ line: name }, 'line is up')
        feed({ is: 'line', line: name, up: true, arrivedMs: world.nowMs() })
      },
      down: (why) => {
        log.warn({ line: name, why }, 'line is down; it is opened again and again')
        state = line.initial
        feed({ is: 'line', line: name, up: false, arrivedMs: world.nowMs() })
      },
    })
    lines.push(port)
  }
  attach('gnss', ports.gnss, gnssLine, (message, arrivedMs) => feed({ is: 'gnss', message, arrivedMs }))
  attach('can', ports.can, canLine(deps.canFormat), (message, arrivedMs) =>
    feed({ is: 'can', message, arrivedMs }),
  )
  return lines
}

/** Waits until everything is acknowledged, at most so long. */
async function drained(uplink: Uplink, host: HostClock, drainMs: number): Promise<void> {
  const untilMs = host.monoMs() + drainMs
  while (!uplink.isDrained() && host.monoMs() < untilMs)
    await new Promise((resolve) => setTimeout(resolve, 20))
}
