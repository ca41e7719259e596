import { expect, it } from 'vitest'
import { callsIn, operationsIn } from './trace.ts'

const hex = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
const fd = (number: number, path: string): string => `${number}<${hex(path)}>`
const said = (text: string): string => `"${hex(text)}"`
const opening = (path: string, flags: string, number: number): string =>
  `7 openat(AT_FDCWD<${hex('/home')}>, ${said(path)}, ${flags}, 0644) = ${fd(number, path)}`

it('a file that is written, synced and renamed is four operations and the sync of its folder', () => {
  const lines = [
    opening('/data/a.part', 'O_WRONLY|O_CREAT|O_TRUNC', 20),
    `7 write(${fd(20, '/data/a.part')}, ${said('who')}, 3) = 3`,
    `7 write(${fd(20, '/data/a.part')}, ${said('le')}, 2) = 2`,
    `7 fsync(${fd(20, '/data/a.part')}) = 0`,
    `7 close(${fd(20, '/data/a.part')}) = 0`,
    `7 rename(${said('/data/a.part')}, ${said('/data/a')}) = 0`,
    opening('/data', 'O_RDONLY', 20),
    `7 fsync(${fd(20, '/data')}) = 0`,
    `7 write(${fd(1, 'pipe:[7]')}, ${said('a is kept\n')}, 10) = 10`,
  ]
  expect(operationsIn(lines.join('\n'), '/data')).toEqual([
    { do: 'open', file: '/data/a.part', creates: true, empties: true },
    { do: 'write', file: '/data/a.part', at: 0, bytes: Buffer.from('who') },
    { do: 'write', file: '/data/a.part', at: 3, bytes: Buffer.from('le') },
    { do: 'sync', file: '/data/a.part' },
    { do: 'rename', from: '/data/a.part', to: '/data/a' },
    { do: 'sync', file: '/data' },
    { do: 'promise', text: 'a is kept' },
  ])
})

it('a place in a file is where the call says, at the end for one that appends, and no more than was taken', () => {
  const lines = [
    opening('/data/a', 'O_RDWR|O_CREAT', 20),
    `7 pwrite64(${fd(20, '/data/a')}, ${said('abcd')}, 4, 4096) = 4`,
    opening('/data/log', 'O_WRONLY|O_CREAT|O_APPEND', 21),
    `7 write(${fd(21, '/data/log')}, ${said('line')}, 4) = 2`,
    `7 ftruncate(${fd(20, '/data/a')}, 12) = 0`,
  ]
  expect(operationsIn(lines.join('\n'), '/data').filter((one) => one.do !== 'open')).toEqual([
    { do: 'write', file: '/data/a', at: 4096, bytes: Buffer.from('abcd') },
    { do: 'write', file: '/data/log', at: 'end', bytes: Buffer.from('li') },
    { do: 'resize', file: '/data/a', size: 12 },
  ])
})

it('what failed, what never came back and what lies elsewhere is nothing', () => {
  const lines = [
    opening('/elsewhere/a', 'O_RDWR|O_CREAT', 20),
    `7 write(${fd(20, '/elsewhere/a')}, ${said('a')}, 1) = 1`,
    `7 unlink(${said('/data/b')}) = -1 ENOENT (No such file or directory)`,
    `7 fsync(${fd(21, '/data/c')}) = -1 EIO (Input/output error) (INJECTED)`,
    `7 fsync(${fd(21, '/data/c')}) = ?`,
    '7 +++ killed by SIGKILL +++',
    opening('/data/x.db-shm', 'O_RDWR|O_CREAT', 22),
    `7 write(${fd(23, '/data/gone')}(deleted), ${said('a')}, 1) = 1`,
  ]
  expect(operationsIn(lines.join('\n'), '/data')).toEqual([])
})

it('a call that another thread fell into is one call, at its end', () => {
  const lines = [
    `7 fsync(${fd(20, '/data/a')} <unfinished ...>`,
    `8 write(${fd(5, 'eventfd')}, ${said('1')}, 1) = 1`,
    '7 <... fsync resumed>) = 0',
  ]
  expect(callsIn(lines.join('\n')).map(({ name, begun }) => [name, begun])).toEqual([
    ['write', 0],
    ['fsync', 0],
  ])
  expect(operationsIn(lines.join('\n'), '/data')).toEqual([{ do: 'sync', file: '/data/a' }])
})

it('what the list could not tell rightly is refused', () => {
  const refused = (...lines: string[]) => {
    return () => operationsIn(lines.join('\n'), '/data')
  }
  expect(refused(`7 link(${said('/data/a')}, ${said('/data/b')}) = 0`)).toThrow('link of /data/a')
  expect(refused(`7 fallocate(${fd(20, '/data/a')}, 0, 0, 100) = 0`)).toThrow('fallocate of /data/a')
  expect(
    refused(
      opening('/data/a', 'O_RDWR|O_CREAT', 20),
      `7 write(${fd(20, '/data/a')}, "${hex('a')}"..., 9) = 9`,
    ),
  ).toThrow('cut a text short')
  expect(
    refused(
      `7 fsync(${fd(20, '/data/a')} <unfinished ...>`,
      `8 unlink(${said('/data/a')}) = 0`,
      '7 <... fsync resumed>) = 0',
    ),
  ).toThrow('two threads')
})
