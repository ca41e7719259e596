import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findProgram } from '../../help/external.ts'

/** A small disk of our own needs a user namespace, which some machines do not give. */
const unshare = findProgram('unshare')
const inOwnMount = (script: string) =>
  spawnSync(unshare ?? '', ['-Urm', 'sh', '-c', script], { encoding: 'utf8' })
const possible = unshare !== null && inOwnMount('mount -t tmpfs -o size=1m tmpfs /mnt').status === 0

describe.skipIf(!possible)('a journal on a full disk (needs unshare and tmpfs)', () => {
  it('refuses the group, keeps every one it promised, and goes on when there is room', () => {
    const folder = mkdtempSync(join(tmpdir(), 'full-'))
    const program = join(import.meta.dirname, '../../help/fill-journal.ts')
    const run = inOwnMount(
      `mount -t tmpfs -o size=10m tmpfs '${folder}' && '${process.execPath}' '${program}' '${folder}'`,
    )
    rmSync(folder, { recursive: true })
    expect(run.stderr).toBe('')
    const said = JSON.parse(run.stdout) as { whileFull: number; rows: number; upto: number }
    expect(said).toMatchObject({ lost: 0, lostAtReturn: 0, inOrder: true, refused: 0, rows: said.upto })
    expect(said.whileFull).toBe(20)
  })
})
