/** What happens to a file whose name is taken on disk, first the default. */
export const onExistsChoices = ['number', 'skip', 'fail', 'overwrite'] as const

/**
 * `number`: it becomes `fox-2.png`. `skip`: the old file stays, and the new one is let go. `fail`: so, with an error.
 * `overwrite`: it replaces the old one.
 */
export type OnExists = (typeof onExistsChoices)[number]
