import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { headBytes, replayRecording } from '../../sim/replay/recording.ts'
import { documentsOf, type TripFile, tripsIn } from '../../sim/what-if/trips.ts'
import { root } from '../help/tool.ts'

/** The same trip and documents give the same bytes, whatever the machine thinks of time, words and the size of a read. */

const corpus = join(root, 'test/golden')
const trips = tripsIn(corpus)
const scratch = mkdtempSync(join(tmpdir(), 'roadwarden-same-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const unpacked = (path: string): Uint8Array =>
  path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path)

async function textOf({ name, path, can, documents }: TripFile, size: number): Promise<string> {
  const bytes = unpacked(path)
  const lines: string[] = []
  const recording = {
    name,
    head: bytes.subarray(0, headBytes),
    chunks: pieces(bytes, size),
    can: can === null ? null : pieces(readFileSync(can), size),
  }
  const print = (line: unknown): void => void lines.push(`${JSON.stringify(line)}\n`)
  print(await replayRecording(recording, await documentsOf(documents), print))
  return lines.join('')
}

describe('the same bytes', () => {
  it.each(trips.map((trip) => [trip.name, trip] as const))('%s, in pieces of any size', async (_, trip) => {
    const expected = readFileSync(join(dirname(trip.path), 'expected.ndjson'), 'utf8')
    // Byte by byte is slow: the small ones show it.
    const byBytes = unpacked(trip.path).length < 12_000 ? [1] : []
    for (const size of [...byBytes, 7, 4096, Number.MAX_SAFE_INTEGER])
      expect(await textOf(trip, size)).toBe(expected)
  })

  it.each([
    { TZ: 'America/New_York', LC_ALL: 'de_DE.UTF-8' },
    { TZ: 'Pacific/Kiritimati', LANG: 'ar_EG.UTF-8' },
    { TZ: 'Asia/Kolkata', LC_ALL: 'tr_TR.UTF-8' },
  ])('on a machine of %o, and from gzipped files', (env) => {
    const folder = join(scratch, env.TZ.replace('/', '-'))
    cpSync(corpus, folder, { recursive: true })
    for (const { path } of tripsIn(folder)) {
      if (path.endsWith('.gz')) continue
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)))
      rmSync(path)
    }
    const program = `
      import { tripsIn } from './sim/what-if/trips.ts'
      import { checkTrip } from './sim/golden.ts'
      for (const trip of tripsIn(process.argv[1])) console.log(trip.name, (await checkTrip(trip)).is)`
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module-typescript', '-e', program, folder],
      { encoding: 'utf8', cwd: root, env: { ...process.env, ...env } },
    )
    // A tape has its policy with it, and says so where the defaults have moved on.
    const complaints = stderr
      .split('\n')
      .filter((line) => !/^(?:\S+: recorded under another policy .*)?$/.test(line))
    expect(complaints).toEqual([])
    const said = stdout.trim().split('\n')
    expect(said).toHaveLength(trips.length)
    expect(said.filter((line) => !line.endsWith('.gz same'))).toEqual([])
  })
})
