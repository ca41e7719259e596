import { checkInvariants, complaints } from '../invariants.ts'
import { Victims } from './victims.ts'

/**
 * Terminals of two fleets and their gateway killed with SIGKILL at random moments, each by itself, while a receiver goes on printing.
 * Afterwards the three logs are compared.
 */
export type DrivesReport = {
  readonly durable: number
  readonly journaled: number
  readonly alerts: number
  readonly lost: number
  readonly doubled: number
  readonly foreign: number
  readonly complaints: readonly string[]
  readonly worstRecoveryMs: number
  readonly worstRssMb: number
}
export type KillsReport = DrivesReport & { readonly terminalKills: number; readonly gatewayKills: number }

/** What became of a drive that something was done to: everything arrives in the end, once. */
export async function proveDrive(
  seed: number,
  disturb: (victims: Victims) => Promise<readonly string[]>,
  /** False where the gateway's own clock jumps: what it believed of a date when it came is not in its journal. */
  recomputes = true,
): Promise<DrivesReport> {
  const victims = new Victims(seed)
  try {
    await victims.open()
    const troubles = await disturb(victims)
    const stuck = await victims.settle()
    const evidence = await victims.close()
    const recomputed = recomputes ? evidence.recomputed : undefined
    const { recomputed: _, ...others } = evidence
    const verdict = checkInvariants(recomputed === undefined ? others : { ...others, recomputed })
    return {
      durable: evidence.oracle.filter(({ is }) => is === 'durable').length,
      journaled: evidence.journal.length,
      alerts: evidence.alerts.length,
      lost: verdict.lost.length,
      doubled: verdict.doubled.length,
      foreign: verdict.foreign.length + verdict.phantom.length,
      complaints: [...troubles, ...stuck, ...complaints(verdict)],
      worstRecoveryMs: Math.round(victims.worstRecoveryMs),
      worstRssMb: victims.worstRssMb,
    }
  } finally {
    victims.clean()
  }
}

export async function proveKills(
  terminalKills: number,
  gatewayKills: number,
  seed: number,
): Promise<KillsReport> {
  const report = await proveDrive(seed, async (victims) => {
    await Promise.all([victims.killTerminals(terminalKills), victims.killGateways(gatewayKills)])
    return []
  })
  return { ...report, terminalKills, gatewayKills }
}
