/**
 * Files of at most so many bytes are read or written in one go. Handing each call to another thread, as is done for larger ones,
 * would take longer than the calls.
 */
export const smallFile: number = 64 * 1024
