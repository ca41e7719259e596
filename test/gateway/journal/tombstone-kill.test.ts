import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { days, killedRemover, letGo, threeDays, troubleAfterRemoval } from '../help/removal.ts'
import { tempFolder } from '../help/world.ts'

it.each([
  'tombstone-written:1',
  'tombstone-written:2',
  'day-unlinked:1',
  'day-unlinked:2',
  'day-unlinked:4',
  'before-commit:1',
  'after-commit:1',
])(
  'a removal that is killed at %s leaves each day or its tombstone, and is finished by the next',
  async (point) => {
    const dataDir = tempFolder()
    await threeDays(dataDir)
    expect(killedRemover(dataDir, point)).toBe(true)
    expect(await troubleAfterRemoval(dataDir)).toEqual([])
  },
)

it('a power cut that takes any of the last changes of the folder leaves each day or its tombstone', async () => {
  // The order of a removal: the tombstone's name is synced before the day's is taken off, so what a cut may undo is a
  // number of the last steps, each of which leaves one or the other.
  const before = tempFolder()
  await threeDays(before)
  const after = tempFolder()
  cpSync(before, after, { recursive: true })
  await letGo(after)
  for (let unlinked = 0; unlinked <= days.length; unlinked++) {
    const image = tempFolder()
    cpSync(after, image, { recursive: true })
    // The days whose removal did not reach the disk are still there.
    for (const day of days.slice(unlinked))
      cpSync(join(before, `journal-${day}.db`), join(image, `journal-${day}.db`))
    // The last tombstone may be there without its day having been touched, or not yet.
    if (unlinked < days.length - 1) rmSync(join(image, `journal-${days.at(-1)}.tombstone.json`))
    expect(readdirSync(image).length).toBeGreaterThan(0)
    expect(readFileSync(join(image, `journal-${days[0]}.tombstone.json`), 'utf8')).toContain(
      '"is": "tombstone"',
    )
    expect(await troubleAfterRemoval(image)).toEqual([])
  }
})
