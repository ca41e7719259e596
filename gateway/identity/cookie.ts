import { parseCookie, stringifySetCookie } from 'cookie'

/** The session cookie: for this gateway's own pages only, and out of reach of their scripts. */

const name = 'roadwarden'

export function tokenOfCookie(header: string | undefined): string | null {
  return header === undefined ? null : (parseCookie(header)[name] ?? null)
}

/** Without an age it ends the one that is there. */
export function cookieOf(token: string, { secure, ageS }: { secure: boolean; ageS: number | null }): string {
  return stringifySetCookie({
    ...{ name, value: token, httpOnly: true, sameSite: 'strict', secure, path: '/' },
    maxAge: ageS ?? 0,
  })
}
