/** A time that has passed: `0.4 s`, `12.3 s`, `4 min 10 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  const tenths = Math.round(seconds * 10) / 10
  return tenths < 60 ? `${tenths.toFixed(1)} s` : formatEstimate(seconds)
}

/** A time that is only estimated, so without fractions: `12 s`, `4 min 10 s`, `2 h 5 min`. */
export function formatEstimate(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
