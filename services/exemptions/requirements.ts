import type { Requirement } from '../../schemas/documents/matter.v1.js'
import { holds, type Situation } from './conditions.js'

/** What is asked for once all conditions are settled. */
export type Need = { material: string } | { all: Need[] } | { any: Need[] }

export interface Resolved {
  /** Asked for whatever the open questions may be answered. */
  need: Need
  /** Materials that only some answers ask for, each with the questions it waits for. */
  open: Map<string, Set<string>>
  /** False where in some choice no alternative fits the answers: a person has to look. `unfit` are the materials it named. */
  fits: boolean
  unfit: Set<string>
}

/**
 * Settles the conditions. An alternative that comes to nothing, since its condition does not hold, is no alternative: else a list that
 * does not apply would stand for all the others. A choice with none left is never taken for fulfilled. One that waits for an answer is
 * open as a whole, but for what each of its ways asks for.
 */
export function resolve (requirement: Requirement, situation: Situation): Resolved {
  const open = new Map<string, Set<string>>()
  const unfit = new Set<string>()
  let fits = true
  const wait = (requirements: readonly Requirement[], questions: Iterable<string>): void => {
    for (const material of requirements.flatMap(materialsOf)) open.set(material, new Set([...open.get(material) ?? [], ...questions]))
  }

  function settle (node: Requirement): Need {
    if ('material' in node) return node
    if ('allOf' in node) return { all: node.allOf.map(settle) }
    if ('if' in node) {
      const { truth, questions } = holds(node.if, situation)
      if (truth === true) return settle(node.then)
      if (truth === false) return node.else === undefined ? NOTHING : settle(node.else)
      const branches = node.else === undefined ? [node.then] : [node.then, node.else]
      wait(branches, questions)
      return { all: node.else === undefined ? [] : [...common(branches, situation)].map(material => ({ material })) }
    }
    const questions = waitsFor(node, situation)
    if (questions.size > 0) {
      wait(node.anyOf, questions)
      return { all: [...common(alternatives(node.anyOf, situation), situation)].map(material => ({ material })) }
    }
    const fitting = alternatives(node.anyOf, situation)
    if (fitting.length > 0) return { any: fitting.map(settle) }
    fits = false
    for (const material of materialsOf(node)) unfit.add(material)
    return NOTHING
  }

  const need = settle(requirement)
  return { need, open, fits, unfit }
}

const NOTHING: Need = { all: [] }

export function materialsOf (requirement: Requirement): string[] {
  if ('material' in requirement) return [requirement.material]
  if ('allOf' in requirement) return requirement.allOf.flatMap(materialsOf)
  if ('anyOf' in requirement) return requirement.anyOf.flatMap(materialsOf)
  return [...materialsOf(requirement.then), ...requirement.else === undefined ? [] : materialsOf(requirement.else)]
}

export function neededMaterials (need: Need): string[] {
  if ('material' in need) return [need.material]
  return ('all' in need ? need.all : need.any).flatMap(neededMaterials)
}

/** Questions on which the shape of this requirement waits, those behind a condition that waits itself left out. */
function waitsFor (node: Requirement, situation: Situation): Set<string> {
  if ('material' in node) return new Set()
  if ('allOf' in node || 'anyOf' in node) return union(('allOf' in node ? node.allOf : node.anyOf).map(part => waitsFor(part, situation)))
  const { truth, questions } = holds(node.if, situation)
  if (truth === 'unknown') return new Set(questions.size > 0 ? questions : ['']) // '' : waits for what no answer settles
  if (truth) return waitsFor(node.then, situation)
  return node.else === undefined ? new Set() : waitsFor(node.else, situation)
}

/** Those that ask for something and can be fulfilled. */
function alternatives (branches: readonly Requirement[], situation: Situation): Requirement[] {
  return branches.filter(branch => !comesToNothing(branch, situation) && !isUnfit(branch, situation))
}

/** Fulfilled by handing in nothing at all, however the open questions are answered. A choice never is. */
function comesToNothing (node: Requirement, situation: Situation): boolean {
  if ('material' in node || 'anyOf' in node) return false
  if ('allOf' in node) return node.allOf.every(part => comesToNothing(part, situation))
  const branch = branchOf(node, situation)
  return branch !== 'unknown' && (branch === undefined || comesToNothing(branch, situation))
}

/** Holds a choice in which no alternative fits, so that nothing fulfils it. */
function isUnfit (node: Requirement, situation: Situation): boolean {
  if ('material' in node) return false
  if ('allOf' in node) return node.allOf.some(part => isUnfit(part, situation))
  if ('anyOf' in node) return alternatives(node.anyOf, situation).length === 0
  const branch = branchOf(node, situation)
  return branch !== 'unknown' && branch !== undefined && isUnfit(branch, situation)
}

/** @returns undefined where the condition does not hold and there is no other branch */
function branchOf (node: Extract<Requirement, { if: unknown }>, situation: Situation): Requirement | undefined | 'unknown' {
  const { truth } = holds(node.if, situation)
  return truth === 'unknown' ? truth : truth ? node.then : node.else
}

/** Materials that every one of these asks for, whatever is chosen or answered. */
function common (nodes: readonly Requirement[], situation: Situation): Set<string> {
  const [first = new Set<string>(), ...others] = nodes.map(node => certain(node, situation))
  return new Set([...first].filter(material => others.every(other => other.has(material))))
}

function certain (node: Requirement, situation: Situation): Set<string> {
  if ('material' in node) return new Set([node.material])
  if ('allOf' in node) return union(node.allOf.map(part => certain(part, situation)))
  if ('anyOf' in node) return common(alternatives(node.anyOf, situation), situation)
  const { truth } = holds(node.if, situation)
  const otherwise = node.else === undefined ? new Set<string>() : certain(node.else, situation)
  if (truth === false) return otherwise
  const then = certain(node.then, situation)
  return truth ? then : new Set([...then].filter(material => otherwise.has(material)))
}

function union<T> (sets: ReadonlyArray<Set<T>>): Set<T> { return new Set(sets.flatMap(set => [...set])) }
