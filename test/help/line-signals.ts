import { gnssLine, peripheralLine } from '../../device/decoders/index.ts'
import {
  initialSignals,
  type SignalConfig,
  type SignalInput,
  type SignalState,
  stepSignals,
} from '../../device/signals/index.ts'
import type { Sample } from '../../proto/model.ts'
import { defaultPolicy } from '../../proto/policy.ts'
import { sentence } from './nmea.ts'

/** Lines told as bytes with their times, through decoders and signals. */

export const signalConfig: SignalConfig = {
  policy: defaultPolicy('coach').signals,
  expects: { gnss: true, can: false },
  notBeforeMs: Date.UTC(2000, 0, 1),
  slackMs: 0,
}

export type Heard =
  | { readonly atMs: number; readonly nmea: readonly string[] }
  | { readonly atMs: number; readonly peripheral: Uint8Array }
  | { readonly atMs: number; readonly input: SignalInput }

/** What Samples come of it; `bodies` of sentences stand without `$` and sum. */
export function hear(
  heard: readonly Heard[],
  from: SignalState = initialSignals,
  config: SignalConfig = signalConfig,
): { samples: Sample[]; state: SignalState } {
  const samples: Sample[] = []
  let state = from
  for (const one of heard) {
    for (const input of inputsOf(one)) {
      const step = stepSignals(state, input, config)
      state = step.state
      samples.push(...step.samples)
    }
  }
  return { samples, state }
}

function inputsOf(heard: Heard): SignalInput[] {
  const { atMs: arrivedMs } = heard
  if ('input' in heard) return [heard.input]
  if ('peripheral' in heard) {
    const { messages } = peripheralLine.step(peripheralLine.initial, heard.peripheral)
    return messages.map((message) => ({ is: 'peripheral', message, arrivedMs }))
  }
  const bytes = Buffer.from(heard.nmea.map(sentence).join(''), 'latin1')
  const { messages } = gnssLine.step(gnssLine.initial, new Uint8Array(bytes))
  return messages.map((message) => ({ is: 'gnss', message, arrivedMs }))
}
