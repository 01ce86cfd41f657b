export { onExistsChoices, type OnExists } from '../output/on-exists.ts'

/** More bytes than any image has, and than most videos. */
export const defaultMaxFileSize = 2 ** 30

/** How many of the largest allowed files a job may fill the disk with. */
export const mostLargeFiles = 10
