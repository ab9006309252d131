// Medians, and intervals for ratios of pairs that were measured one after the other.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (!sorted.length) return Number.NaN;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The geometric mean of ratios and its 95 % interval, by the normal approximation over their logarithms. */
export function ratio(pairs) {
  const logs = pairs.map(([over, under]) => Math.log(over / under));
  const mean = logs.reduce((sum, of) => sum + of, 0) / logs.length;
  const variance = logs.reduce((sum, of) => sum + (of - mean) ** 2, 0) / (logs.length - 1);
  const half = 1.96 * Math.sqrt(variance / logs.length);
  return {
    ratio: Math.exp(mean),
    low: Math.exp(mean - half),
    high: Math.exp(mean + half),
    pairs: pairs.length,
  };
}
