import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { sha256Hex } from '../../proto/canonical.ts'
import { writeDurably } from '../durable-file.ts'
import { makeFolders } from '../make-folder.ts'

/**
 * Documents by their digest, kept while some terminal may still work by them: the gateway judges a vehicle by what
 * is in force on it, although the file it came from was changed since.
 */
export type Contents = {
  readonly put: (digest: string, text: string) => void
  /** The document; undefined when it is not here, or is no longer what its name says. */
  readonly get: (digest: string) => unknown
}

/** A vehicle that was away for longer is judged by what is wanted of it now. */
const keptMs = 30 * 86_400_000

export function openContents(dataDir: string, nowMs: () => number): Contents {
  const folder = path.join(dataDir, 'documents')
  makeFolders(folder)
  const fileOf = (digest: string): string => path.join(folder, `${digest}.json`)
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name)
    if (nowMs() - statSync(file).mtimeMs > keptMs) rmSync(file)
  }
  const touched = new Set<string>()
  const touch = (digest: string): void => {
    if (touched.has(digest)) return
    touched.add(digest)
    utimesSync(fileOf(digest), nowMs() / 1000, nowMs() / 1000)
  }
  return {
    put: (digest, text) => {
      if (touched.has(digest)) return
      if (!existsSync(fileOf(digest))) writeDurably(fileOf(digest), text)
      touch(digest)
    },
    get: (digest) => {
      if (!existsSync(fileOf(digest))) return undefined
      const text = readFileSync(fileOf(digest), 'utf8')
      if (sha256Hex(text) !== digest) return undefined
      touch(digest)
      return JSON.parse(text) as unknown
    },
  }
}

/** For gateways in a test's process. */
export function memoryContents(): Contents {
  const texts = new Map<string, string>()
  return {
    put: (digest, text) => {
      texts.set(digest, text)
    },
    get: (digest) => {
      const text = texts.get(digest)
      return text === undefined ? undefined : (JSON.parse(text) as unknown)
    },
  }
}
