import { closeSync, constants, existsSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasSocat, openTcp, openTty } from '../../sim/line.ts'
import { processesNaming } from '../help/processes.ts'

const patience = { timeout: 60_000, interval: 5 }

function ttyPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'roadwarden-line-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'tty-gnss')
}

/** Opens a tty the raw way: never blocking, never becoming the controlling terminal. */
function openReader(path: string) {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
  let open = true
  const close = (): void => {
    if (open) closeSync(fd)
    open = false
  }
  onTestFinished(close)
  const buffer = Buffer.alloc(65_536)
  let text = ''
  let hungUp = false
  const read = (): string => {
    try {
      const count = readSync(fd, buffer)
      if (count === 0) hungUp = true
      text += buffer.toString('latin1', 0, count)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') hungUp = true
    }
    return text
  }
  const isHungUp = (): boolean => {
    read()
    return hungUp
  }
  return { read, close, hungUp: isHungUp, write: (words: string) => writeSync(fd, words) }
}

describe.skipIf(!hasSocat())('a line as a tty (needs socat)', () => {
  it('carries every byte as it is', async () => {
    const line = await openTty(ttyPath(), () => '')
    onTestFinished(line.close)
    const reader = openReader(line.path)
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte))
    line.write(all)
    await expect.poll(() => reader.read().length, patience).toBe(256)
    expect(reader.read()).toBe(all)
  })

  it('answers what the reader writes', async () => {
    const heard: string[] = []
    const line = await openTty(ttyPath(), (text) => {
      heard.push(text)
      return '\r'
    })
    onTestFinished(line.close)
    const reader = openReader(line.path)
    reader.write('S5\r')
    await expect.poll(() => heard.join(''), patience).toBe('S5\r')
    await expect.poll(() => reader.read(), patience).toBe('\r')
  })

  it('hangs up when pulled and is there again when plugged', async () => {
    const line = await openTty(ttyPath(), () => '')
    onTestFinished(line.close)
    for (let round = 0; round < 3; round++) {
      const reader = openReader(line.path)
      line.write(`round ${round}`)
      await expect.poll(() => reader.read(), patience).toBe(`round ${round}`)
      await line.unplug()
      await expect.poll(() => reader.hungUp(), patience).toBe(true)
      expect(line.write('lost')).toBe(true)
      reader.close()
      await line.plug()
    }
  })

  it('comes back when its reader closed it', async () => {
    const line = await openTty(ttyPath(), () => '')
    onTestFinished(line.close)
    const first = openReader(line.path)
    line.write('a')
    await expect.poll(() => first.read(), patience).toBe('a')
    first.close()
    // The reader tries until it may write and be read again: what was on the way meanwhile is gone.
    await expect
      .poll(() => {
        try {
          const again = openReader(line.path)
          line.write('b')
          return again.read().includes('b')
        } catch {
          return false
        }
      }, patience)
      .toBe(true)
  })

  it('tells when the reader is behind, and when it has caught up', async () => {
    const line = await openTty(ttyPath(), () => '')
    onTestFinished(line.close)
    const reader = openReader(line.path)
    const chunk = 'x'.repeat(65_536)
    let written = 0
    while (line.write(chunk) && written < 100) written++
    expect(written).toBeLessThan(100)
    let drained = false
    const waiting = line.drained().then(() => {
      drained = true
    })
    while (!drained) {
      reader.read()
      await sleep(1)
    }
    await waiting
  })

  it('may be closed in the very moment in which it is put back', async () => {
    const path = ttyPath()
    const line = await openTty(path, () => '')
    for (const process of processesNaming(path)) kill(Number(process.split(' ')[0]), 'SIGINT')
    await line.close()
    await expect.poll(() => processesNaming(path), patience).toEqual([])
    expect(existsSync(path)).toBe(false)
  })

  it('leaves neither link nor child behind', async () => {
    const path = ttyPath()
    const line = await openTty(path, () => '')
    await line.close()
    expect(processesNaming(path)).toEqual([])
    expect(() => openReader(path)).toThrow(/ENOENT/)
  })
})

describe('a line as a TCP port', () => {
  it('carries bytes both ways, hangs up and comes back', async () => {
    const line = await openTcp((text) => text.toLowerCase())
    onTestFinished(line.close)
    const port = Number(new URL(line.path).port)
    expect(line.write('nobody is there')).toBe(true)
    for (let round = 0; round < 2; round++) {
      const socket = connect(port, '127.0.0.1').setEncoding('latin1')
      let text = ''
      let closed = false
      socket.on('data', (part) => {
        text += String(part)
      })
      socket.on('close', () => {
        closed = true
      })
      socket.write('HELLO')
      await expect.poll(() => text, patience).toBe('hello')
      line.write('\x00\xff')
      await expect.poll(() => text, patience).toBe('hello\x00\xff')
      await line.unplug()
      await expect.poll(() => closed, patience).toBe(true)
      await line.plug()
    }
  })
})
