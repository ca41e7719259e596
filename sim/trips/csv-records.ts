import { parse } from 'csv-parse'

/**
 * The records of a CSV file, in blocks. A line without a quote is a record by itself and only needs to be cut at its delimiters;
 * from the first quote on a parser takes the file apart that knows them all. Both say the same of the same bytes.
 */
export type CsvRecord = readonly string[]

const recordCharsMax = 65_536

/** `broke` is told the line where a record cannot be taken apart (an unclosed quote, an endless line): the file ends there. */
export async function* csvRecords(
  source: AsyncIterable<Uint8Array>,
  delimiter: string,
  broke: (line: number) => void,
): AsyncGenerator<readonly CsvRecord[]> {
  const texts = decoded(source)
  let rest = ''
  let eol: string | null = null
  let number = 0
  for (;;) {
    const next = await texts.next()
    const ended = next.done === true
    const text: string = rest + (ended ? '' : next.value)
    if (eol === null && /^[^\r\n]*"/.test(text)) {
      // Which line end is one is not said before the first line has ended, and a quoted cell may hold any.
      yield* parsed(continued(text, texts), { delimiter, eol }, broke)
      return
    }
    eol ??= eolOf(text, ended)
    if (eol === null && !ended && text.length <= recordCharsMax) {
      rest = text
      continue
    }
    const lines: string[] = eol === null ? [text] : text.split(eol)
    rest = ended ? '' : (lines.pop() ?? '')
    const hard = lines.findIndex((line) => isHard(line))
    const easy = hard < 0 ? lines : lines.slice(0, hard)
    const records = easy
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(delimiter))
    if (records.length > 0) yield records
    number += easy.length
    if (hard >= 0 || eol === '\r' || isHard(rest)) {
      const left = [...lines.slice(easy.length), ...(ended ? [] : [rest])].join(eol ?? '\n')
      yield* parsed(continued(left, texts), { delimiter, eol }, (line) => broke(number + line))
      return
    }
    if (ended) return
  }
}

const isHard = (line: string): boolean => line.length > recordCharsMax || line.includes('"')

/** How the first line ends is how all of them end; null while that is not seen. */
function eolOf(text: string, ended: boolean): '\n' | '\r\n' | '\r' | null {
  const at = text.search(/[\r\n]/)
  if (at < 0) return null
  if (text[at] === '\n') return '\n'
  if (at + 1 === text.length && !ended) return null
  return text[at + 1] === '\n' ? '\r\n' : '\r'
}

async function* decoded(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of source) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

async function* continued(left: string, texts: AsyncIterable<string>): AsyncGenerator<string> {
  yield left
  yield* texts
}

async function* parsed(
  texts: AsyncIterable<string>,
  { delimiter, eol }: { readonly delimiter: string; readonly eol: string | null },
  broke: (line: number) => void,
): AsyncGenerator<readonly CsvRecord[]> {
  const parser = parse({
    comment: '#',
    comment_no_infix: true,
    delimiter,
    ...(eol === null ? {} : { record_delimiter: eol }),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: recordCharsMax,
  })
  const fed = feed(texts, parser)
  try {
    for await (const record of parser as AsyncIterable<string[]>) yield [record]
  } catch {
    broke(parser.info.lines)
  }
  await fed
}

async function feed(
  texts: AsyncIterable<string>,
  parser: NodeJS.WritableStream & { destroyed?: boolean },
): Promise<void> {
  let wake = (): void => {}
  parser.on('drain', () => wake())
  parser.on('close', () => wake())
  for await (const text of texts) {
    if (parser.destroyed) return
    if (!parser.write(text)) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  parser.end()
}
