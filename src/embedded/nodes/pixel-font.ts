/** How wide and high a glyph is, in dots; a column of space follows each. */
export const glyphWidth = 5
export const glyphHeight = 7

/**
 * The glyphs of printable ASCII from the space on, drawn for this program. A glyph is seven rows from the top, each
 * a digit to the base of 32 whose five bits are the dots from the left: `ehhvhhh` is an A.
 */
const drawn = `
  0000000 4444404 aa00000 aavavaa 4fke5u4 oo248j3 8kk8lid 4400000
  2488842 8422248 04lel40 044v440 0000448 000v000 0000044 0012480
  ehjlphe 4c4444e eh1248v v2421he 26aiv22 vgu11he 68guhhe v124888
  ehhehhe ehhf12c 0440440 0440448 248g842 00v0v00 8421248 eh12404
  ehnlngf ehhvhhh uhhuhhu ehggghe sihhhis vggsggv vggsggg ehgnhhf
  hhhvhhh e44444e 72222ic hikokih ggggggv hrllhhh hhpljhh ehhhhhe
  uhhuggg ehhhlid uhhukih fgge11u v444444 hhhhhhe hhhhha4 hhhllla
  hha4ahh hhha444 v1248gv e88888e 00g8421 e22222e 4ah0000 000000v
  8400000 00e1fhf ggmphhu 00eggge 11djhhf 00ehvge 698s888 00fhf1e
  ggmphhh 40c444e 20622ic ggikoki c44444e 00qlllh 00mphhh 00ehhhe
  00uhugg 00fhf11 00mpggg 00fge1u 88s8896 00hhhjd 00hhha4 00hhlla
  00ha4ah 00hhf1e 00v248v 2448442 4444444 8442448 008l200
`

/** What stands for every character without a glyph. */
const unknownGlyph = 'vhhhhhv'

const glyphs = new Map<string, readonly number[]>(
  drawn
    .trim()
    .split(/\s+/)
    .map((rows, index) => [String.fromCharCode(32 + index), readRows(rows)]),
)
const unknown = readRows(unknownGlyph)

/**
 * The rows of a character's glyph, five bits each with the leftmost dot highest. Letters with accents are shown
 * without; what has no glyph is a box.
 */
export function glyphRows(character: string): readonly number[] {
  return glyphs.get(character) ?? glyphs.get(character.normalize('NFKD').charAt(0)) ?? unknown
}

function readRows(rows: string): readonly number[] {
  return rows.split('').map((digit) => Number.parseInt(digit, 32))
}
