/**
 * What a program did to its files, read from what strace wrote of it (`-f -y -xx`): a plain list of operations, with the
 * promises it made on its standard output in their place. Whatever the list could not tell rightly is thrown.
 */
export type Operation =
  | { readonly do: 'open'; readonly file: string; readonly creates: boolean; readonly empties: boolean }
  | { readonly do: 'write'; readonly file: string; readonly at: number | 'end'; readonly bytes: Buffer }
  | { readonly do: 'resize'; readonly file: string; readonly size: number }
  /** Of a file or of a folder. */
  | { readonly do: 'sync'; readonly file: string }
  | { readonly do: 'rename'; readonly from: string; readonly to: string }
  | { readonly do: 'unlink'; readonly file: string }
  | { readonly do: 'makeFolder'; readonly folder: string }
  | { readonly do: 'promise'; readonly text: string }

/** Calls that change files. What the list knows nothing of is here as well: where it is met, the trace is refused. */
export const tracedCalls = [
  ...['open', 'openat', 'creat', 'close', 'lseek', 'dup', 'dup2', 'dup3', 'mkdir', 'mkdirat'],
  ...['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2', 'ftruncate', 'truncate', 'fallocate'],
  ...['fsync', 'fdatasync', 'sync_file_range', 'msync', 'rename', 'renameat', 'renameat2'],
  ...['unlink', 'unlinkat', 'rmdir', 'link', 'linkat', 'symlink', 'symlinkat', 'copy_file_range', 'sendfile'],
]

export type Call = {
  readonly pid: string
  readonly name: string
  readonly args: string
  /** -1 where it failed, null where it never came back. */
  readonly result: number | null
  /** How many calls were complete when this one began. */
  readonly begun: number
}

const unfinished = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/
const resumed = /^(\d+) +<\.\.\. (\w+) resumed>(.*)$/
const whole = /^(\d+) +(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+|\?)/

/** The calls in the order in which they ended. */
export function callsIn(text: string): Call[] {
  const calls: Call[] = []
  const halves = new Map<string, { readonly head: string; readonly begun: number }>()
  for (const line of text.split('\n')) {
    const first = unfinished.exec(line)
    if (first !== null) {
      const [, pid = '', name = '', args = ''] = first
      halves.set(pid, { head: `${pid} ${name}(${args}`, begun: calls.length })
      continue
    }
    const second = resumed.exec(line)
    const half = second === null ? undefined : halves.get(second[1] ?? '')
    const found = whole.exec(half === undefined ? line : `${half.head}${second?.[3] ?? ''}`)
    if (found === null) continue
    const [, pid = '', name = '', args = '', result = '?'] = found
    const begun = half?.begun ?? calls.length
    calls.push({ pid, name, args, result: result === '?' ? null : Number(result), begun })
  }
  return calls
}

const quoted = /"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g
const described = /^(?:\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*)>/

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex')

/** The texts among the arguments, whole. */
export function textsOf(args: string): Buffer[] {
  return [...args.matchAll(quoted)].map(([, hex = '', cut]) => {
    if (cut !== undefined) throw new Error('strace cut a text short: -s is too small')
    return bytesOf(hex)
  })
}

/** Where the descriptor that comes first leads; null for one that leads to no path any more. */
export function pathOf(args: string): string | null {
  const path = described.exec(args)?.[1]
  const text = path === undefined ? '' : bytesOf(path).toString()
  return text === '' || args.includes('>(deleted)') || text.endsWith(' (deleted)') ? null : text
}

type Open = { at: number; readonly appends: boolean }

/** The operations on what lies in a folder. */
export function operationsIn(text: string, root: string): Operation[] {
  const reader = new Reader(root)
  const calls = callsIn(text)
  /** Index of the last call that changed something here. */
  let lastAt = -1
  for (const [index, call] of calls.entries()) {
    const before = reader.operations.length
    reader.read(call)
    if (reader.operations.length === before) continue
    if (lastAt >= call.begun && lastAt !== -1)
      throw new Error(`two threads changed files of ${root} at once: ${call.name}`)
    lastAt = index
  }
  return reader.operations
}

class Reader {
  readonly operations: Operation[] = []
  readonly #root: string
  readonly #open = new Map<number, Open>()

  constructor(root: string) {
    this.#root = root
  }

  read(call: Call): void {
    const { name, args, result } = call
    if (result === null || result < 0) return
    const path = pathOf(args)
    if (name === 'close') this.#open.delete(Number.parseInt(args, 10))
    else if ((name === 'write' || name === 'writev') && args.startsWith('1<')) this.#promise(args)
    else if (/^(open|creat)/.test(name)) this.#opened(args, result)
    else if (/^(rename|unlink|rmdir|mkdir|link|symlink|truncate)/.test(name)) this.#named(name, args)
    else if (path !== null && this.#isHere(path)) this.#changed(call, path, result)
  }

  #changed({ name, args }: Call, path: string, result: number): void {
    if (/write/.test(name)) this.#written(name, args, path, result)
    else if (name === 'fsync' || name === 'fdatasync') this.operations.push({ do: 'sync', file: path })
    else if (name === 'ftruncate')
      this.operations.push({ do: 'resize', file: path, size: Number(/, (\d+)$/.exec(args)?.[1]) })
    else if (name === 'lseek') this.#open.get(Number.parseInt(args, 10))!.at = result
    else throw new Error(`${name} of ${path}: the list does not know what that does`)
  }

  /** What is kept in shared memory is made again at every start. */
  #isHere(path: string): boolean {
    return (path === this.#root || path.startsWith(`${this.#root}/`)) && !path.endsWith('-shm')
  }

  #promise(args: string): void {
    for (const text of Buffer.concat(textsOf(args)).toString().split('\n'))
      if (text !== '') this.operations.push({ do: 'promise', text })
  }

  #opened(args: string, fd: number): void {
    const file = textsOf(args)[0]?.toString() ?? ''
    if (!this.#isHere(file)) return
    this.#open.set(fd, { at: 0, appends: args.includes('O_APPEND') })
    const [creates, empties] = [args.includes('O_CREAT'), args.includes('O_TRUNC')]
    if (creates || empties) this.operations.push({ do: 'open', file, creates, empties })
  }

  #written(name: string, args: string, path: string, count: number): void {
    const bytes = Buffer.concat(textsOf(args)).subarray(0, count)
    const open = this.#open.get(Number.parseInt(args, 10))
    if (open === undefined) throw new Error(`${path} was opened before the trace began`)
    if (name.startsWith('p')) {
      const at = Number(/, (\d+)$/.exec(args)?.[1])
      this.operations.push({ do: 'write', file: path, at, bytes })
      return
    }
    this.operations.push({ do: 'write', file: path, at: open.appends ? 'end' : open.at, bytes })
    open.at += count
  }

  #named(name: string, args: string): void {
    const [first = '', second = ''] = textsOf(args).map(String)
    if (!this.#isHere(first)) return
    if (name.startsWith('rename')) this.operations.push({ do: 'rename', from: first, to: second })
    else if (name.startsWith('unlink')) this.operations.push({ do: 'unlink', file: first })
    else if (name.startsWith('mkdir')) this.operations.push({ do: 'makeFolder', folder: first })
    else throw new Error(`${name} of ${first}: the list does not know what that does`)
  }
}
