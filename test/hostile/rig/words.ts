/** What a terminal would obey: the clipboard, the title, a link, the cursor, the screen; and what hides text. */
export const escapes = [
  '\u001B]52;c;cm0gLXJmIH4=\u0007',
  '\u001B]0;your password?\u001B\\',
  '\u001B]8;;http://evil.example\u001B\\click\u001B]8;;\u001B\\',
  '\u001B[2J\u001B[H\u001B[31mred',
  '\u009B2J\u009D0;title\u009C',
  'over\rwritten\u0008\u0008\u0000\u007F',
  '\u202Egnp.exe\u2066\u200F',
].join(' ')

/** What GitHub's log would obey, at the beginning of a line and within it. */
export const commands = '\n::error file=a.ts::injected\r\n  ::add-mask::a\n##[error]injected ##[group]x'

/** Both, with Markdown, HTML and a mention for GitHub's page. */
export const everything = `${escapes}${commands}\n| a | <img src=x onerror=alert(1)> [link](http://evil.example) @everyone \`code\``
