import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { writeDurably } from '../durable-file.ts'

/**
 * A small file beside the outbox that says which epoch it had. When the outbox is gone and the marker is not, the
 * gateway must be told: what was in there will never come.
 */
const markerSchema = z.object({ epoch: z.number().int() })

export function readMarker(file: string): { readonly epoch: number } | null {
  try {
    return markerSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

export function writeMarker(file: string, epoch: number): void {
  writeDurably(file, `${JSON.stringify({ epoch })}\n`)
}
