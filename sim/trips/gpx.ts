import { SaxesParser } from 'saxes'
import { entryOf, type TripEvent, type Values } from './entry.ts'
import { readNumber, readTime } from './values.ts'

/**
 * Track points of a GPX file (1.0 and 1.1, any extension namespace). Routes and way-points have no time and are no
 * trip. A file that breaks is read up to where it breaks.
 */
export async function* readGpx(
  source: AsyncIterable<Uint8Array>,
  zone: string,
  broke: (line: number) => void = () => {},
): AsyncGenerator<TripEvent> {
  const events: TripEvent[] = []
  const parser = new SaxesParser({ fragment: false })
  let broken = false
  let point: { [name: string]: string } | null = null
  let text = ''
  parser.on('error', () => {
    if (!broken) broke(parser.line)
    broken = true
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (localName(name) === 'trkpt')
      point = { lat: textOf(attributes['lat']), lon: textOf(attributes['lon']) }
    text = ''
  })
  parser.on('text', (part) => {
    if (text.length < 256) text += part
  })
  parser.on('closetag', ({ name }) => {
    const local = localName(name)
    if (local === 'trkpt' && point !== null) {
      events.push(pointEvent(point, zone))
      point = null
    } else if (point !== null && (children as readonly string[]).includes(local)) point[local] = text
    text = ''
  })
  const decoder = new TextDecoder()
  for await (const chunk of source) {
    if (broken) continue
    parser.write(decoder.decode(chunk, { stream: true }))
    yield* events.splice(0)
  }
  if (!broken) parser.close()
  yield* events.splice(0)
}

const children = ['time', 'speed', 'course', 'sat'] as const
/** An attribute as text; saxes gives objects only when namespaces are resolved, which they are not here. */
const textOf = (attribute: unknown): string => (typeof attribute === 'string' ? attribute : '')
const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

function pointEvent(point: { readonly [name: string]: string }, zone: string): TripEvent {
  const speed = readNumber(point['speed'] ?? '')
  const values = {
    atMs: readTime(point['time'] ?? '', zone),
    lat: readNumber(point['lat'] ?? ''),
    lon: readNumber(point['lon'] ?? ''),
    // GPX speeds are metres a second.
    speedKmh: typeof speed === 'number' ? speed * 3.6 : speed,
    courseDeg: readNumber(point['course'] ?? ''),
    satellites: readNumber(point['sat'] ?? ''),
    odometerKm: null,
    accuracyM: null,
    driver: null,
    ignition: null,
    doorOpen: null,
  }
  if (Object.values(values).includes(undefined)) return { is: 'rejected', why: 'unreadable number' }
  return entryOf(values as Values)
}
