import assert from 'node:assert/strict'
import { decodeColumns, encodeColumns } from '../columns.ts'
import type { roadwarden } from '../generated/roadwarden.js'
import type { EnvelopeBody } from '../model.ts'
import { decodeOutlook, encodeOutlook } from '../outlook-wire.ts'
import { decodeFinding, encodeFinding } from './finding.ts'
import { decodeGap, decodeInForce, decodeSpoken, encodeGap, encodeInForce, encodeSpoken } from './terminal.ts'
import { check, instant, text, whole } from './wire.ts'

/** What an envelope holds: exactly one body. */

/** No batch holds more samples. */
export const batchSamplesMax = 60

export function encodeBody(body: EnvelopeBody): roadwarden.v1.Envelope.$Properties {
  switch (body.is) {
    case 'finding':
      return { finding: encodeFinding(body.finding, body.findingId) }
    case 'telemetry':
      assert(
        body.samples.length > 0 && body.samples.length <= batchSamplesMax,
        `a batch of ${body.samples.length} samples`,
      )
      return {
        telemetry: {
          ...encodeColumns(body.samples),
          ...(body.outlook === undefined ? {} : { outlook: encodeOutlook(body.outlook) }),
        },
      }
    case 'gap':
      return { gap: encodeGap(body.gap) }
    case 'driving':
      return {
        driving: {
          driver: body.interval.driver ?? '',
          fromMs: whole(body.interval.fromMs, 'fromMs'),
          toMs: whole(body.interval.toMs, 'toMs'),
          proven: body.interval.proven,
        },
      }
    case 'spoken':
      return { spoken: encodeSpoken(body.spoken) }
    case 'inForce':
      return {
        inForce: { documents: body.documents.map(encodeInForce), atMs: whole(body.atMs, 'inForce.atMs') },
      }
  }
}

export function decodeBody(message: roadwarden.v1.Envelope): EnvelopeBody {
  const present = [
    message.finding,
    message.telemetry,
    message.gap,
    message.driving,
    message.inForce,
    message.spoken,
  ].filter((part) => part !== null && part !== undefined)
  check(present.length === 1, 'an envelope has exactly one body')
  if (message.finding) {
    const { findingId } = message.finding
    return {
      is: 'finding',
      finding: decodeFinding(message.finding),
      findingId: findingId === '' ? null : text(findingId, 512, 'findingId'),
    }
  }
  if (message.telemetry) {
    const samples = decodeColumns(message.telemetry, batchSamplesMax)
    for (const sample of samples) instant(sample.atMs, 'telemetry.atMs')
    const { outlook } = message.telemetry
    return { is: 'telemetry', samples, ...(outlook ? { outlook: decodeOutlook(outlook) } : {}) }
  }
  if (message.gap) return { is: 'gap', gap: decodeGap(message.gap) }
  if (message.spoken) return { is: 'spoken', spoken: decodeSpoken(message.spoken) }
  if (message.inForce) {
    const atMs = instant(message.inForce.atMs ?? 0, 'inForce.atMs')
    return { is: 'inForce', atMs, documents: decodeInForce(message.inForce) }
  }
  check(message.driving !== null && message.driving !== undefined, 'an envelope has exactly one body')
  const fromMs = instant(message.driving.fromMs, 'driving.fromMs')
  const toMs = instant(message.driving.toMs, 'driving.toMs')
  check(toMs >= fromMs, 'a driving interval ends before it begins')
  return {
    is: 'driving',
    interval: { driver: message.driving.driver || null, fromMs, toMs, proven: message.driving.proven },
  }
}
