/** What a group of benches is run with. */
export interface BenchOptions {
  /** Tiny sizes, one round: only to see that everything runs. */
  readonly quick: boolean
  /** How often each thing is measured; what is compared is measured in turn. */
  readonly rounds: number
  /** A real ComfyUI, beside the embedded server. */
  readonly server?: string
  /** The folder in which that server saves images, if it is on this machine. */
  readonly serverOutput?: string
  /** Whether clients of others are installed, into a folder for temporary files, and measured too. */
  readonly peers: boolean
}

/** Measures, and tells what came out, in Markdown. */
export type Group = (options: BenchOptions) => Promise<string>

/** A server to measure on, and what the tables call it. */
export interface Target {
  readonly name: string
  readonly url: string
}
