import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Dice } from '../../sim/swarm/dice.ts'

/**
 * Crash images: what a power cut may leave of the files between two commits. While a scripted run goes on, the
 * files before and after each step are compared, and images are built in which what the step wrote is there in
 * part: every prefix of the log's frames, torn at 512 bytes and at 4 KiB, or any subset of its sectors. Each image
 * is opened by the real code: it has to be the state before the step or the state after it, whole.
 */
export type Subject = {
  readonly folder: string
  /** The next transaction, exactly one; answers false when the script is over. */
  readonly step: () => Promise<boolean>
  /** What there is now, as text. */
  readonly state: () => Promise<string>
  /** Opens the files of another folder with the real code, says what is there, goes on by one step, closes. */
  readonly reopen: (folder: string) => Promise<string>
  readonly close: () => Promise<void>
}

export type ImagesReport = {
  readonly images: number
  readonly steps: number
  /** Images that were the state before, and the state after. */
  readonly before: number
  readonly after: number
  /** Images of a checkpoint that was written in part. */
  readonly checkpoints: number
  readonly complaints: readonly string[]
}

type Files = ReadonlyMap<string, Buffer>

const sector = 512
const page = 4096
/** Not part of what is promised: shared memory is made again, the lock is held by the living. */
const passing = /-shm$|^lock\.db/

function readFiles(folder: string): Files {
  const names = readdirSync(folder).filter((name) => !passing.test(name))
  return new Map(names.map((name) => [name, readFileSync(join(folder, name))]))
}

export async function checkImages(
  subject: Subject,
  images: number,
  seed: number,
  perStep = 3,
): Promise<ImagesReport> {
  const dice = new Dice(seed)
  const scratch = mkdtempSync(join(tmpdir(), 'images-'))
  const complaints: string[] = []
  const seen = { before: 0, after: 0, checkpoints: 0 }
  let steps = 0
  let made = 0
  let files = readFiles(subject.folder)
  let state = await subject.state()
  try {
    while (made < images && (await subject.step())) {
      steps++
      const next = readFiles(subject.folder)
      const nextState = await subject.state()
      for (const image of imagesBetween(files, next, dice, perStep)) {
        if (made >= images) break
        const folder = join(scratch, `${made++}`)
        layDown(folder, image.files)
        const found = await subject
          .reopen(folder)
          .catch((error: unknown) => `cannot be opened: ${String(error)}`)
        if (!image.mayBeBefore) seen.checkpoints++
        if (found === nextState) seen.after++
        else if (found === state && image.mayBeBefore) seen.before++
        else complaints.push(`step ${steps}, ${image.name}: ${differences(found, state, nextState)}`)
        rmSync(folder, { recursive: true })
      }
      files = next
      state = nextState
    }
  } finally {
    await subject.close()
    rmSync(scratch, { recursive: true, force: true })
  }
  return { images: made, steps, ...seen, complaints }
}

function differences(found: string, before: string, after: string): string {
  return `is ${found.slice(0, 300)}; before it was ${before.slice(0, 300)}, after it ${after.slice(0, 300)}`
}

function layDown(folder: string, files: Files): void {
  mkdirSync(folder)
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
}

type Image = { readonly name: string; readonly files: Files; readonly mayBeBefore: boolean }

/** Up to `count` images of what lies between two moments; none when only a file as a whole came to be. */
function imagesBetween(before: Files, after: Files, dice: Dice, count: number): Image[] {
  const changed = [...after].filter(([name, bytes]) => before.get(name)?.equals(bytes) === false)
  const logs = changed.filter(([name]) => name.endsWith('-wal'))
  const bases = changed.filter(([name]) => name.endsWith('.db'))
  const images: Image[] = []
  for (let n = 0; n < count && logs.length > 0; n++) {
    const [name, bytes] = dice.pick('images/file', logs)
    const torn = tornLog(before.get(name)!, bytes, dice)
    // The log is written before the base, so the base is the old one.
    images.push({ name: torn.how, files: new Map(before).set(name, torn.bytes), mayBeBefore: true })
  }
  for (const [name, bytes] of bases) {
    // A checkpoint writes the base while the log, synced, still has everything.
    const mixed = subset(before.get(name)!, bytes, dice)
    images.push({ name: 'a checkpoint in part', files: new Map(after).set(name, mixed), mayBeBefore: false })
  }
  return images
}

function tornLog(before: Buffer, after: Buffer, dice: Dice): { how: string; bytes: Buffer } {
  const from = firstDifference(before, after)
  const to = lastDifference(before, after)
  const how = dice.pick('images/how', ['frames', 'sectors', 'pages', 'bytes', 'subset', 'zeros'] as const)
  if (dice.happens('images/whole', 0.2)) return { how: 'the log whole, the base not', bytes: after }
  const unit = { frames: page + 24, sectors: sector, pages: page, bytes: 1, subset: 0, zeros: 1 }[how]
  if (how === 'subset') return { how: 'a subset of sectors', bytes: subset(before, after, dice) }
  // A log whose frames begin after its header of 32 bytes.
  const head = how === 'frames' ? 32 : 0
  const cut = Math.floor((dice.between('images/cut', from, to) - head) / unit) * unit + head
  const kept = Math.max(0, Math.min(cut, after.length))
  const written = after.subarray(0, kept)
  const rest = before.length > kept ? before.subarray(kept) : Buffer.alloc(0)
  const padding = how === 'zeros' ? Buffer.alloc(Math.max(0, to - kept - rest.length)) : Buffer.alloc(0)
  return { how: `cut by ${how} at ${kept}`, bytes: Buffer.concat([written, rest, padding]) }
}

/** Each sector that changed is either written or not. */
function subset(before: Buffer, after: Buffer, dice: Dice): Buffer {
  const bytes = Buffer.alloc(Math.max(before.length, after.length))
  after.copy(bytes)
  for (let at = 0; at < after.length; at += sector) {
    const old = Buffer.alloc(Math.min(sector, after.length - at))
    if (at < before.length) before.copy(old, 0, at, Math.min(before.length, at + sector))
    const same = old.equals(after.subarray(at, at + old.length))
    if (!same && dice.happens('images/subset', 0.5)) old.copy(bytes, at)
  }
  return bytes
}

function firstDifference(a: Buffer, b: Buffer): number {
  const end = Math.min(a.length, b.length)
  for (let at = 0; at < end; at += sector) {
    const to = Math.min(end, at + sector)
    if (a.compare(b, at, to, at, to) !== 0) return at
  }
  return end
}

function lastDifference(a: Buffer, b: Buffer): number {
  if (b.length > a.length) return b.length
  for (let at = b.length; at > 0; at -= sector) {
    const from = Math.max(0, at - sector)
    if (a.compare(b, from, at, from, at) !== 0) return at
  }
  return b.length
}
