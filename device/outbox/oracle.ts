import { closeSync, openSync, writeSync } from 'node:fs'
import { sha256Hex } from '../../proto/canonical.ts'
import type { Sealed, Witness } from './outbox.ts'

/** A plain log of every sealed envelope, for the checker of lost and invented ones. Test use. */
export function openOracle(file: string): Witness & { readonly close: () => void } {
  const fd = openSync(file, 'a')
  const tell = (is: 'intent' | 'durable') => (sealed: readonly Sealed[]) => {
    // One write, so that a kill tears at most the last line.
    if (sealed.length > 0) writeSync(fd, sealed.map((row) => line(is, row)).join(''))
  }
  return { intended: tell('intent'), durable: tell('durable'), close: () => closeSync(fd) }
}

function line(is: 'intent' | 'durable', { bytes, envelope }: Sealed): string {
  const { fleet, vehicle, epoch, stream, seq } = envelope
  return `${JSON.stringify({ is, fleet, vehicle, epoch, stream, seq, hash: sha256Hex(bytes) })}\n`
}
