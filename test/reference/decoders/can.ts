/** Second readers of the two texts that CAN frames come in, by regular expressions. */
export type PlainFrame = {
  readonly id: number
  readonly extended: boolean
  readonly data: string
  readonly t: number | null
  readonly remote: boolean
}

/** One line of an SLCAN adapter; the stamp is left as it is. Null: no frame. */
export function plainSlcan(line: string): PlainFrame | null {
  const match = /^(?:([tr])([0-9a-f]{3})|([TR])([0-9a-f]{8}))([0-8])((?:[0-9a-f]{2})*?)([0-9a-f]{4})?$/i.exec(
    line,
  )
  const letter = match?.[1] ?? match?.[3]
  // The letter's case says which frame it is; the digits may have either.
  if (
    match === null ||
    letter === undefined ||
    !/[tr]/.test(match[1] ?? 't') ||
    !/[TR]/.test(match[3] ?? 'T')
  )
    return null
  const remote = /r/i.test(letter)
  const length = remote ? 0 : Number(match[5])
  const rest = (match[6] ?? '') + (match[7] ?? '')
  if (rest.length !== 2 * length && rest.length !== 2 * length + 4) return null
  const id = Number.parseInt(match[2] ?? match[4]!, 16)
  if (id > (match[2] === undefined ? 0x1fffffff : 0x7ff)) return null
  const stamp = rest.slice(2 * length)
  return {
    id,
    extended: match[2] === undefined,
    data: rest.slice(0, 2 * length).toLowerCase(),
    t: stamp === '' ? null : Number.parseInt(stamp, 16),
    remote,
  }
}

/** One line of a candump log with `#`: 3 digits of id are 11 bits, 8 are 29. */
export function plainCandump(line: string): PlainFrame | null {
  const match = /^\((\d+\.\d+)\) \S+ ([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})#(R|(?:[0-9A-Fa-f]{2}){0,8})$/.exec(line)
  if (match === null) return null
  const [, t, id, data] = match as unknown as [string, string, string, string]
  return {
    id: Number.parseInt(id, 16),
    extended: id.length === 8,
    data: data === 'R' ? '' : data.toLowerCase(),
    t: Number(t),
    remote: data === 'R',
  }
}

/**
 * Messages in parts, by the whole history: an announcement or a request, then its numbered packets from the same sender to
 * the same receiver, up to the next opening between the two.
 */
export type PlainPart = {
  readonly pgn: number
  readonly sa: number
  readonly da: number
  readonly data: string
}

export function plainTransports(frames: readonly PlainPart[]): string[] {
  const done: { at: number; text: string }[] = []
  frames.forEach((frame, at) => {
    const control = frame.data.slice(0, 2)
    if (frame.pgn !== 60_416 || (control !== '20' && control !== '10')) return
    const byte = (n: number): number => Number.parseInt(frame.data.slice(2 * n, 2 * n + 2), 16)
    const size = byte(1) + byte(2) * 256
    const between = (other: PlainPart): boolean => other.sa === frame.sa && other.da === frame.da
    const later = frames.slice(at + 1)
    const ends = later.findIndex(
      (other) => between(other) && other.pgn === 60_416 && /^[12]0/.test(other.data),
    )
    const own = (ends < 0 ? later : later.slice(0, ends)).map((other, i) => ({ other, i: at + 1 + i }))
    const parts = own.filter(({ other }) => between(other) && other.pgn === 60_160).slice(0, byte(3))
    if (parts.length < byte(3)) return
    const payload = parts
      .map(({ other }) => other.data.slice(2))
      .join('')
      .slice(0, 2 * size)
    const pgn = byte(5) + byte(6) * 256 + byte(7) * 65_536
    done.push({
      at: parts.at(-1)!.i,
      text: `${control === '20' ? 'bam' : 'rts'} ${frame.sa} ${frame.da} ${pgn} ${payload}`,
    })
  })
  return done.toSorted((a, b) => a.at - b.at).map(({ text }) => text)
}
