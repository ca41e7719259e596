/** Lines of a text that streams by, numbered from 1. Whatever is no UTF-8 becomes the replacement character. */
export type TextLine = { readonly number: number; readonly text: string }

/** No line of a format read here is longer; the rest of a longer one is passed over. */
const lineCharsMax = 65_536

export async function* textLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder()
  let rest = ''
  let number = 0
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = (lines.pop() ?? '').slice(0, lineCharsMax)
    for (const text of lines) yield { number: ++number, text }
  }
  rest += decoder.decode()
  if (rest.trim() !== '') yield { number: ++number, text: rest.replace(/\r$/, '') }
}

/** Tells once, at the end, where a file first could not be read and how much of it. */
export type Damage = {
  readonly line: (number: number) => void
  readonly end: () => void
}

export function createDamage(file: string, what: string, tell: (line: string) => void): Damage {
  let first: number | null = null
  let count = 0
  return {
    line: (number) => {
      first ??= number
      count++
    },
    end: () => {
      if (first !== null)
        tell(`${file}: line ${first}: ${what}; ${count} such ${count === 1 ? 'line' : 'lines'} left out`)
    },
  }
}
