import { applyPushed, type Pushed } from '../../device/documents.ts'
import type { Documents } from '../../proto/in-force.ts'
import { parseJsonText } from '../../proto/problem.ts'
import { parseAreaFiles } from '../../proto/shapes/areas.ts'
import type { TapeDocuments, TapeHeader } from '../../proto/tape-header.ts'
import { type DocumentFiles, loadDocuments, type Reader } from '../replay/documents.ts'

/** The documents of a tape: what its header holds, what a person names instead, what was pushed on the way. */
export type TapeInForce = {
  readonly documents: () => Documents
  /** As people wrote them, to be laid into a capsule. */
  readonly raw: TapeDocuments
  /** Documents pushed so far, as they stand on the tape. */
  readonly pushed: () => readonly unknown[]
  /** Takes a `document` record; one that the person replaced stays replaced. */
  readonly push: (value: unknown) => boolean
}

const names = ['vehicle', 'trip', 'policy', 'route', 'areas'] as const

export async function tapeInForce(
  { documents: own }: TapeHeader,
  files: DocumentFiles,
  reader: Reader,
  tape: string,
): Promise<TapeInForce> {
  const chosen = async (name: keyof DocumentFiles, held: unknown): Promise<unknown> => {
    const file = files[name]
    return file === undefined ? held : parseJsonText(await reader.read(file), file)
  }
  const raw: TapeDocuments = {
    vehicle: await chosen('vehicle', own.vehicle),
    trips: [await chosen('trip', own.trips)].flat(),
    policy: await chosen('policy', own.policy ?? {}),
    route: await chosen('route', own.route),
    areas: files.areas === undefined ? own.areas : [await chosen('areas', null)],
  }
  let documents = await load(raw, files, reader, tape)
  const pushed = new Map<string, unknown>()
  return {
    documents: () => documents,
    raw,
    pushed: () => [...pushed.values()],
    push: (value) => {
      const push = value as {
        readonly name: Pushed
        readonly value: unknown
        readonly sinceMs: number | null
      }
      if (files[push.name] !== undefined) return false
      documents = applyPushed(documents, push.name, push.value, push.sinceMs)
      pushed.set(push.name, value)
      return true
    },
  }
}

/** Through the same gates as files, so that what is wrong is told with its path. */
async function load(
  raw: TapeDocuments,
  files: DocumentFiles,
  { tell }: Reader,
  tape: string,
): Promise<Documents> {
  const place = (name: (typeof names)[number]): string => files[name] ?? `${tape}: ${name}`
  const texts = new Map<string, string>()
  const given = (name: (typeof names)[number], value: unknown): string | undefined => {
    if (value === null || value === undefined) return undefined
    texts.set(place(name), JSON.stringify(value))
    return place(name)
  }
  const [areas, ...moreAreas] = raw.areas
  const documents = await loadDocuments(
    {
      vehicle: given('vehicle', raw.vehicle),
      trip: given('trip', raw.trips),
      policy: given('policy', raw.policy),
      route: given('route', raw.route),
      areas: given('areas', areas),
    },
    { read: async (name) => texts.get(name) ?? '', tell },
  )
  if (moreAreas.length === 0) return documents
  const all = raw.areas.map((value, index) => ({ value, file: `${place('areas')}[${index}]` }))
  return { ...documents, areas: parseAreaFiles(all) }
}
