import { expect, it } from 'vitest'
import { answersIn } from './answers.ts'
import { callsIn } from './trace.ts'

const hex = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
const wrote = `7 pwrite64(20<${hex('/data/j.db-wal')}>, "${hex('frame')}", 5, 0) = 5`
const synced = `7 fsync(20<${hex('/data/j.db-wal')}>) = 0`
const refused = `7 fsync(20<${hex('/data/j.db-wal')}>) = -1 EIO (Input/output error)`
const answered = `7 write(25<${hex('socket:[4711]')}>, "${hex('yes')}", 3) = 3`

const earlyIn = (...lines: string[]): readonly string[] =>
  answersIn(
    callsIn(lines.join('\n')),
    (path) => path.endsWith('-wal'),
    (bytes) => bytes.toString() === 'yes',
  ).early

it('an answer after the sync of what was written for it is in time', () => {
  expect(earlyIn(wrote, synced, answered, wrote, wrote, synced, answered)).toEqual([])
})

it('an answer before the sync, after one that failed, or for nothing that was written is early', () => {
  expect(earlyIn(wrote, answered, synced)).toEqual(['1: what was written is not synced'])
  expect(earlyIn(wrote, refused, answered)).toEqual(['1: what was written is not synced'])
  expect(earlyIn(wrote, synced, answered, synced, answered)).toEqual([
    '2: nothing was written and synced for it',
  ])
})
