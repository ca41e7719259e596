import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** A gateway as a process of its own, told of by its ready line. */
export type Office = {
  readonly ports: { readonly ingest: number; readonly alerts: number; readonly http: number }
  readonly close: () => Promise<void>
}

export async function startGateway(config: string): Promise<Office> {
  const program = path.join(import.meta.dirname, '../../../gateway/main.ts')
  const child = spawn(process.execPath, [program, config], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  child.stderr.on('data', (piece: Buffer) => said.push(piece.toString('utf8')))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ready = new Promise<Office['ports']>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) =>
      resolve(JSON.parse(line) as Office['ports']),
    )
    void ended.then(() => reject(new Error(`the gateway ended: ${said.join('')}`)))
  })
  const ports = await ready
  return {
    ports,
    close: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
