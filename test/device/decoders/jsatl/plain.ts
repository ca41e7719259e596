/** A second reader of the peripheral line, written from the tables, slow and plain: texts of hexadecimal digits. */

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export type PlainFrame = {
  readonly sequence: number
  readonly vendor: number
  readonly peripheral: number
  readonly code: number
  readonly payload: string
}

/** Frames with a right sum, and how many bytes belong to none. */
export function plainFrames(bytes: Uint8Array): { frames: PlainFrame[]; discardedBytes: number } {
  const text = Buffer.from(bytes).toString('latin1')
  const [before = '', ...pieces] = text.split('\x7e')
  const unended = pieces.pop() ?? ''
  let discardedBytes = before.length + unended.length
  const frames: PlainFrame[] = []
  for (const piece of pieces) {
    if (piece === '') continue
    const frame = plainFrame(piece)
    if (frame === null) discardedBytes += piece.length
    else frames.push(frame)
  }
  return { frames, discardedBytes }
}

function plainFrame(piece: string): PlainFrame | null {
  // Hexadecimal pairs, so that what is hidden can be looked for as text.
  const pairs = hexOf(Buffer.from(piece, 'latin1')).match(/../g) ?? []
  const hidden = pairs.join(' ').replaceAll('7d 01', '-D').replaceAll('7d 02', '-E')
  if (hidden.includes('7d')) return null
  const shown = hidden.replaceAll('-D', '7d').replaceAll('-E', '7e').replaceAll(' ', '')
  const plain = Buffer.from(shown, 'hex').toString('latin1')
  if (plain.length < 7 || plain.length > 1024) return null
  const sum = [...plain.slice(3)].reduce((total, letter) => total + letter.charCodeAt(0), 0)
  if (sum % 256 !== plain.charCodeAt(0)) return null
  const pair = (at: number): number => plain.charCodeAt(at) * 256 + plain.charCodeAt(at + 1)
  const payload = hexOf(Uint8Array.from(plain.slice(7), (letter) => letter.charCodeAt(0)))
  const head = { sequence: pair(1), vendor: pair(3), peripheral: plain.charCodeAt(5) }
  return { ...head, code: plain.charCodeAt(6), payload }
}

const byte = (hex: string, at: number): number => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16)

export type PlainAlarm = {
  readonly alarmId: number
  readonly type: number
  readonly level: number | null
  readonly speedKmh: number | null
  readonly attachments: number
  readonly sentAt: string | null
}

/** An alarm report of a camera; null when its length fits no table. */
export function plainAlarm({ peripheral, code, payload }: PlainFrame): PlainAlarm | null {
  if (code !== 0x36 || ![0x64, 0x65, 0x67].includes(peripheral)) return null
  const own = peripheral === 0x67 ? 0 : 5
  const length = payload.length / 2
  for (const level of [0, 1]) {
    const tail = 6 + level + own
    if (length < tail + 20) continue
    const attachments = byte(payload, tail + 19)
    if (length !== tail + 20 + 5 * attachments) continue
    const speed = byte(payload, tail)
    const said = level === 1 ? byte(payload, 6) : 0
    return {
      alarmId: Number.parseInt(payload.slice(0, 8), 16),
      type: byte(payload, 5),
      level: said === 1 || said === 2 ? said : null,
      speedKmh: speed <= 220 ? speed : null,
      attachments,
      sentAt: plainTime(payload.slice(2 * (tail + 11), 2 * (tail + 17))),
    }
  }
  return null
}

function plainTime(digits: string): string | null {
  const match = /^(\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(digits)
  if (match === null) return null
  const [, year, month, day, hour, minute, second] = match
  return `20${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`
}

const stateWords: { readonly [digits: string]: string } = {
  '01': 'normal',
  '02': 'standby',
  '03': 'upgrading',
  '04': 'abnormal',
}
const faultWords: { readonly [bit: number]: string } = {
  0: 'camera',
  1: 'main-memory',
  2: 'auxiliary-memory',
  3: 'infrared-lamp',
  4: 'speaker',
  5: 'battery',
  10: 'communication',
  11: 'positioning',
}

/** A report of the working state; null when it is none. */
export function plainState({ code, payload }: PlainFrame): { work: string | null; faults: string[] } | null {
  if (code !== 0x38 || payload.length < 10) return null
  const bits = [...Number.parseInt(payload.slice(2, 10), 16).toString(2)].toReversed()
  const faults = bits.flatMap((bit, at) => (bit === '1' ? [faultWords[at] ?? ''] : []))
  return { work: stateWords[payload.slice(0, 2)] ?? null, faults: faults.filter((name) => name !== '') }
}

const word = (hex: string, at: number): number => byte(hex, at) * 256 + byte(hex, at + 1)
const tyreWords = ['high', 'low', 'hot', 'sensor', 'imbalance', 'slow-leak', 'battery']

/** A report of the tyre pressure monitor, each tyre cut out of the text; null when its length fits no table. */
export function plainTyres({ peripheral, code, payload }: PlainFrame): object | null {
  if (peripheral !== 0x66 || code !== 0x36 || payload.length < 50) return null
  const list = payload.slice(50).match(/.{18}/g) ?? []
  if (list.length !== byte(payload, 24) || payload.length !== 50 + 18 * list.length) return null
  const known = (value: number, from: number, to: number) => (value < from || value > to ? null : value)
  return {
    alarmId: Number.parseInt(payload.slice(0, 8), 16),
    flag: ['event', 'start', 'end'][byte(payload, 4)] ?? 'event',
    speedKmh: known(byte(payload, 5), 0, 220),
    tyres: list.map((tyre) => {
      // The digits of the bits, the lowest first.
      const bits = [...word(tyre, 1).toString(2).padStart(16, '0')].toReversed()
      const degrees = word(tyre, 5)
      return {
        tyre: byte(tyre, 0),
        regular: bits[0] === '1',
        alarms: tyreWords.filter((_, i) => bits[i + 1] === '1'),
        pressureKpa: known(word(tyre, 3), 0, 2000),
        temperatureC: known(degrees < 32_768 ? degrees : degrees - 65_536, -60, 200),
        batteryPct: known(word(tyre, 7), 0, 100),
      }
    }),
  }
}
