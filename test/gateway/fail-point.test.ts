import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

it.each(['gateway', 'device'])(
  '%s does not start armed outside tests, nor with a point nobody knows',
  (program) => {
    const start = (env: NodeJS.ProcessEnv) =>
      spawnSync(process.execPath, [join(root, program, 'main.ts'), 'none.json'], { encoding: 'utf8', env })
    const armed = start({ ...process.env, NODE_ENV: 'production', ROADWARDEN_KILL_AT: 'after-commit' })
    expect([armed.status, armed.stderr]).toEqual([
      2,
      'ROADWARDEN_KILL_AT: is for tests alone; unset it, or set NODE_ENV=test\n',
    ])
    const unknown = start({ ...process.env, NODE_ENV: 'test', ROADWARDEN_KILL_AT: 'lunch:1' })
    expect(unknown.status).toBe(2)
    expect(unknown.stderr).toContain('with a NAME of')
  },
)
