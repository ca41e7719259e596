import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteOutbox } from '../../device/outbox/sqlite.ts'
import { openSqliteJournal } from '../../gateway/journal/sqlite.ts'
import { emptyGroup } from '../../gateway/journal.ts'
import { sha256Hex } from '../../proto/canonical.ts'
import { BadInput } from '../../proto/problem.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { rowOf, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import { alarm, noon, seal } from '../help/envelopes.ts'

/** Files of outbox and journal gone wrong on the disk: flipped, zeroed, cut, swapped, doubled. Nothing is invented. */
export type DiskFuzzReport = {
  readonly files: number
  /** Opened as if nothing were wrong, set aside or refused with a name. */
  readonly opened: number
  readonly refused: number
  readonly complaints: readonly string[]
}

type Master = { readonly folder: string; readonly known: ReadonlySet<string>; readonly clean: () => void }

async function spoiled(
  master: Master,
  files: number,
  seed: number,
  look: (folder: string, known: ReadonlySet<string>) => Promise<string>,
): Promise<DiskFuzzReport> {
  const dice = new Dice(seed)
  const complaints: string[] = []
  const seen = { opened: 0, refused: 0 }
  const names = readdirSync(master.folder).filter((name) => /\.db(-wal)?$/.test(name) && name !== 'lock.db')
  try {
    for (let n = 0; n < files; n++) {
      const folder = mkdtempSync(join(tmpdir(), 'spoiled-'))
      cpSync(master.folder, folder, { recursive: true })
      const name = dice.pick('disk/file', names)
      const how = spoil(dice, join(folder, name))
      const verdict = await look(folder, master.known).catch(
        (error: unknown) =>
          `threw ${error instanceof Error ? (error.stack ?? '').slice(0, 400) : String(error)}`,
      )
      if (verdict === 'opened' || verdict === 'refused') seen[verdict]++
      else complaints.push(`${name}, ${how}, number ${n} of seed ${seed}: ${verdict}`)
      rmSync(folder, { recursive: true, force: true })
    }
  } finally {
    master.clean()
  }
  return { files, ...seen, complaints }
}

function spoil(dice: Dice, file: string): string {
  let bytes = readFileSync(file)
  const how = dice.pick('disk/how', [
    'flip',
    'flip',
    'flips',
    'zero',
    'cut',
    'swap',
    'double',
    'empty',
  ] as const)
  const block = dice.pick('disk/block', [512, 4096])
  const blocks = Math.max(1, Math.floor(bytes.length / block))
  const at = dice.whole('disk/at', 0, blocks - 1) * block
  const to = dice.whole('disk/to', 0, blocks - 1) * block
  const flip = (): void => {
    const place = dice.whole('disk/byte', 0, bytes.length - 1)
    bytes[place]! ^= 1 << dice.whole('disk/bit', 0, 7)
  }
  if (how === 'flip') flip()
  else if (how === 'flips') for (let n = 0; n < 50; n++) flip()
  else if (how === 'zero') bytes.fill(0, at, at + block)
  else if (how === 'cut') bytes = bytes.subarray(0, at)
  else if (how === 'double') bytes.copy(bytes, to, at, at + block)
  else if (how === 'empty') bytes = Buffer.alloc(0)
  else {
    const held = Buffer.from(bytes.subarray(at, at + block))
    bytes.copy(bytes, at, to, to + block)
    held.copy(bytes, to)
  }
  writeFileSync(file, bytes)
  return how
}

const vehicle = { fleet: 'north', vehicle: 'coach-1', bytesMax: 2 ** 24 }

function outboxMaster(): Master {
  const folder = mkdtempSync(join(tmpdir(), 'master-'))
  const running = mkdtempSync(join(tmpdir(), 'master-'))
  const known = new Set<string>()
  let outbox = openSqliteOutbox(running, vehicle, () => noon)
  for (let n = 0; n < 120; n++) {
    // What is old is in the file itself, what is new in the log.
    if (n === 80) {
      outbox.close()
      outbox = openSqliteOutbox(running, vehicle, () => noon)
    }
    const atMs = noon + n * 1000
    const checkpoint = { atMs, states: { n }, openFindings: {}, signals: null }
    outbox.pend([sampleAt(atMs, { speedKmh: 70 })])
    if (n % 4 === 0) outbox.sealPending(checkpoint, seal)
    if (n % 6 === 0) outbox.append([alarm(atMs)], checkpoint, seal)
  }
  for (const stream of ['alarm', 'telemetry'] as const)
    for (const { seq, bytes } of outbox.take(stream, 0, 1e6))
      known.add(`${stream}/${seq}/${sha256Hex(bytes)}`)
  // Copied while it runs: part of it is in the log alone.
  cpSync(running, folder, { recursive: true })
  outbox.close()
  rmSync(running, { recursive: true })
  return { folder, known, clean: () => rmSync(folder, { recursive: true, force: true }) }
}

export function fuzzOutboxFiles(files: number, seed: number): Promise<DiskFuzzReport> {
  return spoiled(outboxMaster(), files, seed, async (folder, known) => {
    const outbox = openSqliteOutbox(folder, vehicle, () => noon)
    try {
      for (const stream of ['alarm', 'telemetry'] as const)
        for (const { seq, bytes } of outbox.take(stream, 0, 1e6))
          if (!known.has(`${stream}/${seq}/${sha256Hex(bytes)}`)) return `invents ${stream}/${seq}`
      const checkpoint = { atMs: noon, states: {}, openFindings: {}, signals: null }
      outbox.append([alarm(noon + 1e6)], checkpoint, seal)
      return outbox.reset === null ? 'opened' : 'refused'
    } finally {
      outbox.close()
    }
  })
}

async function journalMaster(): Promise<Master> {
  const folder = mkdtempSync(join(tmpdir(), 'master-'))
  const running = mkdtempSync(join(tmpdir(), 'master-'))
  const known = new Set<string>()
  const open = () => openSqliteJournal({ dataDir: running, zone: 'Asia/Shanghai', nowMs: () => startMs })
  let journal = open()
  for (let seq = 1; seq <= 90; seq += 3) {
    if (seq === 61) {
      await journal.close()
      journal = open()
    }
    const rows = [seq, seq + 1, seq + 2].map((one) => rowOf(telemetry(one, [sampleAt(startMs + one * 1000)])))
    await journal.append({ ...emptyGroup, envelopes: rows })
    for (const { envelope, bytes } of rows) known.add(`${envelope.seq}/${sha256Hex(bytes)}`)
  }
  cpSync(running, folder, { recursive: true })
  await journal.close()
  rmSync(running, { recursive: true })
  return { folder, known, clean: () => rmSync(folder, { recursive: true, force: true }) }
}

const key = { fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' } as const

export async function fuzzJournalFiles(files: number, seed: number): Promise<DiskFuzzReport> {
  return spoiled(await journalMaster(), files, seed, async (folder, known) => {
    let journal: ReturnType<typeof openSqliteJournal>
    try {
      journal = openSqliteJournal({ dataDir: folder, zone: 'Asia/Shanghai', nowMs: () => startMs })
    } catch (error) {
      return error instanceof BadInput && error.message.includes(folder)
        ? 'refused'
        : `threw ${String(error)}`
    }
    try {
      for (const { envelope, bytes } of await journal.read(key, 1, 1000))
        if (!known.has(`${envelope.seq}/${sha256Hex(bytes)}`)) return `invents ${envelope.seq}`
      return 'opened'
    } catch {
      // Named when it is read: the gateway ends, and says which file.
      return 'refused'
    } finally {
      await journal.close().catch(() => {})
    }
  })
}
