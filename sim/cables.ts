import { join } from 'node:path'
import { type Adapter, answer, newAdapter } from './hardware/slcan.ts'
import { hasSocat, type Line, openTcp, openTty } from './line.ts'
import type { Lines } from './pacer.ts'

/** The two cables of a vehicle: the receiver's, and that of the CAN adapter, which answers. */

/** Real ttys where socat is installed, else TCP ports of this machine. */
export async function openLines(dataDir: string): Promise<Lines> {
  const silent = (): string => ''
  const adapter = slcanAdapter()
  const tty = hasSocat()
  const open = (name: string, heard: (text: string) => string): Promise<Line> =>
    tty ? openTty(join(dataDir, `tty-${name}`), heard) : openTcp(heard)
  const [gnss, can] = await Promise.all([open('gnss', silent), open('can', adapter)])
  return { gnss, can }
}

function slcanAdapter(): (text: string) => string {
  let adapter: Adapter = newAdapter
  return (text) => {
    const answered = answer(adapter, text)
    adapter = answered.adapter
    return answered.reply
  }
}
