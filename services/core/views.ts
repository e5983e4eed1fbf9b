/** By which rules a view was made. */
export interface ViewMark { id: string, version: number }
interface Marks {
  get: (view: string) => Promise<{ document: ViewMark } | undefined>
  set: (marks: readonly ViewMark[]) => Promise<void>
}

/** The collection that marks stand in, one for each view. */
export const VIEW_MARKS = 'view-versions'

/** Of a view that is being thrown away. */
const NO_VERSION = 0

interface Following { idle: () => Promise<void>, lag: () => Promise<number>, stop: () => Promise<void> }
interface HowToFollow<Told> {
  group: string
  topic: string
  batch: number
  gatherMs?: number
  onError?: (error: unknown) => void
  handle: (records: Told[], partition: number) => Promise<void>
}

/** What a view needs of where events and documents stand; ports of the platform have it. */
export interface ViewOptions<Told> {
  eventLog: {
    partitions: (topic: string) => Promise<number>
    commit: (group: string, topic: string, partition: number, offset: number) => Promise<void>
    consume: (options: HowToFollow<Told>) => Following
  }
  documents: { collection: (name: typeof VIEW_MARKS) => Promise<Marks> }
  /** The group that follows the topic, which is also the view's name. */
  group: string
  topic: string
  /** Counted up whenever the view's rules or documents change. */
  version: number
  /** Throws away all that the view keeps. */
  clear: () => Promise<void>
  /** Tells the view what came in. Bears getting a batch again. */
  handle: (records: readonly Told[], partition: number) => Promise<void>
  /** Most events that are told together; 500 if not said. */
  batch?: number | undefined
  /** How long what came first may wait for more, to be told together, milliseconds; `idle` waits for it no longer. At once if not said. */
  gatherMs?: number | undefined
  onError?: ((error: unknown) => void) | undefined
}

/** Documents that are made of a topic's events, and can be made of them again: followed by one group, of today's rules or built anew. */
export class View<Told> {
  readonly #options: ViewOptions<Told>
  readonly #marks: Marks
  #following: Following | undefined

  private constructor (options: ViewOptions<Told>, marks: Marks) {
    this.#options = options
    this.#marks = marks
  }

  /** One that other rules made than those of today is thrown away before anyone reads it. */
  static async open<Told> (options: ViewOptions<Told>): Promise<View<Told>> {
    const { documents, group, version } = options
    const marks = await documents.collection(VIEW_MARKS)
    const view = new View(options, marks)
    if ((await marks.get(group))?.document.version !== version) await view.#clear()
    return view
  }

  get isRunning (): boolean { return this.#following !== undefined }

  start (): void {
    const { eventLog, group, topic, batch = 500, gatherMs, onError, handle } = this.#options
    this.#following = eventLog.consume({ group, topic, batch, ...(gatherMs === undefined ? {} : { gatherMs }), ...(onError === undefined ? {} : { onError }), handle })
  }

  async stop (): Promise<void> {
    await this.#following?.stop()
    this.#following = undefined
  }

  /** Resolves when the view knows all that was said before. */
  async idle (): Promise<void> { await this.#following?.idle() }
  /** Events that it does not know yet. */
  async lag (): Promise<number> { return await this.#following?.lag() ?? 0 }

  /** Throws the view away and reads it off its topic again. Answers once it has caught up, if it was running. */
  async rebuild (): Promise<void> {
    const { isRunning } = this
    await this.stop()
    await this.#clear()
    if (!isRunning) return
    this.start()
    await this.idle()
  }

  /** Marked as made by no rules meanwhile: a process that ends in between does it once more at the next start. */
  async #clear (): Promise<void> {
    const { eventLog, group, topic, version, clear } = this.#options
    await this.#marks.set([{ id: group, version: NO_VERSION }])
    await clear()
    const partitions = await eventLog.partitions(topic)
    for (let partition = 0; partition < partitions; partition++) await eventLog.commit(group, topic, partition, 0)
    await this.#marks.set([{ id: group, version }])
  }
}
