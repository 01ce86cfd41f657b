// Preloaded into the binary: makes it believe that its stderr, a pipe, is a terminal, so that it draws bars.
Object.assign(process.stderr, { isTTY: true, columns: 100, rows: 40 })
