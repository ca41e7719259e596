import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endProgram, eventually, freePort, startProgram } from './external.ts'

/** A plain broker that is not ours, on a free loopback port. */
export class Mosquitto {
  readonly port: number
  readonly #folder: string
  #child: ChildProcess | null = null

  constructor(port: number, folder: string) {
    this.port = port
    this.#folder = folder
  }

  static async start(): Promise<Mosquitto> {
    const port = await freePort()
    const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'))
    writeFileSync(
      join(folder, 'mosquitto.conf'),
      `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest none\n`,
    )
    const broker = new Mosquitto(port, folder)
    await broker.start()
    return broker
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    this.#child = startProgram('mosquitto', ['-c', join(this.#folder, 'mosquitto.conf')])
    let accepting = false
    const probe = (): void => {
      const socket = connect(this.port, '127.0.0.1')
      socket.on('connect', () => {
        accepting = true
        socket.destroy()
      })
      socket.on('error', () => setTimeout(probe, 20))
    }
    probe()
    await eventually('mosquitto accepts', () => accepting)
  }

  async kill(): Promise<void> {
    if (this.#child !== null) await endProgram(this.#child)
    this.#child = null
  }

  async dispose(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true })
  }
}
