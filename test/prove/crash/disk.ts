import { dirname } from 'node:path'
import type { Dice } from '../../../sim/swarm/dice.ts'
import type { Operation } from './trace.ts'

/**
 * A disk that loses what was not synced, as a power cut finds it. Of a file each sector of 512 bytes is in any state it
 * had since the file's last sync, and so is its size. A name that was made, changed or taken away is so for certain
 * only after its folder was synced, and until then for each name alone. One thing is relied on: a rename is done or not
 * done, never half. That a sync of a file keeps its new name too, as on ext4, is not.
 */
type Change =
  | { readonly at: number; readonly bytes: Buffer }
  /** The new size. */
  | { readonly size: number }
type Inode = { base: Buffer; changes: Change[] }
type Names = Map<string, Inode | 'folder'>
/** What one call did to the names of a folder: it is done whole. */
type NameChange = readonly (readonly [name: string, inode: Inode | 'folder' | null])[]

/** What is on the disk after the cut, by path. */
export type Image = ReadonlyMap<string, Buffer>
export type Loss = 'nothing' | 'everything' | Dice

const sector = 512
const page = 4096

export class LossyDisk {
  /** How often something became certain: in between nothing but what is lost may differ. */
  settled = 0
  readonly #now: Names = new Map()
  readonly #certain: Names = new Map()
  #uncertain: NameChange[] = []

  apply(one: Operation): void {
    if (one.do === 'open') this.#open(one.file, one.creates, one.empties)
    else if (one.do === 'write') this.#write(this.#inode(one.file), one.at, one.bytes)
    else if (one.do === 'resize') this.#inode(one.file).changes.push({ size: one.size })
    else if (one.do === 'sync') this.#sync(one.file)
    else if (one.do === 'rename') this.#change([one.from, null], [one.to, this.#inode(one.from)])
    else if (one.do === 'unlink') this.#change([one.file, null])
    else if (one.do === 'makeFolder') this.#change([one.folder, 'folder'])
  }

  /** Whether a cut could lose anything at this moment. */
  get isAtRisk(): boolean {
    const inodes = [...this.#now.values(), ...this.#certain.values()]
    return this.#uncertain.length > 0 || inodes.some((one) => one !== 'folder' && one.changes.length > 0)
  }

  image(loss: Loss): Image {
    const names = this.#namesAfter(loss)
    const files = new Map<string, Buffer>()
    for (const [path, inode] of names)
      if (inode !== 'folder' && this.#isReached(path, names)) files.set(path, contentAfter(inode, loss))
    return files
  }

  #inode(file: string): Inode {
    const found = this.#now.get(file)
    if (found === undefined || found === 'folder') throw new Error(`${file} is no file that was made here`)
    return found
  }

  #open(file: string, creates: boolean, empties: boolean): void {
    const found = this.#now.get(file)
    if (found === undefined && creates) this.#change([file, { base: Buffer.alloc(0), changes: [] }])
    else if (empties && found !== undefined && found !== 'folder') found.changes.push({ size: 0 })
  }

  #write(inode: Inode, where: number | 'end', bytes: Buffer): void {
    const at = where === 'end' ? sizeAfter(inode, inode.changes.length) : where
    inode.changes.push({ at, bytes })
  }

  #sync(path: string): void {
    const inode = this.#now.get(path)
    if (inode === undefined || inode === 'folder') this.#syncFolder(path)
    else if (inode.changes.length > 0) {
      this.settled++
      inode.base = contentAfter(inode, 'nothing')
      inode.changes = []
    }
  }

  #syncFolder(folder: string): void {
    const isOfIt = (change: NameChange): boolean => change.some(([name]) => dirname(name) === folder)
    const due = this.#uncertain.filter(isOfIt)
    if (due.length > 0) this.settled++
    for (const change of due) enter(this.#certain, change)
    this.#uncertain = this.#uncertain.filter((change) => !isOfIt(change))
  }

  #change(...change: NameChange): void {
    enter(this.#now, change)
    this.#uncertain.push(change)
  }

  #namesAfter(loss: Loss): Names {
    if (loss === 'nothing') return this.#now
    const names: Names = new Map(this.#certain)
    if (loss === 'everything') return names
    const how = loss.pick('crash/names', ['none', 'all', 'first', 'any'] as const)
    const first = loss.whole('crash/names-first', 0, this.#uncertain.length)
    for (const [index, change] of this.#uncertain.entries()) {
      const any = loss.happens('crash/name', 0.5)
      if (how === 'all' || (how === 'first' && index < first) || (how === 'any' && any)) enter(names, change)
    }
    return names
  }

  /** A folder that was made here has to be there itself. */
  #isReached(path: string, names: Names): boolean {
    const folder = dirname(path)
    if (this.#now.get(folder) !== 'folder') return true
    return names.get(folder) === 'folder' && this.#isReached(folder, names)
  }
}

function enter(names: Names, change: NameChange): void {
  for (const [name, inode] of change)
    if (inode === null) names.delete(name)
    else names.set(name, inode)
}

function sizeAfter({ base, changes }: Inode, count: number): number {
  let size = base.length
  for (const change of changes.slice(0, count))
    size = 'size' in change ? change.size : Math.max(size, change.at + change.bytes.length)
  return size
}

/** Content where of each sector so many changes are there as `reached` says of it. */
function contentWith(inode: Inode, size: number, reached: (sectorAt: number) => number): Buffer {
  const { base, changes } = inode
  const ends = changes.map((change) => ('size' in change ? change.size : change.at + change.bytes.length))
  const content = Buffer.alloc(Math.max(size, base.length, ...ends))
  base.copy(content)
  for (const [index, change] of changes.entries()) {
    const from = 'size' in change ? change.size : change.at
    const to = 'size' in change ? content.length : change.at + change.bytes.length
    for (let at = from; at < to; at = Math.min(to, (Math.floor(at / sector) + 1) * sector)) {
      if (index >= reached(Math.floor(at / sector))) continue
      const end = Math.min(to, (Math.floor(at / sector) + 1) * sector)
      if ('size' in change) content.fill(0, at, end)
      else change.bytes.copy(content, at, at - from, end - from)
    }
  }
  return content.subarray(0, size)
}

function contentAfter(inode: Inode, loss: Loss): Buffer {
  const count = inode.changes.length
  if (loss === 'everything' || count === 0) return inode.base
  if (loss === 'nothing') return contentWith(inode, sizeAfter(inode, count), () => count)
  const how = loss.pick('crash/how', ['none', 'first', 'pages', 'sectors', 'all'] as const)
  if (how === 'none') return inode.base
  const draw = (): number => loss.pick('crash/reached', [0, count, loss.whole('crash/some', 0, count)])
  const size = sizeAfter(inode, how === 'first' || how === 'all' ? count : Math.max(1, draw()))
  if (how === 'all') return contentWith(inode, size, () => count)
  if (how === 'first') {
    const first = loss.whole('crash/first', 0, count)
    return contentWith(inode, sizeAfter(inode, first), () => first)
  }
  // Each page, or each sector, as it was at some moment since the sync.
  const per = how === 'pages' ? page / sector : 1
  const drawn = new Map<number, number>()
  return contentWith(inode, size, (at) => {
    const unit = Math.floor(at / per)
    const known = drawn.get(unit) ?? draw()
    drawn.set(unit, known)
    return known
  })
}
