import { isJsonArray, stringifyJson, type JsonValue } from '../../protocol/json.ts'
import { nodeClassNamed } from '../../protocol/object-info.ts'
import { inputValue } from '../links.ts'
import { patchWorkflow, type Patch } from '../patch.ts'
import type { InputRef, Workflow } from '../workflow.ts'
import { findingAt, type Finding } from './finding.ts'
import { inputForms } from './input-forms.ts'
import { literalCheck } from './literal-check.ts'
import type { ValueCheck } from './value-check.ts'
import { checkOnServers, findingsOfAll, type ServerClasses } from './several-servers.ts'

/** So many graphs with other links than the workflow's own are kept. */
const mostVariants = 100

type PatchCheck = (value: JsonValue) => Finding | undefined

/**
 * The check of one workflow, made once for the many graphs that come of setting its inputs: of each graph only what it
 * sets is looked at.
 */
export class GraphCheck {
  readonly #workflow: Workflow
  readonly #servers: readonly ServerClasses[]
  readonly #findings: readonly Finding[]
  readonly #inputs = new Map<string, Map<string, PatchCheck | 'structure'>>()
  readonly #variants = new Map<string, GraphCheck>()

  constructor(workflow: Workflow, servers: readonly ServerClasses[]) {
    this.#workflow = workflow
    this.#servers = servers
    this.#findings = checkOnServers(workflow, servers)
  }

  /**
   * What is wrong with the graph that `patches` make of the workflow: with the values that they set, and with what they
   * leave as it is. `filled` are inputs that get their values only later, such as the names of files that are uploaded.
   */
  findings(patches: readonly Patch[], filled: readonly InputRef[] = []): readonly Finding[] {
    let found: Finding[] | undefined
    let changesStructure = false
    for (const { target, value } of patches) {
      const check = this.#checkOf(target)
      if (check === 'structure' || isJsonArray(value)) changesStructure = true
      else {
        const finding = check(value)
        if (finding) (found ??= []).push(finding)
      }
    }
    if (changesStructure) return this.#variantFindings(patches, filled)
    if (this.#findings.length === 0) return found ?? []
    const own = this.#findings.filter((finding) => !isSet(finding, patches, filled))
    return found ? [...own, ...found] : own
  }

  /** How values of an input are checked. `structure`: what it holds decides what else there is. */
  #checkOf(target: InputRef): PatchCheck | 'structure' {
    let ofNode = this.#inputs.get(target.node)
    if (!ofNode) this.#inputs.set(target.node, (ofNode = new Map()))
    let check = ofNode.get(target.input)
    if (!check) ofNode.set(target.input, (check = this.#makeCheck(target)))
    return check
  }

  #makeCheck(target: InputRef): PatchCheck | 'structure' {
    const node = this.#workflow.nodes.get(target.node)
    if (!node || isJsonArray(inputValue(this.#workflow, target))) return 'structure'
    const checks = this.#servers.map(({ objectInfo, isLive, source }) => {
      const nodeClass = nodeClassNamed(objectInfo, node.classType)
      const form = nodeClass && inputForms(nodeClass, node.inputs).forms.get(target.input)
      const check = form && literalCheck([target.node, node], nodeClass, form, { isLive })
      return { source, check, isSelector: form?.isSelector ?? false }
    })
    if (checks.some(({ isSelector }) => isSelector)) return 'structure'
    const find = (check: ValueCheck | undefined, value: JsonValue): Finding | undefined => {
      const complaint = check?.(value)
      return complaint && findingAt(complaint, target.node, node, target.input)
    }
    const [only, ...others] = checks
    if (others.length === 0) return (value) => find(only?.check, value)
    return (value) => {
      const found = checks.map(({ source, check }) => ({ source, finding: find(check, value) }))
      const perServer = found.map(({ source, finding }) => ({ source, findings: finding ? [finding] : [] }))
      return findingsOfAll(perServer)[0]
    }
  }

  /** Where links or choices change, the graph is another one: it is checked as a whole, once for each that occurs. */
  #variantFindings(patches: readonly Patch[], filled: readonly InputRef[]): readonly Finding[] {
    const isStructural = ({ target, value }: Patch): boolean =>
      isJsonArray(value) || this.#checkOf(target) === 'structure'
    const structural = patches.filter(isStructural)
    const key = stringifyJson(structural)
    let variant = this.#variants.get(key)
    if (!variant) {
      if (this.#variants.size >= mostVariants) this.#variants.clear()
      variant = new GraphCheck(patchWorkflow(this.#workflow, structural).workflow, this.#servers)
      this.#variants.set(key, variant)
    }
    const others = patches.filter((patch) => !isStructural(patch))
    return variant.findings(others, filled)
  }
}

/** Whether a finding is about a value that a graph does not have any more. */
function isSet({ node, input }: Finding, patches: readonly Patch[], filled: readonly InputRef[]): boolean {
  const isTarget = (target: InputRef): boolean => target.node === node && target.input === input
  return filled.some(isTarget) || patches.some(({ target }) => isTarget(target))
}
