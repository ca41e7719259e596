/** The end that the reports of all peripherals share: where and when the vehicle was, as the peripheral believes. */
export type Tail = {
  readonly speedKmh: number | null
  readonly lat: number | null
  readonly lon: number | null
  readonly sentAt: string | null
}

/** Speed, altitude, place, time and vehicle state: what precedes the list that ends a report. */
export const whereBytes = 19

export function readTail(payload: DataView, at: number): Tail {
  return {
    speedKmh: within(payload.getUint8(at), 220),
    ...placeOf(payload.getUint32(at + 3), payload.getUint32(at + 7)),
    sentAt: bcdTime(payload, at + 11),
  }
}

export const within = (value: number, max: number): number | null => (value <= max ? value : null)

/** Both zero: the camera knows no place. */
function placeOf(lat: number, lon: number): Pick<Tail, 'lat' | 'lon'> {
  const known = (lat !== 0 || lon !== 0) && lat <= 90e6 && lon <= 180e6
  return known ? { lat: lat / 1e6, lon: lon / 1e6 } : { lat: null, lon: null }
}

/** `2026-11-22T02:10:00+08:00` as the camera's own clock says; null when it is no time at all. */
function bcdTime(payload: DataView, at: number): string | null {
  const digits: string[] = []
  for (let i = 0; i < 6; i++) {
    const byte = payload.getUint8(at + i)
    if (byte >> 4 > 9 || (byte & 15) > 9) return null
    digits.push(`${byte >> 4}${byte & 15}`)
  }
  const [year, month, day, hour, minute, second] = digits as [string, string, string, string, string, string]
  if (month < '01' || month > '12' || day < '01' || day > '31') return null
  if (hour > '23' || minute > '59' || second > '59') return null
  return `20${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`
}
