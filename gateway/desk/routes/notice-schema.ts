import { z } from 'zod'
import { caseStatuses } from '../../alerts/case-table.ts'
import { saidSchema } from '../../api/problem-schema.ts'
import { caseSchema } from './schemas.ts'

/** What the printed page of a rectification notice needs. */
export const noticeSchema = z.object({
  number: z.string(),
  alert: z.string(),
  fleet: z.string(),
  vehicle: z.string(),
  plate: z.string().nullable(),
  driver: z.string(),
  driverIs: z.enum(['identified', 'attributed', 'unknown']),
  trip: z.string().nullable(),
  kind: z.string(),
  name: saidSchema,
  sentence: saidSchema,
  severity: z.string(),
  severityName: saidSchema,
  grade: z.string(),
  gradeName: saidSchema,
  article: z.string().nullable(),
  at: z.string(),
  localAt: z.string(),
  place: z.object({ lat: z.number(), lon: z.number() }).nullable(),
  limit: z.object({ kmh: z.number(), setBy: z.string().nullable() }).nullable(),
  peakKmh: z.number().nullable(),
  percentOver: z.number().nullable(),
  policyDigest: z.string(),
  rule: z.object({ id: z.string(), version: z.number() }),
  series: z.string().describe('where the data of the chart and of the map are'),
  evidence: z.string(),
  status: z.enum(caseStatuses),
  facts: caseSchema.shape.facts,
  dispositionName: saidSchema.nullable(),
  result809: caseSchema.shape.result809,
  history: caseSchema.shape.history,
  printedAt: z.string(),
  printedBy: z.string(),
})
