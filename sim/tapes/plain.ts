/**
 * States of decoders and detectors as JSON. Nearly all of them are plain already; a line's state holds bytes and a map,
 * which become objects with the one key `$`.
 */
export function toPlain(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { $: 'number', text: String(value) }
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return { $: 'bytes', hex: Buffer.from(value).toString('hex') }
  if (value instanceof Map) return { $: 'map', entries: [...value].map(toPlain) }
  if (value instanceof Set) return { $: 'set', values: [...value].map(toPlain) }
  if (Array.isArray(value)) return value.map(toPlain)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toPlain(member)]))
}

export function fromPlain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(fromPlain)
  const object = value as { readonly [key: string]: unknown }
  switch (object['$']) {
    case 'number':
      return Number(object['text'])
    case 'bytes':
      return new Uint8Array(Buffer.from(String(object['hex']), 'hex'))
    case 'map':
      return new Map((object['entries'] as unknown[]).map((entry) => fromPlain(entry) as [unknown, unknown]))
    case 'set':
      return new Set((object['values'] as unknown[]).map(fromPlain))
    default:
      return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, fromPlain(member)]))
  }
}
