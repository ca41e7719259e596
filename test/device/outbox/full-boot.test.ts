import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { findProgram } from '../../help/external.ts'

/** A small disk of our own needs a user namespace, which some machines do not give. */
const unshare = findProgram('unshare')
const mount = (folder: string, mib: number): string => `mount -t tmpfs -o size=${mib}m tmpfs '${folder}'`
const possible = unshare !== null && spawnSync(unshare, ['-Urm', 'sh', '-c', mount('/mnt', 1)]).status === 0

type Said = {
  readonly before: number | null
  readonly epoch: number
  readonly bootCount: number
  readonly whileFull: number
  readonly spoke: boolean
  readonly onDisk: number
}

async function boot(life: string, mib: number): Promise<Said> {
  const folder = mkdtempSync(join(tmpdir(), 'full-boot-'))
  const program = join(import.meta.dirname, '../../help/full-boot.ts')
  const script = `${mount(folder, mib)} && '${process.execPath}' '${program}' '${folder}' '${life}'`
  try {
    const { stdout } = await promisify(execFile)(unshare!, ['-Urm', 'sh', '-c', script])
    return JSON.parse(stdout) as Said
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.skipIf(!possible)('a terminal started on a full disk (needs unshare and tmpfs)', () => {
  it.concurrent('for the first time: sees, warns and is heard from memory, and is on the disk when there is room', async () => {
    const said = await boot('first', 24)
    expect(said).toMatchObject({ before: null, bootCount: 1, spoke: true, onDisk: said.epoch })
    expect(said.whileFull).toBeGreaterThan(3)
  })

  it.concurrent('after a life before: goes on in the same epoch, on what it had put by', async () => {
    const said = await boot('second', 64)
    expect(said).toMatchObject({ epoch: said.before, bootCount: 2, spoke: true, onDisk: said.before })
    expect(said.whileFull).toBeGreaterThan(3)
  })

  it.concurrent('with nothing put by: starts all the same, and is heard as soon as there is room', async () => {
    const said = await boot('second without reserve', 64)
    expect(said).toMatchObject({ epoch: said.before, bootCount: 2, spoke: true, onDisk: said.before })
  })
})
