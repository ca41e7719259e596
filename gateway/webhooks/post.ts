/** The post itself: no redirects, no waiting for ever, and nothing of the answer is kept but whether it was a yes. */

const timeoutMs = 10_000

export async function postLetter(
  url: string,
  body: string,
  headers: { readonly [name: string]: string },
  patienceMs = timeoutMs,
): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(patienceMs)
    // Followed, a redirect would carry alerts to an address that no admin has named: it is a no, told by its status.
    const response = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal })
    await response.body?.cancel()
    return response.ok ? null : `HTTP ${response.status}`
  } catch (error) {
    if (!(error instanceof Error)) return 'not reachable'
    const { cause } = error as { cause?: { code?: string } }
    return error.name === 'TimeoutError'
      ? `no answer within ${patienceMs / 1000} s`
      : (cause?.code ?? 'not reachable')
  }
}
