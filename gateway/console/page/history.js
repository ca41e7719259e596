import { el } from '/desk/ui.js'
import { instant, word } from '/desk/words.js'

/** What was done about a case, step by step: who, when, from where, in which words. */
export const historyLines = (history, spoken) =>
  el(
    'ol',
    { class: 'history' },
    history.map((line) => {
      const words = [line.words, fieldsText(line.fields)].filter(Boolean).join('；')
      return el(
        'li',
        {},
        `${instant(line.at)} ${line.by} (${line.from}) ${word(`do.${line.action}`)}${words ? `：${words}` : ''}`,
        line.digest ? el('span', { class: 'soft' }, ` · ${receiptText(line, spoken)}`) : null,
      )
    }),
  )

/** Fields of a step as a line; what reads the same in its words is not said twice. */
function fieldsText(fields = {}) {
  return Object.entries(fields)
    .filter(([name]) => name !== 'areaName' || fields.area === undefined)
    .map(([name, value]) => `${nameOf(name)} ${valueText(name, value, fields)}`)
    .join('；')
}
const nameOf = (name) => (name === 'to' ? word('escalatedTo') : word(`field.${name}`))

function valueText(name, value, fields) {
  if (name === 'area') return fields.areaName ?? value
  if (name === 'deadlineAt') return instant(value).slice(0, 16)
  if (name === 'segment') return `${value.fromM / 1000}–${value.toM / 1000} km`
  if (name === 'proof')
    return [value.says, value.at && instant(value.at), value.area, value.driver].filter(Boolean).join(' ')
  if (name === 'successor') return value.slice(0, 8)
  if (['disposition', 'evidenceGrade', 'held'].includes(name)) return word(`${name}.${value}`)
  return String(value)
}

function receiptText({ digest, at }, spoken) {
  const receipt = spoken.findLast(
    (one) => one.digest === digest && Date.parse(one.at) >= Date.parse(at) - 60_000,
  )
  return receipt === undefined
    ? word('noReceipt')
    : `${word(receipt.outcome)} ${instant(receipt.at).slice(11)}`
}
