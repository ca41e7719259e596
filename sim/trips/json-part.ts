/**
 * Reads JSON as far as it goes: of a text that is cut off or damaged, everything before the damage, with whatever was
 * open there closed. The value that was being read is left out.
 */
export type PartialJson = { readonly value: unknown; readonly brokenAt: number | null }

export function parsePartly(text: string): PartialJson {
  try {
    return { value: JSON.parse(text), brokenAt: null }
  } catch {
    const reader = new Reader(text)
    const value = reader.value()
    return { value: value === broken ? null : value, brokenAt: reader.at }
  }
}

const broken = Symbol('broken')
const depthMax = 200

class Reader {
  at = 0
  readonly #text: string
  #depth = 0
  #isBroken = false

  constructor(text: string) {
    this.#text = text
  }

  value(): unknown {
    this.#blanks()
    const first = this.#text[this.at]
    if (first !== '{' && first !== '[') return this.#scalar()
    if (++this.#depth > depthMax) return this.#break()
    this.at++
    const value = first === '{' ? this.#object() : this.#array()
    this.#depth--
    return value
  }

  #object(): unknown {
    const object: { [key: string]: unknown } = {}
    for (;;) {
      if (this.#closes('}')) return object
      const key = this.#scalar()
      this.#blanks()
      if (typeof key !== 'string' || this.#text[this.at] !== ':') {
        this.#break()
        return object
      }
      this.at++
      const value = this.value()
      if (value !== broken) object[key] = value
      if (this.#isBroken || !this.#goesOn('}')) return object
    }
  }

  #array(): unknown {
    const items: unknown[] = []
    for (;;) {
      if (this.#closes(']')) return items
      const value = this.value()
      // Of a broken list within a list nobody knows whether it is whole: a position without its latitude is none.
      if (value !== broken && !(this.#isBroken && isScalarList(value))) items.push(value)
      if (this.#isBroken || !this.#goesOn(']')) return items
    }
  }

  /** Whether the closing bracket follows at once. */
  #closes(bracket: string): boolean {
    this.#blanks()
    if (this.#text[this.at] !== bracket) return false
    this.at++
    return true
  }

  #goesOn(bracket: string): boolean {
    this.#blanks()
    const next = this.#text[this.at]
    if (next === ',') {
      this.at++
      this.#blanks()
      return true
    }
    if (next === bracket) this.at++
    else this.#break()
    return false
  }

  #scalar(): unknown {
    this.#blanks()
    const pattern = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[\s,\]}])|true|false|null/y
    pattern.lastIndex = this.at
    const match = pattern.exec(this.#text)
    if (match === null) return this.#break()
    try {
      const value = JSON.parse(match[0]) as unknown
      this.at += match[0].length
      return value
    } catch {
      return this.#break()
    }
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.at] ?? 'x')) this.at++
  }

  #break(): typeof broken {
    this.#isBroken = true
    return broken
  }
}

const isScalarList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item !== 'object')
