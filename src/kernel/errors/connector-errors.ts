import { defineErrors } from "./define.ts";

const records = (count: number): string => (count === 1 ? "one record" : `${count} records`);

/** How a connector, or a program on stdin and stdout, can be wrong (rows B of the fault matrix). */
export const connectorErrors = defineErrors({
  "connector-missing": {
    exit: 2,
    say: (a: { path: string }) => `There is no connector at ${a.path}.`,
    hint: () => "Write it, or name the right file under [connector] in tally.toml.",
  },
  "connector-import": {
    exit: 4,
    say: (a: { path: string; runtime: string; reason: string }) =>
      `The connector ${a.path} did not start in ${a.runtime}: ${a.reason}.`,
    hint: (a) =>
      /ModuleNotFoundError|ERR_MODULE_NOT_FOUND|Cannot find (module|package)/.test(a.reason)
        ? `Install what is missing there, or name another interpreter under [connector] in tally.toml: ${a.runtime}`
        : a.reason.startsWith("ended with status")
          ? `If no lines stand above, ask whether ${a.runtime} is the interpreter that is meant: tally doctor`
          : "The lines above are the connector's own; correct it and run again.",
  },
  "connector-start-timeout": {
    exit: 4,
    say: (a: { path: string; runtime: string; seconds: number }) =>
      `The connector ${a.path} was not ready after ${a.seconds} s in ${a.runtime}.`,
    hint: () => "Whatever runs at import counts: load models and data lazily, or allow more time: --wait 2m",
  },
  "connector-protocol": {
    exit: 4,
    say: (a: { path: string; speaks: string; expected: number }) =>
      `The worker of ${a.path} speaks protocol ${a.speaks}, this Tally speaks ${a.expected}.`,
    hint: () => "Another tallyml is installed in that interpreter and wins; remove it: pip uninstall tallyml",
  },
  "connector-interpreter": {
    exit: 4,
    say: (a: { tried: string }) => `No Python interpreter was found (tried ${a.tried}).`,
    hint: () => 'Install Python 3, or say where it is: [connector] interpreter = ".venv/bin/python", or TALLY_PYTHON.',
  },
  "python-old": {
    exit: 4,
    say: (a: { path: string; version: string; oldest: string }) =>
      `${a.path} is Python ${a.version}; a connector needs ${a.oldest} or newer.`,
    hint: () => 'Name a newer one in tally.toml: [connector] interpreter = ".venv/bin/python"',
  },
  "connector-crashed": {
    exit: 4,
    say: (a: { operation: string; how: string; records: number }) =>
      `The connector ${a.how} during ${a.operation} of ${records(a.records)}.`,
    hint: () => "A native library, a call of exit() or a lack of memory ends a process like this.",
  },
  "connector-timeout": {
    exit: 4,
    say: (a: { operation: string; seconds: number; records: number }) =>
      `The connector gave no answer to ${a.operation} of ${records(a.records)} within ${a.seconds} s.`,
    hint: () => "An endless loop? Otherwise allow more time: --timeout 2m, or [endpoint] timeout.",
  },
  "connector-restarts": {
    exit: 4,
    say: (a: { path: string; times: number }) =>
      `The connector ${a.path} ended ${a.times} times within a minute without answering anything.`,
    hint: () => "It is not started again. Call it with one record to see why: tally test -x",
  },
  "connector-cancelled": {
    exit: 6,
    say: (a: { operation: string }) => `The call of ${a.operation} was cancelled before the answer came.`,
    hint: () => "The run was stopped; nothing can be said of this record.",
  },
  "connector-frame": {
    exit: 4,
    say: (a: { reason: string }) => `The connector's worker sent something that is not an answer (${a.reason}).`,
    hint: () => "Something in the connector writes to a file descriptor it did not open (4).",
  },
  "connector-row-count": {
    exit: 4,
    say: (a: { operation: string; message: string }) => `${a.operation} returned another number of rows: ${a.message}.`,
    hint: () => "One row for each record, in the order they came: filters, dropna and inner joins lose rows.",
  },
  "connector-row-order": {
    exit: 4,
    say: (a: { operation: string; message: string }) =>
      `${a.operation} returned its rows in another order: ${a.message}.`,
    hint: () => "Restore the order before returning: .sort_index(). Sort, merge and groupby shuffle silently.",
  },
  "connector-type": {
    exit: 4,
    say: (a: { operation: string; message: string }) =>
      `${a.operation} returned a value that cannot travel: ${a.message}.`,
    hint: () => "Return numbers, strings, booleans, null, bytes, or lists and objects of these.",
  },
  "contract-conflict": {
    exit: 2,
    say: (a: { contract: string; what: string; declared: string; defined: string; connector: string }) =>
      `${a.contract} and ${a.connector} contradict each other: ${a.what} is ${a.declared} in tally.toml and ${a.defined} in the code.`,
    hint: () => "tally.toml counts: change the code, or the contract if the code is right.",
  },
  "stdio-command": {
    exit: 2,
    say: (a: { command: string; reason: string }) => `The command ${a.command} cannot be run: ${a.reason}.`,
    hint: () => "It is split into words like a shell would and given to no shell: no pipes, no variables, no globs.",
  },
  "stdio-start": {
    exit: 3,
    say: (a: { command: string; reason: string }) => `${a.command} did not start: ${a.reason}.`,
    hint: () => "Build it first; the path counts from the folder Tally was called in.",
  },
  "stdio-crashed": {
    exit: 3,
    say: (a: { command: string; how: string; operation: string; records: number }) =>
      `${a.command} ${a.how} during ${a.operation} of ${records(a.records)}.`,
    hint: () => "Its last lines on stderr are shown above. It must go on reading lines until stdin ends.",
  },
  "stdio-timeout": {
    exit: 3,
    say: (a: { command: string; operation: string; seconds: number; records: number }) =>
      `${a.command} gave no answer to ${a.operation} of ${records(a.records)} within ${a.seconds} s. Did it flush stdout?`,
    hint: () => "End the answer with a newline and flush: fflush(stdout), System.out.flush(), std::endl.",
  },
  "stdio-restarts": {
    exit: 3,
    say: (a: { command: string; times: number }) =>
      `${a.command} ended ${a.times} times within a minute without answering anything.`,
    hint: () => "It is not started again. Give it a line by hand and see.",
  },
  "stdio-cancelled": {
    exit: 6,
    say: (a: { command: string; operation: string }) => `The call of ${a.operation} to ${a.command} was cancelled.`,
    hint: () => "The run was stopped; nothing can be said of this record.",
  },
  "stdio-answer": {
    exit: 3,
    say: (a: { command: string; reason: string; line: string }) => `${a.command} answered ${a.reason}: ${a.line}`,
    hint: () => 'Stdout is for answers only, one line each: {"id":1,"records":[…]}. Logs go to stderr.',
  },
  "stdio-error": {
    exit: 3,
    say: (a: { command: string; operation: string; message: string }) =>
      `${a.command} answered ${a.operation} with an error: ${a.message}.`,
    hint: () =>
      'Only "not-implemented" has a meaning of its own; a single record fails with {"$error": …} in its place.',
  },
  "stdio-count": {
    exit: 3,
    say: (a: { command: string; operation: string; asked: number; answered: number }) =>
      `${a.command} answered ${a.operation} of ${records(a.asked)} with ${a.answered}.`,
    hint: () => "One answer for each record, in the order they came.",
  },
});
