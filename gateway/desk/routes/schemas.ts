import { z } from 'zod'
import { caseWordsMax } from '../../alerts/case.ts'
import { caseActions, caseStatuses } from '../../alerts/case-table.ts'
import { saidSchema } from '../../api/problem-schema.ts'
import { roles } from '../../identity/identity.ts'

/** What the desk's routes take and answer. What is missing or wrong in an action's own fields, the machine says. */

export const idSchema = z.string().min(1).max(128)
export const textSchema = z.string().trim().min(1).max(500)
export const alertIdSchema = z.string().regex(/^[0-9a-f]{32}$/, 'the id of an alert')
export const instantSchema = z.iso.datetime({ offset: true })

const words = z.string().trim().max(caseWordsMax).default('')
const metres = z.number().min(0).max(10_000_000)

const proofSchema = z.strictObject({
  says: z.string().trim().max(caseWordsMax).describe('what proves it'),
  at: instantSchema.optional().describe('with area and driver: it counts for the rule'),
  area: idSchema.optional(),
  driver: idSchema.optional(),
  plate: z.string().max(32).optional(),
})

/** The fields of all actions; an action takes its own and refuses the others. */
const fieldShapes = {
  responsible: z.string().trim().max(128).optional(),
  deadlineAt: z.string().max(40).optional().describe('an instant'),
  acceptance: z.string().trim().max(500).optional().describe('what is to be met'),
  cause: z.string().trim().max(500).optional(),
  measure: z.string().trim().max(500).optional(),
  disposition: z.string().max(32).optional().describe('education, criticism, suspension, fine, exempt'),
  evidenceGrade: z.string().max(32).optional().describe('sufficient, to-verify'),
  held: z.boolean().optional().describe('of a look-back: true consolidates, false opens again'),
  successor: z.string().max(64).optional().describe('the alert under which the case goes on'),
  area: idSchema.optional().describe('a safe stop'),
  route: idSchema.optional(),
  segment: z.strictObject({ fromM: metres, toM: metres }).optional(),
  hours: z.number().optional(),
  proof: proofSchema.optional(),
  driver: idSchema.optional(),
}
export const fieldNames = Object.keys(fieldShapes) as (keyof typeof fieldShapes)[]

const revision = z.number().int().min(0)
export const stepSchema = z.strictObject({
  revision: revision.describe('the number of steps the officer saw'),
  action: z.enum(caseActions),
  words,
  ...fieldShapes,
})

/** What is one vehicle's alone is not done to many. */
const single: readonly string[] = [
  'say',
  'extendToStop',
  'approveDetour',
  'acceptRelay',
  'attributeDriver',
  'revokeDetour',
  'withdrawDriver',
  'supersede',
]
export const bulkMax = 200
export const bulkSchema = z.strictObject({
  alerts: z
    .array(z.strictObject({ alert: alertIdSchema, revision }))
    .min(1)
    .max(bulkMax),
  action: z.enum(caseActions).refine((action) => !single.includes(action), 'not for several at once'),
  words: textSchema.describe('one reason for all of them'),
  ...fieldShapes,
})

export const pageQuery = z.object({
  after: z.string().max(32).optional().describe('the cursor that the page before named'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  fleet: idSchema.optional(),
})

const nullable = { text: z.string().nullable(), number: z.number().nullable() }
const stepFieldsSchema = z.object({
  ...fieldShapes,
  to: z.string().optional(),
  areaName: z.string().optional(),
})

export const caseSchema = z.object({
  alert: z.string(),
  fleet: z.string(),
  vehicle: z.string(),
  kind: z.string(),
  revision: z.number(),
  status: z.enum(caseStatuses),
  allowed: z.array(
    z.object({
      action: z.enum(caseActions),
      words: z.boolean(),
      fields: z.array(z.string()),
      wordsBeside: z.boolean().describe('whether words are needed beside the fields'),
    }),
  ),
  cursor: nullable.number,
  facts: z.object({
    responsible: nullable.text,
    deadlineAt: nullable.text,
    acceptance: nullable.text,
    cause: nullable.text,
    measure: nullable.text,
    rectifiedBy: nullable.text,
    verifiedBy: nullable.text,
    closedBy: nullable.text,
    disposition: nullable.text,
    evidenceGrade: nullable.text,
    appeal: nullable.text,
    lookBack: z.object({ held: z.boolean(), at: z.string(), by: z.string() }).nullable(),
    successor: nullable.text,
    escalatedTo: nullable.text,
    escalations: z.number(),
    stop: z.object({ area: z.string(), name: z.string(), at: z.string() }).nullable(),
    detour: z
      .object({
        ...{ route: z.string(), fromM: z.number(), toM: z.number(), until: z.string() },
        ...{ revokedAt: nullable.text, revokedBy: nullable.text },
      })
      .nullable(),
    relay: proofSchema.nullable(),
    driver: nullable.text,
  }),
  result809: z.object({ code: z.number().int().min(0).max(3), name: saidSchema }),
  history: z.array(
    z.object({
      at: z.string(),
      by: z.string(),
      from: z.string(),
      action: z.string(),
      words: z.string(),
      digest: nullable.text,
      role: z.enum(roles).nullable(),
      fields: stepFieldsSchema,
    }),
  ),
})

/** A case with what a list shows of its alert. */
export const listedSchema = caseSchema.extend({
  about: z.object({
    plate: nullable.text,
    severity: z.string(),
    grade: z.string(),
    phase: z.string().describe('ended: at is the end'),
    at: z.string(),
    article: nullable.text,
    driver: nullable.text,
    explain: saidSchema,
    reason: nullable.text,
  }),
  quiet: z
    .object({ id: z.string(), reason: z.string(), words: z.string() })
    .nullable()
    .describe('the quiet rule that explains it'),
  escalatesAt: nullable.text.describe('when the next one of the roster is told; null: nobody waits'),
})

export const didSchema = z.object({
  said: z.enum(['sent', 'waiting']).nullable(),
  detour: nullable.text,
  detourRevoked: z.boolean(),
  relayEntered: z.boolean(),
  attributed: z
    .object({ from: z.string(), to: z.string(), drivenS: z.number() })
    .nullable()
    .describe('the driving that became his; null: the terminal has told of none yet'),
  summoned: nullable.text,
})
