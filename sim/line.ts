import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * One end of a cable. The other end is a real tty that a `socat` child keeps (libraries 2: the one method with a
 * true path, back-pressure and a hang-up the reader sees within milliseconds), or a TCP port where there is no
 * socat. Bytes written while nobody is plugged in fall on the floor, as they would.
 */
export type Line = {
  /** What the terminal's configuration names: a tty path or `tcp://host:port`. */
  readonly path: string
  /** False when the reader is behind: wait for `drained` before writing on. */
  readonly write: (text: string) => boolean
  readonly drained: () => Promise<void>
  /** Pulls the cable: the reader sees a hang-up. */
  readonly unplug: () => Promise<void>
  readonly plug: () => Promise<void>
  readonly close: () => Promise<void>
}

export type Heard = (text: string) => string

/** Whether this machine has socat. */
export function hasSocat(): boolean {
  return spawnSync('socat', ['-V'], { stdio: 'ignore' }).status === 0
}

/** Opens a line at `path` as a tty. `heard` answers what the reader writes. */
export async function openTty(path: string, heard: Heard): Promise<Line> {
  let child: ChildProcess | null = null
  let plugged = false
  let release: (() => void) | null = null

  const plug = async (): Promise<void> => {
    plugged = true
    // After a kill the link dangles, and socat will not replace it (libraries 2).
    rmSync(path, { force: true })
    const spawned = spawn('socat', ['-b65536', 'STDIO', `pty,rawer,link=${path}`], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    child = spawned
    spawned.stdin.on('error', () => {})
    spawned.stdin.on('drain', () => release?.())
    spawned.stdout.setEncoding('latin1')
    spawned.stdout.on('data', (text: string) => {
      const reply = heard(text)
      if (reply !== '') spawned.stdin.write(reply, 'latin1')
    })
    spawned.once('error', () => {})
    spawned.once('exit', () => {
      release?.()
      if (child !== spawned) return
      child = null
      // socat ends when its reader closes the tty; a cable does not, so it is put back.
      setTimeout(() => {
        if (plugged && child === null) plug().catch(() => {})
      }, putBackMs)
    })
    await appears(path, () => plugged && child === spawned)
  }

  const unplug = async (): Promise<void> => {
    plugged = false
    const pulled = child
    child = null
    if (pulled !== null) await ended(pulled)
    rmSync(path, { force: true })
    release?.()
  }

  await plug()
  return {
    path,
    write: (text) => child === null || child.stdin === null || child.stdin.write(text, 'latin1'),
    drained: async () => {
      if (child?.stdin?.writableNeedDrain !== true) return
      await new Promise<void>((resolve) => {
        release = resolve
      })
      release = null
    },
    plug: async () => {
      if (!plugged) await plug()
    },
    unplug,
    close: unplug,
  }
}

const appearMs = 60_000
/** A socat that cannot even start must not be started as fast as the machine can. */
const putBackMs = 20

/** Waits for the link, as long as anybody still wants it. */
async function appears(path: string, isWanted: () => boolean): Promise<void> {
  const untilMs = performance.now() + appearMs
  while (isWanted() && !existsSync(path)) {
    if (performance.now() > untilMs) throw new Error(`socat did not make ${path} within ${appearMs} ms`)
    await sleep(5)
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

/** Opens a line as a TCP port on this machine for one reader at a time. */
export async function openTcp(heard: Heard): Promise<Line> {
  let reader: Socket | null = null
  let plugged = true
  let release: (() => void) | null = null
  const server = createServer((socket) => {
    if (!plugged) return void socket.destroy()
    reader?.destroy()
    reader = socket
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('data', (text) => {
      const reply = heard(String(text))
      if (reply !== '') socket.write(reply, 'latin1')
    })
    socket.on('drain', () => release?.())
    socket.on('error', () => {})
    socket.on('close', () => {
      if (reader === socket) reader = null
      release?.()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve())
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const unplug = (): void => {
    plugged = false
    reader?.destroy()
  }
  return {
    path: `tcp://127.0.0.1:${port}`,
    write: (text) => reader === null || reader.write(text, 'latin1'),
    drained: async () => {
      if (reader?.writableNeedDrain !== true) return
      await new Promise<void>((resolve) => {
        release = resolve
      })
      release = null
    },
    plug: async () => {
      plugged = true
    },
    unplug: async () => unplug(),
    close: async () => {
      unplug()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
