/** Ctrl-C once stops and reports what there is; twice ends at once. So do SIGTERM, and SIGHUP of a terminal that was closed. */
export function onSignals(stop: (code: 130 | 143) => void): void {
  let times = 0;
  const onSignal = (code: 130 | 143): void => {
    times += 1;
    if (times > 1) process.exit(code);
    process.stderr.write("\nstopping; once more to end at once\n");
    stop(code);
  };
  process.on("SIGINT", () => onSignal(130));
  for (const signal of ["SIGTERM", "SIGHUP", "SIGQUIT"] as const) process.on(signal, () => onSignal(143));
}
