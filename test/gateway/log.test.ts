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

const vin = 'LVSHFFML5GF123456'
const secretWords = [
  'correct horse battery',
  'scrypt:65536:8:1:T+1D6ExD4kae0NceRM3r5Q==:ENgRReiH5jHEFHFtRbFDlZKaJMuIKAinIyy/XbQ9ops=',
  'dG9rZW4tdG9rZW4',
]
/** 500 strings: what breaks lines, displays and parsers, around what nobody may read. */
const injected = Array.from({ length: 500 }, (_, n) => {
  const pieces = [
    '\r\n',
    '\u001b[2J',
    '\u202E',
    '"',
    '\\',
    '{"level":60}',
    '\u0000',
    '\u2028',
    '\uD800',
    '%s%d%j',
    vin,
    `-----BEGIN PRIVATE KEY-----\n${secretWords[2]}\n-----END PRIVATE KEY-----`,
    secretWords[1],
    `Bearer ${secretWords[2]}`,
    `mqtts://li:${secretWords[0]!.replaceAll(' ', '')}@host`,
    'x'.repeat(2000),
    '张伟',
    '\n{"level":30,"msg":"forged"}\n',
  ]
  return Array.from({ length: 1 + (n % 7) }, (_piece, k) => pieces[(n * 31 + k * 17) % pieces.length]).join(
    ' ',
  )
})

test.each([
  [
    'gateway',
    "import { createLog } from '#/gateway/log.ts'; const log = createLog(); const say = (text) => log.warn(text, { [text.slice(0, 20)]: text, clientId: text, driver: 'Zhang Wei', password: text })",
  ],
  [
    'device',
    "import { createLog } from '#/device/log.ts'; const log = createLog('info'); const say = (text) => log.warn({ why: text, clientId: text, driver: 'Zhang Wei', password: text, deep: { token: text, list: [text] } }, text)",
  ],
] as const)(
  '500 strings in the log of the %s: a line each, parsed, without secrets, VINs and names',
  (_side, program) => {
    const root = new URL('../..', import.meta.url).href.replace(/\/$/, '')
    const source = `${program.replace('#', root)}; for (const text of ${JSON.stringify(injected)}) say(text)`
    const { stderr } = spawnSync(process.execPath, ['--input-type=module-typescript'], {
      encoding: 'utf8',
      input: source,
    })
    const lines = stderr.trimEnd().split('\n')
    expect(lines).toHaveLength(500)
    for (const line of lines) {
      const parsed = JSON.parse(line) as { level: number; msg: string; driver: string; password: string }
      expect([parsed.level, parsed.password]).toEqual([40, '<removed>'])
      expect(parsed.driver).toBe('Zh**')
      expect(parsed.msg.length).toBeLessThan(256 * 9)
    }
    for (const secret of [
      vin,
      ...secretWords.slice(1),
      secretWords[0]!.replaceAll(' ', ''),
      'Zhang Wei',
      '"forged"',
      '\u001b',
      '\u202E',
    ])
      expect(stderr, secret).not.toContain(secret)
  },
)
