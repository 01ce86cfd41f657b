/** What a node that exists in the page only does there. */
export type BrowserRole =
  /** Passes its input on. */
  | 'reroute'
  /** Writes its value into the widgets that it is linked to. */
  | 'primitive'
  /** Gives what it gets a name. */
  | 'set'
  /** Puts out what a `set` of the same name gets. */
  | 'get'
  /** A note, a label, a switchboard: nothing that is run. */
  | 'nothing'

/** The nodes of the page itself, and those of node packs that many graphs have. */
const roles = new Map<string, BrowserRole>([
  ['Reroute', 'reroute'],
  ['PrimitiveNode', 'primitive'],
  ['Note', 'nothing'],
  ['MarkdownNote', 'nothing'],
  ['SetNode', 'set'],
  ['GetNode', 'get'],
  ['easy setNode', 'set'],
  ['easy getNode', 'get'],
  ['Reroute (rgthree)', 'reroute'],
  ...[
    'Label',
    'Bookmark',
    'Fast Muter',
    'Fast Bypasser',
    'Fast Groups Muter',
    'Fast Groups Bypasser',
    'Fast Actions Button',
    'Mute / Bypass Repeater',
    'Mute / Bypass Relay',
    'Node Collector',
    'Random Unmuter',
  ].map((name): [string, BrowserRole] => [`${name} (rgthree)`, 'nothing']),
])

/** What a class does that the page alone knows. Undefined for one that a server must have. */
export function browserRole(type: string): BrowserRole | undefined {
  return roles.get(type)
}

/** Links that these nodes make are drawn in the browser, by rules of their own, and stand in no file. */
const makersOfLinks = /^(?:Anything Everywhere[?3]?|Prompts Everywhere|Seed Everywhere)$/

/** Whether a class is one whose work is done in the browser, in a way that a graph alone does not tell. */
export function worksOnlyInPage(type: string): boolean {
  return makersOfLinks.test(type)
}
