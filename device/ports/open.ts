import type { OpenPort } from './port.ts'
import { serialPort } from './serial.ts'
import { tcpPort } from './tcp.ts'

/** The port a configuration names: a tty path, or `tcp://host:port`. */
export function portAt(path: string, baud: number, greeting = '', sliceMs = 0): OpenPort {
  return path.startsWith('tcp:') ? tcpPort(path, { greeting }) : serialPort(path, baud, { greeting, sliceMs })
}

/**
 * A loaded bus brings 1,850 frames a second in as many small reads; read in slices it costs less than half. Short enough
 * for a tty's buffer of 4 KiB at 50 kB/s: it is full after 80 ms. The receiver's line is never sliced: an alert waits for it.
 */
export const canSliceMs = 30

/** Bit rates of the bus that an SLCAN adapter knows, with the command that sets each. */
const rates: Readonly<Record<number, string>> = {
  10000: 'S0',
  20000: 'S1',
  50000: 'S2',
  100000: 'S3',
  125000: 'S4',
  250000: 'S5',
  500000: 'S6',
  800000: 'S7',
  1000000: 'S8',
}
export const canBitrates: readonly number[] = Object.keys(rates).map(Number)

/**
 * What makes an SLCAN adapter listen: closed, set, opened listen-only (`L`). A terminal never acknowledges or
 * disturbs a frame of the vehicle's bus, also when the rate is wrong. Nothing is sent to an adapter that was set
 * up by itself (no bit rate in the configuration).
 *
 * Some adapters do not know `L` and answer BELL; the bus then stays silent (`can-silent`). With `listenOnly: false` they
 * are opened by `O`: the adapter's controller then acknowledges frames as every node does, and the terminal still sends none.
 */
export function slcanGreeting(bitrate: number | undefined, listenOnly = true): string {
  const command = bitrate === undefined ? undefined : rates[bitrate]
  return command === undefined ? '' : `C\r${command}\r${listenOnly ? 'L' : 'O'}\r`
}
