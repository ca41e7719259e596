import { parseDbc } from '../../device/decoders/dbc/parse.ts'
import { dbcReader, readDbcFrame } from '../../device/decoders/dbc/read.ts'
import { canLine, gnssLine, type Line, peripheralLine } from '../../device/decoders/index.ts'
import type { Discarded } from '../../device/decoders/messages.ts'
import { alarmReport, heartbeat, statusReport, tyreReport } from '../../sim/hardware/jsatl.ts'
import { bytesOf, damaged, sealed } from '../device/decoders/help.ts'
import type { Chance } from './decoder-agreement.ts'

/**
 * Damaged bytes, without end, into one decoder that keeps its state: it may not throw, not take long over any piece, not
 * remember more and more, and not discard more bytes than there were.
 */
export type Mutation = {
  readonly name: string
  /** One damaged piece; answers how large the state is afterwards, in bytes of JSON, when asked. */
  readonly start: () => { readonly one: (chance: Chance) => void; readonly held: () => number }
}

const nmeaBase = bytesOf(
  [
    'GNRMC,063012.000,A,2234.87140,N,11357.22414,E,0.69,171.74,240419,,,A',
    'GNGGA,063012.000,2234.87140,N,11357.22414,E,1,17,0.7,62.4,M,-14.6,M,,',
    'GBGSV,2,1,05,11,40,083,46,12,17,308,41,13,07,344,39,14,22,228,45',
    'GNGSA,A,3,11,12,13,,,,,,,,,,1.0,0.7,0.8,4',
    'GNTXT,01,01,01,ANTENNA OPEN',
    'GNZDA,063012.000,24,04,2019,00,00',
  ]
    .map((body) => `${sealed(body)}\r\n`)
    .join(''),
)
const slcanBase = bytesOf(
  'T18FEF1008FF0050FFFFFFFFFF\rt1001AB12F0\rT18ECFF00820120002FFCAFE00\rT18EBFF008014300FF5B000301\rz\r\x07',
)
const candumpBase = bytesOf(
  '(1635188455.020850) can1 18F00E00#821639C4FFFFFFFF\n(1635188455.03) can0 18ECFF00#20120003FFCAFE00\n  can0  18EBFF00   [8]  01 43 00 FF 5B 00 03 01\n',
)
const jsatlBase = Uint8Array.from([
  ...alarmReport({ device: 'dsm', type: 1, own: [7, 126, 125, 0, 0], attachments: 2, level: 2 }),
  ...heartbeat('adas', 0x7e7d),
  ...statusReport('dsm', 4, 3),
  ...tyreReport({
    flag: 1,
    tyres: [{ tyre: 3, bits: ['regular', 'low'], pressureKpa: 610, temperatureC: -7, batteryPct: 80 }],
  }),
])
const dbcBase = bytesOf(
  'BO_ 500 Drive: 8 ECU\n SG_ Speed M : 0|16@1+ (0.01,0) [0|300] "km/h" Dash\n SG_ Torque m1 : 23|12@0- (0.5,-100) [0|0] "Nm" D\nCM_ SG_ 500 Speed "of;\nwheels";\nBA_DEF_ BO_ "VFrameFormat" ENUM "A","J1939PG";\nBA_ "VFrameFormat" BO_ 500 1;\nSIG_VALTYPE_ 500 Speed : 0;\n',
)

function line<State, Message extends { readonly kind: string }>(
  name: string,
  reader: Line<State, Message>,
  base: Uint8Array,
): Mutation {
  return {
    name,
    start: () => {
      let { initial: state } = reader
      let given = 0
      let discarded = 0
      let atMs = 0
      const one = (chance: Chance): void => {
        const bytes = damaged(base, chance)
        given += bytes.length
        atMs += 20
        const step = reader.step(state, bytes, atMs)
        state = step.state
        for (const message of step.messages)
          if (message.kind === 'discarded') discarded += (message as unknown as Discarded).bytes
        if (discarded > given + lostOfTransport) throw new Error(`${discarded} bytes discarded of ${given}`)
      }
      return { one, held: () => heldBy(state) }
    },
  }
}

/** A session that is dropped tells the bytes of its payload, which is fewer than came in its frames. */
const lostOfTransport = 4096

function heldBy(value: unknown): number {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Map) return [...part.entries()]
    return part instanceof Uint8Array ? '#'.repeat(part.length) : part
  }).length
}

const dbcFile: Mutation = {
  name: 'DBC, files',
  start: () => ({
    one: (chance) => {
      const text = Buffer.from(damaged(dbcBase, chance)).toString('latin1')
      const parsed = parseDbc(text)
      if (parsed.is === 'bad') return
      const names = Object.fromEntries(
        parsed.dbc.messages.flatMap(({ signals }) => signals.map(({ name }) => [name, name])),
      )
      const made = dbcReader(parsed.dbc, names)
      if (made.is === 'reader') readDbcFrame(made.reader, 500, false, new Uint8Array(8), 8)
    },
    held: () => 0,
  }),
}

export const mutations: readonly Mutation[] = [
  line('NMEA', gnssLine, nmeaBase),
  line('SLCAN with J1939', canLine('slcan'), slcanBase),
  line('candump with J1939', canLine('candump'), candumpBase),
  line('T/JSATL 12', peripheralLine, jsatlBase),
  dbcFile,
]
