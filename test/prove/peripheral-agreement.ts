import { peripheralLine } from '../../device/decoders/index.ts'
import type { PeripheralMessage } from '../../device/decoders/messages.ts'
import { peripheralFrame } from '../../sim/hardware/jsatl.ts'
import { readLine } from '../device/decoders/help.ts'
import { type PlainFrame, plainFrames, plainState } from '../device/decoders/jsatl/plain.ts'

/**
 * The framing of the peripheral line beside the second reader: up to four frames of every device and of numbers nobody gave
 * away, any vendor and sequence, bytes that must be hidden, flags shared or doubled, noise between them, cut anywhere. The two must
 * name the same frames and discard the same number of bytes.
 */
type Chance = () => number

const names: { readonly [number: number]: string } = { 100: 'adas', 101: 'dsm', 102: 'tpms', 103: 'bsd' }

export function framing(chance: Chance): { given: string; ours: object; theirs: object } {
  const below = (n: number): number => Math.floor(chance() * n)
  const stream: number[] = noise(chance)
  for (let left = 1 + below(4); left > 0; left--) {
    const frame = [...oneFrame(chance)]
    if (stream.at(-1) === 0x7e && chance() < 0.3) frame.shift()
    stream.push(...frame, ...noise(chance))
  }
  const bytes = Uint8Array.from(stream)
  const messages = readLine(peripheralLine, bytes, [below(bytes.length), below(bytes.length)])
  const { frames, discardedBytes } = plainFrames(bytes)
  return {
    given: Buffer.from(bytes).toString('hex'),
    ours: {
      frames: messages.flatMap((message) => (message.kind === 'discarded' ? [] : [saidOf(message)])),
      discardedBytes: messages.reduce((sum, one) => sum + (one.kind === 'discarded' ? one.bytes : 0), 0),
    },
    theirs: { frames: frames.map(plainlySaid), discardedBytes },
  }
}

/** Reports of alarms have their own agreements: here whatever else a device may say. */
function oneFrame(chance: Chance): Uint8Array {
  const below = (n: number): number => Math.floor(chance() * n)
  const awkward = (n: number): number => (chance() < 0.3 ? 0x7d + below(2) : below(n))
  const device = chance() < 0.8 ? 0x64 + below(4) : below(256)
  const any = below(256)
  const code = chance() < 0.3 ? 0x38 : any === 0x36 ? 0x2f : any
  const least = code === 0x38 ? 5 : 0
  const most = chance() < 0.02 ? 1000 : 40
  const payload = Array.from({ length: least + below(most) }, (_, at) =>
    code === 0x38 && at === 0 ? below(6) : awkward(256),
  )
  return peripheralFrame(device, code, payload, awkward(65_536), awkward(65_536))
}

/** Too short to be a frame by chance. */
function noise(chance: Chance): number[] {
  if (chance() < 0.6) return []
  return Array.from({ length: Math.floor(chance() * 7) }, () => Math.floor(chance() * 0x7e))
}

function saidOf(message: Exclude<PeripheralMessage, { readonly kind: 'discarded' }>): object {
  const { sequence, vendor, peripheral } = message
  const head = { sequence, vendor, peripheral }
  if (message.kind === 'status') return { ...head, state: { work: message.work, faults: message.faults } }
  return message.kind === 'heard' ? { ...head, code: message.code } : { ...head, kind: message.kind }
}

function plainlySaid(frame: PlainFrame): object {
  const { sequence, vendor, code } = frame
  const peripheral = names[frame.peripheral] ?? null
  const head = { sequence, vendor, peripheral }
  const state = peripheral === null ? null : plainState(frame)
  return state === null ? { ...head, code } : { ...head, state }
}
