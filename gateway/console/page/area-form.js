import { firstProblem } from '/desk/area-check.js'
import { nameOf, withValues } from '/desk/areas.js'
import { openForm } from '/desk/form.js'
import { windowsField } from '/desk/windows.js'
import { word } from '/desk/words.js'

/** What an area is for: its role, whom it holds for and when, its limits. */

const roles = [
  ...['noEntry', 'stayWithin', 'speedZone', 'noStopping', 'riskSection', 'tunnelPortal'],
  ...['relayPoint', 'serviceArea', 'station', 'hub', 'exit', 'region'],
]
const classes = ['coach', 'hazmat', 'truck', 'lowSpeedEv']

export function openAreaForm(page, at) {
  const feature = page.features[at]
  const given = feature.properties ?? {}
  const { type } = feature.geometry
  const number = (name) => ({ name, label: word(`prop.${name}`), kind: 'number', value: given[name] ?? '' })
  const text = (name, hint) => ({ name, label: word(`prop.${name}`), value: given[name] ?? '', hint })
  openForm({
    title: word('properties'),
    about: nameOf(feature, at),
    fields: [
      text('id'),
      text('name'),
      {
        name: 'role',
        label: word('prop.role'),
        kind: 'select',
        options: roles.map((one) => [one, word(`role.${one}`)]),
        value: given.role ?? 'noEntry',
      },
      {
        name: 'classes',
        label: word('prop.classes'),
        kind: 'checks',
        hint: word('hint.classes'),
        options: classes.map((one) => [one, word(`class.${one}`)]),
        value: given.classes ?? [],
      },
      ...(type === 'Point' ? [number('radiusM')] : []),
      ...(type === 'LineString' ? [number('halfWidthM')] : []),
      number('limitKmh'),
      number('nightLimitKmh'),
      number('dwellS'),
      windowsField(given.windows ?? []),
      number('approachM'),
      text('validFrom', word('hint.validity')),
      text('validTo', word('hint.validity')),
      {
        ...{ name: 'doorForbidden', label: word('prop.doorForbidden'), kind: 'check' },
        value: given.doorForbidden === true,
      },
      text('province'),
    ],
    send: async (values) => {
      const next = { ...feature, properties: withValues(given, values) }
      const problem = await firstProblem({ type: 'FeatureCollection', features: [next] })
      if (problem !== null) return problem
      page.change(page.features.with(at, next), at)
      return null
    },
  })
}
