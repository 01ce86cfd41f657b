import { glyphHeight, glyphRows, glyphWidth } from './pixel-font.ts'
import type { Frame } from './values.ts'

/** What a marked picture says first; shorter ones are for pictures too narrow for it. */
const headings = ['REHEARSAL - no model ran', 'REHEARSAL', 'REH', 'R'] as const

const advance = glyphWidth + 1
const lineHeight = glyphHeight + 3

interface Line {
  readonly text: string
  readonly scale: number
  readonly color: readonly [red: number, green: number, blue: number]
}

const white = [255, 255, 255] as const
const grey = [205, 210, 218] as const
const amber = [255, 200, 87] as const

/**
 * Writes into the lower part of a picture that it is a rehearsal, with the given details below (prompt, seed) as far
 * as there is room. Changes the picture's bytes. The text grows with the picture; it is readable from 64 pixels on.
 */
export function markRehearsal(frame: Frame, details: readonly string[]): void {
  const lines = layOut(frame, details)
  const height = lines.reduce((sum, line) => sum + lineHeight * line.scale, 0)
  const padding = Math.min(4 * (lines[0]?.scale ?? 1), Math.max(1, Math.floor(frame.width / 32)))
  const top = Math.max(0, frame.height - height - 2 * padding)
  darken(frame, top)
  let y = top + padding + (lines[0]?.scale ?? 1)
  for (const line of lines) {
    drawText(frame, line, padding, y)
    y += lineHeight * line.scale
  }
}

function layOut(frame: Frame, details: readonly string[]): Line[] {
  const fits = (text: string): boolean => text.length * advance <= frame.width - 2
  const heading = headings.find(fits) ?? headings[3]
  const full = heading === headings[0]
  // As wide as two thirds of the picture, but not higher than a tenth of it.
  const scale = full ? largestScale(heading, frame.width * 0.66, frame.height * 0.1) : 1
  const lines: Line[] = [{ text: heading, scale, color: amber }]
  const small = Math.max(1, Math.round(scale * 0.6))
  const columns = Math.floor((frame.width - 8 * small) / (advance * small))
  let room = frame.height * 0.45 - lineHeight * scale
  if (columns < 8) return lines
  for (const [index, detail] of details.entries()) {
    for (const text of wrap(detail, columns, 2)) {
      room -= lineHeight * small
      if (room >= 0) lines.push({ text, scale: small, color: index === 0 ? white : grey })
    }
  }
  return lines
}

function largestScale(text: string, width: number, height: number): number {
  return Math.max(1, Math.floor(Math.min(width / (text.length * advance), height / glyphHeight)))
}

/** Breaks a text into lines at spaces; what is beyond the last line is cut off with dots. */
function wrap(text: string, columns: number, most: number): string[] {
  const lines: string[] = []
  let rest = text.replaceAll(/\s+/g, ' ').trim()
  while (rest !== '' && lines.length < most) {
    const isLast = lines.length === most - 1
    if (rest.length <= columns) {
      lines.push(rest)
      break
    }
    if (isLast) {
      lines.push(`${rest.slice(0, Math.max(1, columns - 2))}..`)
      break
    }
    const space = rest.lastIndexOf(' ', columns)
    const end = space > columns / 2 ? space : columns
    lines.push(rest.slice(0, end))
    rest = rest.slice(end).trim()
  }
  return lines
}

/** A dark band from `top` down that the writing stands on. */
function darken(frame: Frame, top: number): void {
  const start = top * frame.width * frame.channels
  for (let at = start; at < frame.data.length; at += frame.channels) {
    for (let channel = 0; channel < 3; channel += 1) {
      frame.data[at + channel] = (frame.data[at + channel] ?? 0) * 0.28
    }
    if (frame.channels === 4) frame.data[at + 3] = 255
  }
}

function drawText(frame: Frame, line: Line, left: number, top: number): void {
  let x = left
  for (const character of line.text) {
    for (const [row, dots] of glyphRows(character).entries()) {
      for (let column = 0; column < glyphWidth; column += 1) {
        if ((dots >> (glyphWidth - 1 - column)) & 1) {
          fillSquare(frame, x + column * line.scale, top + row * line.scale, line)
        }
      }
    }
    x += advance * line.scale
  }
}

function fillSquare(frame: Frame, left: number, top: number, { scale, color }: Line): void {
  for (let y = top; y < Math.min(top + scale, frame.height); y += 1) {
    for (let x = left; x < Math.min(left + scale, frame.width); x += 1) {
      const at = (y * frame.width + x) * frame.channels
      for (let channel = 0; channel < 3; channel += 1) frame.data[at + channel] = color[channel] ?? 0
      if (frame.channels === 4) frame.data[at + 3] = 255
    }
  }
}
