import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Dice } from '../../../sim/swarm/dice.ts'
import { type Image, type Loss, LossyDisk } from './disk.ts'
import { recordLife, scratchFolder } from './record.ts'
import { subjects } from './subjects.ts'
import type { Operation } from './trace.ts'

/**
 * Power cuts: real work is recorded, and after every single operation the power goes. What may then be on the disk
 * is opened by the real code, with nothing lost, with all that was not synced lost, and with some of it lost by chance;
 * every promise that was made until then has to hold.
 */
export type CrashReport = {
  readonly images: number
  /** Images from which something was missing. */
  readonly lossy: number
  readonly promises: number
  /** Lives that ended by SIGKILL, in the middle of a sync, before the power went in the next one. */
  readonly kills: number
  readonly complaints: readonly string[]
}

type Tally = { images: number; lossy: number; promises: number; kills: number; complaints: string[] }

/** Then the dice are thrown anew: other work, another moment of the kill. */
const imagesPerTrial = 200
const imagesAfterKill = 40
/** A subject that breaks this many promises has shown what there is to see. */
const complaintsMax = 20

export async function checkCrashes(
  names: readonly string[],
  images: number,
  seed: number,
): Promise<CrashReport> {
  const all: Tally = { images: 0, lossy: 0, promises: 0, kills: 0, complaints: [] }
  for (const [index, name] of names.entries()) {
    const share = Math.ceil((images - all.images) / (names.length - index))
    const until = all.images + share
    for (let trial = 0; all.images < until && all.complaints.length < complaintsMax; trial++)
      await checkTrial(name, seed * 1000 + trial, until, all)
  }
  return all
}

async function checkTrial(name: string, seed: number, until: number, all: Tally): Promise<void> {
  const root = scratchFolder()
  const dice = new Dice(seed)
  try {
    // Three times of four the first life is killed: what the next one finds is in the page cache, not yet on the disk.
    const isKilled = seed % 4 !== 1
    const killAt = isKilled ? dice.whole('crash/kill-at', 1, dice.pick('crash/kill-by', [10, 40])) : null
    const end = Math.min(until, all.images + (isKilled ? imagesAfterKill : imagesPerTrial))
    const lives = [recordLife(name, root, { seed, life: 1 }, killAt)]
    if (killAt !== null) lives.push(recordLife(name, root, { seed, life: 2 }, null))
    if (killAt !== null) all.kills++
    rmSync(join(root, 'data'), { recursive: true })
    // What a first life leaves behind by itself is seen where it was not killed.
    const from = killAt === null ? 0 : lives[0]!.length
    await checkCuts({ name, seed, root, dice, from }, lives.flat(), end, all)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

type Trial = {
  readonly name: string
  readonly seed: number
  readonly root: string
  readonly dice: Dice
  readonly from: number
}

async function checkCuts(trial: Trial, list: readonly Operation[], until: number, all: Tally): Promise<void> {
  const disk = new LossyDisk()
  const promises: unknown[] = []
  let settled = -1
  // Where to begin is drawn: a share that is soon used up is not always used up by the beginning.
  const step = Math.max(
    1,
    Math.floor(((list.length - trial.from) * imagesPerCut) / Math.max(1, until - all.images)),
  )
  const first = trial.dice.whole('crash/first-cut', 0, step - 1)
  for (const [index, operation] of list.entries()) {
    disk.apply(operation)
    const promised = operation.do === 'promise'
    if (promised) promises.push(JSON.parse(operation.text))
    if (promised) all.promises++
    if (index < trial.from) continue
    const losses: Loss[] = []
    if (promised || disk.settled !== settled) losses.push('everything')
    settled = disk.settled
    if (!promised) losses.push('nothing')
    if (disk.isAtRisk) losses.push(trial.dice, trial.dice)
    // What follows from a promise or a sync is looked at wherever it is, the rest in turn.
    const due = losses.filter((loss) => loss === 'everything' || index % step === first)
    for (const loss of due) {
      if (all.images >= until || all.complaints.length >= complaintsMax) return
      await checkImage(trial, disk.image(loss), loss, index, promises, all)
    }
  }
}
const imagesPerCut = 3.5

async function checkImage(
  { name, seed, root }: Trial,
  image: Image,
  loss: Loss,
  index: number,
  promises: readonly unknown[],
  all: Tally,
): Promise<void> {
  all.images++
  if (loss !== 'nothing') all.lossy++
  const folder = mkdtempSync(join(root, 'image-'))
  for (const [file, bytes] of image) {
    const path = join(folder, file.slice(root.length))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
  }
  const found = await subjects[name]!.check(join(folder, 'data'), promises).catch((error: unknown) => [
    `cannot be opened: ${String(error)}`,
  ])
  const lost = loss === 'nothing' || loss === 'everything' ? loss : 'some'
  for (const complaint of found)
    all.complaints.push(`${name} (seed ${seed}), cut after operation ${index}, ${lost} lost: ${complaint}`)
  rmSync(folder, { recursive: true })
}
