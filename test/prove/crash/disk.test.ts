import { expect, it } from 'vitest'
import { Dice } from '../../../sim/swarm/dice.ts'
import { LossyDisk } from './disk.ts'
import type { Operation } from './trace.ts'

const made = (file: string): Operation => ({ do: 'open', file, creates: true, empties: true })
const wrote = (file: string, text: string, at = 0): Operation => ({
  ...{ do: 'write', file, at },
  bytes: Buffer.from(text),
})
const synced = (file: string): Operation => ({ do: 'sync', file })
const renamed = (from: string, to: string): Operation => ({ do: 'rename', from, to })

function diskAfter(...operations: readonly Operation[]): LossyDisk {
  const disk = new LossyDisk()
  for (const operation of operations) disk.apply(operation)
  return disk
}
type Told = { readonly [file: string]: string }
const told = (disk: LossyDisk, loss: 'nothing' | 'everything' | Dice): Told =>
  Object.fromEntries([...disk.image(loss)].map(([file, bytes]) => [file, bytes.toString()]))
/** Everything a thousand power cuts leave. */
function leftBy(disk: LossyDisk): Told[] {
  const dice = new Dice(1)
  const seen = new Map<string, Told>()
  for (let n = 0; n < 1000; n++) {
    const image = told(disk, dice)
    seen.set(JSON.stringify(image), image)
  }
  return [...seen.values()].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

it('bytes are safe after the sync of their file, and the file after that of its folder', () => {
  const disk = diskAfter(made('/d/a'), wrote('/d/a', 'one'))
  expect(told(disk, 'nothing')).toEqual({ '/d/a': 'one' })
  disk.apply(synced('/d/a'))
  expect(told(disk, 'everything')).toEqual({})
  disk.apply(synced('/d'))
  expect(told(disk, 'everything')).toEqual({ '/d/a': 'one' })
  disk.apply(wrote('/d/a', 'two'))
  expect(told(disk, 'everything')).toEqual({ '/d/a': 'one' })
  expect(leftBy(disk)).toEqual([{ '/d/a': 'one' }, { '/d/a': 'two' }])
})

it('a name that was synced without its bytes is an empty file, or a file of nothing', () => {
  const disk = diskAfter(made('/d/a'), wrote('/d/a', 'one'), synced('/d'))
  expect(told(disk, 'everything')).toEqual({ '/d/a': '' })
  expect(leftBy(disk)).toEqual([{ '/d/a': '' }, { '/d/a': '\0\0\0' }, { '/d/a': 'one' }])
})

it('a rename is done or not done; whole when the file was synced before it', () => {
  const old = [made('/d/a'), wrote('/d/a', 'old'), synced('/d/a'), synced('/d')]
  const next = [made('/d/a.part'), wrote('/d/a.part', 'new')]
  const disk = diskAfter(...old, ...next, synced('/d/a.part'), renamed('/d/a.part', '/d/a'))
  expect(told(disk, 'everything')).toEqual({ '/d/a': 'old' })
  expect(leftBy(disk)).toEqual([{ '/d/a': 'new' }, { '/d/a': 'old', '/d/a.part': 'new' }, { '/d/a': 'old' }])
  disk.apply(synced('/d'))
  expect(leftBy(disk)).toEqual([{ '/d/a': 'new' }])
  const hasty = diskAfter(...old, ...next, renamed('/d/a.part', '/d/a'), synced('/d'))
  expect(leftBy(hasty)).toContainEqual({ '/d/a': '' })
})

it('a file that was taken away comes back until its folder is synced', () => {
  const disk = diskAfter(made('/d/a'), synced('/d'), { do: 'unlink', file: '/d/a' })
  expect(leftBy(disk)).toEqual([{ '/d/a': '' }, {}])
  disk.apply(synced('/d'))
  expect(leftBy(disk)).toEqual([{}])
})

it('a folder whose own name was never synced is lost with all that was synced inside', () => {
  const disk = diskAfter(
    { do: 'makeFolder', folder: '/d/e' },
    made('/d/e/a'),
    synced('/d/e/a'),
    synced('/d/e'),
  )
  expect(told(disk, 'everything')).toEqual({})
  disk.apply(synced('/d'))
  expect(told(disk, 'everything')).toEqual({ '/d/e/a': '' })
})

it('of a long write each sector is there or not, and never half of one', () => {
  const disk = diskAfter(made('/d/a'), wrote('/d/a', '-'.repeat(2048)), synced('/d/a'), synced('/d'))
  disk.apply(wrote('/d/a', 'x'.repeat(1024), 256))
  const images = leftBy(disk).map((image) => image['/d/a']!)
  const sectors = images.map((text) => [0, 512, 1024].map((at) => text.slice(at, at + 512)))
  const whole = ['-'.repeat(256) + 'x'.repeat(256), 'x'.repeat(512), 'x'.repeat(256) + '-'.repeat(256)]
  for (const found of sectors)
    for (const [n, sector] of found.entries()) expect(['-'.repeat(512), whole[n]]).toContain(sector)
  // Both orders: the last sector without the first one as well.
  expect(images.length).toBe(8)
})

it('a shortened file is the longer or the shorter one', () => {
  const disk = diskAfter(made('/d/a'), wrote('/d/a', 'abcdef'), synced('/d/a'), synced('/d'))
  disk.apply({ do: 'resize', file: '/d/a', size: 2 })
  expect(told(disk, 'nothing')).toEqual({ '/d/a': 'ab' })
  expect(told(disk, 'everything')).toEqual({ '/d/a': 'abcdef' })
})
