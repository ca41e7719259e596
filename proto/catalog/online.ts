import { localClock } from '../time.ts'
import { type CatalogEntry, duration, placeText } from './entry.ts'

/** Kinds about a vehicle that should be heard and is not. */

const lastHeard = (value: unknown, zone: string): string =>
  typeof value === 'string' ? localClock(Date.parse(value), zone) : '?'

export const onlineKinds: { readonly [kind: string]: CatalogEntry } = {
  silence: {
    owner: 'gateway',
    version: 1,
    name: () => ({ zh: '点火未上线', en: 'Ignition on, nothing heard' }),
    severities: ['minor'],
    article: () => '道路运输车辆动态监督管理办法第37条',
    sentence: ({ evidence, phase, place }, { plate, zone }) => {
      const seconds = evidence['silentS']
      const silent = duration(typeof seconds === 'number' ? seconds : 0)
      const pl = placeText(place)
      const state = evidence['ignition'] === true ? 'with its ignition on' : 'after it was seen moving'
      const since = lastHeard(evidence['lastHeard'], zone)
      return phase === 'ended'
        ? {
            zh: `${plate}自${since}起${silent.zh}未上报数据，现已恢复，失联前位置${pl.zh}。`,
            en: `${plate} reported nothing for ${silent.en} from ${since} on and is heard again; last place before ${pl.en}.`,
          }
        : {
            zh: `${plate}已${silent.zh}未上报数据，最后位置${pl.zh}。`,
            en: `${plate} has reported nothing for ${silent.en} (since ${since}) ${state}; last place ${pl.en}.`,
          }
    },
  },
}
