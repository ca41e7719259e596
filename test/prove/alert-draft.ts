import type { Alert } from '../../proto/model.ts'

/** An alert as a gateway is about to journal it. */
export const alertDraft = (id: string): Omit<Alert, 'cursor'> => ({
  id,
  revision: 1,
  kind: 'speeding',
  reason: null,
  phase: 'started',
  subject: 'v1',
  severity: 'major',
  grade: 'sufficient',
  fleet: 'f1',
  vehicle: 'v1',
  plate: null,
  driver: null,
  trip: null,
  at: '2025-11-22T17:50:00.000Z',
  decidedAt: '2025-11-22T17:50:10.000Z',
  receivedAt: '2025-11-22T17:50:11.000Z',
  late: false,
  supersedes: null,
  place: null,
  rule: { id: 'speeding', version: 1 },
  policyDigest: '0'.repeat(64),
  article: null,
  evidence: {},
  explain: { zh: '', en: '' },
})
