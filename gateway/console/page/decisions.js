import { instant, word } from '/desk/words.js'

/** What officers decided for a while, told by how it stands now. */

/** Until when a detour holds, or who ended it before that. */
export function detourText({ route, fromM, toM, until, revokedAt, revokedBy }) {
  const stretch = `${route} ${fromM / 1000}–${toM / 1000} km`
  return revokedAt === null || revokedAt === undefined
    ? `${stretch} · ${word('holdsUntil', instant(until).slice(5, 16))}`
    : `${stretch} · ${word('endedAt', instant(revokedAt).slice(5, 16))} ${revokedBy ?? ''}`.trimEnd()
}
