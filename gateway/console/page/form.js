import { element } from '/desk/list.js'
import { said, word } from '/desk/words.js'

/** The form that asks for the words of an action; it stays open with the remedy at the field until they are taken. */

const dialog = document.querySelector('#form')
const field = document.querySelector('#words')
const trouble = document.querySelector('#words-trouble')
let submit = async () => null

export function openForm(action, phrases, send) {
  submit = send
  document.querySelector('#form-title').textContent = word(`do.${action}`)
  document.querySelector('#words-label').textContent = word(`ask.${action}`)
  field.value = ''
  troubleIs('')
  document.querySelector('#phrases').replaceChildren(
    ...phrases.map((phrase) => {
      const button = element('button', '', phrase)
      button.type = 'button'
      button.addEventListener('click', () => {
        field.value = phrase
        field.focus()
      })
      return button
    }),
  )
  dialog.showModal()
  field.focus()
}

function troubleIs(text) {
  trouble.textContent = text
  field.ariaInvalid = String(text !== '')
}

dialog.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const problem = await submit(field.value)
  if (problem === null) dialog.close()
  else troubleIs(said(problem))
})
document.querySelector('#cancel').addEventListener('click', () => dialog.close())
field.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) dialog.querySelector('form').requestSubmit()
})
