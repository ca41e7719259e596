import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { plain } from '../../gateway/log.ts'

test('what a client sends cannot break a line, turn a display around or fill a disk', () => {
  expect(plain('a\r\nb\u001b[31m\u202Ec\u2028')).toBe('a<U+000D><U+000A>b<U+001B>[31m<U+202E>c<U+2028>')
  expect(plain('x'.repeat(1_000_000))).toHaveLength(256)
})

test('one JSON line on stderr for each event, nothing on stdout', () => {
  const module = new URL('../../gateway/log.ts', import.meta.url).href
  const program = `import { createLog } from '${module}'; createLog().warn('odd\\nevent', { id: 'a\\nb', n: 1 })`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', program], {
    encoding: 'utf8',
  })
  expect(stdout).toBe('')
  const lines = stderr.trimEnd().split('\n')
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 40, msg: 'odd<U+000A>event', id: 'a<U+000A>b', n: 1 })
})
