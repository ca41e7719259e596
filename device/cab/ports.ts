import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CabOrder, CabPort } from '../cab.ts'
import type { Log } from '../log.ts'

/** The devices in the cab. Orders come one at a time: the next when the one before is over. */

/** A cab whose orders are only written down: for a terminal without a voice unit, and for the simulator. */
export function loggingCab(log: Log): CabPort {
  return {
    // An officer's words may name people: the diary of the cab has them, a log that travels does not.
    order: ({ sound, kind, words, id }) =>
      kind === 'command'
        ? log.info({ cab: sound, kind, id, characters: words.zh.length }, 'said to the driver')
        : log.info({ cab: sound, kind, ...words }, 'said to the driver'),
    beep: () => log.info({ cab: 'beep' }, 'self-test done'),
  }
}

export type CabDevices = {
  /** A speech program and its arguments; the Chinese text is its standard input. */
  readonly voice?: readonly string[] | undefined
  /** A file that sounds the buzzer while `1` is in it, such as a GPIO's `value`. */
  readonly buzzer?: string | undefined
}

/** Pulses of the buzzer, milliseconds on and off in turn. */
const patterns = {
  beep: [100],
  notice: [150],
  warning: [200, 150, 200],
  alarm: [500, 150, 500, 150, 500],
} as const
/** A voice that hangs must not keep the next warning back. */
const voiceMsMax = 20_000

/** Buzzer first, then the voice. The promise rejects when a configured device did not work. */
export function deviceCab({ voice, buzzer }: CabDevices, log: Log): CabPort {
  const quiet = loggingCab(log)
  const buzz = (pattern: readonly number[]): Promise<void> =>
    buzzer === undefined ? Promise.resolve() : pulses(buzzer, pattern)
  return {
    order: async (order) => {
      void quiet.order(order)
      const buzzed = buzz(patterns[order.sound]).catch((error: unknown) => error)
      await buzzed
      await speak(voice, order)
      const trouble = await buzzed
      if (trouble instanceof Error) throw trouble
    },
    beep: () => {
      quiet.beep()
      buzz(patterns.beep).catch((error: unknown) =>
        log.error({ why: String(error) }, 'the buzzer does not work'),
      )
    },
  }
}

async function pulses(file: string, pattern: readonly number[]): Promise<void> {
  for (const [at, ms] of pattern.entries()) {
    await writeFile(file, at % 2 === 0 ? '1' : '0')
    await sleep(ms)
  }
  await writeFile(file, '0')
}

function speak(voice: readonly string[] | undefined, { words }: CabOrder): Promise<void> {
  const [program, ...args] = voice ?? []
  if (program === undefined) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], timeout: voiceMsMax })
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${signal ?? code}`)),
    )
    // A program that does not read its input is judged by how it ends.
    child.stdin.on('error', () => {})
    child.stdin.end(`${words.zh}\n`)
  })
}
