import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import process from 'node:process'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { createGunzip } from 'node:zlib'
import { nodeVersionProblem } from '../../proto/node-version.ts'
import { BadInput } from '../../proto/problem.ts'
import { asksForHelp, whyRefused } from '../../proto/usage.ts'

/**
 * What the tools share: arguments, files that stream, NDJSON that waits for its reader, and the way a tool ends
 * (design 10: 0 done, 2 with one line for a person; never a stack trace).
 */

/** Runs a tool's main. A BadInput is told as its one line and ends with 2; anything else is our fault and says so. */
export async function runTool(main: () => Promise<void>): Promise<void> {
  process.stdout.on('error', outputFailed)
  const problem = nodeVersionProblem(process.versions.node)
  try {
    if (problem !== null) throw new BadInput(problem)
    await main()
  } catch (error) {
    if (isBrokenPipe(error)) endQuietly()
    const message = error instanceof Error ? error.message : String(error)
    const line = message.replace(/\s*\n\s*/g, ' ')
    process.stderr.write(
      error instanceof BadInput ? `${line}\n` : `internal error: ${line}; please report it\n`,
    )
    process.exitCode = error instanceof BadInput ? 2 : 70
  }
}

const isBrokenPipe = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')

/** The reader of our output has seen enough (`| head`): that is no fault of anybody. */
const endQuietly = (): never => process.exit(0)

function outputFailed(error: Error): never {
  if (isBrokenPipe(error)) return endQuietly()
  tell(`output: cannot be written (${error.message}); free space or name another place`)
  return process.exit(70)
}

/** Arguments of a command line; whatever does not fit ends with the line of usage. */
export function parseCommand<const Options extends NonNullable<ParseArgsConfig['options']>>(
  argv: readonly string[],
  options: Options,
  usage: string,
) {
  if (asksForHelp(argv)) {
    process.stdout.write(`usage: ${usage}\n`)
    process.exit(0)
  }
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw badUsage(usage, whyRefused(error))
  }
}

export function badUsage(usage: string, why?: string): BadInput {
  return new BadInput(why === undefined ? `usage: ${usage}` : `${why}; usage: ${usage}`)
}

/** A path as the person meant it: npm runs tools in the package's folder and tells in INIT_CWD where it was called. */
export function resolvePath(path: string): string {
  return path === '-' ? path : resolve(process.env['INIT_CWD'] ?? process.cwd(), path)
}

/** A file, fifo or standard input that is read once, as it comes. */
export type Input = {
  /** As the person wrote it. */
  readonly name: string
  /** Size of the file on the disk; null where nobody knows (a fifo, standard input). */
  readonly size: number | null
  /** How much of that has been read. */
  readonly consumed: () => number
  /** The content, decompressed when it is gzip. */
  readonly chunks: AsyncIterable<Uint8Array>
}

/** Opens FILE of a command line. Refuses what cannot be read before anything is printed. */
export async function openInput(name: string, forFolder = 'name a file in it'): Promise<Input> {
  const path = resolvePath(name)
  if (path === '-') return inputOf(name, null, process.stdin)
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(name, error)
  })
  if (found.isDirectory()) throw new BadInput(`${name}: is a directory; ${forFolder}`)
  const stream = createReadStream(path)
  await once(stream, 'open').catch((error: unknown) => {
    throw unreadable(name, error)
  })
  return inputOf(name, found.isFile() ? found.size : null, stream)
}

function unreadable(name: string, error: unknown): BadInput {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOENT' || code === 'ENOTDIR') return new BadInput(`${name}: no such file; check the path`)
  if (code === 'EACCES' || code === 'EPERM')
    return new BadInput(`${name}: not permitted to read it; change its permissions`)
  return new BadInput(`${name}: cannot be read (${String(code)}); name another file`)
}

function inputOf(name: string, size: number | null, stream: AsyncIterable<Uint8Array>): Input {
  let consumed = 0
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of stream) {
        consumed += chunk.length
        yield chunk
      }
    } catch (error) {
      throw unreadable(name, error)
    }
  }
  return { name, size, consumed: () => consumed, chunks: expand(name, counted()) }
}

/** Passes plain content through and expands gzip, told by its first two bytes whatever the file is called. */
async function* expand(name: string, source: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { head, rest } = await firstBytes(source, 2)
  if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(name, rest)
  else yield* rest
}

/** Waits for at least `count` bytes (fewer only when there are no more) and gives them back with the rest. */
async function firstBytes(
  source: AsyncGenerator<Uint8Array>,
  count: number,
): Promise<{ readonly head: Uint8Array; readonly rest: AsyncGenerator<Uint8Array> }> {
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < count) {
    const next = await source.next()
    if (next.done === true) break
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head
    yield* source
  }
  return { head, rest: rest() }
}

/** The beginning of an input, to see what it is, and the same input still whole. */
export async function peek(input: Input, count: number): Promise<{ head: Uint8Array; input: Input }> {
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield* input.chunks
  }
  const { head, rest } = await firstBytes(whole(), count)
  return { head, input: { ...input, chunks: rest } }
}

/** Small steps, so that little is lost of a damaged file: zlib gives back nothing of the step that failed. */
const gunzipStepBytes = 512

/** Expands gzip. Of a damaged or cut file everything up to the damage counts; people are told. */
async function* gunzipped(name: string, source: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  let failed = false
  let settle = (): void => {}
  let consumed = 0
  const gunzip = createGunzip()
  gunzip.on('data', (chunk: Uint8Array) => ready.push(chunk))
  gunzip.on('error', () => {
    failed = true
    settle()
  })
  const step = (act: (done: () => void) => void): Promise<void> =>
    new Promise((done) => {
      settle = done
      act(done)
    })
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length && !failed; at += gunzipStepBytes) {
      await step((done) => gunzip.write(chunk.subarray(at, at + gunzipStepBytes), done))
      yield* ready.splice(0)
      if (!failed) consumed += Math.min(gunzipStepBytes, chunk.length - at)
    }
    if (failed) break
  }
  if (!failed)
    await step((done) => {
      gunzip.once('end', done)
      gunzip.end()
    })
  yield* ready.splice(0)
  if (failed) tell(`${name}: damaged gzip near byte ${consumed}; read up to the damage`)
}

/** A whole small document, such as a vehicle or a policy, as text. */
export async function readText(name: string): Promise<string> {
  const input = await openInput(name)
  const parts: Uint8Array[] = []
  for await (const chunk of input.chunks) parts.push(chunk)
  return Buffer.concat(parts).toString('utf8')
}

/** Words for people. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Machine output: one JSON document per line. */
export type Ndjson = {
  readonly write: (document: unknown) => void
  /** Hands over what was written and waits while the reader is slower than we are. */
  readonly flush: () => Promise<void>
}

/** Lines are handed over in blocks of about this size, so that an endless input needs no more memory than that. */
const blockChars = 65_536

export function ndjsonOut(stream: NodeJS.WritableStream = process.stdout): Ndjson {
  let block = ''
  let waiting: Promise<unknown> | null = null
  const handOver = (): void => {
    if (block === '') return
    if (!stream.write(block)) waiting ??= once(stream, 'drain')
    block = ''
  }
  return {
    write: (document) => {
      block += `${JSON.stringify(document)}\n`
      if (block.length >= blockChars) handOver()
    },
    flush: async () => {
      handOver()
      await waiting
      waiting = null
    },
  }
}

/** The chunks of an input, with a bar on stderr when a person watches and the size is known. */
export async function* watched(input: Input): AsyncGenerator<Uint8Array> {
  const bar = await progressBar(input)
  try {
    for await (const chunk of input.chunks) {
      yield chunk
      bar?.update(input.consumed())
    }
  } finally {
    bar?.stop()
  }
}

/** Calls `each` for every chunk of an input, one after the other. */
export async function forEachChunk(
  input: Input,
  each: (chunk: Uint8Array) => void | Promise<void>,
): Promise<void> {
  for await (const chunk of watched(input)) await each(chunk)
}

async function progressBar({ name, size }: Input) {
  const watched = process.stderr.isTTY && !process.stdout.isTTY
  if (!watched || size === null || size === 0) return null
  const { default: progress } = await import('cli-progress')
  const format = `${name} [{bar}] {percentage}% {eta_formatted}`
  const bar = new progress.SingleBar({ format, stream: process.stderr, clearOnComplete: true })
  bar.start(size, 0)
  return bar
}
