import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './tool.ts'

/** `npm run sim -- ...` as a child process. */
export function runSim(args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'sim/main.ts'), ...args], {
    encoding: 'utf8',
    cwd: root,
    env: { ...process.env, INIT_CWD: root },
  })
  return { code: status, stdout, stderr }
}
