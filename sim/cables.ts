import { join } from 'node:path'
import { type Adapter, answer, newAdapter } from './hardware/slcan.ts'
import { hasSocat, type Line, openTcp, openTty } from './line.ts'
import type { Lines } from './pacer.ts'
import type { Plan } from './scenario.ts'

/** The cables of a vehicle: the receiver's, that of the CAN adapter, which answers, and that of the cameras where there are any. */

/** Real ttys where socat is installed, else TCP ports of this machine. */
export async function openLines(
  dataDir: string,
  { peripheral: third }: Pick<Plan, 'peripheral'>,
): Promise<Lines> {
  const silent = (): string => ''
  const adapter = slcanAdapter()
  const tty = hasSocat()
  const open = (name: string, heard: (text: string) => string): Promise<Line> =>
    tty ? openTty(join(dataDir, `tty-${name}`), heard) : openTcp(heard)
  const [gnss, can, peripheral] = await Promise.all([
    open('gnss', silent),
    open('can', adapter),
    third === null ? null : open('peripheral', silent),
  ])
  return { gnss, can, ...(peripheral === null ? {} : { peripheral }) }
}

function slcanAdapter(): (text: string) => string {
  let adapter: Adapter = newAdapter
  return (text) => {
    const answered = answer(adapter, text)
    adapter = answered.adapter
    return answered.reply
  }
}
