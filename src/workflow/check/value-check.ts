import { didYouMean } from '../../near-matches.ts'
import { isJsonArray, isJsonObject, type JsonValue } from '../../protocol/json.ts'
import { allowedText, show } from './allowed-text.ts'
import { choiceKind, missingInputFile, missingModel } from './file-choices.ts'
import type { Complaint } from './finding.ts'
import type { InputForm } from './input-forms.ts'
import { needsLink } from './link-types.ts'
import { numberComplaint } from './number-check.ts'

/** Says what is wrong with a literal; undefined if nothing is. */
export type ValueCheck = (value: JsonValue) => Complaint | undefined

/** What a check knows besides the class. */
export interface ValueCheckOptions {
  /** Whether the lists were asked of the server just now, and not saved at some time. Default false. */
  readonly isLive?: boolean
  /** Whether the class calls a paid service: its lists follow what that offers, and a saved one is soon out of date. */
  readonly isService?: boolean
  /** How `--set` names the input. */
  readonly address?: string
  /** What to do if the server lacks a model, where the node says it. */
  readonly download?: (model: string) => string | undefined
}

/**
 * The check of an input's literals, made once for many values. It follows ComfyUI's own check of a prompt (what would
 * be refused is an error) and adds what that lets through although no node could use it.
 */
export function valueCheck(form: InputForm, options: ValueCheckOptions = {}): ValueCheck {
  const check = checkOfType(form, options)
  return (value) => check(unwrapped(value))
}

/** A literal list is passed as `{"__value__": [...]}` (0.3.27): a bare one would be a link. */
function unwrapped(value: JsonValue): JsonValue {
  return isJsonObject(value) && Object.hasOwn(value, '__value__') ? (value.__value__ ?? null) : value
}

function checkOfType(form: InputForm, options: ValueCheckOptions): ValueCheck {
  switch (form.type) {
    case 'COMBO':
      return comboCheck(form, options)
    case 'INT':
    case 'FLOAT':
      return (value) => numberComplaint(form, value)
    case 'BOOLEAN':
      return booleanComplaint
    case 'STRING':
      return textComplaint
    default:
      return needsLink(form.type)
        ? (value) => literalForLink(form, value)
        : (value) => otherComplaint(form, value)
  }
}

function booleanComplaint(value: JsonValue): Complaint | undefined {
  if (typeof value !== 'string') return undefined
  const text = `${show(value)} is text: the server takes every text but "" for true`
  return { code: 'wrong-type', severity: 'warning', text, hint: 'write true or false, without quotes' }
}

function textComplaint(value: JsonValue): Complaint | undefined {
  if (value !== null && !isJsonObject(value)) return undefined
  const taken = value === null ? 'the word None' : 'text in the notation of Python'
  return {
    code: 'wrong-type',
    severity: 'warning',
    text: `${show(value)} is no text: the server makes ${taken} of it`,
  }
}

function literalForLink({ type, required }: InputForm, value: JsonValue): Complaint | undefined {
  if (value === null && !required) return undefined
  return { code: 'wrong-type', text: `${show(value)} is no link to a node that gives ${type}` }
}

/** Types that are none of the plain ones: only bounds can be checked, where there are any. */
function otherComplaint(form: InputForm, value: JsonValue): Complaint | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? numberComplaint(form, value) : undefined
}

function comboCheck(form: InputForm, options: ValueCheckOptions): ValueCheck {
  const { choices } = form
  // Without a list the page fetches it from elsewhere; lists of other things than values are a custom node's own.
  if (!choices || !choices.every(isPlain)) return () => undefined
  const allowed = new Set(choices)
  const isMultiple = form.options.multiselect === true
  return (value) => {
    if (allowed.has(value)) return undefined
    if (!isMultiple || !isJsonArray(value)) return notInList(form, choices, value, options)
    const wrong = value.find((each) => !allowed.has(each))
    return wrong === undefined ? undefined : notInList(form, choices, wrong, options)
  }
}

function notInList(
  form: InputForm,
  choices: readonly JsonValue[],
  value: JsonValue,
  { isLive = false, isService = false, address, download }: ValueCheckOptions,
): Complaint | undefined {
  const isText = typeof value === 'string'
  const kind = isText ? choiceKind(form, value) : 'value'
  if (isText && kind === 'model') return missingModel(form, value, download?.(value))
  if (isText && kind === 'input-file') return missingInputFile(value, choices, { isLive, address })
  if (isService && !isLive) return undefined
  const near = isText ? didYouMean(value, choices.map(String)) : undefined
  return {
    code: 'value-not-in-list',
    text: `there is no ${show(value)}; ${allowedText(choices)}`,
    ...(near !== undefined && { hint: near }),
  }
}

function isPlain(value: JsonValue): boolean {
  return typeof value !== 'object' || value === null
}
