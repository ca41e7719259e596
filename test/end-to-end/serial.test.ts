import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serialPort } from '../../device/ports/serial.ts'
import { portContract } from '../contract/port.ts'
import { mustSkip } from '../help/external.ts'
import { Pty } from '../help/pty.ts'

portContract(
  `serial port on a pseudo terminal${mustSkip('socat') ? ' (needs socat)' : ''}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tty-'))
    const pty = new Pty(join(folder, 'ttyGNSS'))
    return {
      openPort: (options) => serialPort(pty.path, 115_200, options),
      plug: () => pty.plug(),
      pull: () => pty.pull(),
      send: (bytes) => pty.send(bytes),
      dispose: async () => {
        await pty.pull()
        rmSync(folder, { recursive: true })
      },
    }
  },
  mustSkip('socat'),
)
