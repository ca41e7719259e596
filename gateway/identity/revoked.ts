import { z } from 'zod'

/** Who is no longer let in: certificates by serial number, whoever bears a name. */
export const revokedSchema = z.strictObject({
  serials: z.array(z.string().regex(/^[0-9A-F]{1,40}$/, 'a serial number in hex, upper case')),
  names: z.array(z.string().min(1).max(129)),
})
export type Revoked = z.infer<typeof revokedSchema>
