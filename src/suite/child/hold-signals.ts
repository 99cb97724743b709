/**
 * Node's permissions say nothing of signals, and one of them (SIGUSR1) opens a debugger in any other Node of this user. A process
 * that is fenced in sends none.
 */
export function holdSignals(): void {
  if (process.permission === undefined) return;
  const denied = (): never => {
    throw Object.assign(new TypeError("Access to this API has been restricted: a delivered suite sends no signals."), {
      code: "ERR_ACCESS_DENIED",
    });
  };
  for (const name of ["kill", "_kill"])
    Object.defineProperty(process, name, { value: denied, writable: false, configurable: false });
}
