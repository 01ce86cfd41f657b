import { Option, type Command } from 'commander'
import { ComfyRunError } from '../../errors.ts'
import type { Setting } from '../../plan/row.ts'
import { collect } from './collect.ts'

/** What the user may change in the workflow. */
export interface GraphOptions {
  readonly workflow?: string
  readonly negative?: string
  readonly seed?: string
  readonly steps?: string
  readonly cfg?: string
  readonly sampler?: string
  readonly scheduler?: string
  readonly denoise?: string
  readonly width?: string
  readonly height?: string
  readonly size?: string
  readonly model?: string
  readonly batchSize?: string
  readonly frames?: string
  readonly fps?: string
  readonly lora?: readonly string[]
  readonly set?: readonly string[]
}

const group = 'What to make:'

/** Options that set a role, and the role that each sets. */
const roleOptions = [
  ['negative', '-n, --negative <text>', 'what the image must not show'],
  ['steps', '--steps <n>', 'sampler steps'],
  ['cfg', '--cfg <n>', 'how strongly the prompt is followed'],
  ['sampler', '--sampler <name>', 'e.g. euler, dpmpp_3m_sde'],
  ['scheduler', '--scheduler <name>', 'e.g. normal, karras'],
  ['denoise', '--denoise <0..1>', 'how much of the input image is replaced'],
  ['width', '--width <pixels>', 'width of the image'],
  ['height', '--height <pixels>', 'height of the image'],
  ['model', '--model <name>', 'the checkpoint, as the server calls it'],
  ['batchSize', '--batch-size <n>', 'images that one job makes at once'],
  ['frames', '--frames <n>', 'frames of a video'],
  ['fps', '--fps <n>', 'frames a second of a video'],
] as const

/** Adds the options that change the workflow. */
export function addGraphOptions(command: Command): Command {
  const add = (flags: string, text: string): void => {
    command.addOption(new Option(flags, text).helpGroup(group))
  }
  for (const [, flags, text] of roleOptions) add(flags, text)
  add('--size <WxH>', 'width and height at once, e.g. 1024x768')
  add(
    '--seed <seeds>',
    '7, 1,2,3, 1-10 (a job each), increment:100 (one more from job to job), or random (default)',
  )
  command.addOption(
    new Option('--lora <name[:strength]>', 'a LoRA for the model, as the server calls it; repeatable')
      .argParser(collect)
      .helpGroup(group),
  )
  command.addOption(
    new Option('--set <address=value>', 'set any input, e.g. 6.text=fox, KSampler.steps=8, 10.image=@in.png')
      .argParser(collect)
      .helpGroup(group),
  )
  return command
}

/** Adds `--workflow` for the commands that have a default workflow. */
export function addWorkflowOption(command: Command): Command {
  return command.addOption(
    new Option(
      '-w, --workflow <file|name>',
      'workflow: JSON as the page exports or saves it, an image made by ComfyUI, - for stdin, or a name that `workflows` lists',
    ).helpGroup(group),
  )
}

/** The settings that the options ask for, in the order: roles, size, seed, LoRAs, `--set`. Throws `bad-option`. */
export function graphSettings(options: GraphOptions): Setting[] {
  const settings: Setting[] = []
  for (const [key] of roleOptions) {
    const value = options[key]
    if (value !== undefined)
      settings.push(optionSetting(key === 'batchSize' ? 'batch' : key, value, flagOf(key)))
  }
  if (options.size !== undefined) settings.push(...sizeSettings(options.size))
  if (options.seed !== undefined) settings.push(optionSetting('seed', options.seed, '--seed'))
  if (options.lora !== undefined) {
    const where = { file: 'command line', label: '--lora' }
    settings.push({ address: 'lora', value: options.lora.join(';'), typed: true, where })
  }
  for (const text of options.set ?? []) settings.push(addressedSetting(text))
  return settings
}

/** The prompt, whose text is taken as it is. */
export function promptSetting(text: string): Setting {
  return { address: 'prompt', value: text, typed: true, where: { file: 'command line', label: 'the prompt' } }
}

/** A setting that an option made. */
export function optionSetting(address: string, value: string, flag: string): Setting {
  return { address, value, typed: false, where: { file: 'command line', label: flag } }
}

function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function sizeSettings(size: string): Setting[] {
  const match = /^(\d+)\s*[x×*]\s*(\d+)$/i.exec(size.trim())
  if (!match?.[1] || !match[2]) {
    throw new ComfyRunError('bad-option', `--size wants WIDTHxHEIGHT, not "${size}"`, {
      hint: 'for example --size 1024x768',
    })
  }
  return [optionSetting('width', match[1], '--size'), optionSetting('height', match[2], '--size')]
}

function addressedSetting(text: string): Setting {
  const at = text.indexOf('=')
  if (at < 1) {
    throw new ComfyRunError('bad-option', `--set wants ADDRESS=VALUE, not "${text}"`, {
      hint: 'for example --set 6.text="a fox"; `comfy-run inspect WORKFLOW` lists the addresses',
    })
  }
  return optionSetting(text.slice(0, at), text.slice(at + 1), `--set ${text.slice(0, at)}`)
}
