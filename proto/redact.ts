/**
 * What no log of either end may say: secrets, whole vehicle identification numbers, whole names of drivers. Pure.
 * Control and bidirectional characters are shown as code points, so that nothing a peer sends turns a display
 * around or begins a line of its own.
 */

const textMax = 256
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
/** ISO 3779: 17 characters without I, O and Q. Digits alone are a number, letters alone a word. */
const vin =
  /(?<![A-Z0-9])(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])([A-HJ-NPR-Z0-9]{3})[A-HJ-NPR-Z0-9]{14}(?![A-Z0-9])/gi
const secrets: readonly RegExp[] = [
  /-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g,
  /scrypt:\d+:\d+:\d+:[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+/g,
  /\b(?:Basic|Bearer)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
]
const secretField = /pass(?:word|phrase)?|secret|token|authorization|private|hash$/i
const nameField = /^(?:driver|coDriver|driverName|person)$/i
const removed = '<removed>'

/** Words for a log, whoever they come from. */
export function plainText(text: string): string {
  let clean = text.slice(0, 64 * 1024)
  for (const secret of secrets) clean = clean.replace(secret, removed)
  return asCodePoints(clean.replace(vin, '$1**').slice(0, textMax))
}

/** With every sign that begins a line or turns a display around shown by its number. */
export function asCodePoints(text: string): string {
  return text.replace(
    unsafe,
    (sign) => `<U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`,
  )
}

/** The value of a named field of a log line. Deep values are cut: a log line is a sentence, not a document. */
export function plainField(name: string, value: unknown, depth = 0): unknown {
  if (secretField.test(name)) return removed
  if (typeof value === 'string') return nameField.test(name) ? shortName(value) : plainText(value)
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Error) return plainText(value.message)
  if (depth >= 3) return '<deeper>'
  if (Array.isArray(value)) return value.slice(0, 32).map((item) => plainField(name, item, depth + 1))
  const fields = Object.entries(value).slice(0, 32)
  return Object.fromEntries(fields.map(([key, item]) => [plainText(key), plainField(key, item, depth + 1)]))
}

/** Enough to tell two drivers of a shift apart, too little to be one's name: 张** , d-** */
const shortName = (name: string): string => {
  const [first = '', second = ''] = [...plainText(name)]
  return /[A-Za-z0-9]/.test(first) ? `${first}${second}**` : `${first}**`
}
