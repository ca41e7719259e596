import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { forEachChunk, ndjsonOut, openInput, parseCommand, peek, readText } from '../../sim/tools/io.ts'

const folder = mkdtempSync(join(tmpdir(), 'rw-io-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('an input', () => {
  const text = 'a line\n'.repeat(20_000)

  test('can be looked at first and is still whole', async () => {
    const { head, input } = await peek(await openInput(put('plain', text)), 100_000)
    expect(Buffer.from(head).toString().slice(0, 7)).toBe('a line\n')
    expect(head.length).toBeGreaterThanOrEqual(100_000)
    const parts: Uint8Array[] = []
    await forEachChunk(input, (chunk) => void parts.push(chunk))
    expect(Buffer.concat(parts).toString()).toBe(text)
    expect(input.consumed()).toBe(text.length)
  })

  test('shorter than what is looked for is told whole', async () => {
    const { head } = await peek(await openInput(put('short', gzipSync('ab'))), 100)
    expect(Buffer.from(head).toString()).toBe('ab')
  })

  test('is text when it is a document, compressed or not', async () => {
    expect(await readText(put('a.json', '{"a":"你好"}'))).toBe('{"a":"你好"}')
    expect(await readText(put('a.json.gz', gzipSync('{"a":"你好"}')))).toBe('{"a":"你好"}')
    expect(await readText(put('one byte', '1'))).toBe('1')
    expect(await readText(put('empty', ''))).toBe('')
  })
})

test('output waits for a slow reader and loses nothing', async () => {
  const taken: string[] = []
  let atOnce = 0
  const slow = new Writable({
    highWaterMark: 1024,
    write(chunk, _encoding, done) {
      atOnce = Math.max(atOnce, slow.writableLength)
      taken.push(String(chunk))
      setTimeout(done, 1)
    },
  })
  const out = ndjsonOut(slow)
  for (let i = 0; i < 200; i++) {
    out.write({ i, filler: 'x'.repeat(500) })
    await out.flush()
  }
  await new Promise<void>((done) => slow.end(done))
  const documents = taken
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).i)
  expect(documents).toEqual([...documents.keys()])
  expect(documents).toHaveLength(200)
  expect(atOnce).toBeLessThan(4096)
})

describe('a command line', () => {
  test('gives options and positionals', () => {
    const { values, positionals } = parseCommand(
      ['a', '--zone', 'UTC', 'b'],
      { zone: { type: 'string' } },
      'tool',
    )
    expect({ zone: values.zone, positionals }).toEqual({ zone: 'UTC', positionals: ['a', 'b'] })
  })

  test('that does not fit ends in one line with the usage', () => {
    expect(() => parseCommand(['--what'], {}, 'tool FILE')).toThrow(
      /^Unknown option '--what'; usage: tool FILE$/,
    )
  })
})
