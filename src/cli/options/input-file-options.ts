import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import type { Setting } from '../../plan/row.ts'
import { furtherImages } from '../../workflow/roles/role-names.ts'
import { optionSetting } from './graph-options.ts'

/** Files that a workflow gets beside images. */
const otherFiles = ['mask', 'video', 'audio'] as const

export type InputFileFlags = {
  readonly [role in (typeof furtherImages)[number] | (typeof otherFiles)[number]]?: string
}

/** Adds the options for files that a workflow loads beside its first image. */
export function addInputFileOptions(command: Command): Command {
  const add = (flags: string, text: string, isHidden = false): void => {
    command.addOption(new Option(flags, text).helpGroup('What to make:').hideHelp(isHidden))
  }
  for (const [at, role] of furtherImages.entries()) {
    add(
      `--${role} <file>`,
      'the second image, where a workflow loads several; also --image3 to --image9',
      at > 0,
    )
  }
  add('--mask <file>', 'white where the image may change')
  add('--video <file>', 'the video that the workflow loads')
  add('--audio <file>', 'the sound that the workflow loads')
  return command
}

/** The settings that the options ask for. Relative paths start from the current folder. */
export function inputFileSettings(flags: InputFileFlags): Setting[] {
  return [...furtherImages, ...otherFiles].flatMap((role) => {
    const file = flags[role]
    return file === undefined ? [] : [optionSetting(role, resolve(file), `--${role}`)]
  })
}
