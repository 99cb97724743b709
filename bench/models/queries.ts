/** The records of all benchmarks: every number makes another query, the same on every machine and in Python. */
export function queryOf(i: number): string {
  return `select c${i} from t where c${i} is null${" or d is null".repeat(i % 3)}`;
}

export function nullsOf(i: number): number {
  return 1 + (i % 3);
}
