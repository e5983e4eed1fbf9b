/** By which rules a view was made. */
export interface ViewMark { id: string, version: number }
interface Marks {
  get: (view: string) => Promise<{ document: ViewMark } | undefined>
  set: (marks: readonly ViewMark[]) => Promise<void>
}

/** The collection that marks stand in, one for each view. */
export const VIEW_MARKS = 'view-versions'

/**
 * Throws a view away that other rules made than those of today, before anyone reads it; whoever consumes its topic then builds it anew. A
 * crash in between does it once more.
 * @param version - counted up whenever the view's rules or documents change
 */
export async function keepView (marks: Marks, view: string, version: number, clear: () => Promise<void>): Promise<void> {
  if ((await marks.get(view))?.document.version === version) return
  await clear()
  await marks.set([{ id: view, version }])
}
