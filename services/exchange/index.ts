export { FORMS, type Form, type GrantState, type GrantView, type ReleasePorts, type ResourceId, type SharedResource } from './ports.js'
export type { Ask, AssertionAnswer, AssertionQuestion, Outcome, QueryAnswer, QueryQuestion, Question, ReleasedRow, SharedData, Value } from './types.js'
