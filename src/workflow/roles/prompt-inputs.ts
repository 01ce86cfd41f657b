import { isLink } from '../../protocol/graph.ts'
import type { JsonObject } from '../../protocol/json.ts'

const promptName = /^(?:prompt|text_prompt|prompt_text|positive_prompt|user_prompt|storyboard_\d+_prompt)$/
/** What stands for the prompt in nodes that have none: what is to be said, or described. */
const textName = /^(?:text\d*|script|high_level_description|description|caption|tags)$/

/** The last part of an input's name: `prompt` of `model.prompt`. */
export function lastPart(input: string): string {
  return input.slice(input.lastIndexOf('.') + 1)
}

/** The inputs of a node that makes something by itself in which it takes its prompt: `prompt`, `model.prompt`... */
export function promptInputs(inputs: JsonObject): string[] {
  const texts = Object.keys(inputs).filter(
    (input) => typeof inputs[input] === 'string' || isLink(inputs[input]),
  )
  const prompts = texts.filter((input) => promptName.test(lastPart(input)))
  if (prompts.length > 0) return prompts
  const isOther = 'clip' in inputs || 'delimiter' in inputs
  return isOther ? [] : texts.filter((input) => textName.test(lastPart(input)))
}
