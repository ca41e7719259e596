/** Receiver sentences as the standard writes them, for tests that need bytes of a line. */

/** `$BODY*HH` with CR LF. */
export function sentence(body: string): string {
  let sum = 0
  for (let i = 0; i < body.length; i++) sum ^= body.charCodeAt(i)
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`
}

export type RmcAt = {
  readonly atMs: number
  readonly lat: number
  readonly lon: number
  readonly speedKmh: number
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0')

export function rmcSentence({ atMs, lat, lon, speedKmh }: RmcAt): string {
  const at = new Date(atMs)
  const time = `${pad(at.getUTCHours(), 2)}${pad(at.getUTCMinutes(), 2)}${pad(at.getUTCSeconds(), 2)}.${pad(at.getUTCMilliseconds(), 3)}`
  const date = `${pad(at.getUTCDate(), 2)}${pad(at.getUTCMonth() + 1, 2)}${pad(at.getUTCFullYear() % 100, 2)}`
  const knots = (speedKmh / 1.852).toFixed(3)
  return sentence(`GNRMC,${time},A,${angle(lat, 2)},N,${angle(lon, 3)},E,${knots},90.0,${date},,,A`)
}

function angle(degrees: number, width: number): string {
  const whole = Math.floor(degrees)
  return `${pad(whole, width)}${((degrees - whole) * 60).toFixed(6).padStart(9, '0')}`
}
