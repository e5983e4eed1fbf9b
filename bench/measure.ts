/** One line of the bench: our work beside a peer or a ceiling measured in the same run, in the same unit. */
export interface Row {
  work: string
  ours: number
  unit: string
  /** What stands beside it, and its figure; absent where the aim is an absolute bound. */
  beside?: string
  theirs?: number
  /** What is compared with the aim: a ratio, or `ours` where nothing stands beside it. */
  figure: number
  aim: { atLeast: number } | { atMost: number }
}

/** One file of bench/ exports one suite. Each row comes from one run, so that the machine's speed cancels out. */
export type Suite = () => Promise<Row[]>

export function met ({ figure, aim }: Row): boolean { return 'atLeast' in aim ? figure >= aim.atLeast : figure <= aim.atMost }

/**
 * Runs each work in turn, round after round, and gives the median milliseconds of one call of each: interleaved, so that a
 * machine that slows down slows all of them alike.
 */
export async function interleaved (works: ReadonlyArray<() => unknown>, { rounds, calls }: { rounds: number, calls: number }): Promise<number[]> {
  const times: number[][] = works.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, work] of works.entries()) {
      const start = process.hrtime.bigint()
      for (let call = 0; call < calls; call++) await work()
      const ms = Number(process.hrtime.bigint() - start) / 1e6 / calls
      if (round > 0) times[index]?.push(ms) // the first round warms up
    }
  }
  return times.map(median)
}

export function median (values: number[]): number {
  const sorted = values.slice().sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] as number
}
