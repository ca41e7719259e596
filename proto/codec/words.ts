/** The words of the wire's enums, by number; 0 is no word. */

export const streams = ['', 'alarm', 'telemetry'] as const
export const phases = ['', 'started', 'updated', 'ended'] as const
export const severities = ['', 'info', 'minor', 'major', 'critical'] as const
export const spokenOutcomes = ['', 'said', 'again', 'failed', 'received'] as const
export const grades = ['', 'sufficient', 'to-verify'] as const
