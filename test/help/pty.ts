import type { ChildProcess } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { endProgram, eventually, startProgram } from './external.ts'

/** A pseudo terminal at a path, as a cable that can be plugged and pulled. */
export class Pty {
  readonly path: string
  #socat: ChildProcess | null = null

  constructor(path: string) {
    this.path = path
  }

  async plug(): Promise<void> {
    // A killed socat leaves its link dangling.
    rmSync(this.path, { force: true })
    this.#socat = startProgram('socat', ['-b65536', 'STDIO', `pty,rawer,link=${this.path}`])
    // Writing to a pulled cable is what these tests do; the error belongs to nobody.
    this.#socat.stdin?.on('error', () => {})
    await eventually(`a tty at ${this.path}`, () => existsSync(this.path))
  }

  send(bytes: Uint8Array): void {
    this.#socat?.stdin?.write(bytes)
  }

  async pull(): Promise<void> {
    if (this.#socat !== null) await endProgram(this.#socat)
    this.#socat = null
  }
}
