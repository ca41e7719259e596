import { z } from 'zod'

/** The header of a tape (`proto/tape.ts`): where it comes from, and the documents in force, as people wrote them. */

export const tapeFormat = 'roadwarden-tape'
export const tapeVersion = 1

const documentsSchema = z.object({
  vehicle: z.unknown(),
  /** A list of trips, perhaps empty. */
  trips: z.unknown(),
  /** What differs from the defaults of the vehicle's class. */
  policy: z.unknown(),
  route: z.unknown(),
  /** GeoJSON documents. */
  areas: z.array(z.unknown()),
})
export type TapeDocuments = z.infer<typeof documentsSchema>

export const tapeHeaderSchema = z.object({
  format: z.literal(tapeFormat),
  version: z.number().int().min(1).max(tapeVersion, `this program reads tapes up to version ${tapeVersion}`),
  /** Version of the program that wrote it. */
  program: z.string(),
  kind: z.enum(['recording', 'synthetic', 'capsule']),
  origin: z.string(),
  /** Tapes of one session whose parts follow each other are one recording. */
  session: z.string(),
  part: z.number().int().min(1),
  startedAt: z.string(),
  zone: z.string(),
  vehicle: z.string(),
  trip: z.string().nullable(),
  policyDigest: z.string(),
  /** Which lines the vehicle has, and how its CAN adapter speaks. */
  lines: z.object({
    gnss: z.boolean(),
    can: z.enum(['slcan', 'candump']).nullable(),
    peripheral: z.boolean(),
  }),
  /** Devices that must speak on the peripheral line. */
  peripherals: z.array(z.string()).optional(),
  /** The DBC file of a bus that is not J1939, and its signals by our names. */
  dbc: z.object({ text: z.string(), signals: z.record(z.string(), z.string()) }).optional(),
  /** Receiver dates before this cannot be true. */
  notBeforeMs: z.number(),
  documents: documentsSchema,
  /** Of a capsule: the finding it was cut for. */
  about: z.unknown().optional(),
})
export type TapeHeader = z.infer<typeof tapeHeaderSchema>
