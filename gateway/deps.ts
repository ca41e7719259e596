import type { HostClock, WorldClock } from '../proto/clocks.ts'
import type { AnyDetector } from '../proto/detector.ts'
import type { Documents } from '../proto/in-force.ts'
import type { ApiParts } from './api/wiring.ts'
import type { DeskMap } from './console/map.ts'
import type { DeskFolder } from './desk/service.ts'
import { type AbuseLimits, lenient, strict } from './identity/abuse.ts'
import type { Doorkeeper } from './identity/doorkeeper.ts'
import type { Register } from './journal/register.ts'
import type { Journal } from './journal.ts'
import type { TlsFiles } from './listen.ts'
import type { Log } from './log.ts'
import type { PushDeps } from './push/office.ts'
import type { ShadowLog } from './shadow/log.ts'
import type { ShadowPolicy } from './shadow/watch.ts'

/** What a gateway is given. Tests and simulations run it in their own process, with clocks and folders of theirs. */
export type GatewayDeps = {
  readonly journal: Journal
  /** The gateway's rules, in order. */
  readonly rules: readonly AnyDetector[]
  /** What is in force for a vehicle; null for one that is not of ours. */
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  readonly world: WorldClock
  readonly host: HostClock
  readonly log: Log
  readonly ingest: Address
  readonly alerts: Address & { readonly wsPort: number | null }
  readonly http: { readonly host: string; readonly port: number; readonly tls?: TlsFiles | null }
  readonly auth: 'loopback' | 'tls'
  /** Who is let in behind TLS; absent: whoever has a certificate of the authority. */
  readonly doorkeeper?: Doorkeeper
  /** Absent: strict behind TLS, lenient on loopback. */
  readonly abuse?: AbuseLimits
  /** Why it should get no more work, besides what it knows itself; null: none. */
  readonly notReady?: () => string | null
  /** Documents for terminals; absent: none. */
  readonly push?: PushDeps
  /** A policy that is tried beside; absent: none. */
  readonly shadow?: { readonly policy: ShadowPolicy; readonly log: ShadowLog }
  /** What officers did about alerts: with it the desk is served; absent: none. Closed with the gateway. */
  readonly register?: Register
  /** Papers that a desk lists and writes, and where what the API keeps lies; absent: in memory, and no papers. */
  readonly api?: ApiParts
  /** Where the desk keeps rosters, approvals and its key, and who hears of approvals; absent: it has none of them. */
  readonly desk?: DeskFolder
  /** What the desk's maps are drawn on; absent: its own sketch. */
  readonly deskMap?: DeskMap
  /** A write failed: nothing more may be promised. */
  readonly onFatal: (error: unknown) => void
}
export type Address = { readonly host: string; readonly port: number; readonly tls: TlsFiles | null }

/** Strict behind TLS, lenient on loopback, unless said otherwise. */
export const limitsOf = ({ abuse, auth }: Pick<GatewayDeps, 'abuse' | 'auth'>): AbuseLimits =>
  abuse ?? (auth === 'tls' ? strict : lenient)
