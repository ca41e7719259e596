import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkFrame, limits } from '../../../gateway/mqtt/check.ts'
import { createFrameCutter } from '../../../gateway/mqtt/frames.ts'

/** Packet sequences of another broker's suite, MQTT 3.1.1: what has to end a connection ends it here. */

const folder = path.resolve('../shared/data/mqtt/mosquitto_sequences')
const missing = existsSync(folder) ? false : `${folder} is absent`

type Message = { type: 'send' | 'recv'; payload: string }
type Case = { name: string; connect?: boolean; expect_disconnect?: boolean; msgs: Message[] }
type Group = { group: string; ver?: number; connect?: boolean; expect_disconnect?: boolean; tests: Case[] }

function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest > 127 ? (rest % 128) | 128 : rest)
    if (rest <= 127) return bytes
  }
}

/** `rN` and `vN` lengths, `sN kN mN HN` 16 bits, `iN` 8, `LN` 32, quoted text, anything else hexadecimal. */
function bytesOf(payload: string): Buffer {
  const parts = payload.match(/'[^']*'|\S+/g) ?? []
  return Buffer.concat(
    parts.map((part) => {
      const value = Number(part.slice(1))
      if (part.startsWith("'")) return Buffer.from(part.slice(1, -1))
      if (/^[rv]\d+$/.test(part)) return Buffer.from(varint(value))
      if (/^[skmH]\d+$/.test(part)) return Buffer.from([value >> 8, value & 255])
      if (/^i\d+$/.test(part)) return Buffer.from([value])
      if (/^L\d+$/.test(part))
        return Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255])
      return Buffer.from(part, 'hex')
    }),
  )
}

/** What becomes of a connection that sends this. */
function outcomeOf(sent: readonly Buffer[], begunConnected: boolean): string {
  const cutter = createFrameCutter()
  let connected = begunConnected
  for (const bytes of sent) cutter.push(bytes)
  for (;;) {
    const cut = cutter.next(connected ? limits.packetBytesMax : limits.connectBytesMax)
    if (cut.is === 'refused') return cut.reason
    if (cut.is === 'more') return cutter.held() > 0 ? 'waits' : 'goes on'
    const checked = checkFrame(cut.frame, connected)
    if (checked.is === 'refused') return checked.reason
    if (cut.frame.type === 14) return 'disconnected'
    if (checked.is === 'connect') connected = true
  }
}

const groups: Group[] = missing
  ? []
  : readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Group[])
      .filter(({ ver }) => ver === 4)

describe.skipIf(missing)('sequences of MQTT 3.1.1', () => {
  test.each(
    groups.flatMap((group) => group.tests.map((one) => [`${group.group}: ${one.name}`, group, one] as const)),
  )('%s', (_name, group, { msgs, connect, expect_disconnect: ends }) => {
    const sent = msgs.filter(({ type }) => type === 'send').map(({ payload }) => bytesOf(payload))
    const outcome = outcomeOf(sent, connect ?? group.connect ?? true)
    if (ends ?? group.expect_disconnect ?? true) expect(['goes on']).not.toContain(outcome)
    // QoS 2 is the one thing of MQTT 3.1.1 that is refused here on purpose.
    else expect(['goes on', 'waits', 'qos-2', 'disconnected']).toContain(outcome)
  })
})

test.runIf(missing)(`the sequences were not there: ${String(missing)}`, ({ skip }) => skip())
