import { connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP proxy with weather: what tunnels, carriers and broken boxes do to a connection. */
export const proxyModes = [
  'pass',
  'refuse',
  'reset',
  'blackhole',
  'half-open',
  'one way up',
  'one way down',
  'delay',
  'slow',
  'crumbs',
  'cut inside a frame',
  'duplicate',
  'rebinding',
] as const
export type ProxyMode = (typeof proxyModes)[number]

export type WeatherProxy = {
  readonly port: number
  /** Connections that were opened so far. */
  readonly connections: () => number
  /** Changes the weather for what comes from now on; `cut` ends what stands. */
  readonly turn: (mode: ProxyMode, cut?: boolean) => void
  readonly close: () => Promise<void>
}

const shortDelayMs = 150
const slowBytesPerS = 1024
const cutAfterBytes = 700

/** `dead`: what stood when an address was given to somebody else: nothing passes, and neither end hears of it. */
type Pair = { readonly near: Socket; readonly far: Socket; up: number; dead: boolean }

export async function openProxy(target: number, delayMs = shortDelayMs): Promise<WeatherProxy> {
  let mode: ProxyMode = 'pass'
  let connections = 0
  const nears = new Set<Socket>()
  const pairs = new Set<Pair>()
  const server = createServer((near) => {
    connections++
    nears.add(near)
    near.on('close', () => nears.delete(near))
    near.on('error', () => {})
    near.setNoDelay(true)
    if (mode === 'refuse') return void near.end()
    if (mode === 'reset') return void near.resetAndDestroy()
    const far = connect(target, '127.0.0.1')
    far.setNoDelay(true)
    far.on('error', () => {})
    const pair: Pair = { near, far, up: 0, dead: false }
    pairs.add(pair)
    const shadow = mode === 'duplicate' ? shadowOf(target, near) : null
    near.on('data', (chunk: Buffer) => carry(mode, 'up', chunk, near, far, pair, delayMs))
    far.on('data', (chunk: Buffer) => carry(mode, 'down', chunk, far, near, pair, delayMs))
    const over = (of: Socket, other: Socket) => () => {
      // Of a half-open connection one side never hears that the other is gone.
      if (mode !== 'half-open' && mode !== 'blackhole' && !pair.dead) other.destroy()
      if (of.destroyed && other.destroyed) pairs.delete(pair)
      shadow?.destroy()
    }
    near.on('close', over(near, far))
    far.on('close', over(far, near))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cutAll = (): void => {
    for (const { near, far } of pairs) {
      near.destroy()
      far.destroy()
    }
    pairs.clear()
  }
  return {
    port: portOf(server),
    connections: () => connections,
    turn: (next, cut = false) => {
      mode = next
      if (mode === 'rebinding') for (const pair of pairs) pair.dead = true
      if (cut) cutAll()
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      cutAll()
      // A refused connection is only half over until its other end agrees.
      for (const near of nears) near.destroy()
      await closed
    },
  }
}

/** A second connection that sends the same bytes, as a box does that replays a session. */
function shadowOf(target: number, near: Socket): Socket {
  const shadow = connect(target, '127.0.0.1')
  shadow.on('error', () => {})
  shadow.resume()
  near.on('data', (chunk: Buffer) => {
    // Later than the first, so that it takes the session over and is told of what is known already.
    setTimeout(() => {
      if (!shadow.destroyed) shadow.write(chunk)
    }, shortDelayMs)
  })
  return shadow
}

function carry(
  mode: ProxyMode,
  way: 'up' | 'down',
  chunk: Buffer,
  from: Socket,
  to: Socket,
  pair: Pair,
  delayMs: number,
): void {
  if (pair.dead) return
  const write = (bytes: Buffer): void => {
    if (!to.destroyed) to.write(bytes)
  }
  switch (mode) {
    case 'blackhole':
      return
    case 'half-open':
      to.destroy()
      return
    case 'one way up':
      if (way === 'up') write(chunk)
      return
    case 'one way down':
      if (way === 'down') write(chunk)
      return
    case 'delay':
      setTimeout(() => write(chunk), delayMs)
      return
    case 'slow':
      from.pause()
      setTimeout(() => from.resume(), (chunk.length / slowBytesPerS) * 1000)
      write(chunk)
      return
    case 'crumbs':
      for (let at = 0; at < chunk.length; at += 3) write(chunk.subarray(at, at + 3))
      return
    case 'cut inside a frame':
      cutInside(way, chunk, write, pair)
      return
    default:
      write(chunk)
  }
}

/** So many bytes pass on the way up; the frame they end in never arrives whole. */
function cutInside(way: 'up' | 'down', chunk: Buffer, write: (bytes: Buffer) => void, pair: Pair): void {
  const room = way === 'down' ? Number.POSITIVE_INFINITY : cutAfterBytes - pair.up
  if (way === 'up') pair.up += chunk.length
  write(chunk.subarray(0, Math.max(0, Math.min(room, chunk.length))))
  if (room >= chunk.length) return
  setTimeout(() => {
    pair.near.destroy()
    pair.far.destroy()
  }, 20)
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
