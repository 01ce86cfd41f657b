import { Command, Option } from 'commander'
import { version } from '../version.ts'
import { exitCodesHelp } from './exit-codes-help.ts'
import { addBatchOptions } from './options/batch-options.ts'
import { collect } from './options/collect.ts'
import { addFailureOptions } from './options/failure-options.ts'
import { addFileOptions } from './options/file-options.ts'
import { addGraphOptions, addWorkflowOption } from './options/graph-options.ts'
import { addInputFileOptions } from './options/input-file-options.ts'
import { milliseconds, port } from './options/numbers.ts'
import { addObjectInfoOption } from './options/object-info-option.ts'
import { addRunOptions } from './options/run-options.ts'
import { addServerOptions } from './options/server-options.ts'

/** How the file name of a saved plan ends. */
const savedPlanEnding = '.plan.jsonl'

/** What a command that wants a workflow says of it. */
const workflowText =
  'workflow: JSON as the page exports or saves it, an image made by ComfyUI, or - for stdin'

/**
 * The command line: what commands and options there are. The commands themselves are imported when they run,
 * so that `--help` is quick. `done` gets the exit code.
 */
export function buildProgram(done: (exitCode: number) => void): Command {
  const program = new Command('comfy-run')
    .description('Runs ComfyUI workflows: patched, queued, watched, and saved to disk.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(`comfy-run help` lists the commands and options)')
    .helpCommand(false)
    .addHelpText('after', examples)
    // By itself it names options only where there are some already: they come late (`withOptions`).
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
    .hook('preSubcommand', (_, command) => void withOptions(command))
  const optionsOf = new Map<Command, AddOptions>()
  const add = (name: string, options?: AddOptions): Command => {
    const command = new Command(name).copyInheritedSettings(program)
    if (options) optionsOf.set(command, options)
    program.addCommand(command)
    return command
  }
  /** Only the command that runs, or is explained, gets its options: those of all would take a twentieth of `--help`. */
  const withOptions = (command: Command): Command => optionsOf.get(command)?.(command) ?? command

  add('txt2img', (command) => runnable(addWorkflowOption(command)))
    .description('make images from a prompt')
    .argument('<prompt>', 'the prompt; - reads it from stdin, @file from a file')
    .action(async (prompt: string, flags) => {
      const { txt2img } = await import('./commands/txt2img.ts')
      done(await txt2img(prompt, flags))
    })

  add('img2img', (command) =>
    runnable(addInputFileOptions(addWorkflowOption(command))).addOption(
      new Option('-i, --image <file|dir|glob>', 'the image or images to start from; repeatable')
        .argParser(collect)
        .makeOptionMandatory()
        .helpGroup('What to make:'),
    ),
  )
    .description('make images from a prompt and images, one job for each image')
    .argument('<prompt>', 'the prompt; - reads it from stdin, @file from a file')
    .action(async (prompt: string, flags) => {
      const { img2img } = await import('./commands/img2img.ts')
      done(await img2img(prompt, flags))
    })

  add('batch', (command) => runnable(addBatchOptions(addWorkflowOption(command))))
    .description(
      'run a job for each row of a file, or each file of a folder; options are defaults for all rows',
    )
    .argument(
      '<file>',
      `.csv, .tsv, .json, .jsonl, .yaml or .txt (a prompt a line), - for stdin, a folder or "*" pattern of images or of workflows, or a saved plan (*${savedPlanEnding})`,
    )
    .action(async (file: string, flags) => {
      if (file.endsWith(savedPlanEnding)) {
        const { batchOfSavedPlan } = await import('./commands/saved-plan.ts')
        return done(await batchOfSavedPlan(file, flags))
      }
      const { batch } = await import('./commands/batch.ts')
      done(await batch(file, flags))
    })

  add('plan', (command) =>
    runnable(addBatchOptions(addWorkflowOption(command))).addOption(
      new Option('--save <file.plan.jsonl>', 'save the plan; `batch` runs exactly that').helpGroup('Run:'),
    ),
  )
    .description('show what `batch` with the same options would run: checked, counted, nothing queued')
    .argument('<file>', 'as for batch')
    .action(async (file: string, flags) => {
      const { batch } = await import('./commands/batch.ts')
      done(await batch(file, { ...flags, dryRun: true }))
    })

  add('run', (command) => addToMakeOptions(runnable(addInputFileOptions(command))))
    .description('run any workflow and save everything that it puts out')
    .argument('[workflow]', workflowText)
    .action(async (file: string | undefined, flags) => {
      const { runWorkflow } = await import('./commands/run.ts')
      done(await runWorkflow(file, flags))
    })

  add('inspect', (command) =>
    addServerOptions(addObjectInfoOption(command)).option('--json', 'the same as JSON'),
  )
    .description('show what can be set in a workflow, or the settings that made an image')
    .argument('<workflow|image>', workflowText)
    .action(async (file: string, flags) => {
      const { inspect } = await import('./commands/inspect.ts')
      await inspect(file, flags)
    })

  add('convert', (command) =>
    addServerOptions(addObjectInfoOption(command)).option(
      '-o, --out <file>',
      'write it to a file instead of stdout',
    ),
  )
    .description('write a workflow that the page saved in API format')
    .argument('<workflow|image>', workflowText)
    .action(async (file: string, flags) => {
      const { convert } = await import('./commands/convert.ts')
      await convert(file, flags)
    })

  add('check', (command) =>
    addServerOptions(addObjectInfoOption(command)).addOption(
      new Option('--format <format>', 'how findings are written')
        .choices(['text', 'json', 'sarif', 'github'])
        .default('text'),
    ),
  )
    .description('check workflows against a server: models, values, links, classes; for CI')
    .argument('<workflow...>', 'workflows, or images made by ComfyUI; - for stdin')
    .action(async (files: string[], flags) => {
      const { check } = await import('./commands/check.ts')
      done(await check(files, flags))
    })

  add('workflows')
    .description('list the workflows that come with comfy-run, and the models that each needs')
    .option('--json', 'the same as JSON')
    .action(async (flags) => {
      const { workflows } = await import('./commands/workflows.ts')
      await workflows(flags)
    })

  add('doctor', (command) =>
    addServerOptions(command)
      .option('--samplers', 'list the samplers that it has')
      .option('--schedulers', 'list the schedulers that it has')
      .option('--models [folder]', 'list the models that it has, e.g. those of checkpoints')
      .option('--save-object-info <file>', 'save its node classes, for --object-info')
      .option('--json', 'what it is as JSON'),
  )
    .description('ask a server what it is and what it has')
    .action(async (flags) => {
      const { doctor } = await import('./commands/doctor.ts')
      done(await doctor(flags))
    })

  add('serve')
    .description("run comfy-run's own ComfyUI-compatible server, whose model nodes only rehearse")
    .option('--port <n>', 'port, 0 for any free one', port, 8188)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--folder <dir>', 'keep its input, output and temp folders here (default: a temporary folder)')
    .option('--step-time <ms>', 'how long a sampler step takes', milliseconds, 50)
    .option(
      '--fault <fault>',
      'what goes wrong, e.g. socket-drop@step:2; repeatable (docs/faults.md)',
      collect,
    )
    .action(async (flags) => {
      const { serve } = await import('./commands/serve.ts')
      done(await serve(flags))
    })

  add('help')
    .description('show help for a command, or for `exit-codes`')
    .argument('[topic]')
    .usage('[topic]')
    .action((topic: string | undefined) => {
      if (topic === 'exit-codes') return void process.stdout.write(exitCodesHelp())
      const command = program.commands.find((candidate) => candidate.name() === topic)
      if (topic !== undefined && !command) program.error(`error: there is no help on "${topic}"`)
      ;(command ? withOptions(command) : program).outputHelp()
    })

  return program
}

/** Adds the options of a command to it, once. */
type AddOptions = (command: Command) => Command

function runnable(command: Command): Command {
  const withRun = addFailureOptions(addFileOptions(addRunOptions(addGraphOptions(command))))
  return addServerOptions(addObjectInfoOption(withRun))
}

/** What `run` can set in the workflow that it is given. */
function addToMakeOptions(command: Command): Command {
  const options = [
    new Option('--from-image <file>', 'repeat an image that ComfyUI made, its seed too'),
    new Option('--prompt <text>', 'the prompt, as for txt2img'),
    new Option('-i, --image <file>', 'the image to start from'),
  ]
  for (const option of options) command.addOption(option.helpGroup('What to make:'))
  return command
}

const examples = `
Examples:
  $ comfy-run txt2img "a lighthouse at dusk" --size 1024x768
  $ comfy-run img2img "in watercolour" --image photos/ --denoise 0.5
  $ comfy-run batch shots.csv --workflow flux.json --out renders/
  $ comfy-run txt2img "a fox" --server embedded      (no ComfyUI at hand: a rehearsal)
`
