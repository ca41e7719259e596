import { closedIntervals, type DrivingTime, fatigue } from '../../device/detectors/fatigue.ts'
import { detectors } from '../../device/detectors/index.ts'
import { type MqttOptions, mqttLink } from '../../device/link/mqtt.ts'
import { silentLog } from '../../device/log.ts'
import { createMemoryOutbox } from '../../device/outbox/memory.ts'
import type { Outbox } from '../../device/outbox/outbox.ts'
import { Recorder } from '../../device/recorder.ts'
import { Uplink } from '../../device/uplink.ts'
import type { WorldClock } from '../../proto/clocks.ts'
import { decodeAck } from '../../proto/codec.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { Sample } from '../../proto/model.ts'
import { clientIdOf, downTopic, upTopic } from '../../proto/topics.ts'

/**
 * A terminal without its lines: the real detectors, recorder, codec, uplink and MQTT connection, and the outbox in
 * memory. Thousands fit into one process, which is what it is for.
 */
export class VirtualTerminal {
  readonly outbox: Outbox
  readonly ready: Promise<void>
  readonly #recorder: Recorder
  readonly #uplink: Uplink
  readonly #close: () => Promise<void>

  constructor(
    documents: Documents,
    gateway: { readonly url: string; readonly tls?: MqttOptions['tls'] },
    world: WorldClock,
  ) {
    const { fleet, id } = documents.vehicle
    this.outbox = createMemoryOutbox({ fleet, vehicle: id, bytesMax: 64 * 1024 * 1024 })
    let up = (): void => {}
    this.ready = new Promise((resolve) => {
      up = resolve
    })
    const openLink = mqttLink({
      ...gateway,
      clientId: clientIdOf(fleet, id),
      subscriptions: [downTopic(fleet, id, 'ack')],
    })
    const link = openLink({
      up: () => {
        up()
        this.#uplink.linkUp()
      },
      down: () => this.#uplink.linkDown(),
      message: (_topic, payload) => {
        const ack = decodeAck(payload)
        if (ack.ok) this.#uplink.acknowledged(ack.value)
      },
    })
    this.#uplink = new Uplink({
      outbox: this.outbox,
      link,
      host: { nowMs: Date.now, monoMs: () => performance.now() },
      mode: 'gateway',
      topicOf: (lane) => upTopic(fleet, id, lane),
      log: silentLog,
    })
    this.#recorder = new Recorder({
      outbox: this.outbox,
      world,
      detectors,
      closedIntervals: (before, after) => closedIntervals(drivingOf(before), drivingOf(after)),
      documents: () => documents,
      log: silentLog,
      tell: () => {},
      sealed: () => this.#uplink.kick(),
    })
    this.#close = async () => {
      this.#uplink.close()
      await link.close()
      this.outbox.close()
    }
  }

  take(sample: Sample): void {
    this.#recorder.take(sample)
  }

  flush(): void {
    this.#recorder.flush()
  }

  get sent(): number {
    return this.outbox.lastSeq('alarm') + this.outbox.lastSeq('telemetry')
  }

  get waiting(): number {
    const { alarm, telemetry } = this.outbox.stats().waiting
    return alarm + telemetry
  }

  close(): Promise<void> {
    return this.#close()
  }
}

const drivingOf = (states: { readonly [name: string]: unknown }): DrivingTime =>
  (states[fatigue.name] as DrivingTime | undefined) ?? fatigue.initial
