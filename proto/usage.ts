/** Whether a person asks what a command understands: it then prints its usage on stdout and has done its work. */
export const asksForHelp = (argv: readonly string[]): boolean =>
  argv.some((word) => word === '--help' || word === '-h')

/** Why a command line was refused, in one line. */
export function whyRefused(error: unknown): string {
  const [first = 'bad arguments'] = error instanceof Error ? error.message.split(/[.\n]/) : []
  return first.replace(
    /^Option '([^']+)' argument is ambiguous$/,
    '$1: its value is missing, or begins with a dash',
  )
}
