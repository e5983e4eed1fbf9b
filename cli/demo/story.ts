import { findingsOf, type FindingCode, type Report, type Verdict } from '../../services/verification/index.js'
import { VERDICT_WORDS } from '../../services/verification/words.js'

/** Chinese first, English beside it. */
export interface Words { zh: string, en: string }

/** What came out is not what should have. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected'
}

/** Somebody ended the story before its end. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
}

export function expect (holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Unexpected(otherwise)
}

/** Every member as it should be, compared as JSON. */
export function expectSame (seen: unknown, wanted: unknown, what: string): void {
  expect(JSON.stringify(seen) === JSON.stringify(wanted), `${what}: wanted ${JSON.stringify(wanted)}, got ${JSON.stringify(seen)}`)
}

/**
 * Just this verdict, with just these codes: one that is missing and one that is too many both count.
 * @returns what a clerk sees of it, a line each
 */
export function expectVerdict (report: Report, verdict: Verdict, ...codes: FindingCode[]): string[] {
  const findings = findingsOf(report)
  const found = [...new Set(findings.map(({ code }) => code))].sort()
  const seen = `${report.verdict} [${found.join(', ')}]`
  expect(report.verdict === verdict && found.join() === [...codes].sort().join(), `wanted ${verdict} [${[...codes].sort().join(', ')}], got ${seen}`)
  const [first] = findings
  const { zh, en, mark } = VERDICT_WORDS[verdict]
  if (first === undefined) return [`${mark} ${zh}  ${en}`]
  return [
    `${mark} ${zh}：${first.zh}  [${[first.code, ...found.filter(code => code !== first.code)].join(', ')}]`,
    `  请这样做：${first.mend.zh}  ${first.en}`
  ]
}

/** One thing that is done, and what should come of it. `run` says what was seen, a line each, or throws. */
export type Run = () => Promise<string | readonly string[]>

export interface Teller {
  write: (text: string) => void
  /** May it use colour? */
  colour: boolean
  /** Columns of the terminal. */
  columns: number
}

/** Tells the story step by step, and keeps count. After a step that failed the others still run: each stands by itself. */
export class Story {
  readonly failed: string[] = []
  passed = 0
  readonly #teller: Teller
  #scenes = 0
  #stopped = false

  constructor (teller: Teller) { this.#teller = teller }

  say (text = ''): void { this.#teller.write(`${text}\n`) }

  /** Scenes are counted anew. */
  act ({ zh, en }: Words): void {
    this.#scenes = 0
    this.say()
    this.#both('', zh, en, '1')
  }

  scene ({ zh, en }: Words): void {
    const number = NUMBERS[this.#scenes++] ?? String(this.#scenes)
    this.say()
    this.#both('', `${number}、${zh}`, en, '1')
  }

  /** A sentence between the steps. */
  note ({ zh, en }: Words): void { this.#both('  ', zh, en) }

  /** No step is begun after this, and how one ends that is in hand no longer counts. */
  stop (): void { this.#stopped = true }

  /** @returns whether it came out as it should. @throws {Stopped} */
  async step ({ zh, en }: Words, run: Run): Promise<boolean> {
    if (this.#stopped) throw new Stopped()
    let seen: string | readonly string[]
    try { seen = await run() } catch (error) {
      if (this.#stopped) throw new Stopped()
      this.failed.push(zh)
      this.#both(`  ${this.#paint('31;1', '✗')} `, zh, en)
      const message = error instanceof Unexpected ? error.message : error instanceof Error ? error.stack ?? error.message : String(error)
      for (const line of message.split('\n')) this.say(`      ${line}`)
      return false
    }
    this.passed++
    this.#both(`  ${this.#paint('32', '✓')} `, zh, en)
    for (const line of typeof seen === 'string' ? [seen] : seen) this.say(`      ${line}`)
    return true
  }

  /** English beside the Chinese where there is room, else below it. */
  #both (before: string, zh: string, en: string, paint?: string): void {
    const margin = columnsOf(before)
    const first = before + (paint === undefined ? zh : this.#paint(paint, zh))
    if (margin + columnsOf(zh) + 2 + columnsOf(en) <= this.#teller.columns) this.say(`${first}  ${this.#faint(en)}`)
    else this.say(`${first}\n${' '.repeat(margin)}${this.#faint(en)}`)
  }

  #paint (code: string, text: string): string { return this.#teller.colour ? `\u001b[${code}m${text}\u001b[0m` : text }
  #faint (text: string): string { return this.#paint('2', text) }
}

/** Columns on a terminal: Chinese characters and their punctuation take two, colour takes none. */
function columnsOf (text: string): number {
  // eslint-disable-next-line no-control-regex -- ESC begins a colour
  return [...text.replace(/\u001b\[[\d;]*m/g, '')].reduce((sum, character) => sum + (/[\u2e80-\u9fff\uff00-\uff60“”…]/u.test(character) ? 2 : 1), 0)
}

const NUMBERS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']
