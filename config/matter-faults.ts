import type { MatterForm, Test } from '../schemas/documents/matter-form.v1.js'
import type { Condition, Matter, Question, Requirement } from '../schemas/documents/matter.v1.js'
import type { FailureCode, Violation } from '../services/core/failure.js'
import { told } from '../services/core/words.js'
import { canHold, eachLiteral, type Goal } from './conditions.js'

/** One thing wrong with a matter or its form: where in which file, and what. */
export interface Fault extends Violation { code: FailureCode, file: string }
type Found = Omit<Fault, 'file'>

const KINDS = { question: '问题', material: '材料', commitment: '承诺', 'sub-matter': '子事项', party: '当事人' }
function idTwice (pointer: string, id: string): Found { return { code: 'MATTER_ID_TWICE', pointer, message: told(`${id} 已另有所指`, `${id} stands for something else already`) } }

/** A condition somewhere in a matter, with all that has to hold for anyone to get there. */
interface Place { condition: Condition, pointer: string, within: Goal[] }

/** All that the shape alone does not tell. @returns every fault, in the order of the file; empty where there is none */
export function matterFaults (matter: Matter, form: MatterForm | undefined): Found[] {
  const places = conditionsOf(matter)
  const found = [...doubledIds(matter), ...misfitQuestions(matter), ...unknownReferences(matter, places), ...unusedParts(matter, places, form)]
  const cycles = cyclesOf(matter)
  // What goes in a circle, or speaks of what is not there or does not fit, cannot be thought through.
  return found.some(({ code }) => code === 'MATTER_REFERENCE_UNKNOWN' || code === 'MATTER_INVALID') || cycles.length > 0
    ? [...found, ...cycles]
    : [...found, ...contradictions(matter, places)]
}

/** Everyone a way, question or origin may be about. */
export function subjectsOf (matter: Matter): Set<string> { return new Set(['applicant', 'agent', ...matter.parties.map(({ id }) => id)]) }

function conditionsOf (matter: Matter): Place[] {
  const places: Place[] = []
  const add = (when: Condition | undefined, pointer: string, within: Goal[] = []): void => {
    if (when !== undefined) places.push({ condition: when, pointer, within })
  }
  // Nobody who met an end goes on: what is below is only for the others.
  const going = matter.ends.map(({ when }): Goal => [when, false])
  const below = (requirement: Requirement, pointer: string, within: Goal[]): void => {
    if ('allOf' in requirement) requirement.allOf.forEach((part, i) => { below(part, `${pointer}/allOf/${i}`, within) })
    if ('anyOf' in requirement) requirement.anyOf.forEach((part, i) => { below(part, `${pointer}/anyOf/${i}`, within) })
    if (!('if' in requirement)) return
    add(requirement.if, `${pointer}/if`, within)
    below(requirement.then, `${pointer}/then`, [...within, [requirement.if, true]])
    if (requirement.else === undefined) return
    add({ not: requirement.if }, `${pointer}/else`, within)
    below(requirement.else, `${pointer}/else`, [...within, [requirement.if, false]])
  }
  matter.ends.forEach(({ when }, i) => { add(when, `/ends/${i}/when`) })
  for (const list of ['conditions', 'questions', 'commitments', 'limits', 'flow'] as const) {
    matter[list].forEach(({ when }, i) => { add(when, `/${list}/${i}/when`, list === 'questions' ? [] : going) })
  }
  matter.subMatters.forEach(({ when, requires, conditions = [], limits }, i) => {
    const within: Goal[] = when === undefined ? going : [...going, [when, true]]
    add(when, `/subMatters/${i}/when`, going)
    conditions.forEach((stated, j) => { add(stated.when, `/subMatters/${i}/conditions/${j}/when`, within) })
    limits.forEach((limit, j) => { add(limit.when, `/subMatters/${i}/limits/${j}/when`, within) })
    below(requires, `/subMatters/${i}/requires`, within)
  })
  return places
}

function doubledIds (matter: Matter): Found[] {
  const found: Found[] = []
  const check = (list: ReadonlyArray<{ id: string }>, pointer: string, reserved: string[] = []): void => {
    const seen = new Set(reserved)
    list.forEach(({ id }, i) => {
      if (seen.has(id)) found.push(idTwice(`${pointer}/${i}/id`, id))
      seen.add(id)
    })
  }
  check(matter.parties, '/parties', ['applicant', 'agent'])
  for (const list of ['questions', 'materials', 'commitments', 'subMatters'] as const) check(matter[list], `/${list}`)
  matter.questions.forEach(({ options = [] }, i) => { check(options, `/questions/${i}/options`) })
  return found
}

function misfitQuestions (matter: Matter): Found[] {
  return matter.questions.flatMap(({ type, options, unit }, i): Found[] => {
    const chooses = type === 'one-of' || type === 'some-of'
    if (chooses !== (options !== undefined)) return [{ code: 'MATTER_INVALID', pointer: `/questions/${i}/options`, message: chooses ? told('没有填写：没有可选的答案', 'is missing: there is nothing to choose from') : told(`${type} 类型的问题没有选项`, `a ${type} question has no options`) }]
    return unit !== undefined && type !== 'number' ? [{ code: 'MATTER_INVALID', pointer: `/questions/${i}/unit`, message: told('只有数字才有单位', 'only a number has a unit') }] : []
  })
}

function unknownReferences (matter: Matter, places: readonly Place[]): Found[] {
  const found: Found[] = []
  const ids = {
    question: new Map(matter.questions.map(question => [question.id, question])),
    material: new Set(matter.materials.map(({ id }) => id)),
    commitment: new Set(matter.commitments.map(({ id }) => id)),
    'sub-matter': new Set(matter.subMatters.map(({ id }) => id)),
    party: subjectsOf(matter)
  }
  const known = (kind: keyof typeof ids, id: string, pointer: string): void => {
    if (!ids[kind].has(id)) found.push({ code: 'MATTER_REFERENCE_UNKNOWN', pointer, message: told(`没有${KINDS[kind]} ${id}`, `there is no ${kind} ${id}`) })
  }
  for (const { condition, pointer } of places) {
    // The else of a requirement is the same condition once more.
    if (pointer.endsWith('/else')) continue
    eachLiteral(condition, (literal, at) => {
      if ('subMatter' in literal) known('sub-matter', literal.subMatter, `${pointer}${at}/subMatter`)
      if (!('answer' in literal)) return
      known('question', literal.answer, `${pointer}${at}/answer`)
      const question = ids.question.get(literal.answer)
      if (question !== undefined) found.push(...misfitComparison(literal, question, `${pointer}${at}`))
    }, '')
  }
  const materials = (requirement: Requirement, pointer: string): void => {
    eachMaterial(requirement, (id, at) => { known('material', id, `${pointer}${at}`) })
  }
  matter.subMatters.forEach(({ after = [], requires }, i) => {
    after.forEach((id, j) => { known('sub-matter', id, `/subMatters/${i}/after/${j}`) })
    materials(requires, `/subMatters/${i}/requires`)
  })
  matter.flow.forEach(({ subMatters = [] }, i) => { subMatters.forEach((id, j) => { known('sub-matter', id, `/flow/${i}/subMatters/${j}`) }) })
  matter.parties.forEach(({ from }, i) => { if (from !== undefined) known('party', from.subject, `/parties/${i}/from/subject`) })
  matter.questions.forEach(({ answeredBy = [], type, options = [] }, i) => {
    answeredBy.forEach(({ subject, value, otherwise }, j) => {
      known('party', subject, `/questions/${i}/answeredBy/${j}/subject`)
      for (const [name, answer] of [['value', value], ['otherwise', otherwise]] as const) {
        if (answer !== undefined && !fits(answer, { type, options })) found.push({ code: 'MATTER_REFERENCE_UNKNOWN', pointer: `/questions/${i}/answeredBy/${j}/${name}`, message: told(`${String(answer)} 不是这个问题的答案`, `${String(answer)} is no answer to this question`) })
      }
    })
  })
  matter.materials.forEach(({ ways }, i) => {
    ways.forEach((way, j) => {
      const pointer = `/materials/${i}/ways/${j}`
      if ('subject' in way) known('party', way.subject, `${pointer}/subject`)
      if ('holder' in way) known('party', way.holder, `${pointer}/holder`)
      if ('commitment' in way) known('commitment', way.commitment, `${pointer}/commitment`)
      if ('subMatter' in way) known('sub-matter', way.subMatter, `${pointer}/subMatter`)
    })
  })
  return found
}

function fits (answer: unknown, { type, options = [] }: Pick<Question, 'type' | 'options'>): boolean {
  switch (type) {
    case 'yes-no': return typeof answer === 'boolean'
    case 'number': return typeof answer === 'number'
    default: return options.some(({ id }) => id === answer)
  }
}

function misfitComparison (literal: Extract<Condition, { answer: string }>, question: Question, pointer: string): Found[] {
  const { answer: _answer, ...comparison } = literal
  const [[name, compared] = ['', undefined]] = Object.entries(comparison)
  const byNumber = name === 'atLeast' || name === 'atMost'
  const byOption = name === 'includes'
  const misfit = byNumber !== (question.type === 'number') && (byNumber || !['is', 'oneOf'].includes(name))
  if (misfit || byOption !== (question.type === 'some-of')) return [{ code: 'MATTER_INVALID', pointer: `${pointer}/${name}`, message: told(`不适用于 ${question.type} 类型的问题`, `does not suit a ${question.type} question`) }]
  return [compared].flat().filter(value => !fits(value, question))
    .map(value => ({ code: 'MATTER_REFERENCE_UNKNOWN', pointer: `${pointer}/${name}`, message: told(`${String(value)} 不是问题 ${question.id} 的答案`, `${String(value)} is no answer to the question ${question.id}`) }))
}

function eachMaterial (requirement: Requirement, visit: (id: string, pointer: string) => void, pointer = ''): void {
  if ('material' in requirement) visit(requirement.material, `${pointer}/material`)
  if ('allOf' in requirement) requirement.allOf.forEach((part, i) => { eachMaterial(part, visit, `${pointer}/allOf/${i}`) })
  if ('anyOf' in requirement) requirement.anyOf.forEach((part, i) => { eachMaterial(part, visit, `${pointer}/anyOf/${i}`) })
  if (!('if' in requirement)) return
  eachMaterial(requirement.then, visit, `${pointer}/then`)
  if (requirement.else !== undefined) eachMaterial(requirement.else, visit, `${pointer}/else`)
}

/** What nobody uses is a remnant or a slip: a question that decides nothing would be asked of people in vain. */
function unusedParts (matter: Matter, places: readonly Place[], form: MatterForm | undefined): Found[] {
  const used = { questions: new Set<string>(), materials: new Set<string>(), commitments: new Set<string>(), parties: new Set<string>() }
  for (const { condition } of places) eachLiteral(condition, literal => { if ('answer' in literal) used.questions.add(literal.answer) })
  for (const { requires } of matter.subMatters) eachMaterial(requires, id => used.materials.add(id))
  for (const way of matter.materials.flatMap(({ ways }) => ways)) {
    if ('commitment' in way) used.commitments.add(way.commitment)
    if ('subject' in way) used.parties.add(way.subject)
    if ('holder' in way) used.parties.add(way.holder)
  }
  for (const { subject } of matter.questions.flatMap(({ answeredBy = [] }) => answeredBy)) used.parties.add(subject)
  for (const { from } of matter.parties) if (from !== undefined) used.parties.add(from.subject)
  for (const origin of form?.prefill.flatMap(({ from }) => from) ?? []) {
    if ('subject' in origin) used.parties.add(origin.subject)
    if ('holder' in origin) used.parties.add(origin.holder)
  }
  return (Object.keys(used) as Array<keyof typeof used>).flatMap(list => matter[list].flatMap(({ id }, i): Found[] => used[list].has(id)
    ? []
    : [{ code: 'MATTER_PART_UNUSED', pointer: `/${list}/${i}`, message: told(`没有用到 ${id}`, `nothing uses ${id}`) }]))
}

/** Sub-matters that wait for one another, questions that are only asked after one another: each circle once. */
function cyclesOf (matter: Matter): Found[] {
  const needs = new Map<string, Set<string>>()
  const add = (node: string, condition: Condition | undefined, more: string[] = []): void => {
    const list = needs.get(node) ?? new Set<string>()
    for (const id of more) list.add(`sub-matter ${id}`)
    if (condition !== undefined) {
      eachLiteral(condition, literal => {
        if ('answer' in literal) list.add(`question ${literal.answer}`)
        if ('subMatter' in literal) list.add(`sub-matter ${literal.subMatter}`)
      })
    }
    needs.set(node, list)
  }
  const makers = new Map(matter.materials.map(({ id, ways }) => [id, ways.flatMap(way => 'subMatter' in way ? [way.subMatter] : [])]))
  for (const { id, when } of matter.questions) add(`question ${id}`, when)
  for (const { id, when, after = [], requires } of matter.subMatters) {
    add(`sub-matter ${id}`, when, after)
    eachMaterial(requires, material => { add(`sub-matter ${id}`, undefined, makers.get(material)) })
  }

  const found: Found[] = []
  const done = new Set<string>()
  const visit = (node: string, path: string[]): void => {
    const start = path.indexOf(node)
    if (start >= 0) {
      const circle = [...path.slice(start), node]
      found.push({ code: 'REQUIREMENT_CYCLE', pointer: pointerTo(matter, node), message: told(`循环等待：${circle.join(' → ')}`, `waits for itself: ${circle.join(' → ')}`) })
      return
    }
    if (done.has(node)) return
    for (const next of needs.get(node) ?? []) visit(next, [...path, node])
    done.add(node)
  }
  for (const node of needs.keys()) visit(node, [])
  return found
}

function pointerTo (matter: Matter, node: string): string {
  const [kind, id] = node.split(' ')
  const list = kind === 'question' ? 'questions' : 'subMatters'
  return `/${list}/${matter[list].findIndex(part => part.id === id)}`
}

function contradictions (matter: Matter, places: readonly Place[]): Found[] {
  return places
    .filter(({ condition, within }) => !canHold([...within, [condition, true]], matter))
    .map(({ pointer }) => ({ code: 'CONDITION_CONTRADICTORY', pointer, message: told('在这里不可能成立', 'can never hold here') }))
}

/** All that the shape of a form alone does not tell. `matter` says who its origins may be about. */
export function formFaults (form: MatterForm, matter: Matter): Found[] {
  const found: Found[] = []
  const subjects = subjectsOf(matter)
  const known = (field: string, pointer: string): FieldSchema | undefined => {
    const schema = fieldOf(form.schema as FieldSchema, field)
    if (schema === undefined) found.push({ code: 'FORM_FIELD_UNKNOWN', pointer, message: told(`表单没有字段 ${field}`, `the form has no field ${field}`) })
    return schema
  }
  const filled = new Set<string>()
  form.prefill.forEach(({ field, from }, i) => {
    known(field, `/prefill/${i}/field`)
    if (filled.has(field)) found.push({ code: 'MATTER_ID_TWICE', pointer: `/prefill/${i}/field`, message: told(`${field} 上面已经填过`, `${field} is filled above already`) })
    filled.add(field)
    from.forEach((origin, j) => {
      const subject = 'subject' in origin ? origin.subject : 'holder' in origin ? origin.holder : 'applicant'
      if (!subjects.has(subject)) found.push({ code: 'MATTER_REFERENCE_UNKNOWN', pointer: `/prefill/${i}/from/${j}/${'subject' in origin ? 'subject' : 'holder'}`, message: told(`没有${KINDS.party} ${subject}`, `there is no party ${subject}`) })
    })
  })
  const checks = new Set<string>()
  form.checks.forEach(({ id, when, must }, i) => {
    if (checks.has(id)) found.push(idTwice(`/checks/${i}/id`, id))
    checks.add(id)
    for (const [name, test] of [['when', when], ['must', must]] as const) {
      if (test === undefined) continue
      eachComparison(test, `/checks/${i}/${name}`, (comparison, pointer) => {
        const schema = known(comparison.field, `${pointer}/field`)
        for (const other of ['equalsField', 'noLaterThanField'] as const) {
          if (comparison[other] !== undefined) known(comparison[other], `${pointer}/${other}`)
        }
        const choices = schema?.enum ?? schema?.items?.enum
        const values = [comparison.is, ...comparison.oneOf ?? []].filter(value => value !== undefined)
        if (choices !== undefined && values.some(value => !choices.includes(value))) {
          found.push({ code: 'MATTER_REFERENCE_UNKNOWN', pointer, message: told(`${comparison.field} 没有这个选项`, `${comparison.field} has no such choice`) })
        }
      })
    }
  })
  return found
}

interface FieldSchema { properties?: Record<string, FieldSchema>, items?: FieldSchema, enum?: unknown[] }

/** The schema of the field that a pointer leads to; a number leads into a list. */
function fieldOf (schema: FieldSchema, pointer: string): FieldSchema | undefined {
  if (!pointer.startsWith('/')) return undefined
  return pointer.slice(1).split('/').reduce<FieldSchema | undefined>((at, name) => {
    if (at === undefined) return undefined
    if (at.items !== undefined && /^\d+$/.test(name)) return at.items
    return at.properties !== undefined && Object.hasOwn(at.properties, name) ? at.properties[name] : undefined
  }, schema)
}

type Comparison = Extract<Test, { field: string }>

function eachComparison (test: Test, pointer: string, visit: (comparison: Comparison, pointer: string) => void): void {
  if ('field' in test) visit(test, pointer)
  else if ('not' in test) eachComparison(test.not, `${pointer}/not`, visit)
  else if ('allOf' in test) test.allOf.forEach((part, i) => { eachComparison(part, `${pointer}/allOf/${i}`, visit) })
  else test.anyOf.forEach((part, i) => { eachComparison(part, `${pointer}/anyOf/${i}`, visit) })
}
